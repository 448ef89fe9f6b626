// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What weir validate found, added up. Thread contract: plain values. Bound: one number a reason.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/contract/violation.h"

namespace weir::cli {

struct ViolationTally {
    std::uint64_t events = 0;
    std::uint64_t invalid = 0; // refused
    std::uint64_t flagged = 0; // accepted, with something to say
    std::array<std::uint64_t, violation_reason_count> reasons{};

    void add(const std::vector<Violation>& violations);
    void add(const ViolationTally& other);
    /// "12 events, 1 invalid: 1 wrong_type"
    std::string text() const;
    /// {"wrong_type":1}
    std::string reasons_json() const;
};

bool is_refused(const std::vector<Violation>& violations);
/// "," between and "[…]" around: the member "violations" of a line.
std::string violations_json(const std::vector<Violation>& violations);
/// A line each, behind `where`.
std::string violations_text(const std::string& where, const std::vector<Violation>& violations);

} // namespace weir::cli

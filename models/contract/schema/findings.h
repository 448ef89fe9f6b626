// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a schema finds wrong with an event: violations in words, so many of each reason, and all of
// them counted, so that no flood of harmless ones hides another.
//
// Thread contract: plain values. Bound: `told` by the reasons, `unexpected` by the event's members.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/contract/violation.h"

namespace weir::schema {

struct Findings {
    std::vector<Violation> told;
    std::array<std::uint32_t, violation_reason_count> counts{}; // by reason, told or not
    /// Keys of all members that the schema does not know.
    std::vector<std::uint32_t> unexpected;
    ViolationReason first{};      // of the first one; means nothing if there is none
    bool first_at_root = false;   // it is about the value that was judged, not one within
    bool wrong_type_root = false; // the value that was judged is of another type

    std::uint32_t& count(ViolationReason reason) {
        return counts[static_cast<std::size_t>(reason)];
    }
    std::uint64_t total() const {
        std::uint64_t all = 0;
        for (const std::uint32_t some : counts)
            all += some;
        return all;
    }
    void clear() { *this = {}; }
};

} // namespace weir::schema

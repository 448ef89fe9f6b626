// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A refused event as it is written to `invalid_events`: why, and the bytes as they came (Weir's own
// dead-letter dialect, resources/dialects/native-dead-letter.json).
//
// Thread contract: pure functions. Bound: `bytes_max`. Of what does not fit an original is cut to
// what does, and says so; violations are left out, and counted; pointer and message are cut.
#pragma once

#include <string>

#include "models/sandbox/batch.h"
#include "models/sandbox/outlet_limits.h"

namespace weir::sandbox {

inline constexpr std::size_t dead_letter_bytes_max = OutletLimits::record_bytes_max;

/// A dead letter as anybody may write one.
struct DeadLetter {
    std::string_view reason;
    std::string_view stage;
    std::string_view pointer;
    std::string_view message;
    std::string_view received_time;
    std::string_view dialect;
    const std::vector<Violation>* violations = nullptr;
    std::string_view original; // as it came
    bool original_is_object = false;
};
/// REQUIRES: bytes_max is at least 10,000.
void append_dead_letter(const DeadLetter& letter, std::string& out,
                        std::size_t bytes_max = dead_letter_bytes_max);

/// The same of an event that the collector refused. Appends
/// {"reason","stage","pointer","message","received_time","violations","original"}, and where it
/// applies "violations_not_listed", "original_bytes" and "cut". The original stands as it came if
/// it is a JSON object, else as a text, and if it is no text as "original_base64".
void append_dead_letter(const Batch& batch, const JudgedEvent& event, std::string& out,
                        std::size_t bytes_max = dead_letter_bytes_max);

/// The reason by which an event is counted: that of its first violation that blocks.
ViolationReason main_reason(const JudgedEvent& event);

} // namespace weir::sandbox

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is to be said of a consumer group's place in a partition, and of a group: its worst.
// Thread contract: pure functions.
#pragma once

#include <cstdint>

namespace weir {

/// From the best to the worst.
enum class Verdict : std::uint8_t {
    Ok,
    Unknown,     // too few samples, or not permitted
    Warn,        // falling behind, or retention will overtake it
    Rebalancing, // its assignment keeps changing
    Blocked,     // an open transaction holds the last stable offset
    Rewound,     // set back, and not yet where it was
    Stopped,     // nobody consumes
    Stalled,     // somebody is to consume, and there is no progress
    Lost,        // what it was to read next is not there any more
};

/// As in `--json`: "OK", "WARN", "STALLED", …
const char* to_word(Verdict verdict);
/// Somebody should look: all but Ok and Unknown.
bool is_bad(Verdict verdict);

} // namespace weir

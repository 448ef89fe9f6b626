// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Judges a group's place in a partition: a verdict with a sentence of its reason, and the numbers
// that stand beside it. The rules are Burrow's, without the faults that its users report:
// - one sample gives no verdict: `looks_least` over `span_us_least`, but for what needs no trend;
// - a dip neither clears WARN nor does a trivial rise raise it: a robust slope with a floor;
// - a quiet topic is not STOPPED: whether anything is unread is decided by reading, so that control
//   records at the end of a log are no backlog;
// - silence is measured by how the group usually commits, so that a daily group is not STALLED;
// - STOPPED is told from STALLED by the group's members, since to look at offsets does not show
// that
//   the same offset is committed again.
// Thread contract: pure functions. Bound: the samples'.
#pragma once

#include <optional>
#include <string>

#include "models/backlog/backlog_facts.h"
#include "models/backlog/backlog_sample.h"
#include "models/backlog/verdict.h"

namespace weir {

struct AssessRules {
    std::uint32_t looks_least = 3;
    std::int64_t span_us_least = 20'000'000;
    std::int64_t window_us = 600'000'000; // of rates and slopes
    double slope_floor_share = 0.02;      // of the rate in; slower changes of the lag are none
    std::int64_t growth_least = 10;       // messages
    int changes_least = 3;                // of an assignment, for REBALANCING
    double retention_share_least = 0.1;   // of retention left, below which it WARNs
};

enum class LagMethod : std::uint8_t {
    None,         // not known
    Exact,        // from the record at the committed offset
    Interpolated, // between samples of the log's end
    AtLeast,      // it was written before the oldest sample
};
const char* to_word(LagMethod method); // "exact", "interpolated", "at_least"; None: "none"

struct Assessment {
    Verdict verdict = Verdict::Unknown;
    std::string reason;                       // one sentence, without a full stop
    std::optional<std::int64_t> lag_messages; // as Kafka's own tool has it; may be negative
    std::optional<std::int64_t> lag_us;
    LagMethod lag_method = LagMethod::None;
    bool nothing_unread = false;
    std::optional<double> rate_in, rate_out, velocity; // messages a second
    std::optional<double> drain_s;                     // nullopt: it does not get less
    std::optional<std::int64_t> retention_left_us;     // until what is unread may be deleted
    std::uint32_t looks = 0;                           // the verdict stands on so many,
    std::int64_t span_us = 0;                          // over so long
};

Assessment assess(const PartitionFacts& partition, const GroupFacts& group,
                  const BacklogSamples& samples, Micros now, const AssessRules& rules = {});

/// "37 ms", "4.2 s", "12 min 5 s", "3 h 20 min", "9 d 4 h"; negative ones with a minus.
std::string span_text(std::int64_t us);

} // namespace weir

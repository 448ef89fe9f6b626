// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/history/watched_time.h"

#include <algorithm>

namespace weir {

std::vector<RecordRange> joined(std::vector<RecordRange> stretches) {
    std::sort(stretches.begin(), stretches.end(),
              [](const RecordRange& a, const RecordRange& b) { return a.from_us < b.from_us; });
    std::vector<RecordRange> apart;
    for (const RecordRange& one : stretches)
        if (!apart.empty() && one.from_us <= apart.back().to_us)
            apart.back().to_us = std::max(apart.back().to_us, one.to_us);
        else
            apart.push_back(one);
    return apart;
}

std::vector<RecordRange> watched_until_now(std::vector<RecordRange> before,
                                           const std::vector<Watermark>& marks) {
    RecordRange now;
    bool known = false;
    for (const Watermark& mark : marks)
        if (mark.since.value() != INT64_MAX) {
            now.from_us = std::max(now.from_us, mark.since.value());
            known = true;
        }
    if (known)
        before.push_back(now);
    return joined(std::move(before));
}

std::vector<RecordRange> unwatched(const std::vector<RecordRange>& stretches,
                                   const RecordRange& range, std::int64_t least_us) {
    std::vector<RecordRange> gaps;
    std::int64_t at_us = range.from_us;
    const auto gap_until = [&](std::int64_t end_us) {
        if (end_us - at_us >= least_us)
            gaps.push_back({at_us, end_us});
    };
    for (const RecordRange& one : stretches) {
        if (one.to_us <= at_us || one.from_us >= range.to_us)
            continue;
        if (one.from_us > at_us)
            gap_until(one.from_us);
        at_us = one.to_us;
    }
    if (at_us < range.to_us)
        gap_until(range.to_us);
    return gaps;
}

} // namespace weir

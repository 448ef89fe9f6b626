// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/history/history_past.h"

#include <algorithm>

#include "models/event/history/watched_time.h"

namespace weir {

namespace {

/// When all places of a run were watched at once.
std::vector<RecordRange> stretches(const std::vector<store::HistoryWatch>& watches) {
    std::vector<RecordRange> all;
    std::int64_t run = 0;
    for (const store::HistoryWatch& one : watches) {
        if (all.empty() || one.run != run)
            all.push_back({one.since.value(), one.read_to.value()});
        run = one.run;
        all.back().from_us = std::max(all.back().from_us, one.since.value());
        all.back().to_us = std::min(all.back().to_us, one.read_to.value());
    }
    std::erase_if(all, [](const RecordRange& one) { return one.from_us >= one.to_us; });
    return joined(std::move(all));
}

} // namespace

Result<void> HistoryPast::open(const HistoryOptions& options) {
    if (!writes()) {
        store.reset();
        auto opened = options.writes
                          ? store::HistoryStore::open(options.file, options.policy.bytes_max)
                          : store::HistoryStore::open_read_only(options.file);
        const bool others = !opened && opened.error().code == ErrorCode::Refused;
        if (others)
            opened = store::HistoryStore::open_read_only(options.file);
        if (!opened)
            return opened.error();
        read_only = others || !options.writes;
        store = *std::move(opened);
    }
    Result<void> done = writes() ? look() : store->at_one_moment([&]() -> Result<void> {
        const Result<void> looked = look();
        if (looked)
            load(options.folds, [] { return false; });
        return looked;
    });
    if (done && writes())
        done = close_watch(options.folds);
    if (!done)
        store.reset();
    return done;
}

Result<void> HistoryPast::look() {
    const auto ranges = store->ranges();
    if (!ranges)
        return ranges.error();
    const auto watches = store->watched();
    if (!watches)
        return watches.error();
    counted = {};
    for (const store::HistoryRanges& partition : *ranges)
        for (const store::HistoryRange& range : partition.ranges)
            counted.add({partition.topic, partition.partition},
                        {range.first, range.next, range.newest});
    watched = stretches(*watches);
    m_ended.clear();
    next_run = watches->empty() ? 1 : watches->back().run + 1;
    for (const store::HistoryWatch& one : *watches)
        if (one.run == watches->back().run)
            m_ended.push_back(one);
    return {};
}

Result<void> HistoryPast::close_watch(const std::vector<std::shared_ptr<KeptFold>>& folds) {
    for (const auto& fold : folds) {
        const std::int64_t from_us = fold->ends_from_us(m_ended);
        if (from_us == INT64_MAX)
            continue;
        const KeptWidths widths = fold->widths();
        for (const std::int64_t width_us : {widths.hot_us, widths.warm_us, widths.cold_us})
            if (Result<void> done = store->change(
                    fold->name(), width_us, from_us - width_us,
                    [&](store::HistoryCell& cell) { return fold->end_watch(cell, m_ended); });
                !done)
                return done;
    }
    return {};
}

void HistoryPast::load(const std::vector<std::shared_ptr<KeptFold>>& folds,
                       const std::function<bool()>& ends) {
    for (const auto& fold : folds) {
        const std::int64_t open_from_us = read_only ? fold->ends_from_us(m_ended) : INT64_MAX;
        (void)store->cells(fold->name(), [&](store::HistoryCell cell) {
            if (cell.begin_us + cell.width_us > open_from_us)
                (void)fold->end_watch(cell, m_ended); // as whoever writes it will
            fold->take(cell);
            return !ends();
        });
        fold->publish();
    }
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/past_run.h"

#include <algorithm>

#include "app/cli/field_reader.h"
#include "app/cli/observed.h"
#include "connectors/base/time_units.h"
#include "models/event/history/watched_time.h"

namespace weir::cli {

namespace {

constexpr std::size_t gaps_told = 3;

Result<RecordRange> past_range(const Arguments& arguments) {
    const auto range = range_of(arguments, kafka::StartAt::Kind::Beginning, Micros::now());
    if (!range)
        return range.error();
    RecordRange times;
    if (range->start.kind == kafka::StartAt::Kind::Time)
        times.from_us = range->start.time.value();
    if (range->end.kind == kafka::EndAt::Kind::Time)
        times.to_us = range->end.time.value();
    const bool offsets = (range->start.kind != kafka::StartAt::Kind::Time &&
                          range->start.kind != kafka::StartAt::Kind::Beginning) ||
                         range->end.kind == kafka::EndAt::Kind::Offset;
    if (offsets)
        return usage_error("a history knows times, not offsets",
                           "Write --from, --to or --last with a time.");
    return times;
}

/// Says when nobody watched; false: there was such a time.
bool tell_gaps(const HistoryStatus& status, RecordRange range, Console& console) {
    if (status.watched.empty())
        return false;
    range.from_us = std::max(range.from_us, status.watched.front().from_us);
    range.from_us = std::max<std::int64_t>(range.from_us, 0);
    range.to_us = std::min(range.to_us, status.watched.back().to_us);
    const auto gaps = unwatched(status.watched, range, second_us);
    for (std::size_t i = 0; i < std::min(gaps.size(), gaps_told); ++i)
        console.note("weir: not watched from " + time_text(Micros(gaps[i].from_us)) + " to " +
                     time_text(Micros(gaps[i].to_us)));
    if (gaps.size() > gaps_told)
        console.note("weir: and " + std::to_string(gaps.size() - gaps_told) + " times more");
    return gaps.empty();
}

} // namespace

Result<StagePast> read_past(const Arguments& arguments, const Target& target, Console& console) {
    if (arguments.has("watch"))
        return usage_error("--history tells what was kept: --watch goes on reading",
                           "Leave one of the two.");
    const auto range = past_range(arguments);
    if (!range)
        return range.error();
    const auto cluster = target.cluster();
    if (!cluster)
        return cluster.error();
    const kafka::ReadRequest all = watched(target.session->workspace(), target.connection);
    auto opened = observed_history(target, **cluster, all, 1, ObservedHistory::Use::Read);
    if (!opened)
        return opened.error();
    const auto status = (*opened)->begin()->status();
    if (status->state == HistoryStatus::State::Off)
        return Error{
            status->error->code == ErrorCode::Io ? ErrorCode::NotFound : status->error->code,
            "no history can be read: " + status->error->what, status->file, status->error->tried,
            "The window and weir watch keep one while they watch this connection."};
    return StagePast{*std::move(opened), *range, tell_gaps(*status, *range, console)};
}

std::vector<Option> past_options() {
    return {{"history", nullptr, "of what the window and weir watch have kept; reads no topic"}};
}

} // namespace weir::cli

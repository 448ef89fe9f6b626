// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/latency_output.h"

#include <algorithm>

#include "app/cli/field_reader.h"
#include "app/cli/text_table.h"

namespace weir::cli {

namespace {

std::string signed_duration(std::int64_t us) {
    return us < 0 ? "-" + duration_text(-us) : duration_text(us);
}

std::string quantile_cell(const QuantileSketch& durations, double q) {
    return durations.count() == 0 ? "-" : signed_duration(durations.quantile(q));
}

std::string target_cell(const LatencyRow& row) {
    if (row.path.slo_p95_us == 0)
        return "";
    const std::string target = "p95 " + duration_text(row.path.slo_p95_us);
    if (row.durations.count() == 0)
        return target + ", no data";
    return target + (row.met() ? ", met" : ", BROKEN");
}

Cells cells_of(const LatencyReport& report, const LatencyRow& row, const QuantileSketch& durations,
               const std::string& way) {
    Cells cells{terminal_safe(row.path.stage, true), terminal_safe(way, true)};
    if (report.question.by)
        cells.push_back(terminal_safe(row.value, true));
    const bool estimate = row.path.kind == LatencyPath::Kind::Stage && report.sampled > 1;
    cells.push_back((estimate ? "~" : "") + grouped(durations.count()));
    for (const double q : {0.5, 0.95, 0.99})
        cells.push_back(quantile_cell(durations, q));
    cells.push_back(durations.count() == 0 ? "-" : signed_duration(durations.max_us()));
    cells.push_back(grouped(durations.negative_count()));
    cells.push_back(&durations == &row.durations ? target_cell(row) : "");
    return cells;
}

std::string freshness_text(const PlaceFreshness& place) {
    std::string text = terminal_safe(place.place, true) + ": " + grouped(place.events) + " events";
    if (place.newest_event_us != INT64_MIN)
        text += ", fresh to " + time_text(Micros(place.newest_event_us));
    if (place.untimed > 0)
        text += ", " + grouped(place.untimed) + " without an event time";
    if (place.ahead > 0)
        text += ", " + grouped(place.ahead) + " with one past the record's";
    return text;
}

} // namespace

void print_latency(const LatencyReport& report, bool json, Console& console) {
    if (json) {
        console.out(to_json(report) + "\n");
        return;
    }
    std::vector<Cells> rows(1);
    rows.front() = {"stage", "from → to"};
    if (report.question.by)
        rows.front().push_back(report.dimension);
    for (const char* title : {"count", "p50", "p95", "p99", "max", "negative", "target"})
        rows.front().push_back(title);
    for (const LatencyRow& row : report.rows) {
        const std::string way = row.path.from + " → " + row.path.to;
        rows.push_back(cells_of(report, row, row.durations, way));
        if (row.raw)
            rows.push_back(cells_of(report, row, *row.raw, way + ", raw clock"));
    }
    console.out(aligned(rows, report.question.by ? 3 : 2));
    for (const PlaceFreshness& place : report.freshness)
        console.out(freshness_text(place) + "\n");
}

void note_latency(const LatencyReport& report, Console& console) {
    if (report.question.policy != ClockPolicy::Raw)
        console.note(std::string("weir: event times are corrected by the rule \"") +
                     to_word(report.question.policy) + "\"; below stand the raw ones");
    if (report.question.partial)
        console.note("weir: partial: not all of the range was read");
    if (report.sampled > 1)
        console.note("weir: only one in " + grouped(report.sampled) +
                     " ids is joined between places: too many were under way at once. Counts with "
                     "~ are estimates");
    if (report.expired > 0)
        console.note(
            "weir: " + grouped(report.expired) +
            " sightings were given up on: the same event was not seen at the next place "
            "within the stages' pending limit. What takes longer than that may be missing");
    if (report.let_go > 0)
        console.note("weir: " + grouped(report.let_go) +
                     " events are too old to be told apart by time, and left out");
    const bool mixed =
        std::any_of(report.rows.begin(), report.rows.end(), [](const LatencyRow& row) {
            return row.record_time.find(" and ") != std::string::npos;
        });
    if (mixed)
        console.note("weir: some records carry the producer's time (CreateTime) and some the "
                     "broker's (LogAppendTime): durations between them compare two clocks");
    if (report.freshness.empty())
        console.note("weir: no event was read");
}

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/flow_output.h"

#include <algorithm>

#include "app/cli/field_reader.h"
#include "app/cli/text_table.h"

namespace weir::cli {

namespace {

std::string count_cell(bool known, std::int64_t count, bool estimate = false) {
    if (!known)
        return "-";
    return (estimate ? "~" : "") + grouped(std::max<std::int64_t>(0, count));
}

std::string what_of(const FlowRow& row) {
    const FlowFigures& flow = row.figures;
    if (!row.judged)
        return "nothing behind it is observed";
    std::string text;
    if (flow.unaccounted > 0) {
        text = "UNACCOUNTED since " + time_text(Micros(flow.unaccounted_since_us));
        if (row.estimate)
            text += " (± " + grouped(row.error(flow.unaccounted)) + ")";
    }
    for (const auto& [reason, count] : row.reasons)
        text += (text.empty() ? "" : "; ") + terminal_safe(reason, true) + " " + grouped(count);
    return text;
}

Cells flow_cells(const FlowReport& report, const FlowRow& row) {
    const FlowFigures& flow = row.figures;
    Cells cells{terminal_safe(row.name, true)};
    if (report.question.by)
        cells.push_back(terminal_safe(row.value, true));
    cells.push_back(count_cell(true, flow[FlowCount::In]));
    cells.push_back(count_cell(row.judged, flow[FlowCount::Out], row.estimate));
    cells.push_back(count_cell(row.judged, flow[FlowCount::Rejected], row.estimate));
    cells.push_back(count_cell(true, flow.duplicate(), row.estimate));
    cells.push_back(count_cell(true, flow[FlowCount::SameBytes], row.estimate));
    cells.push_back(count_cell(true, flow[FlowCount::Unjoinable]));
    cells.push_back(count_cell(row.judged, flow.outside, row.estimate));
    cells.push_back(count_cell(row.judged, flow.pending, row.estimate));
    cells.push_back(count_cell(row.judged, flow.unaccounted, row.estimate));
    cells.push_back(what_of(row));
    return cells;
}

} // namespace

void print_flow(const FlowReport& report, const FlowOptions& options, bool json, Console& console) {
    if (json) {
        console.out(to_json(report, options) + "\n");
        return;
    }
    std::vector<Cells> rows(1);
    rows.front() = {"stage"};
    if (report.question.by)
        rows.front().push_back(report.dimension);
    for (const char* title : {"in", "out", "rejected", "duplicate", "retried", "no id", "outside",
                              "pending", "unaccounted", ""})
        rows.front().emplace_back(title);
    for (const FlowRow& row : report.rows)
        rows.push_back(flow_cells(report, row));
    console.out(aligned(rows, report.question.by ? 2 : 1));
    for (const FlowPlace& place : report.places) {
        std::string line =
            terminal_safe(place.name, true) + ": " + grouped(place.events) + " events";
        if (place.read_to && place.read_to->value() >= 0)
            line += ", read up to " + time_text(*place.read_to);
        console.out(line + "\n");
    }
}

void note_flow(const FlowReport& report, Console& console) {
    if (report.question.partial)
        console.note("weir: partial: not all of the range was read");
    if (report.sampled > 1)
        console.note("weir: only one in " + grouped(report.sampled) +
                     " ids is joined between places: too many were under way at once. Counts with "
                     "~ are estimates");
    if (report.duplicates_cut_short)
        console.note("weir: more events came than are remembered for an hour: some that came "
                     "again count as new");
    if (report.let_go > 0)
        console.note("weir: " + grouped(report.let_go) +
                     " events are too old to be told apart by time, and left out");
    const bool outside = std::any_of(report.rows.begin(), report.rows.end(), [](const auto& row) {
        return row.judged && row.figures.outside > 0;
    });
    if (outside)
        console.note(
            "weir: outside: what was read of the places behind these stages begins later "
            "than the events, or was not read at all: nobody can tell what became of them");
    if (report.places.empty())
        console.note("weir: no event was read");
}

} // namespace weir::cli

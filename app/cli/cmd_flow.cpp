// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir flow: what became of the events of every stage, read from the topics; once, or again and
// again while they go on.
#include "app/cli/cmd.h"
#include "app/cli/flow_output.h"
#include "app/cli/interrupt.h"
#include "app/cli/past_run.h"
#include "app/cli/stage_run.h"

namespace weir::cli {

namespace {

int tell_flow(const FlowReport& told, const FlowOptions& options, const StageRun& run,
              Console& console) {
    answering();
    if (!run.watch || run.json)
        print_flow(told, options, run.json, console);
    console.flush();
    note_flow(told, console);
    return told.anything_unaccounted() || told.places.empty() ? exit_finding : exit_fine;
}

/// What was kept of before.
int run_flow_past(const Arguments& arguments, const Target& target, const StageRun& run,
                  Console& console) {
    const auto past = read_past(arguments, target, console);
    if (!past)
        return console.fail(past.error());
    const FlowSeen seen = past->history->flow();
    const FlowReport told =
        flow_report(seen, *target.session->vocabulary(), *target.disclosure,
                    {.range = past->range, .by = run.by, .partial = !past->whole});
    return answered(tell_flow(told, seen.options(), run, console));
}

int run_flow(const Arguments& arguments, Console& console) {
    const auto target = open_target(arguments, console, false, usual_dimensions());
    if (!target)
        return console.fail(target.error());
    const Session& session = *target->session;
    if (session.workspace().stages.empty())
        return console.fail(usage_error("there are no stages for events to flow through",
                                        "Name a --workspace with \"stages\": each with the topics "
                                        "that it reads and writes."));
    const auto run = stage_run_of(arguments, *session.vocabulary());
    if (!run)
        return console.fail(run.error());
    if (arguments.has("history"))
        return run_flow_past(arguments, *target, *run, console);
    std::shared_ptr<const FlowOptions> options;
    const auto reading = read_stages(
        arguments, *target, *run,
        [&](const kafka::ReadRequest& request, int lanes) -> std::vector<FoldFactory> {
            options = std::make_shared<const FlowOptions>(
                flow_options(session.workspace(), target->connection, observed_by(request), lanes));
            return {[words = session.vocabulary(), options](int) {
                return std::make_unique<FlowLedger>(*words, options);
            }};
        },
        console);
    if (!reading)
        return console.fail(reading.error());
    const auto report = [&](bool last) {
        return flow_report(
            {snapshots_of<FlowLedger>(*reading->loop, 0)}, *session.vocabulary(),
            *target->disclosure,
            {.range = run->range(), .by = run->by, .partial = is_partial(*reading, *run, last)});
    };
    follow(*reading, *run, console,
           [&] { print_flow(report(false), *options, run->json, console); });
    const int code = tell_flow(report(true), *options, *run, console);
    return answered(reading->lost_contact() ? exit_connection : code);
}

} // namespace

Command flow_command() {
    return {
        "flow",
        "--workspace FILE",
        "What became of every event at every stage: in, out, rejected, … unaccounted",
        "Reads the topics of the workspace's stages and joins them by the events' ids: for each "
        "stage,\n"
        "in = out + rejected + duplicate + no id + outside + pending + unaccounted. An event is "
        "pending\n"
        "for the stage's pending_limit, and unaccounted once everything up to then has been "
        "read and it\n"
        "was not there; outside is what began before the places behind it were read. Exit "
        "code 1 if\n"
        "anything is unaccounted. --watch begins at the end (or at --last) and tells again and "
        "again.",
        0,
        join({connection_options(), time_options(), stage_run_options(), past_options()}),
        run_flow};
}

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir flow: what became of the events of every stage, read from the topics; once, or again and
// again while they go on.
#include "app/cli/cmd.h"
#include "app/cli/flow_output.h"
#include "app/cli/interrupt.h"
#include "app/cli/stage_run.h"

namespace weir::cli {

namespace {

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
    const FlowReport told = report(true);
    answering();
    if (!run->watch || run->json)
        print_flow(told, *options, run->json, console);
    console.flush();
    note_flow(told, console);
    if (reading->lost_contact())
        return answered(exit_connection);
    const bool finding = told.anything_unaccounted() || told.places.empty();
    return answered(finding ? exit_finding : exit_fine);
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
        join({connection_options(), time_options(), stage_run_options()}),
        run_flow};
}

} // namespace weir::cli

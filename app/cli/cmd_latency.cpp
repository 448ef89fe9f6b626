// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir latency: how late events are, end to end, stage by stage and within each place, read from
// the topics; once, or again and again while they go on.
#include "app/cli/cmd.h"
#include "app/cli/interrupt.h"
#include "app/cli/latency_output.h"
#include "app/cli/stage_run.h"
#include "models/latency/latency_report.h"
#include "models/latency/latency_stages.h"

namespace weir::cli {

namespace {

int run_latency(const Arguments& arguments, Console& console) {
    const auto target = open_target(arguments, console, false, usual_dimensions());
    if (!target)
        return console.fail(target.error());
    const Session& session = *target->session;
    const std::string clock = arguments.value("clock", "raw");
    const auto policy = clock_policy(clock);
    if (!policy)
        return console.fail(usage_error("--clock " + clock + ": not a clock policy",
                                        "Write raw, snowplow, segment or capped."));
    const auto run = stage_run_of(arguments, *session.vocabulary());
    if (!run)
        return console.fail(run.error());
    const auto reading = read_stages(
        arguments, *target, *run,
        [&](const kafka::ReadRequest& request, int) -> std::vector<FoldFactory> {
            const auto options = std::make_shared<const LatencyOptions>(
                latency_options(session.workspace(), target->connection, observed_by(request)));
            return {[words = session.vocabulary(), options](int) {
                return std::make_unique<LatencyBook>(*words, options);
            }};
        },
        console);
    if (!reading)
        return console.fail(reading.error());
    const auto report = [&](bool last) {
        return latency_report({snapshots_of<LatencyBook>(*reading->loop, 0)}, *session.vocabulary(),
                              *target->disclosure,
                              {.policy = *policy,
                               .range = run->range(),
                               .by = run->by,
                               .partial = is_partial(*reading, *run, last)});
    };
    follow(*reading, *run, console, [&] { print_latency(report(false), run->json, console); });
    const LatencyReport told = report(true);
    answering();
    if (!run->watch || run->json)
        print_latency(told, run->json, console);
    console.flush();
    note_latency(told, console);
    if (reading->lost_contact())
        return answered(exit_connection);
    const bool nothing = told.freshness.empty();
    return answered(told.slo_broken() || nothing ? exit_finding : exit_fine);
}

} // namespace

Command latency_command() {
    return {"latency",
            "--topic T | --workspace FILE",
            "How late events are: end to end, stage by stage, within each place",
            "Reads the range and measures; with a workspace it joins the topics of its stages by "
            "the events' ids,\n"
            "without one each topic stands by itself. Exit code 1 if a stage's p95 is over its "
            "SLO.\n"
            "--watch begins at the end (or at --last) and tells again and again.",
            0,
            join({connection_options(),
                  time_options(),
                  stage_run_options(),
                  {{"clock", "POLICY", "raw (default), snowplow, segment or capped"}}}),
            run_latency};
}

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir latency: how late events are, end to end, stage by stage and within each place, read from
// the topics; once, or again and again while they go on.
#include "app/cli/cmd.h"
#include "app/cli/interrupt.h"
#include "app/cli/latency_output.h"
#include "app/cli/past_run.h"
#include "app/cli/stage_run.h"
#include "models/latency/latency_report.h"
#include "models/latency/latency_stages.h"

namespace weir::cli {

namespace {

int tell_latency(const LatencyReport& told, const StageRun& run, Console& console) {
    answering();
    if (!run.watch || run.json)
        print_latency(told, run.json, console);
    console.flush();
    note_latency(told, console);
    const bool nothing = told.freshness.empty();
    return told.slo_broken() || nothing ? exit_finding : exit_fine;
}

/// What was kept of before.
int run_latency_past(const Arguments& arguments, const Target& target, const StageRun& run,
                     ClockPolicy policy, Console& console) {
    const auto past = read_past(arguments, target, console);
    if (!past)
        return console.fail(past.error());
    return answered(tell_latency(
        latency_report(
            past->history->latency(), *target.session->vocabulary(), *target.disclosure,
            {.policy = policy, .range = past->range, .by = run.by, .partial = !past->whole}),
        run, console));
}

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
    if (arguments.has("history"))
        return run_latency_past(arguments, *target, *run, *policy, console);
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
    const int code = tell_latency(report(true), *run, console);
    return answered(reading->lost_contact() ? exit_connection : code);
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
                  past_options(),
                  {{"clock", "POLICY", "raw (default), snowplow, segment or capped"}}}),
            run_latency};
}

} // namespace weir::cli

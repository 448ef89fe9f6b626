// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir latency: how late events are, end to end, stage by stage and within each place, read from
// the topics; once, or again and again while they go on.
#include <algorithm>

#include "app/cli/cmd.h"
#include "app/cli/field_reader.h"
#include "app/cli/interrupt.h"
#include "app/cli/latency_output.h"
#include "app/cli/reading.h"
#include "app/cli/target.h"
#include "models/latency/latency_report.h"
#include "models/latency/latency_stages.h"

namespace weir::cli {

namespace {

struct LatencyRun {
    LatencyQuestion question;
    std::int64_t window_us = 0; // of --watch; 0: all that was read
    bool watch = false;
    bool json = false;
    std::chrono::milliseconds every{2'000};
};

Result<LatencyRun> run_of(const Arguments& arguments, const Vocabulary& vocabulary) {
    LatencyRun run;
    const std::string clock = arguments.value("clock", "raw");
    const auto policy = clock_policy(clock);
    if (!policy)
        return usage_error("--clock " + clock + ": not a clock policy",
                           "Write raw, snowplow, segment or capped.");
    run.question.policy = *policy;
    if (arguments.has("by")) {
        const std::string by = arguments.value("by");
        run.question.by = latency_dimension(vocabulary, by);
        std::string known = "partition";
        for (const std::string& name : vocabulary.dimension_names)
            known += ", " + name;
        if (!run.question.by)
            return usage_error("--by " + by + ": not a dimension", "There are: " + known + ".");
    }
    const auto every = duration_of(arguments, "every", Micros(2'000'000));
    if (!every)
        return every.error();
    run.every = std::chrono::milliseconds(std::max<std::int64_t>(1, every->ms()));
    run.watch = arguments.has("watch");
    run.json = arguments.has("json");
    if (run.watch && arguments.has("last")) {
        const auto last = duration_of(arguments, "last", Micros(0));
        if (!last)
            return last.error();
        run.window_us = last->value();
    }
    return run;
}

LatencySeen seen_of(const IngestLoop& loop) {
    LatencySeen seen;
    for (int lane = 0; lane < loop.lanes(); ++lane)
        seen.lanes.push_back(static_cast<const LatencyBook&>(loop.fold(lane, 0)).snapshot());
    return seen;
}

LatencyReport report_of(const Target& target, const IngestLoop& loop, const LatencyRun& run,
                        bool partial) {
    LatencyQuestion question = run.question;
    question.partial = partial;
    if (run.window_us > 0)
        question.range.from_us = Micros::now().value() - run.window_us;
    return latency_report(seen_of(loop), *target.session->vocabulary(), *target.disclosure,
                          question);
}

int run_latency(const Arguments& arguments, Console& console) {
    const auto range = range_of(arguments,
                                arguments.has("watch") ? kafka::StartAt::Kind::End
                                                       : kafka::StartAt::Kind::Beginning,
                                Micros::now());
    if (!range)
        return console.fail(range.error());
    const auto target = open_target(arguments, console, false);
    if (!target)
        return console.fail(target.error());
    const Session& session = *target->session;
    const auto run = run_of(arguments, *session.vocabulary());
    if (!run)
        return console.fail(run.error());
    const kafka::ReadRequest request = watch_request(arguments, *target, *range, run->watch);
    if (request.topics.empty() && request.topic_patterns.empty())
        return console.fail(
            usage_error("no topic is named", "Add --topic TOPIC, or give the workspace stages."));
    const auto parts = target->search_parts(console);
    if (!parts)
        return console.fail(parts.error());
    auto opened = parts->open_reader(request);
    if (!opened)
        return console.fail(opened.error());
    const std::shared_ptr<kafka::Reader> reader = *std::move(opened);
    const auto options = std::make_shared<const LatencyOptions>(
        latency_options(session.workspace(), target->connection));
    catch_interrupts_and_end();
    const auto loop = IngestLoop::start(reader, parts->make_decoder,
                                        {[words = session.vocabulary(), options](int) {
                                            return std::make_unique<LatencyBook>(*words, options);
                                        }},
                                        {});
    const Following following{*reader, *loop, run->watch, run->every};
    follow(following, console, [&](bool partial) {
        if (!run->json)
            console.out(time_text(Micros::now()) + "\n");
        print_latency(report_of(*target, *loop, *run, partial), run->json, console);
    });
    const LatencyReport report = report_of(*target, *loop, *run, is_partial(following, true));
    answering();
    if (!run->watch || run->json)
        print_latency(report, run->json, console);
    console.flush();
    note_latency(report, console);
    if (lost_contact(*reader))
        return answered(exit_connection);
    const bool nothing = report.freshness.empty();
    return answered(report.slo_broken() || nothing ? exit_finding : exit_fine);
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
                  {{"by", "DIMENSION", "a row for each value: type, source, …, partition"},
                   {"clock", "POLICY", "raw (default), snowplow, segment or capped"},
                   {"watch", nullptr, "go on until interrupted"},
                   {"every", "DURATION", "how often --watch tells; default 2s"},
                   {"disclose", "WORD", "what is masked: masked (default), tokens, or shown"},
                   {"json", nullptr, "one JSON document; with --watch one a line", 'J'},
                   {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
            run_latency};
}

} // namespace weir::cli

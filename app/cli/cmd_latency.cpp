// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir latency: how late events are, end to end, stage by stage and within each place, read from
// the topics; once, or again and again while they go on.
#include <thread>

#include "app/cli/cmd.h"
#include "app/cli/field_reader.h"
#include "app/cli/interrupt.h"
#include "app/cli/latency_output.h"
#include "app/cli/target.h"
#include "models/latency/latency_report.h"
#include "models/latency/latency_stages.h"

namespace weir::cli {

namespace {

constexpr std::chrono::milliseconds look_every(50);

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

kafka::ReadRequest request_of(const Arguments& arguments, const Target& target, const Range& range,
                              bool watch) {
    kafka::ReadRequest request = read_request(arguments, target, range);
    if (request.topics.empty() && request.topic_patterns.empty())
        request.topics = watched(target.session->workspace(), target.connection).topics;
    if (!watch && request.end.kind == kafka::EndAt::Kind::Never)
        request.end.kind = kafka::EndAt::Kind::Snapshot;
    return request;
}

LatencySeen seen_of(const IngestLoop& loop) {
    LatencySeen seen;
    for (int lane = 0; lane < loop.lanes(); ++lane)
        seen.lanes.push_back(static_cast<const LatencyBook&>(loop.fold(lane, 0)).snapshot());
    return seen;
}

bool lost_contact(const kafka::Reader& reader) {
    for (const kafka::PartitionProgress& p : reader.progress())
        if (p.state == kafka::ReadState::Failed || p.state == kafka::ReadState::Gone)
            return true;
    return false;
}

/// Reads until there is no more or an interrupt comes; tells what is known now and then, if the
/// run is to watch. Answers the last report.
LatencyReport follow(const Target& target, const kafka::Reader& reader, const IngestLoop& loop,
                     const LatencyRun& run, Console& console) {
    const Vocabulary& vocabulary = *target.session->vocabulary();
    auto next = std::chrono::steady_clock::now() + run.every;
    const auto report = [&](bool last) {
        LatencyQuestion question = run.question;
        const IngestStats stats = loop.stats();
        constexpr std::int64_t behind_us_max = 5'000'000;
        const bool behind = stats.behind_us > behind_us_max;
        question.partial = lost_contact(reader) || (last ? !run.watch && !loop.finished() : behind);
        if (run.window_us > 0)
            question.range.from_us = Micros::now().value() - run.window_us;
        return latency_report(seen_of(loop), vocabulary, *target.disclosure, question);
    };
    while (!loop.finished() && !interrupted() && !console.out_failed()) {
        std::this_thread::sleep_for(look_every);
        console.progress(grouped(loop.stats().events) + " events read");
        if (!run.watch || std::chrono::steady_clock::now() < next)
            continue;
        next += run.every;
        if (!run.json)
            console.out(time_text(Micros::now()) + "\n");
        print_latency(report(false), run.json, console);
        console.flush();
    }
    console.progress({});
    return report(true);
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
    const kafka::ReadRequest request = request_of(arguments, *target, *range, run->watch);
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
    const LatencyReport report = follow(*target, *reader, *loop, *run, console);
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

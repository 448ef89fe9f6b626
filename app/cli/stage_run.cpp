// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stage_run.h"

#include <algorithm>
#include <thread>

#include "app/cli/field_reader.h"
#include "app/cli/interrupt.h"
#include "models/event/disclosure/dimension_text.h"

namespace weir::cli {

namespace {

constexpr std::chrono::milliseconds stage_look_every(50);
constexpr std::int64_t glance_us = 5'000'000;

kafka::ReadRequest stage_request(const Arguments& arguments, const Target& target,
                                 const Range& range, bool watch) {
    kafka::ReadRequest request = read_request(arguments, target, range);
    if (request.topics.empty() && request.topic_patterns.empty()) {
        const kafka::ReadRequest all = watched(target.session->workspace(), target.connection);
        request.topics = all.topics;
        request.topic_patterns = all.topic_patterns;
    }
    if (!watch && request.end.kind == kafka::EndAt::Kind::Never)
        request.end.kind = kafka::EndAt::Kind::Snapshot;
    return request;
}

} // namespace

RecordRange StageRun::range() const {
    RecordRange all;
    if (window_us > 0)
        all.from_us = Micros::now().value() - window_us;
    return all;
}

Result<std::chrono::milliseconds> every_of(const Arguments& arguments, Micros otherwise) {
    const auto every = duration_of(arguments, "every", otherwise);
    if (!every)
        return every.error();
    return std::chrono::milliseconds(std::max<std::int64_t>(1, every->ms()));
}

Result<std::int64_t> window_us_of(const Arguments& arguments, Micros otherwise) {
    if (arguments.value("last").starts_with('@'))
        return std::int64_t{0};
    const auto last = duration_of(arguments, "last", otherwise);
    if (!last)
        return last.error();
    return last->value();
}

Result<StageRun> watch_run_of(const Arguments& arguments) {
    StageRun run;
    const auto every = every_of(arguments, Micros(2'000'000));
    if (!every)
        return every.error();
    run.every = *every;
    run.watch = arguments.has("watch");
    run.json = arguments.has("json");
    if (!run.watch)
        return run;
    const auto window = window_us_of(arguments, Micros(0));
    if (!window)
        return window.error();
    run.window_us = *window;
    return run;
}

Result<StageRun> stage_run_of(const Arguments& arguments, const Vocabulary& vocabulary) {
    auto run = watch_run_of(arguments);
    if (!run)
        return run;
    if (arguments.has("by")) {
        const std::string by = arguments.value("by");
        run->by = dimension_number(vocabulary, by);
        if (!run->by)
            return usage_error("--by " + by + ": not a dimension",
                               "There are: " + dimension_names_text(vocabulary) + ".");
    }
    return run;
}

std::vector<Option> stage_run_options() {
    return {{"by", "DIMENSION", "a row for each value: type, source, …, partition"},
            {"watch", nullptr, "go on until interrupted"},
            {"every", "DURATION", "how often --watch tells; default 2s"},
            {"disclose", "WORD", "what is masked: masked (default), tokens, or shown"},
            {"json", nullptr, "one JSON document; with --watch one a line", 'J'},
            {"quiet", nullptr, "no remarks on stderr", 'q'}};
}

bool StageReading::lost_contact() const {
    const auto progress = reader->progress();
    return std::any_of(progress.begin(), progress.end(), [](const auto& p) {
        return p.state == kafka::ReadState::Failed || p.state == kafka::ReadState::Gone;
    });
}

bool StageReading::behind() const {
    return loop->stats().behind_us > glance_us;
}

Result<Range> stage_range(const Arguments& arguments, bool watch, Micros now) {
    return range_of(arguments, watch ? kafka::StartAt::Kind::End : kafka::StartAt::Kind::Beginning,
                    now);
}

Result<StageReading> read_range(const Arguments& arguments, const Target& target,
                                const Range& range, const StageRun& run, const MakeFolds& folds,
                                Console& console, const KeepStages& keep) {
    const kafka::ReadRequest request = stage_request(arguments, target, range, run.watch);
    if (request.topics.empty() && request.topic_patterns.empty())
        return usage_error("no topic is named", "Add --topic TOPIC, or give the workspace stages.");
    const auto parts = target.search_parts(console);
    if (!parts)
        return parts.error();
    auto opened = parts->open_reader(request);
    if (!opened)
        return opened.error();
    StageReading reading;
    reading.reader = *std::move(opened);
    const int lanes = reading.reader->stream_count();
    IngestOptions options;
    if (keep)
        reading.kept = keep(request, lanes);
    keep_by(reading.kept.run.get(), options);
    catch_interrupts_and_end();
    reading.loop =
        IngestLoop::start(reading.reader, parts->make_decoder, folds(request, lanes), options);
    return reading;
}

Result<StageReading> read_stages(const Arguments& arguments, const Target& target,
                                 const StageRun& run, const MakeFolds& folds, Console& console) {
    const auto range = stage_range(arguments, run.watch, Micros::now());
    return range ? read_range(arguments, target, *range, run, folds, console) : range.error();
}

void follow(const StageReading& reading, const StageRun& run, Console& console,
            const std::function<void()>& tell, const std::function<bool()>& until) {
    auto next = std::chrono::steady_clock::now() + run.every;
    while (!reading.loop->finished() && !interrupted() && !console.out_failed() &&
           !(until && until())) {
        std::this_thread::sleep_for(stage_look_every);
        console.progress(grouped(reading.loop->stats().events) + " events read");
        if (!run.watch || std::chrono::steady_clock::now() < next)
            continue;
        next += run.every;
        console.progress({});
        if (!run.json)
            console.out(time_text(Micros::now()) + "\n");
        tell();
        console.flush();
    }
    console.progress({});
}

bool is_partial(const StageReading& reading, const StageRun& run, bool last) {
    if (reading.lost_contact())
        return true;
    return last && !run.watch ? !reading.loop->finished() : reading.behind();
}

} // namespace weir::cli

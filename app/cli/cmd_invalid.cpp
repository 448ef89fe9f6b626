// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir invalid: which events are invalid, why, and of how many, read from the topics; once, or
// again and again while they go on.
#include <algorithm>
#include <thread>

#include "app/cli/cmd.h"
#include "app/cli/field_reader.h"
#include "app/cli/interrupt.h"
#include "app/cli/invalid_output.h"
#include "app/cli/reading.h"
#include "app/cli/target.h"

namespace weir::cli {

namespace {

constexpr double usual_limit = 0.01;

struct InvalidRun {
    InvalidGrouping grouping;
    double limit = usual_limit;
    bool watch = false;
    bool json = false;
    bool compares = true;       // with the period before
    std::int64_t window_us = 0; // of --watch; 0: all that was read
    std::chrono::milliseconds every{2'000};
};

Result<InvalidRun> invalid_run_of(const Arguments& arguments, const Vocabulary& vocabulary) {
    InvalidRun run;
    run.grouping = usual_grouping(vocabulary);
    if (arguments.has("by")) {
        const std::string by = arguments.value("by");
        const auto grouping = grouping_by(vocabulary, by);
        std::string known = "reason, message, pointer, producer, topic, contract_version";
        for (const std::string& name : vocabulary.dimension_names)
            known += ", " + name;
        if (!grouping)
            return usage_error("--by " + by + ": not a dimension", "There are: " + known + ".");
        run.grouping = *grouping;
    }
    const auto limit = arguments.number("limit", usual_limit, 0, 1);
    if (!limit)
        return limit.error();
    run.limit = *limit;
    const auto every = duration_of(arguments, "every", Micros(2'000'000));
    if (!every)
        return every.error();
    run.every = std::chrono::milliseconds(std::max<std::int64_t>(1, every->ms()));
    run.watch = arguments.has("watch");
    run.json = arguments.has("json");
    run.compares = !arguments.has("no-trend");
    if (run.watch && arguments.has("last") && !arguments.value("last").starts_with('@')) {
        const auto last = duration_of(arguments, "last", Micros(0));
        if (!last)
            return last.error();
        run.window_us = last->value();
    }
    return run;
}

/// What is read: the range, and before it as much again to compare with.
struct Periods {
    InvalidRange now;
    std::optional<InvalidRange> before; // read into a book of its own
};

Periods periods_of(const InvalidRun& run, const Range& range, Micros now) {
    Periods periods;
    if (run.watch || range.start.kind != kafka::StartAt::Kind::Time)
        return periods;
    const bool ends = range.end.kind == kafka::EndAt::Kind::Time;
    const InvalidRange whole{range.start.time.value(), ends ? range.end.time.value() : now.value()};
    periods.now.from_us = whole.from_us;
    if (ends)
        periods.now.to_us = whole.to_us;
    if (run.compares)
        periods.before = period_before(whole);
    return periods;
}

class InvalidReading {
  public:
    InvalidReading(const Target& target, const InvalidRun& run, Periods periods)
        : m_target(target)
        , m_run(run)
        , m_periods(periods) {}

    /// The books: of the range, and of the period before it, if there is one.
    std::vector<FoldFactory> folds(const kafka::ReadRequest& request) const {
        const Session& session = *m_target.session;
        InvalidOptions options = session.invalid_book(m_target.connection);
        const auto& entries = options.entries;
        const bool reads_entries =
            request.topics.empty() ||
            std::any_of(request.topics.begin(), request.topics.end(), [&](const auto& topic) {
                return std::find(entries.begin(), entries.end(), topic) != entries.end();
            });
        if (!reads_entries)
            options.entries.clear(); // what was named is where events are to be counted
        std::vector<FoldFactory> all{factory(options, m_periods.now)};
        if (m_periods.before)
            all.push_back(factory(options, *m_periods.before));
        return all;
    }

    InvalidReport report(const IngestLoop& loop, bool partial) const {
        InvalidQuestion question;
        question.grouping = m_run.grouping;
        question.partial = partial;
        if (m_periods.before) {
            question.range.from_us = m_periods.now.from_us;
            question.before = InvalidRange();
        } else if (m_run.window_us > 0) {
            const std::int64_t now_us = Micros::now().value();
            question.range.from_us = now_us - m_run.window_us;
            if (m_run.compares)
                question.before = period_before({question.range.from_us, now_us});
        }
        const InvalidSeen before = m_periods.before ? seen_of(loop, 1) : InvalidSeen();
        return invalid_report(seen_of(loop, 0), *m_target.session->vocabulary(),
                              *m_target.disclosure, question, m_periods.before ? &before : nullptr);
    }

  private:
    FoldFactory factory(InvalidOptions options, const InvalidRange& range) const {
        options.from_us = range.from_us;
        options.to_us = range.to_us;
        return [words = m_target.session->vocabulary(),
                told = std::make_shared<const InvalidOptions>(std::move(options))](int) {
            return std::make_unique<InvalidBook>(words, told);
        };
    }
    static InvalidSeen seen_of(const IngestLoop& loop, std::size_t fold) {
        InvalidSeen seen;
        for (int lane = 0; lane < loop.lanes(); ++lane)
            seen.lanes.push_back(static_cast<const InvalidBook&>(loop.fold(lane, fold)).snapshot());
        return seen;
    }

    const Target& m_target;
    const InvalidRun& m_run;
    const Periods m_periods;
};

void print_report(const InvalidReport& report, const InvalidRun& run, const Target& target,
                  Console& console) {
    const Vocabulary& vocabulary = *target.session->vocabulary();
    if (run.json)
        console.out(to_json(report, vocabulary) + "\n");
    else
        print_invalid(report, vocabulary, console);
}

int invalid_code(const InvalidReport& report, const InvalidRun& run) {
    const std::uint64_t invalid = report.now.invalid();
    const auto share = report.now.share();
    const bool over = share ? *share > run.limit : invalid > 0;
    const bool nothing = report.now.all() == 0 && report.now.of.value_or(0) == 0;
    return over || nothing ? exit_finding : exit_fine;
}

int run_invalid(const Arguments& arguments, Console& console) {
    const Micros now = Micros::now();
    auto range = range_of(
        arguments,
        arguments.has("watch") ? kafka::StartAt::Kind::End : kafka::StartAt::Kind::Beginning, now);
    if (!range)
        return console.fail(range.error());
    const auto target = open_target(arguments, console, false, usual_dimensions());
    if (!target)
        return console.fail(target.error());
    const auto run = invalid_run_of(arguments, *target->session->vocabulary());
    if (!run)
        return console.fail(run.error());
    const Periods periods = periods_of(*run, *range, now);
    if (periods.before)
        range->start.time = Micros(periods.before->from_us);
    else if (run->watch && run->window_us > 0 && run->compares)
        range->start.time = range->start.time - Micros(run->window_us);
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
    const InvalidReading reading(*target, *run, periods);
    catch_interrupts_and_end();
    const auto loop = IngestLoop::start(reader, parts->make_decoder, reading.folds(request), {});
    const Following following{*reader, *loop, run->watch, run->every};
    follow(following, console, [&](bool partial) {
        if (!run->json)
            console.out(time_text(Micros::now()) + "\n");
        print_report(reading.report(*loop, partial), *run, *target, console);
    });
    const InvalidReport report = reading.report(*loop, is_partial(following, true));
    answering();
    if (!run->watch || run->json)
        print_report(report, *run, *target, console);
    console.flush();
    note_invalid(report, console);
    if (lost_contact(*reader))
        return answered(exit_connection);
    return answered(invalid_code(report, *run));
}

} // namespace

Command invalid_command() {
    return {
        "invalid",
        "--topic T | --workspace FILE",
        "Which events are invalid: why, since when, of how many, of which users",
        "Reads the range and counts dead letters by the reason they give, events that passed\n"
        "though they violate their contract (with --contracts or a workspace's), and what cannot\n"
        "be read, each with the number of events that it is of. With --last or --from the period\n"
        "before is read too, for the trend.\n"
        "Exit code 1 if more than --limit of the events are invalid (those that passed, and\n"
        "probable bots, apart), or any where only dead letters were read.\n"
        "--watch begins at the end (or at --last) and tells again and again.",
        0,
        join({connection_options(),
              {{"dead-letter", "TOPIC", "this topic holds failed events, whatever they look like",
                0, true}},
              time_options(),
              {{"by", "DIMENSION", "only reason and this: pointer, type, …, producer, topic"},
               {"limit", "SHARE", "how many may be invalid, as 0.5%; default 1%"},
               {"no-trend", nullptr, "do not read the period before"},
               {"watch", nullptr, "go on until interrupted"},
               {"every", "DURATION", "how often --watch tells; default 2s"},
               {"disclose", "WORD", "what is masked: masked (default), tokens, or shown"},
               {"json", nullptr, "one JSON document; with --watch one a line", 'J'},
               {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
        run_invalid};
}

} // namespace weir::cli

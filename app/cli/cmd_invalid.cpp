// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir invalid: which events are invalid, why, and of how many, read from the topics; once, or
// again and again while they go on.
#include "app/cli/cmd.h"
#include "app/cli/interrupt.h"
#include "app/cli/invalid_output.h"
#include "app/cli/observed.h"
#include "app/cli/stage_run.h"
#include "models/invalid/invalid_findings.h"

namespace weir::cli {

namespace {

struct InvalidRun : StageRun {
    InvalidGrouping grouping; // --by; of more than dimensions
    double limit = usual_invalid_share;
    bool compares = true; // with the period before
};

Result<InvalidRun> invalid_run_of(const Arguments& arguments, const Vocabulary& vocabulary) {
    const auto watch = watch_run_of(arguments);
    if (!watch)
        return watch.error();
    InvalidRun run{*watch, usual_grouping(vocabulary)};
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
    const auto limit = arguments.number("limit", usual_invalid_share, 0, 1);
    if (!limit)
        return limit.error();
    run.limit = *limit;
    run.compares = !arguments.has("no-trend");
    return run;
}

/// What is read: the range, and before it as much again to compare with.
struct Periods {
    RecordRange now;
    std::optional<RecordRange> before; // read into a book of its own
};

Periods periods_of(const InvalidRun& run, const Range& range, Micros now) {
    Periods periods;
    if (run.watch || range.start.kind != kafka::StartAt::Kind::Time)
        return periods;
    const bool ends = range.end.kind == kafka::EndAt::Kind::Time;
    const RecordRange whole{range.start.time.value(), ends ? range.end.time.value() : now.value()};
    periods.now.from_us = whole.from_us;
    if (ends)
        periods.now.to_us = whole.to_us;
    if (run.compares)
        periods.before = period_before(whole);
    return periods;
}

class InvalidBooks {
  public:
    InvalidBooks(const Target& target, const InvalidRun& run, Periods periods)
        : m_target(target)
        , m_run(run)
        , m_periods(periods) {}

    /// The books: of the range, and of the period before it, if there is one.
    std::vector<FoldFactory> folds(const kafka::ReadRequest& request) const {
        const InvalidOptions options = invalid_book_of(m_target, request);
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
            question.before = RecordRange();
        } else if (m_run.window_us > 0) {
            const std::int64_t now_us = Micros::now().value();
            question.range.from_us = now_us - m_run.window_us;
            if (m_run.compares)
                question.before = period_before({question.range.from_us, now_us});
        }
        const InvalidSeen before{m_periods.before ? snapshots_of<InvalidBook>(loop, 1)
                                                  : decltype(InvalidSeen::lanes)()};
        return invalid_report({snapshots_of<InvalidBook>(loop, 0)}, *m_target.session->vocabulary(),
                              *m_target.disclosure, question, m_periods.before ? &before : nullptr);
    }

  private:
    FoldFactory factory(InvalidOptions options, const RecordRange& range) const {
        options.from_us = range.from_us;
        options.to_us = range.to_us;
        return [words = m_target.session->vocabulary(),
                told = std::make_shared<const InvalidOptions>(std::move(options))](int) {
            return std::make_unique<InvalidBook>(words, told);
        };
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
    const bool nothing = report.now.all() == 0 && report.now.of.value_or(0) == 0;
    return is_over(report.now, run.limit) || nothing ? exit_finding : exit_fine;
}

int run_invalid(const Arguments& arguments, Console& console) {
    const Micros now = Micros::now();
    auto range = stage_range(arguments, arguments.has("watch"), now);
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
    const InvalidBooks books(*target, *run, periods);
    const auto reading = read_range(
        arguments, *target, *range, *run,
        [&](const kafka::ReadRequest& request, int) { return books.folds(request); }, console);
    if (!reading)
        return console.fail(reading.error());
    const auto report_now = [&](bool last) {
        return books.report(*reading->loop, is_partial(*reading, *run, last));
    };
    follow(*reading, *run, console,
           [&] { print_report(report_now(false), *run, *target, console); });
    const InvalidReport report = report_now(true);
    answering();
    if (!run->watch || run->json)
        print_report(report, *run, *target, console);
    console.flush();
    note_invalid(report, console);
    if (reading->lost_contact())
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

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir lag: how far behind every consumer group is, in records and in time, and whether that is
// bad.
#include <QRegularExpression>

#include <algorithm>
#include <thread>

#include "app/cli/cmd.h"
#include "app/cli/interrupt.h"
#include "app/cli/lag_output.h"
#include "app/cli/target.h"
#include "app/cli/wait_note.h"
#include "connectors/base/time_units.h"
#include "models/backlog/backlog_keeper.h"

namespace weir::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t watch_every_us = 5'000'000;
constexpr std::int64_t looks_of_a_trend = 6; // in the time that --for gives
constexpr std::chrono::milliseconds interrupt_pace{100};
constexpr const char* clear_screen = "\x1b[H\x1b[2J";

TopicFilter topic_filter(const Arguments& arguments, const Target& target) {
    if (!arguments.has("topic"))
        return {};
    std::vector<QRegularExpression> patterns;
    for (const std::string& pattern : target.topic_patterns)
        patterns.emplace_back(QRegularExpression::anchoredPattern(QString::fromStdString(pattern)));
    return [topics = target.topics, patterns](const std::string& topic) {
        return std::find(topics.begin(), topics.end(), topic) != topics.end() ||
               std::any_of(patterns.begin(), patterns.end(), [&](const QRegularExpression& p) {
                   return p.match(QString::fromStdString(topic)).hasMatch();
               });
    };
}

Result<BacklogOptions> options_of(const Arguments& arguments, const Target& target) {
    BacklogOptions options;
    options.groups = arguments.values("group");
    options.timeout = target.timeout;
    options.keeps_history = !arguments.has("no-history");
    for (const StageSpec& stage : target.session->workspace().stages)
        if (!stage.consumer_group.empty())
            options.known.push_back(stage.consumer_group);
    for (const std::string& pattern : target.topic_patterns)
        if (!QRegularExpression(QString::fromStdString(pattern)).isValid())
            return usage_error("--topic ^" + pattern + ": not a regular expression");
    return options;
}

/// Waits, unless interrupted.
void wait_until(Clock::time_point when) {
    while (!interrupted() && Clock::now() < when)
        std::this_thread::sleep_for(std::min<Clock::duration>(when - Clock::now(), interrupt_pace));
}

class LagRun {
  public:
    LagRun(const Arguments& arguments, const Target& target, BacklogKeeper& keeper,
           Console& console)
        : m_json(arguments.has("json"))
        , m_watch(arguments.has("watch"))
        , m_filter(topic_filter(arguments, target))
        , m_keeper(keeper)
        , m_console(console) {
        m_target.workspace = arguments.value("workspace");
        m_target.connection = (*target.cluster())->options();
    }

    /// What was committed in the `span` before now takes the place of looks.
    Result<void> recall(Micros span) {
        if (const auto listed = m_keeper.list(); !listed)
            return listed;
        m_keeper.recall(m_keeper.groups(), span);
        return {};
    }

    /// Looks once, and then until the first look is `length` ago: the last look is that far from
    /// it.
    Result<void> sample(Clock::duration length, Clock::duration every) {
        std::optional<Clock::time_point> until;
        for (;;) {
            const auto begun = Clock::now();
            if (const auto listed = m_keeper.list(); !listed)
                return listed;
            m_keeper.read(m_keeper.groups(), GroupReader::Looks::All);
            if (!until)
                until = Clock::now() + length;
            if (interrupted() || begun >= *until || length == Clock::duration::zero())
                return {};
            const auto left = std::chrono::ceil<std::chrono::seconds>(*until - Clock::now());
            m_console.progress("sampling " + std::to_string(m_keeper.groups().size()) +
                               " groups, " + std::to_string(left.count()) + " s left");
            wait_until(std::min(begun + every, *until));
        }
    }

    void print() {
        m_console.progress({});
        const auto snapshot = m_keeper.snapshot();
        if (m_json) {
            m_console.out(lag_json(*snapshot, m_filter, m_watch));
        } else {
            if (m_watch && m_console.out_is_terminal())
                m_console.out(clear_screen);
            m_console.out(lag_text(*snapshot, m_filter, m_target));
        }
        m_console.flush();
        for (const std::string& note : snapshot->notes)
            tell("weir: " + note);
        if (snapshot->trouble)
            tell("weir: " + snapshot->trouble->text());
        m_keeper.save();
    }

    int code() const {
        const auto snapshot = m_keeper.snapshot();
        if (snapshot->trouble && snapshot->at.value() < 0)
            return exit_connection;
        const bool none = std::all_of(snapshot->groups.begin(), snapshot->groups.end(),
                                      [](const auto& group) { return group->partitions.empty(); });
        return none || is_bad(worst_verdict(*snapshot, m_filter)) ? exit_finding : exit_fine;
    }

  private:
    /// Once, however often it is true.
    void tell(const std::string& text) {
        if (std::find(m_told.begin(), m_told.end(), text) != m_told.end())
            return;
        m_console.note(text);
        m_told.push_back(text);
    }

    const bool m_json;
    const bool m_watch;
    const TopicFilter m_filter;
    BacklogKeeper& m_keeper;
    Console& m_console;
    CommandTarget m_target;
    std::vector<std::string> m_told;
};

int run_lag(const Arguments& arguments, Console& console) {
    const auto for_us = duration_of(arguments, "for", Micros(0));
    if (!for_us)
        return console.fail(for_us.error());
    const std::int64_t usual_us =
        for_us->value() > 0
            ? std::max<std::int64_t>(millisecond_us, for_us->value() / looks_of_a_trend)
            : watch_every_us;
    const auto every_us =
        duration_of(arguments, "every", Micros(std::min(usual_us, watch_every_us)));
    if (!every_us)
        return console.fail(every_us.error());
    const auto before_us = duration_of(arguments, "from-commits", Micros(0));
    if (!before_us)
        return console.fail(before_us.error());
    const auto target = open_target(arguments, console, false);
    if (!target)
        return console.fail(target.error());
    auto options = options_of(arguments, *target);
    if (!options)
        return console.fail(options.error());
    const auto cluster = target->cluster();
    if (!cluster)
        return console.fail(cluster.error());
    BacklogKeeper keeper(*cluster, *std::move(options));
    LagRun run(arguments, *target, keeper, console);
    catch_interrupts_and_end();
    const std::chrono::microseconds every(every_us->value());
    {
        const WaitNote note(*cluster, console, target->timeout);
        if (const auto recalled = before_us->value() > 0 ? run.recall(*before_us) : Result<void>();
            !recalled)
            return console.fail(recalled.error());
        if (const auto sampled = run.sample(std::chrono::microseconds(for_us->value()), every);
            !sampled)
            return console.fail(sampled.error());
    }
    run.print();
    while (arguments.has("watch") && !interrupted() && !console.out_failed()) {
        wait_until(Clock::now() + every);
        if (interrupted())
            break;
        if (const auto sampled = run.sample(Clock::duration::zero(), every); !sampled)
            console.note("weir: " + sampled.error().text());
        run.print();
    }
    answering();
    console.flush();
    return answered(run.code());
}

} // namespace

Command lag_command() {
    return {
        "lag",
        "[--group G] [--for 30s]",
        "Say how far behind each consumer group is, and whether that is bad",
        "Answers at once, with the age of the next unread record; verdicts that need a trend take\n"
        "--for 30s, or what was seen before: looks are kept between two starts. Where nobody\n"
        "looked, --from-commits 1h takes what brokers keep of commits in __consumer_offsets (it\n"
        "takes the right READ on it). Nothing is committed, reset or skipped; the commands that\n"
        "would are printed, to be copied.\n"
        "Verdicts: OK, WARN, STALLED, STOPPED, REWOUND, LOST, BLOCKED, REBALANCING, UNKNOWN.\n"
        "Exit code 1 on any but OK and UNKNOWN, or if there is no group to be seen.",
        0,
        join({connection_options(),
              {{"group", "GROUP", "only this group; also one that may not be listed", 'G', true},
               {"for", "DURATION", "sample for so long, for the trend"},
               {"from-commits", "DURATION", "begin so long ago, with what groups committed"},
               {"every", "DURATION", "between two looks; default 5s"},
               {"watch", nullptr, "again and again, until interrupted"},
               {"no-history", nullptr, "neither use nor keep what was seen before"},
               {"json", nullptr, "one JSON document; with --watch one a line", 'J'},
               {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
        run_lag};
}

} // namespace weir::cli

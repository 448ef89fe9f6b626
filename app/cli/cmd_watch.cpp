// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir watch: looks at everything of a workspace again and again without a window, and tells it as
// lines of JSON and as metrics.
#include <algorithm>

#include "app/cli/cmd.h"
#include "app/cli/interrupt.h"
#include "app/cli/stage_run.h"
#include "app/cli/watch_lines.h"
#include "app/cli/watch_page.h"
#include "app/cli/watch_server.h"
#include "connectors/base/time_units.h"
#include "models/backlog/backlog_watch.h"
#include "models/live/copied_command.h"

namespace weir::cli {

namespace {

constexpr std::int64_t usual_watch_every_us = 10 * second_us;
constexpr std::int64_t usual_window_us = 15 * minute_us;
constexpr std::chrono::milliseconds state_look_every{1'000};
constexpr std::chrono::milliseconds stale_after_least{30'000};
constexpr int looks_until_stale = 3;

/// What --every, and --last or --from, ask for.
Result<StageRun> watching_run_of(const Arguments& arguments) {
    const auto every = every_of(arguments, Micros(usual_watch_every_us));
    if (!every)
        return every.error();
    StageRun run;
    run.every = *every;
    run.watch = run.json = true;
    if (arguments.has("from"))
        return run; // all that is read
    const auto window = window_us_of(arguments, Micros(usual_window_us));
    if (!window)
        return window.error();
    run.window_us = *window;
    return run;
}

Result<Range> watching_range_of(const Arguments& arguments, const StageRun& run) {
    const Micros now = Micros::now();
    auto range = stage_range(arguments, true, now);
    if (range && !arguments.has("from") && !arguments.has("last"))
        range->start = {kafka::StartAt::Kind::Time, 0, now - Micros(run.window_us)};
    return range;
}

/// Null: nobody is to be served. Errors: Usage, WatchServer::start()'s.
Result<std::unique_ptr<WatchServer>> server_of(const Arguments& arguments, const Target& target,
                                               const StageRun& run, Console& console) {
    if (!arguments.has("listen"))
        return std::unique_ptr<WatchServer>();
    const auto listen = http::parse_listen(arguments.value("listen"), false);
    if (!listen)
        return listen.error();
    if (!listen->host.starts_with("127.") && listen->host != "::1")
        console.note("weir: whoever reaches " + listen->host +
                     " may read the metrics: names of topics and groups, and how they fare");
    return WatchServer::start(*listen, WatchPage::nothing_yet(target.connection),
                              std::max(stale_after_least, looks_until_stale * run.every));
}

class Watch {
  public:
    Watch(const Target& target, const std::shared_ptr<kafka::Cluster>& cluster, const StageRun& run,
          const std::string& workspace_file, WatchServer* server, Console& console)
        : m_target(target)
        , m_cluster(cluster)
        , m_run(run)
        , m_groups(cluster, stage_groups(target))
        , m_disclosure(target.disclosure)
        , m_rules(target.rules)
        , m_server(server)
        , m_console(console) {
        m_groups.set_focus(stage_groups(target).known);
        CommandTarget reached;
        reached.workspace = workspace_file;
        reached.connection = cluster->options();
        m_reached = weir_connection(reached);
    }

    /// Whether what is read can be read, said once it cannot for more than a moment.
    void check(const StageReading& reading) {
        const auto now = std::chrono::steady_clock::now();
        if (now < m_next_check)
            return;
        m_next_check = now + state_look_every;
        ReadingState state = reading_state(reading, *m_cluster);
        if (!std::exchange(m_begun, true))
            show(look(reading, state));
        const bool settled = state.fails() == std::exchange(m_fails, state.fails());
        if (!settled || state.fails() == m_outage)
            return;
        m_outage = state.fails();
        print(outage_line(state, m_outage, Micros::now(), m_target.connection));
        m_console.flush();
        show(look(reading, std::move(state)));
    }

    /// One look, told.
    void tell(const StageReading& reading) {
        const WatchLook now = look(reading, reading_state(reading, *m_cluster));
        print(sample_line(now));
        for (const FindingChange& change : m_changes.next(now.findings))
            print(finding_line(change, now.at, m_reached));
        show(now);
        m_finds = !now.findings.empty();
    }

    bool finds() const { return m_finds; }

  private:
    void print(const std::string& line) { m_console.out(line); }
    WatchLook look(const StageReading& reading, ReadingState state) {
        renew_disclosure();
        return look_at(reading, m_target, *m_disclosure, m_run.range(), m_groups.snapshot(),
                       std::move(state));
    }
    void show(const WatchLook& look) {
        if (m_server != nullptr)
            m_server->publish(m_page.render(look), look.state.up() ? "ok" : "no_contact");
    }
    /// Contracts may have been read anew.
    void renew_disclosure() {
        const std::uint64_t rules = m_target.session->disclosure_revision();
        if (rules == m_rules)
            return;
        m_rules = rules;
        if (auto disclosure = m_target.disclosure_now())
            m_disclosure = *std::move(disclosure);
        else // masked by the older contracts still
            m_console.note("weir: " + disclosure.error().text());
    }

    const Target& m_target;
    const std::shared_ptr<kafka::Cluster> m_cluster;
    const StageRun& m_run;
    BacklogWatch m_groups;
    std::shared_ptr<const DisclosurePolicy> m_disclosure;
    std::uint64_t m_rules;
    WatchServer* const m_server;
    Console& m_console;
    std::string m_reached;
    WatchPage m_page;
    FindingChanges m_changes;
    std::chrono::steady_clock::time_point m_next_check;
    bool m_begun = false;
    bool m_fails = false;  // at the last check
    bool m_outage = false; // was said
    bool m_finds = false;
};

int run_watch(const Arguments& arguments, Console& console) {
    const auto run = watching_run_of(arguments);
    if (!run)
        return console.fail(run.error());
    const auto range = watching_range_of(arguments, *run);
    if (!range)
        return console.fail(range.error());
    const auto target = open_target(arguments, console, false, usual_dimensions());
    if (!target)
        return console.fail(target.error());
    const auto server = server_of(arguments, *target, *run, console);
    if (!server)
        return console.fail(server.error());
    const auto cluster = target->cluster();
    if (!cluster)
        return console.fail(cluster.error());
    const auto reading = read_range(
        arguments, *target, *range, *run,
        [&](const kafka::ReadRequest& request, int lanes) {
            return observing_folds(*target, request, lanes);
        },
        console,
        [&](const kafka::ReadRequest& request, int lanes) {
            return kept_history(*target, **cluster, request, lanes, console);
        });
    if (!reading)
        return console.fail(reading.error());
    const std::string url = *server ? (*server)->url() : std::string();
    if (*server)
        console.note("weir: metrics at " + url);
    console.out(start_line(Micros::now(), target->connection, url, run->every.count() * 1'000,
                           run->window_us));
    console.flush();
    Watch watch(*target, *cluster, *run, arguments.value("workspace"), server->get(), console);
    follow(
        *reading, *run, console, [&] { watch.tell(*reading); },
        [&] {
            watch.check(*reading);
            return false;
        });
    answering();
    watch.tell(*reading);
    console.flush();
    if (const std::string trouble = reading->loop->stats().trouble; !trouble.empty())
        console.note("weir: " + trouble);
    if (reading->lost_contact())
        return answered(exit_connection);
    return answered(watch.finds() ? exit_finding : exit_fine);
}

} // namespace

Command watch_command() {
    return {
        "watch",
        "--workspace FILE [--listen 127.0.0.1:9464]",
        "Watch without a window: lines of JSON, and metrics for Prometheus",
        "Looks at flow, latencies, invalid events and consumer groups every 10 s until it is\n"
        "interrupted. Prints a sample each time, and a finding when it begins, changes or ends; "
        "goes on\n"
        "through outages, and says when they begin and end. --listen serves /metrics "
        "(OpenMetrics) and\n"
        "/health at that address, to whoever reaches it. Begins 15 min back and tells of the last "
        "15 min;\n"
        "--last takes another time, with --from it tells of all that was read since then.\n"
        "Exit code 1 if something is wrong at the end, 3 if something cannot be read then.",
        0,
        join({connection_options(),
              time_options(),
              {{"listen", "HOST:PORT", "serve /metrics and /health; a port alone: on 127.0.0.1"},
               {"every", "DURATION", "how often to look; default 10s"},
               {"disclose", "WORD", "what is masked: masked (default), tokens, or shown"},
               {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
        run_watch};
}

} // namespace weir::cli

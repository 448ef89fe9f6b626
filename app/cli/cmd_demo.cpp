// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir demo: the window on a live stream, with nothing installed; or the same without a window, in
// words and pictures.
#include <filesystem>
#include <map>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "app/cli/cmd.h"
#include "app/cli/interrupt.h"
#include "app/cli/scenario_play.h"
#include "app/cli/target.h"
#include "app/demo/demo_session.h"
#include "app/gui/run_window.h"
#include "app/gui/views.h"

namespace weir::cli {

namespace {

Result<DemoOptions> demo_options(const Arguments& arguments) {
    DemoOptions options;
    const auto rate = arguments.number("rate", options.events_per_s, 1, 100'000);
    if (!rate)
        return rate.error();
    const auto malformed = arguments.number("malformed", options.malformed_share, 0, 1);
    if (!malformed)
        return malformed.error();
    const auto seed = arguments.integer("seed", 1, 0, INT64_MAX);
    if (!seed)
        return seed.error();
    options.events_per_s = *rate;
    options.malformed_share = *malformed;
    options.seed = static_cast<std::uint64_t>(*seed);
    options.truth_file = arguments.value("truth");
    if (!arguments.has("scenario")) {
        if (arguments.has("truth"))
            return usage_error("--truth goes with a scenario", "Add --scenario FILE.");
        return options;
    }
    if (arguments.has("malformed"))
        return usage_error("--malformed is the scenario's business", "Leave it out.");
    auto play = scenario_play_of(arguments, true, Micros(0));
    if (!play)
        return play.error();
    play->incidents =
        std::make_shared<synth::IncidentPlan>(*play->scenario, synth::all_incidents());
    options.play = std::move(*play);
    return options;
}

/// What has come in, by outcome and type, from the stores of all lanes.
struct Seen {
    std::uint64_t events = 0;
    std::uint64_t failures = 0;
    std::map<std::string, std::uint64_t> types;
};

Seen look(const Session& session, const Observation& live) {
    Seen seen;
    const Interner& types = *session.vocabulary()->dimensions.front();
    std::map<std::uint16_t, std::uint64_t> by_id;
    for (const auto& lane : live.stores()) {
        seen.events += lane->rows_absorbed;
        seen.failures += lane->failures_absorbed;
        for (std::size_t i = 0; i < lane->segments.size(); ++i)
            for (std::uint32_t row = 0; row < lane->rows_in(i); ++row)
                ++by_id[lane->segments[i]->row(row).dimensions[0]];
    }
    for (const auto& [id, count] : by_id)
        seen.types[types.text(ValueId(id))] += count;
    return seen;
}

std::string seen_text(const Seen& seen, const IngestStats& stats, std::int64_t elapsed_us) {
    std::string text = duration_text(elapsed_us) + "  " + grouped(seen.events) + " events, " +
                       grouped(static_cast<std::uint64_t>(stats.events_per_s)) + " ev/s, " +
                       grouped(seen.failures) + " failed";
    if (stats.behind_us >= 0)
        text += ", " + duration_text(stats.behind_us) + " behind the stream";
    std::multimap<std::uint64_t, std::string, std::greater<>> most;
    for (const auto& [type, count] : seen.types)
        most.emplace(count, type.empty() ? "(no type)" : type);
    int shown = 0;
    for (const auto& [count, type] : most)
        if (shown++ < 4)
            text += (shown == 1 ? ": " : ", ") + type + " " + grouped(count);
    return text;
}

/// By `weir screenshot`, a process of its own: it needs a QApplication.
bool draw_pictures(const std::string& folder, Console& console) {
    console.note("weir: drawing each view of a window, after 20 s of stream");
    console.flush();
    const pid_t child = ::fork();
    if (child == 0) {
        ::execl("/proc/self/exe", "weir", "screenshot", "all", folder.c_str(), "--after", "20s",
                "--quiet", static_cast<char*>(nullptr));
        ::_exit(127);
    }
    int status = 0;
    const bool drawn = child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
    if (!drawn)
        console.say("weir demo: not all pictures could be drawn");
    for (const ViewEntry& view : view_entries())
        for (const char* theme : {"-light.png", "-dark.png"})
            if (const std::string file = folder + "/" + view.id + theme;
                std::filesystem::exists(file))
                console.out("picture: " + file + "\n");
    console.flush();
    return drawn;
}

int run_headless(const Arguments& arguments, const DemoOptions& options, Console& console) {
    const auto limit = duration_of(arguments, "for", Micros(60'000'000));
    if (!limit)
        return console.fail(limit.error());
    auto session = open_demo_session(options);
    if (!session)
        return console.fail(session.error());
    const std::string name = (*session)->workspace().connections.front().name;
    kafka::ReadRequest request = watched((*session)->workspace(), name);
    request.start.kind = kafka::StartAt::Kind::Beginning;
    const auto started = (*session)->start_live(name, request, std::chrono::seconds(10));
    if (!started)
        return console.fail(started.error());
    console.out("weir demo without a window: the cluster inside Weir, synthetic events, for " +
                duration_text(limit->value()) + "\n");
    const auto begun = std::chrono::steady_clock::now();
    Seen seen;
    std::int64_t elapsed_us = 0;
    std::int64_t next_us = 2'000'000;
    while (!interrupted() && elapsed_us < limit->value()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        elapsed_us = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::steady_clock::now() - begun)
                         .count();
        if (elapsed_us < next_us && elapsed_us < limit->value())
            continue;
        next_us += 5'000'000;
        const auto live = (*session)->live(name);
        seen = look(**session, *live);
        console.out(seen_text(seen, live->stats(), elapsed_us) + "\n");
        console.flush();
    }
    if (arguments.has("pictures") && !draw_pictures(arguments.value("pictures"), console))
        return exit_usage;
    return seen.events > 0 ? exit_fine : exit_finding;
}

int run_demo(const Arguments& arguments, Console& console) {
    const auto options = demo_options(arguments);
    if (!options)
        return console.fail(options.error());
    if (arguments.has("headless") || !has_display()) {
        if (!arguments.has("headless"))
            console.say("weir: there is no display, so the demo runs without a window");
        catch_interrupts();
        return run_headless(arguments, *options, console);
    }
    WindowStart start;
    const DemoOptions chosen = *options;
    start.open_demo = [chosen] { return open_demo_session(chosen); };
    start.open = start.open_demo;
    start.start.kind = kafka::StartAt::Kind::Beginning;
    return run_window(std::move(start));
}

} // namespace

Command demo_command() {
    return {
        "demo",
        "[--scenario FILE] [--headless --for 60s --pictures FOLDER]",
        "Open the window on a live stream of synthetic events, with nothing installed",
        "Without a display, or with --headless, it prints what it sees every few seconds.\n"
        "With --scenario incidents a stage stalls, a new app version sends bad events, loading\n"
        "is slow and a stage loses events, one after the other within six minutes, and again.",
        0,
        join({{{"rate", "N", "events a second; default 250, or the scenario's", 'r'},
               {"malformed", "SHARE", "of all events; default 2%"},
               {"seed", "N", "default 1", 's'},
               {"scenario", "FILE",
                "play a scenario, incidents of the pipeline and all: a file, or a built-in one's "
                "name"},
               {"truth", "FILE", "play it once, and write what should become of its events"},
               {"headless", nullptr, "without a window"},
               {"for", "DURATION", "how long without a window; default 60s"},
               {"pictures", "FOLDER", "draw each view into this folder at the end"},
               {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
        run_demo,
        true};
}

} // namespace weir::cli

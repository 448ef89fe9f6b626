// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sandbox_scenario.h"

#include <algorithm>
#include <thread>

#include "app/cli/interrupt.h"
#include "app/cli/scenario_play.h"
#include "app/cli/target.h"
#include "models/sandbox/collector_feed.h"

namespace weir::cli {

namespace {

using Clock = std::chrono::steady_clock;

/// Of what the cluster inside Weir has room for in one topic, with some to spare.
constexpr double embedded_events_max = 150'000;
constexpr std::chrono::milliseconds stages_look_pause{100};
constexpr std::chrono::milliseconds quiet_time{3'000};

/// The incidents, but for those that somebody else is to bring about.
Result<synth::TroubleSet> carried_out(const Arguments& arguments) {
    synth::TroubleSet all = synth::all_incidents();
    std::vector<std::string> skipped = arguments.values("skip");
    std::string names;
    for (int i = 0; i < synth::trouble_count; ++i) {
        const auto trouble = static_cast<synth::Trouble>(i);
        if (!is_incident(trouble))
            continue;
        const std::string word(to_word(trouble));
        names += (names.empty() ? "" : ", ") + word;
        if (std::erase(skipped, word) > 0)
            all &= ~bit_of(trouble);
    }
    if (!skipped.empty())
        return usage_error("--skip " + skipped.front() + ": nothing that befalls a pipeline",
                           "There are: " + names + ".");
    return all;
}

/// Into a collector that others may send to as well.
class IntoCollector final : public EventOutput {
  public:
    IntoCollector(sandbox::Collector& collector, sandbox::CollectorFeed::Options options)
        : m_feed(collector, std::move(options)) {}
    Result<void> write(const OutEvent& event) override { return m_feed.send(event.value); }
    Result<void> finish() override { return m_feed.finish(); }

  private:
    sandbox::CollectorFeed m_feed;
};

/// Whether each stage that all events pass has taken in what the one before it let pass.
bool all_passed(const std::vector<sandbox::StageReport>& reports, std::uint64_t collected) {
    std::uint64_t due = collected;
    for (const char* stage : {"deduplicate", "enrich", "load"}) {
        const auto at = std::find_if(reports.begin(), reports.end(),
                                     [&](const auto& report) { return report.info.name == stage; });
        if (at == reports.end())
            return true;
        if (at->counts.in < due)
            return false;
        due = at->counts.out;
    }
    return true;
}

/// Something that changes with whatever a stage does.
std::uint64_t done_by(const std::vector<sandbox::StageReport>& reports) {
    std::uint64_t done = 0;
    for (const sandbox::StageReport& report : reports)
        done += report.counts.in + report.counts.pending;
    return done;
}

/// Until nothing is left to do; false: something is, and nothing was done for `grace`.
bool wait_for_stages(const PlayGround& ground, Console& console) {
    auto moved = Clock::now();
    std::uint64_t before = 0;
    while (ground.workers != nullptr && !interrupted()) {
        const auto reports = ground.workers->reports();
        const auto now = Clock::now();
        const std::uint64_t done = done_by(reports);
        if (std::exchange(before, done) != done)
            moved = now;
        const bool passed = all_passed(reports, ground.collector.counts().collected);
        if (passed && now - moved >= quiet_time)
            break;
        if (!passed && now - moved >= ground.grace)
            return false;
        console.progress("waiting for the stages");
        std::this_thread::sleep_for(stages_look_pause);
    }
    console.progress({});
    return true;
}

} // namespace

std::vector<Option> sandbox_scenario_options() {
    return {
        {"scenario", "FILE",
         "play a scenario, incidents of the pipeline and all: a file, or a built-in one's name"},
        {"seed", "N", "of the scenario; default 1", 's'},
        {"rate", "N", "its events a second; default the scenario's", 'r'},
        {"for", "DURATION", "play so much of it"},
        {"truth", "FILE", "write what should become of its events, for weir truth"},
        {"skip", "INCIDENT", "leave this one of it to somebody else", 0, true}};
}

Result<std::optional<synth::Play>> sandbox_play_of(const Arguments& arguments) {
    if (!arguments.has("scenario")) {
        for (const char* name : {"seed", "rate", "for", "truth", "skip"})
            if (arguments.has(name))
                return usage_error(std::string("--") + name + " goes with a scenario",
                                   "Add --scenario FILE.");
        return std::optional<synth::Play>();
    }
    for (const char* name : {"remedies", "rate-limit"})
        if (arguments.has(name))
            return usage_error(std::string("--") + name +
                                   " would make of events what no scenario's truth tells",
                               "Leave it out, or the scenario.");
    const auto incidents = carried_out(arguments);
    if (!incidents)
        return incidents.error();
    const auto limit = duration_of(arguments, "for", Micros(0));
    if (!limit)
        return limit.error();
    auto play = scenario_play_of(arguments, true, *limit);
    if (!play)
        return play.error();
    play->incidents = std::make_shared<synth::IncidentPlan>(*play->scenario, *incidents);
    return std::optional<synth::Play>(std::move(*play));
}

Result<void> check_play(const synth::Play& play, const std::vector<std::string>& stages,
                        bool embedded) {
    const double events =
        play.events_per_s * static_cast<double>(play.scenario->duration.ms()) / 1'000;
    if (embedded && events > embedded_events_max)
        return Error{ErrorCode::Config,
                     "these are some " + grouped(static_cast<std::uint64_t>(events)) +
                         " events, and the cluster inside Weir has room for " +
                         grouped(static_cast<std::uint64_t>(embedded_events_max)),
                     "embedded", "playing " + play.scenario->name,
                     "Play less of it (--for), fewer a second (--rate), or use a real cluster."};
    return sandbox::check_incidents(*play.scenario, *play.incidents, stages, embedded);
}

int run_sandbox_scenario(const Arguments& arguments, const synth::Play& play,
                         const PlayGround& ground, Console& console) {
    note_incidents(play, console);
    Result<RecordsOutput> records = RecordsOutput();
    if (ground.records)
        records = RecordsOutput::into(*ground.records, ground.timeout);
    if (!records)
        return console.fail(records.error());
    sandbox::CollectorFeed::Options feed;
    feed.silence_max += play.incidents->longest_outage();
    feed.gone = interrupted;
    IntoCollector events(ground.collector, std::move(feed));
    TruthOutput truth(arguments, console);
    const auto played = play_into(play, events, *records, truth, console);
    if (!played)
        return console.fail(played.error());
    if (arguments.has("json"))
        console.out(played->last_line);
    console.note("weir: " + played_text(played->totals));
    if (wait_for_stages(ground, console))
        return exit_fine;
    console.say("weir: the stages here have not taken in all that was sent; others may have it, or "
                "it waits for them");
    return exit_finding;
}

} // namespace weir::cli

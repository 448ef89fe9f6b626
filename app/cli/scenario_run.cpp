// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/scenario_run.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "app/cli/event_output.h"
#include "app/cli/interrupt.h"
#include "app/cli/records_output.h"
#include "app/cli/target.h"
#include "app/cli/truth_output.h"
#include "models/synth/pacer.h"
#include "models/synth/scenario_stream.h"
#include "models/workspace/duration.h"

namespace weir::cli {

namespace {

struct Play {
    std::shared_ptr<const synth::Scenario> scenario;
    std::uint64_t seed = 1;
    double events_per_s = 0;
    bool live = false; // as it happens: from now on, waited for
    Micros begin;
};

Result<Play> play_of(const Arguments& arguments) {
    for (const char* name : {"count", "malformed"})
        if (arguments.has(name))
            return usage_error(std::string("--") + name + " is the scenario's business",
                               "Leave it out; --for says how long the scenario is played.");
    const auto seed = arguments.integer("seed", 1, 0, INT64_MAX);
    const auto rate = arguments.number("rate", 0, 0.001, 1e7);
    const auto limit = duration_of(arguments, "for", Micros(0));
    if (!seed)
        return seed.error();
    if (!rate)
        return rate.error();
    if (!limit)
        return limit.error();
    auto scenario = synth::Scenario::load(arguments.value("scenario"));
    if (!scenario)
        return scenario.error();
    if (limit->value() > 0)
        scenario->duration = *limit;
    Play play;
    play.live = *rate > 0;
    play.events_per_s = play.live ? *rate : scenario->events_per_s;
    play.begin = play.live ? Micros::now() : scenario->start;
    play.seed = static_cast<std::uint64_t>(*seed);
    play.scenario = std::make_shared<const synth::Scenario>(std::move(*scenario));
    return play;
}

class Player {
  public:
    Player(const Play& play, EventOutput& to, RecordsOutput& records, TruthOutput& truth,
           Console& console)
        : m_play(play)
        , m_to(to)
        , m_records(records)
        , m_truth(truth)
        , m_console(console) {}

    Result<void> run() {
        synth::ScenarioStream stream(m_play.scenario, m_play.seed, m_play.events_per_s,
                                     m_play.begin);
        auto done = m_truth.write(m_writer.head(
            {m_play.seed, m_play.events_per_s, m_play.begin, m_play.live}, *m_play.scenario));
        synth::Happening happening;
        bool more = true;
        while (done && (more = stream.next(happening))) {
            done = wait_for(happening.at);
            if (done && interrupted())
                break;
            if (done)
                done = tell(happening);
        }
        m_console.progress({});
        if (done)
            done = m_to.finish();
        if (done)
            done = m_records.finish();
        if (stream.not_held() > 0)
            m_console.say("weir: there was no room to hold back " + grouped(stream.not_held()) +
                          " events: late ones were sent at once, retries left out");
        m_end = m_writer.end({!more, stream.not_held()});
        if (done)
            done = m_truth.write(m_end);
        return done ? m_truth.finish() : done;
    }
    const synth::TruthTotals& totals() const { return m_writer.totals(); }
    /// The truth's last line: what was planted, and what should become of it.
    const std::string& end() const { return m_end; }

  private:
    /// Live: until it is time.
    Result<void> wait_for(Micros at) {
        using Clock = synth::Pacer;
        while (m_play.live && !interrupted()) {
            const auto due = m_begun + std::chrono::microseconds((at - m_play.begin).value());
            const auto left = due - Clock::now();
            if (left <= Clock::Time::zero())
                break;
            auto idle = m_to.idle();
            if (idle)
                idle = m_records.idle();
            if (!idle)
                return idle;
            m_console.progress(grouped(m_writer.totals().events) + " events");
            std::this_thread::sleep_for(
                std::min<Clock::Time>(left, std::chrono::milliseconds(100)));
        }
        return {};
    }

    template <class Record>
    Result<void> tell_record(const Record& record) {
        auto done = m_records.add(record);
        return done ? m_truth.write(m_writer.line(record)) : done;
    }

    Result<void> tell(const synth::Happening& happening) {
        Result<void> done;
        if (happening.order != nullptr)
            done = tell_record(*happening.order);
        if (done && happening.user != nullptr)
            done = tell_record(*happening.user);
        if (done && happening.headers != nullptr)
            done = m_to.write({happening.key, happening.value, happening.headers});
        if (done && happening.event != nullptr)
            done = m_truth.write(m_writer.line(*happening.event));
        if (done && happening.attribution != nullptr)
            done = m_truth.write(m_writer.line(*happening.attribution));
        return done;
    }

    const Play& m_play;
    EventOutput& m_to;
    RecordsOutput& m_records;
    TruthOutput& m_truth;
    Console& m_console;
    synth::TruthWriter m_writer;
    std::string m_end;
    const synth::Pacer::Time m_begun = synth::Pacer::now();
};

/// What has to be brought about elsewhere is not taken silently.
void note_incidents(const synth::Scenario& scenario, Console& console) {
    for (const synth::PlannedTrouble& plan : scenario.troubles)
        if (is_incident(plan.trouble))
            console.say("weir: not carried out here: " + std::string(to_word(plan.trouble)) +
                        (plan.stage.empty() ? "" : " of " + plan.stage) + ", " +
                        format_duration_us(plan.from.value()) +
                        " after the beginning; whoever runs the pipeline has to bring it about");
}

std::string summary(const synth::TruthTotals& totals) {
    std::string text = grouped(totals.events) + " events";
    for (int i = 0; i < synth::fate_count; ++i)
        text += (i == 0 ? ": " : ", ") + grouped(totals.fates[i]) + " " +
                std::string(to_word(static_cast<synth::Fate>(i)));
    return text + "; " + grouped(totals.orders) + " orders, " + grouped(totals.users) + " users";
}

} // namespace

int run_scenario(const Arguments& arguments, Console& console) {
    const auto play = play_of(arguments);
    if (!play)
        return console.fail(play.error());
    auto output = event_output_of(arguments, console);
    if (!output)
        return console.fail(output.error());
    auto records = RecordsOutput::open(arguments);
    if (!records)
        return console.fail(records.error());
    note_incidents(*play->scenario, console);
    catch_interrupts(); // until here there is nothing to put in order
    TruthOutput truth(arguments, console);
    Player player(*play, **output, *records, truth, console);
    const auto done = player.run();
    if (!done)
        return console.fail(done.error());
    if (arguments.has("json"))
        console.out(player.end());
    console.note("weir: " + summary(player.totals()));
    return exit_fine;
}

} // namespace weir::cli

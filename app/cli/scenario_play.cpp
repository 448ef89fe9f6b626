// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/scenario_play.h"

#include "app/cli/interrupt.h"
#include "app/cli/target.h"
#include "models/workspace/duration.h"

namespace weir::cli {

namespace {

/// Events into one output, the systems of record and the truth into the others.
class PlayOutputs final : public synth::Audience {
  public:
    PlayOutputs(EventOutput& events, RecordsOutput& records, TruthOutput& truth, Console& console)
        : m_events(events)
        , m_records(records)
        , m_truth(truth)
        , m_console(console) {}

    Result<void> send(const synth::Happening& happening) override {
        return m_events.write({happening.key, happening.value, happening.headers});
    }
    Result<void> record(const synth::OrderTruth& order) override { return m_records.add(order); }
    Result<void> record(const synth::UserTruth& user) override { return m_records.add(user); }
    Result<void> tell(std::string_view lines) override { return m_truth.write(lines); }
    Result<void> idle(std::uint64_t so_far) override {
        auto idle = m_events.idle();
        if (idle)
            idle = m_records.idle();
        m_console.progress(grouped(so_far) + " events");
        return idle;
    }
    Result<void> finish() override {
        m_console.progress({});
        auto done = m_events.finish();
        return done ? m_records.finish() : done;
    }
    bool gone() const override { return interrupted(); }

  private:
    EventOutput& m_events;
    RecordsOutput& m_records;
    TruthOutput& m_truth;
    Console& m_console;
};

} // namespace

Result<synth::Play> scenario_play_of(const Arguments& arguments, bool always_live, Micros limit) {
    const auto seed = arguments.integer("seed", 1, 0, INT64_MAX);
    const auto rate = arguments.number("rate", 0, 0.001, 1e7);
    if (!seed)
        return seed.error();
    if (!rate)
        return rate.error();
    auto scenario = synth::Scenario::load(arguments.value("scenario"));
    if (!scenario)
        return scenario.error();
    if (limit.value() > 0)
        scenario->duration = limit;
    synth::Play play;
    play.live = always_live || *rate > 0;
    play.events_per_s = *rate > 0 ? *rate : scenario->events_per_s;
    play.seed = static_cast<std::uint64_t>(*seed);
    play.scenario = std::make_shared<const synth::Scenario>(std::move(*scenario));
    return play;
}

Result<synth::Played> play_into(const synth::Play& play, EventOutput& events,
                                RecordsOutput& records, TruthOutput& truth, Console& console) {
    PlayOutputs outputs(events, records, truth, console);
    auto played = synth::play(play, outputs);
    if (!played)
        return played;
    if (played->end.not_held > 0)
        console.say("weir: there was no room to hold back " + grouped(played->end.not_held) +
                    " events: late ones were sent at once, retries left out");
    if (auto finished = truth.finish(); !finished)
        return finished.error();
    return played;
}

std::string played_text(const synth::TruthTotals& totals) {
    std::string text = grouped(totals.events) + " events";
    for (int i = 0; i < synth::fate_count; ++i)
        text += (i == 0 ? ": " : ", ") + grouped(totals.fates[i]) + " " +
                std::string(to_word(static_cast<synth::Fate>(i)));
    return text + "; " + grouped(totals.orders) + " orders, " + grouped(totals.users) + " users";
}

void note_incidents(const synth::Play& play, Console& console) {
    for (const synth::PlannedTrouble& plan : play.scenario->troubles)
        if (is_incident(plan.trouble) &&
            (!play.incidents || !play.incidents->carries_out(plan.trouble)))
            console.say("weir: not carried out here: " + std::string(to_word(plan.trouble)) +
                        (plan.stage.empty() ? "" : " of " + plan.stage) + ", " +
                        format_duration_us(plan.from.value()) +
                        " after the beginning; whoever runs the pipeline has to bring it about");
}

} // namespace weir::cli

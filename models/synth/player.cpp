// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/player.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "models/synth/pacer.h"

namespace weir::synth {
namespace {

constexpr std::chrono::milliseconds idle_step{100};

TroubleSet carried_out(const Play& play) {
    TroubleSet all = 0;
    for (const PlannedTrouble& plan : play.scenario->troubles)
        if (play.incidents && play.incidents->carries_out(plan.trouble))
            all |= bit_of(plan.trouble);
    return all;
}

class Player {
  public:
    Player(const Play& play, Audience& audience)
        : m_play(play)
        , m_audience(audience)
        , m_begin(play.live ? Micros::now() : play.scenario->start) {}

    Result<Played> run() {
        if (m_play.incidents)
            m_play.incidents->begin(m_begin);
        ScenarioStream stream(m_play.scenario, m_play.seed, m_play.events_per_s, m_begin,
                              m_play.incidents);
        auto done = m_audience.tell(m_writer.head(
            {m_play.seed, m_play.events_per_s, m_begin, m_play.live, carried_out(m_play)},
            *m_play.scenario));
        Happening happening;
        bool more = true;
        while (done && (more = stream.next(happening))) {
            done = wait_for(happening.at);
            if (done && m_audience.gone())
                break;
            if (done)
                done = tell(happening);
        }
        if (done)
            done = m_audience.finish();
        Played played{m_writer.totals(), {!more, stream.not_held()}, {}};
        played.last_line = m_writer.end(played.end);
        if (done)
            done = m_audience.tell(played.last_line);
        return done ? Result<Played>(std::move(played)) : done.error();
    }

  private:
    /// Live: until it is time.
    Result<void> wait_for(Micros at) {
        using Clock = Pacer;
        while (m_play.live && !m_audience.gone()) {
            const auto due = m_begun + std::chrono::microseconds((at - m_begin).value());
            const auto left = due - Clock::now();
            if (left <= Clock::Time::zero())
                break;
            if (auto idle = m_audience.idle(m_writer.totals().events); !idle)
                return idle;
            std::this_thread::sleep_for(std::min<Clock::Time>(left, idle_step));
        }
        return {};
    }

    template <class Record>
    Result<void> tell_record(const Record& record) {
        auto done = m_audience.record(record);
        return done ? m_audience.tell(m_writer.line(record)) : done;
    }

    Result<void> tell(const Happening& happening) {
        Result<void> done;
        if (happening.order != nullptr)
            done = tell_record(*happening.order);
        if (done && happening.user != nullptr)
            done = tell_record(*happening.user);
        if (done && happening.headers != nullptr)
            done = m_audience.send(happening);
        if (done && happening.event != nullptr)
            done = m_audience.tell(m_writer.line(*happening.event));
        if (done && happening.attribution != nullptr)
            done = m_audience.tell(m_writer.line(*happening.attribution));
        return done;
    }

    const Play& m_play;
    Audience& m_audience;
    const Micros m_begin;
    const Pacer::Time m_begun = Pacer::now();
    TruthWriter m_writer;
};

} // namespace

Result<Played> play(const Play& play, Audience& audience) {
    return Player(play, audience).run();
}

} // namespace weir::synth

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/crowd.h"

#include <algorithm>

namespace weir::synth {
namespace {

constexpr std::uint32_t warm_up_steps_max = 12;

} // namespace

Crowd::Crowd(std::uint64_t seed, std::uint32_t users, std::uint32_t sessions, const Mix* own_mix)
    : m_random(seed)
    , m_visitors(mix(seed), std::max<std::uint32_t>(1, users), own_mix)
    , m_sessions(std::max<std::uint32_t>(1, sessions)) {
    for (Session& session : m_sessions) {
        m_visitors.begin(session, m_random);
        const std::uint32_t ahead = m_random.below(warm_up_steps_max);
        for (std::uint32_t i = 0; i < ahead; ++i)
            step_on(session);
    }
}

Session& Crowd::pick() {
    return m_sessions[m_random.below(static_cast<std::uint32_t>(m_sessions.size()))];
}

EventTimes Crowd::times_of(const Session& session, Micros received) {
    if (session.step == Step::OrderCompleted) {
        const Micros sent = received - Micros(1'500 + m_random.below(3'000));
        return {sent - Micros(m_random.below(20'000)), sent, received};
    }
    // Constant within a session: its events stay in their order.
    const Micros sent = received - Micros(session.network_us) + Micros(session.skew_us);
    return {sent - Micros(session.batch_us), sent, received};
}

void Crowd::step_on(Session& session) {
    m_visitors.advance(session, m_random);
    if (session.step == Step::End)
        m_visitors.begin(session, m_random);
}

} // namespace weir::synth

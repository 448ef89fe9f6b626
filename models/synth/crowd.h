// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The visits that are under way at a time, as a stream looks that has been running for long: one of
// them is picked, does its step, and moves on; where one ends another begins.
//
// Thread contract: one owner. Bound: `sessions` visits of about 200 bytes, one bit a user.
#pragma once

#include <vector>

#include "connectors/base/types.h"
#include "models/synth/random.h"
#include "models/synth/session.h"

namespace weir::synth {

struct EventTimes {
    Micros event, sent, received;
};

class Crowd {
  public:
    /// 0 of either counts as 1. `own_mix`, if there is one, must outlive it.
    Crowd(std::uint64_t seed, std::uint32_t users, std::uint32_t sessions,
          const Mix* own_mix = nullptr);

    /// The visit that does something next; valid until the crowd is destroyed.
    Session& pick();
    /// The times of its present step, if the collector gets it at `received`.
    EventTimes times_of(const Session& session, Micros received);
    /// To the visit's next step, or to another visit's first.
    void step_on(Session& session);

    Random& random() { return m_random; }

  private:
    Random m_random;
    Visitors m_visitors;
    std::vector<Session> m_sessions;
};

} // namespace weir::synth

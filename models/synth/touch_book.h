// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where each user should be said to come from: of the first event with that user that reaches the
// pipeline, what the events of its visit had told by then. Known from what was planted: it is what
// enrichment and attribution are checked against.
//
// Thread contract: one owner. Bound: one bit a user; one entry for each visit that goes on, or of
// which events are held back.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::synth {

/// What an event tells of where its visit comes from, for those who may use it; constants, "" is
/// nothing.
struct Landing {
    std::string_view campaign; // {"source":…,"medium":…,"campaign":…}
    std::string_view referrer;
    std::string_view page;
};

class TouchBook {
  public:
    explicit TouchBook(std::uint32_t users)
        : m_touched(users) {}

    /// An event of the visit will come later, and: it comes now, or never.
    void hold(std::uint64_t visit) { ++m_visits[visit].held; }
    void release(std::uint64_t visit);
    /// The visit makes no further events.
    void end(std::uint64_t visit);

    /// An event arrives. The user's first touch, or null. Valid until the visit's end.
    /// `user`: of `users`; -1: the event has none.
    const Landing* arrive(std::uint64_t visit, const Landing& told, std::int64_t user);

  private:
    struct Visit {
        Landing known;
        std::uint32_t held = 0;
        bool ended = false;
    };
    void forget_if_done(std::unordered_map<std::uint64_t, Visit>::iterator at);

    std::vector<bool> m_touched; // by user
    std::unordered_map<std::uint64_t, Visit> m_visits;
};

} // namespace weir::synth

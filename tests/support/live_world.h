// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small world for tests of the Live view: event stores fed by hand, without a broker.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/event/store/event_store.h"

namespace weir {

struct LiveWorldEvent {
    std::string topic = "raw_events";
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::string type = "purchase";
    std::string platform = "web";
    std::string key; // empty: null, unless …
    bool key_given = false;
    std::string value;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
    std::int64_t time_us = 0;
    std::int64_t observed_us = 0;
    Outcome outcome = Outcome::Seen;
    std::string reason;
    bool tombstone = false;
};

class LiveWorld {
  public:
    explicit LiveWorld(int lanes = 1, EventStoreLimits limits = {});

    /// Absorbs and publishes one batch in a lane.
    void put(int lane, const std::vector<LiveWorldEvent>& events);
    void put(int lane, const SightingBatch& batch);
    std::vector<std::shared_ptr<const LaneSnapshot>> snapshots() const;
    const std::shared_ptr<Vocabulary>& vocabulary() const { return m_vocabulary; }

    /// `count` purchases, offsets from `first_offset`, one a millisecond, observed at once.
    static std::vector<LiveWorldEvent> purchases(int count, std::int64_t first_offset);

  private:
    std::shared_ptr<Vocabulary> m_vocabulary;
    std::vector<std::unique_ptr<EventStore>> m_stores;
};

} // namespace weir

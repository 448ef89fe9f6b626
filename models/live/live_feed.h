// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LiveFeed follows the lanes of an event store, merges them by the time they were observed, puts
// what was read back into the order of its own times once all of it is there, and keeps the index
// of rows that match the filter. A new filter is answered newest rows first, in the background; a
// paused feed keeps its range while the stream goes on, in memory up to a bound and behind that in
// a file.
//
// Thread contract: any thread may call; the work is done on threads of the feed's own. Nothing here
// waits for that work, the destructor neither: it ends soon after. Bound: 8 bytes a row for all and
// for matching rows each; of a paused range pinned_bytes_max in memory and spill_bytes_max on disk,
// what fits neither is counted.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosure.h"
#include "models/event/filter/filter.h"
#include "models/event/store/event_store.h"
#include "models/live/jump_target.h"
#include "models/live/live_snapshot.h"
#include "models/live/row_matcher.h"

namespace weir {

/// What rows are held against a filter with.
struct LiveFeedRules {
    std::shared_ptr<const DisclosurePolicy> disclosure = DisclosurePolicy::built_in_detectors();
    /// For names of fields, and for violations; may be empty, and are asked within the call only.
    DecoderFactory decoders{};
    ViolationFinders violations{};
};

struct LiveFeedOptions {
    std::shared_ptr<const Vocabulary> vocabulary;
    LiveFeedRules rules{};
    std::uint64_t pinned_bytes_max = 256ULL << 20;
    std::uint64_t spill_bytes_max = 4ULL << 30;
    std::string spill_folder; // "": the system's temporary one
    int threads = 0;          // that look at rows; 0: as many as there are cores, at most 4
};

class LiveFeed {
  public:
    static std::unique_ptr<LiveFeed> start(LiveFeedOptions options);
    ~LiveFeed();
    LiveFeed(const LiveFeed&) = delete;
    LiveFeed& operator=(const LiveFeed&) = delete;

    /// The newest state of all lanes; replaces one that was not looked at yet. `caught_up`: they
    /// hold all that there was to be read a moment ago.
    void offer(std::vector<std::shared_ptr<const LaneSnapshot>> lanes, bool caught_up = false);
    /// Null: everything. Answers the token that snapshots of this filter carry.
    std::uint64_t set_filter(std::shared_ptr<const Filter> filter);
    /// Other contracts, another masking: the filter is asked anew of all that is held, a paused
    /// range too, under a new token; where there is none nothing changes.
    void set_rules(const LiveFeedRules& rules);
    /// Record times that are wanted; answers as set_filter() does. Of a paused range too.
    std::uint64_t set_time_span(const TimeSpan& span);
    /// The wanted span's beginning moves on. A paused range keeps what it has.
    void slide_time_span(std::int64_t from_us);
    void pause();
    void resume();
    /// Looks for a row among those shown; LiveSnapshot::jump answers with this token.
    std::uint64_t jump(JumpTarget target);

    /// The newest snapshot; never null.
    std::shared_ptr<const LiveSnapshot> snapshot() const;

  private:
    class Worker;
    explicit LiveFeed(std::shared_ptr<Worker> worker);
    std::shared_ptr<Worker> d;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Live view needs of the world: what is observed live, and a search over its topics. The
// application wires it to a session.
// Thread contract: GUI thread only; nothing here may block.
#pragma once

#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/kafka/read/reader.h"
#include "models/contract/event_checker.h"
#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosure.h"
#include "models/event/filter/filter.h"
#include "models/event/search/outlet.h"
#include "models/event/store/event_store.h"
#include "models/live/copied_command.h"
#include "models/live/live_snapshot.h"

namespace weir {

struct LiveStatus {
    enum class State {
        None,       // nothing is observed; `reason` says why
        Connecting, // to `connection`
        Live,
        Stale,  // was live; nothing could be read since `since`
        Failed, // could not start; `error`
    };
    State state = State::None;
    QString reason;
    std::optional<Error> error;
    Micros since{0};
    double events_per_s = 0;
    bool caught_up = false; // every partition has been read to its end
    // Of all that is observed, where reading began; by offsets, so that holes count as records.
    std::optional<std::uint64_t> before;   // records that stand before that; nothing: not known
    std::optional<std::uint64_t> existing; // records that there are; nothing: not known
    QString partial; // what is missing of the observation, e.g. "2 of 6 partitions fail"
};

/// What a search would read, found out before it reads anything.
struct LiveSearchPlan {
    std::size_t partitions = 0;
    std::size_t left_out = 0;          // partitions, by what is assumed
    std::uint64_t records_at_most = 0; // holes are counted as well
    std::uint64_t bytes_estimate = 0;
    std::int64_t estimate_us = 0;
    bool rate_measured = false; // by an earlier search; else it is assumed
    double limit_mb_s = 0;      // the read limit, if that sets the pace; 0: it does not
    QString assumed;            // the partitioner, by which the key lives nowhere else; or empty
    bool times_assumed = false; // nothing in the range is taken to lie behind what ends it
    bool contradictory = false; // the filter can match nothing
};

struct LiveSearchStatus {
    bool finished = false;
    bool complete = false; // only if every partition was read to its end
    QString line;          // coverage and progress in one sentence
    std::optional<Error> error;
    double share = -1;       // done, 0 to 1; -1: cannot be told
    bool in_batches = false; // some event that was found is one of several in its record
};

/// A search over what is in memory and over the topics, up to their end as it is at its start. It
/// finds out at once what it would read, and reads from start() on.
class LiveSearch {
  public:
    virtual ~LiveSearch() = default;
    /// Nothing: not known yet, or it cannot be known; see status().
    virtual std::optional<LiveSearchPlan> plan() const = 0;
    /// May come before the plan is known. REQUIRES: not started yet.
    virtual void start(SearchOrder order) = 0;
    virtual void cancel() = 0;
    virtual LiveSearchStatus status() const = 0;
    /// The matches so far, as lanes.
    virtual std::vector<std::shared_ptr<const LaneSnapshot>> results() const = 0;
};

class LiveSource {
  public:
    virtual ~LiveSource() = default;

    virtual QString connection() const = 0;
    /// All that is observed, also what does not answer now.
    virtual std::vector<std::string> connections() const { return {connection().toStdString()}; }
    /// How a connection is reached, for command lines that are copied.
    virtual CommandTarget commandTarget(const std::string& connection) const = 0;
    virtual QStringList topics() const = 0;
    virtual LiveStatus status() const = 0;
    /// Changes when another observation has begun (another connection, other topics).
    virtual std::uint64_t observation() const = 0;
    /// Changes when the same events are shown or judged by other rules: contracts, masking.
    virtual std::uint64_t rules() const { return 0; }
    virtual std::vector<std::shared_ptr<const LaneSnapshot>> snapshots() const = 0;
    virtual std::shared_ptr<const Vocabulary> vocabulary() const = 0;
    virtual std::shared_ptr<const DisclosurePolicy> disclosure() const = 0;
    /// With tokens in the place of what is masked; empty: there is no key to make them with.
    virtual DisclosureMaker tokenised() const { return {}; }
    /// Records that so many events go into a file unmasked, where that was asked for with a reason;
    /// called on another thread, before they do. Empty: there is nothing to record.
    virtual std::function<Result<void>()> exportRecorder(const std::string& /*file*/,
                                                         std::uint64_t /*events*/) const {
        return {};
    }
    /// Never empty; is asked at once, on this thread. It may answer null.
    virtual DecoderFactory decoders() const = 0;
    /// Never empty; its answer may be null.
    virtual EventCheckers checkers() const {
        return [] { return nullptr; };
    }
    /// Whether there are contracts that an event can break.
    virtual bool has_contracts() const { return false; }
    virtual std::uint64_t spill_bytes_max() const { return 4ULL << 30; }

    virtual bool can_search() const { return false; }
    /// `exhaustive`: partitions are left out by no assumption. Null: cannot be searched now.
    // NOLINTNEXTLINE(performance-unnecessary-value-param): those who can search keep it.
    virtual std::unique_ptr<LiveSearch> search(std::shared_ptr<const Filter> /*filter*/,
                                               bool /*exhaustive*/) {
        return nullptr;
    }
    virtual bool can_read_again() const { return false; }
    /// Begins the observation anew, further back. REQUIRES: can_read_again().
    virtual void read_again(const kafka::StartAt& /*start*/) {}
    /// The next step where there is no data or no connection: "Connect…". May do nothing.
    virtual QString next_step() const { return {}; }
    virtual void take_next_step() {}
};

} // namespace weir

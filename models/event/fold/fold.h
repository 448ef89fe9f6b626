// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A fold turns sightings into an answer. It absorbs batches, emits deltas that add up (over time
// slices, over lanes, over machines), and publishes immutable snapshots.
//
// Thread contract: every lane (one reader thread) has an instance of its own; absorb(), drain() and
// publish() are called by that thread alone. What publish() put out is read from any thread.
// Bound: each fold's header states its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"
#include "models/event/sighting.h"

namespace weir {

/// A change to one cell of a fold: (bucket of record time, key) → something that adds up.
struct Delta {
    Micros bucket;             // begin of the bucket
    std::string key;           // the fold's own encoding
    std::string value;         // the fold's own encoding; Fold::add() merges two
    std::int64_t width_us = 0; // of the bucket; 0: the fold has but one
};

class DeltaSink {
  public:
    virtual ~DeltaSink() = default;
    virtual void emit(std::string_view fold, Delta delta) = 0;
};

/// What a keyed join needs of a sighting at the shard that owns the key.
struct JoinEntry {
    EventHash key;
    Micros record_time;
    /// When it was written, as far as Weir can tell: its record time, but not before its partition
    /// was last found read to its end, and not after it was read. A clock that is off moves it by
    /// no more.
    Micros written;
    Micros event_time;
    std::uint64_t value_hash; // 0 where no fold asks for it
    std::array<ValueId, max_dimensions> dimensions;
    Offset offset;
    PartitionId partition;
    PlaceId place;
    ValueId reason;
    Outcome outcome;
    KeySource key_source;
    std::uint8_t replay_count;
    TimestampType timestamp_type; // of record_time
};

class Fold {
  public:
    virtual ~Fold() = default;

    /// A stable name: it is stored with the deltas.
    virtual std::string_view name() const = 0;

    /// Takes one batch of the lane's own partitions, in offset order within each partition. A batch
    /// may be late, and may repeat nothing: replays of the same offsets are the loop's business.
    virtual void absorb(const SightingBatch& batch) = 0;

    /// Folds that join by key say so, and get the entries of the keys their shard owns.
    virtual bool joins() const { return false; }
    /// It looks at JoinEntry::value_hash, which costs a look at every byte of every event.
    virtual bool compares_values() const { return false; }
    virtual void absorb_entries(const std::vector<JoinEntry>& /*entries*/) {}
    /// How far any lane has read: of all that was read so far this shard has its entries.
    virtual void absorb_watermarks(std::span<const Watermark> /*marks*/) {}

    /// Its deltas are kept, and the records that they hold never counted again, also by a later
    /// process: it absorbs only what is not in the history yet (IngestOptions::counted).
    virtual bool keeps() const { return false; }
    /// Hands out what changed since the last call. The event store has nothing to hand out.
    virtual void drain(DeltaSink& /*sink*/) {}

    /// Adds `delta` to `into`: both this fold's encodings. Associative and commutative.
    virtual void add(std::string& into, std::string_view delta) const { into.append(delta); }

    /// Unfinished work that a checkpoint must carry (open joins), and its return.
    virtual std::string open_entries() const { return {}; }
    virtual Result<void> restore(std::string_view /*open_entries*/) { return {}; }

    /// Makes the newest state visible to other threads; its cost follows what changed.
    virtual void publish() = 0;
};

/// A slot in which one thread publishes and others look: a shared_ptr under a lock that is held for
/// the copy of a pointer only.
template <class T>
class Published {
  public:
    Published() = default;
    explicit Published(std::shared_ptr<const T> first)
        : m_value(std::move(first)) {}
    void set(std::shared_ptr<const T> value) {
        const std::lock_guard lock(m_mutex);
        m_value.swap(value); // the old value is released after the lock
    }
    std::shared_ptr<const T> get() const {
        const std::lock_guard lock(m_mutex);
        return m_value;
    }

  private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const T> m_value;
};

/// Makes a lane's instance of a fold. `lane` counts from 0.
using FoldFactory = std::function<std::unique_ptr<Fold>(int lane)>;

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The partitions of one search and how far each has been read. A slot is read in slices: one slice
// [from, to) when reading forwards, several from the end down when the newest come first.
//
// Thread contract: the table is fixed once made. A slot's counters are written by the one lane that
// reads it and read by anybody; its texts are behind a lock. Bound: one slot a partition.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "connectors/kafka/read/reader.h"
#include "models/event/search/coverage.h"

namespace weir {

/// Why a partition is Gone whose topic is another one now.
inline constexpr const char* made_again_text =
    "the topic was deleted and made again during the search";

class SearchSlot {
  public:
    SearchSlot(std::string topic, PartitionId partition, Offset begin, Offset from, Offset to);

    const std::string topic;
    const PartitionId partition;
    const Offset begin, from, to;

    // ---- the slice being read; set between two readings ----
    void set_slice(Offset slice_from, Offset slice_to, bool backwards);
    Offset slice_from() const { return Offset(m_slice_from.load()); }
    bool slice_done() const { return m_cursor.load() >= m_slice_to.load(); }
    /// The slice is over for good, read or not.
    bool settled() const { return stop() != SearchStop::Running; }

    // ---- the lane ----
    void count(std::uint64_t records, std::uint64_t bytes, Offset next);
    void apply(const PartitionEvent& event);
    void add_decoded(std::uint64_t records) {
        m_decoded.fetch_add(records, std::memory_order_relaxed);
    }
    void add_undecodable() { m_undecodable.fetch_add(1, std::memory_order_relaxed); }
    /// A record's events that are past what is read of one.
    void add_cut(Offset at, std::uint64_t events);
    void add_matched() { m_matched.fetch_add(1, std::memory_order_relaxed); }

    /// Past `first_open` nothing can be read yet. Reading backwards, what lies below still can.
    void apply_open_transaction(Offset first_open);
    /// Everything below `next` of the slice is read.
    void advance(Offset next);
    /// Ends the slot unless it has ended.
    void finish(SearchStop stop, std::string text = {});
    /// What is Complete is not after all: what was read is not known to be of one log.
    void disprove(SearchStop stop, std::string text);

    SearchStop stop() const { return m_stop.load(); }
    std::uint64_t offsets_done() const;
    std::string trouble() const;
    /// Why it cannot be read now, without what the reader does about it; empty: it can.
    std::string cause() const;
    PartitionCoverage coverage() const;

    /// Record time of the first and of the newest record of the slice; INT64_MIN: none yet.
    std::atomic<std::int64_t> slice_first_us{INT64_MIN};
    std::atomic<std::int64_t> slice_newest_us{INT64_MIN};

  private:
    void finish_slices();
    std::atomic<std::int64_t> m_slice_from{0}, m_slice_to{0}, m_cursor{0};
    std::atomic<std::int64_t> m_read_from{0}, m_read_to{0};
    std::atomic<bool> m_backwards{false};
    std::atomic<std::uint64_t> m_read{0}, m_matched{0}, m_decoded{0}, m_undecodable{0};
    std::atomic<std::uint64_t> m_bytes{0};
    std::atomic<std::uint64_t> m_gaps{0}, m_truncated{0}, m_cut{0};
    std::atomic<std::int64_t> m_first_cut{-1};
    std::atomic<SearchStop> m_stop{SearchStop::Running};
    mutable std::mutex m_mutex;
    std::string m_text, m_cause;    // behind m_mutex
    std::string m_open_transaction; // behind m_mutex; what lies past it was not read
};

class SearchSlots {
  public:
    void add(std::unique_ptr<SearchSlot> slot);
    /// Null: not part of the search.
    SearchSlot* find(std::string_view topic, PartitionId partition) const;
    const std::vector<std::unique_ptr<SearchSlot>>& all() const { return m_slots; }
    std::uint64_t offsets_total() const; // of the slots that are read
    std::uint64_t offsets_done() const;

  private:
    std::vector<std::unique_ptr<SearchSlot>> m_slots;
    std::map<std::pair<std::string, std::int32_t>, SearchSlot*> m_index;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cells by stretch of record time: fine ones for what is new, merged upward into coarser ones as
// they get old. An event is in one bucket alone, so that buckets add up, whatever their widths.
// What came late goes where its time is now.
//
// A publication shares cells with the trail: one that is changed afterwards is copied first, so
// that publishing costs what has changed and not what is held.
//
// Thread contract: one owner; what publish() gave is read from any thread.
// Bound: buckets_max a level; cells_max in all (the oldest buckets get coarser before their time);
// values_max values a table (the smaller half is added up as other_value, and so is what comes
// beyond). What is older than the coarsest level is let go, and counted.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "models/latency/latency_bucket.h"

namespace weir {

class LatencyTrail {
  public:
    static constexpr std::size_t values_max = 400; // after trimming, half of it

    struct Level {
        std::int64_t width_us;
        std::size_t buckets_max;
    };

    /// One dimension's cells in one bucket and scope.
    class Table {
      public:
        /// The cell of a value, to be changed before the next publication.
        LatencyCell& cell(ValueId value, LatencyTrail& trail);
        /// So many cells stay where they are while cell() is asked for them.
        /// REQUIRES: count <= values_max / 2 - 1.
        void prepare(std::size_t count, LatencyTrail& trail);
        void merge(const Table& other, LatencyTrail& trail);
        std::size_t size() const { return m_cells.size(); }
        LatencyCells shared() const;

      private:
        void trim(LatencyTrail& trail);
        std::vector<std::pair<ValueId, std::shared_ptr<LatencyCell>>> m_cells;
        std::vector<std::uint16_t> m_slots; // by value: where it stands, plus 1
    };
    using Tables = std::vector<Table>;

    /// `levels`: the finest first, each width a multiple of the one before. `tables`: a scope's.
    LatencyTrail(std::vector<Level> levels, std::size_t tables, std::size_t cells_max);

    /// The tables of a scope where events of that time are counted; null: it is too old, and
    /// `events` are let go. Valid until the next call for another time or scope, or publish().
    Tables* tables(std::int64_t time_us, const LatencyScope& scope, std::uint64_t events = 1);

    const LatencyBuckets& publish();
    bool changed() const { return m_changed; }
    std::uint64_t let_go() const { return m_let_go; } // events
    std::size_t cells() const { return m_cells; }

  private:
    struct Bucket {
        std::map<LatencyScope, Tables> scopes;
        std::shared_ptr<const LatencyBucket> published; // null: changed since
    };
    using Buckets = std::map<std::int64_t, Bucket>; // by begin

    Bucket* bucket(std::int64_t time_us);
    void coarsen(std::size_t level);
    void count_out(const Bucket& bucket);

    const std::vector<Level> m_levels;
    const std::size_t m_tables;
    const std::size_t m_cells_max;
    std::vector<Buckets> m_buckets; // by level
    std::size_t m_cells = 0;
    std::uint64_t m_epoch = 1;
    std::uint64_t m_let_go = 0;
    bool m_changed = true;
    LatencyBuckets m_published;
    // The bucket and scope of the last call: most events follow one of their own kind.
    Bucket* m_last_bucket = nullptr;
    std::int64_t m_last_begin_us = 0, m_last_end_us = 0;
    LatencyScope m_last_scope;
    Tables* m_last_tables = nullptr;
};

} // namespace weir

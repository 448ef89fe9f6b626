// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cells by stretch of record time: fine ones for what is new, merged upward into coarser ones as
// they get old. An event is in one bucket alone, so that buckets add up, whatever their widths.
// What came late goes where its time is now.
//
// A publication shares cells with the trail: one that is changed afterwards is copied first, so
// that publishing costs what has changed and not what is held. Likewise drain(), which hands out
// what has changed since it was last called: it keeps the cells as they were then.
//
// Thread contract: one owner; what publish() gave is read from any thread.
// Bound: buckets_max a level; cells_max in all (the oldest buckets get coarser before their time);
// values_max values a table (the smaller half is added up as other_value, and so is what comes
// beyond). What is older than the coarsest level is let go, and counted.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "models/event/interner.h"

namespace weir {

/// What is known of one stretch of record time, as it was published. Immutable.
template <class Cell, class ScopeOf>
struct CellBucket {
    /// Cells by the value of one dimension, in no order; other_value holds those beyond the
    /// largest.
    using Cells = std::vector<std::pair<ValueId, std::shared_ptr<const Cell>>>;
    struct Scope {
        ScopeOf scope;
        std::vector<Cells> tables; // one a dimension; of a trail without any: one cell
    };
    std::int64_t begin_us = 0;
    std::int64_t width_us = 0;
    std::vector<Scope> scopes;

    const Scope* find(const ScopeOf& scope) const {
        for (const Scope& one : scopes)
            if (one.scope == scope)
                return &one;
        return nullptr;
    }
    bool overlaps(std::int64_t from_us, std::int64_t to_us) const {
        return begin_us < to_us && begin_us + width_us > from_us;
    }
};

/// Cell: `epoch` (which publication it may still be changed before), `events`, merge(const Cell&).
/// Scope: what cells are about; ordered.
template <class Cell, class Scope>
class CellTrail {
  public:
    static constexpr std::size_t values_max = 400; // after trimming, half of it
    using Published = CellBucket<Cell, Scope>;
    /// By time; finer buckets are the newer ones, but for what came late.
    using AllPublished = std::vector<std::shared_ptr<const Published>>;

    struct Level {
        std::int64_t width_us;
        std::size_t buckets_max;
    };

    /// One dimension's cells in one bucket and scope.
    class Table {
      public:
        /// The cell of a value, to be changed before the next publication.
        Cell& cell(ValueId value, CellTrail& trail);
        /// So many cells stay where they are while cell() is asked for them.
        /// REQUIRES: count <= values_max / 2 - 1.
        void prepare(std::size_t count, CellTrail& trail);
        void merge(const Table& other, CellTrail& trail);
        std::size_t size() const { return m_cells.size(); }
        typename Published::Cells shared() const;
        /// Calls take(value, cell, drained) for each that was changed since the last call.
        template <class Take>
        void drain(const Take& take);

      private:
        struct Entry {
            ValueId value;
            std::shared_ptr<Cell> cell;
            std::shared_ptr<const Cell> drained; // as it was handed out last; null: never
        };
        /// `made`: it was not there.
        Entry& entry(ValueId value, CellTrail& trail, bool* made = nullptr);
        void merge(ValueId value, const Entry& other, CellTrail& trail);
        void trim(CellTrail& trail);
        std::vector<Entry> m_cells;
        std::vector<std::uint16_t> m_slots; // by value: where it stands, plus 1
    };
    using Tables = std::vector<Table>;

    /// `levels`: the finest first, each width a multiple of the one before. `tables`: a scope's.
    CellTrail(std::vector<Level> levels, std::size_t tables, std::size_t cells_max);

    /// The tables of a scope where events of that time are counted; null: it is too old, and
    /// `events` are let go. Valid until the next call for another time or scope, publish() or
    /// drain(). `width_us`: in stretches that are as wide at least.
    Tables* tables(std::int64_t time_us, const Scope& scope, std::uint64_t events = 1,
                   std::int64_t width_us = 0);

    const AllPublished& publish();
    /// Calls take(begin_us, width_us, scope, table, value, cell, drained) for every cell that was
    /// changed since the last call; `table`: its number; `drained`: the cell as it was then, null:
    /// it was not there. What changed and is let go meanwhile is not handed out.
    template <class Take>
    void drain(const Take& take);
    bool changed() const { return m_changed; }
    std::uint64_t let_go() const { return m_let_go; } // events
    std::size_t cells() const { return m_cells; }

  private:
    struct Bucket {
        std::map<Scope, Tables> scopes;
        std::shared_ptr<const Published> published; // null: changed since
        bool drained = false;                       // nothing was changed since
    };
    using Buckets = std::map<std::int64_t, Bucket>; // by begin

    static std::int64_t begin_of(std::int64_t time_us, std::int64_t width_us);
    Bucket* bucket(std::int64_t time_us, std::int64_t width_us);
    void coarsen(std::size_t level);
    void count_out(const Bucket& bucket);
    std::shared_ptr<const Published> made_of(const Bucket& bucket, std::int64_t begin_us,
                                             std::int64_t width_us) const;

    const std::vector<Level> m_levels;
    const std::size_t m_tables;
    const std::size_t m_cells_max;
    std::vector<Buckets> m_buckets; // by level
    std::size_t m_cells = 0;
    std::uint64_t m_epoch = 1;
    std::uint64_t m_let_go = 0;
    bool m_changed = true;
    AllPublished m_published;
    // The bucket and scope of the last call: most events follow one of their own kind.
    Bucket* m_last_bucket = nullptr;
    std::int64_t m_last_begin_us = 0, m_last_end_us = 0;
    Scope m_last_scope;
    Tables* m_last_tables = nullptr;
};

// ---- one table

template <class Cell, class Scope>
typename CellTrail<Cell, Scope>::Table::Entry&
CellTrail<Cell, Scope>::Table::entry(ValueId value, CellTrail& trail, bool* made) {
    const std::size_t at = value.value();
    if (at >= m_slots.size())
        m_slots.resize(std::max<std::size_t>(at + 1, 8));
    if (m_slots[at] == 0 && m_cells.size() >= values_max)
        trim(trail); // which makes a place for other_value
    if (made != nullptr)
        *made = m_slots[at] == 0;
    if (m_slots[at] == 0) {
        m_cells.push_back({value, std::make_shared<Cell>(), nullptr});
        m_cells.back().cell->epoch = trail.m_epoch;
        m_slots[at] = static_cast<std::uint16_t>(m_cells.size());
        ++trail.m_cells;
    }
    return m_cells[m_slots[at] - 1U];
}

template <class Cell, class Scope>
Cell& CellTrail<Cell, Scope>::Table::cell(ValueId value, CellTrail& trail) {
    Entry& mine = entry(value, trail);
    if (mine.cell->epoch != trail.m_epoch || mine.cell == mine.drained) {
        mine.cell = std::make_shared<Cell>(*mine.cell); // somebody may be reading it
        mine.cell->epoch = trail.m_epoch;
    }
    return *mine.cell;
}

template <class Cell, class Scope>
void CellTrail<Cell, Scope>::Table::prepare(std::size_t count, CellTrail& trail) {
    if (m_cells.size() + count > values_max)
        trim(trail);
}

/// Adds the smaller half of the values up as other_value.
template <class Cell, class Scope>
void CellTrail<Cell, Scope>::Table::trim(CellTrail& trail) {
    std::vector<Entry> all;
    all.swap(m_cells);
    m_slots.clear();
    trail.m_cells -= all.size();
    std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) {
        const bool other_a = a.value == other_value;
        const bool other_b = b.value == other_value;
        return other_a != other_b ? other_a : a.cell->events > b.cell->events;
    });
    for (std::size_t i = 0; i < all.size(); ++i)
        merge(i < values_max / 2 ? all[i].value : other_value, all[i], trail);
}

/// What was handed out of the other was so of the two.
template <class Cell, class Scope>
void CellTrail<Cell, Scope>::Table::merge(ValueId value, const Entry& other, CellTrail& trail) {
    bool is_new = false;
    Entry& mine = entry(value, trail, &is_new);
    const bool both_drained = other.cell == other.drained && (is_new || mine.cell == mine.drained);
    std::shared_ptr<Cell> drained;
    if (!both_drained && other.drained) {
        drained = mine.drained ? std::make_shared<Cell>(*mine.drained) : std::make_shared<Cell>();
        drained->merge(*other.drained);
    }
    cell(value, trail).merge(*other.cell);
    if (both_drained)
        mine.drained = mine.cell;
    else if (drained)
        mine.drained = std::move(drained);
}

template <class Cell, class Scope>
void CellTrail<Cell, Scope>::Table::merge(const Table& other, CellTrail& trail) {
    for (const Entry& theirs : other.m_cells)
        merge(theirs.value, theirs, trail);
}

template <class Cell, class Scope>
typename CellTrail<Cell, Scope>::Published::Cells CellTrail<Cell, Scope>::Table::shared() const {
    typename Published::Cells cells;
    cells.reserve(m_cells.size());
    for (const Entry& one : m_cells)
        cells.emplace_back(one.value, one.cell);
    return cells;
}

template <class Cell, class Scope>
template <class Take>
void CellTrail<Cell, Scope>::Table::drain(const Take& take) {
    for (Entry& one : m_cells) {
        if (one.cell == one.drained)
            continue;
        take(one.value, std::as_const(*one.cell), one.drained.get());
        one.drained = one.cell;
    }
}

// ---- buckets

/// The multiple of `width_us` at or before `time_us`.
template <class Cell, class Scope>
std::int64_t CellTrail<Cell, Scope>::begin_of(std::int64_t time_us, std::int64_t width_us) {
    const std::int64_t rest = time_us % width_us;
    return time_us - (rest < 0 ? rest + width_us : rest);
}

template <class Cell, class Scope>
CellTrail<Cell, Scope>::CellTrail(std::vector<Level> levels, std::size_t tables,
                                  std::size_t cells_max)
    : m_levels(std::move(levels))
    , m_tables(tables)
    , m_cells_max(cells_max)
    , m_buckets(m_levels.size()) {}

/// Where an event of that time is counted: in the finest level that reaches back so far.
template <class Cell, class Scope>
typename CellTrail<Cell, Scope>::Bucket* CellTrail<Cell, Scope>::bucket(std::int64_t time_us,
                                                                        std::int64_t width_us) {
    while (m_cells > m_cells_max && m_buckets.front().size() > 1)
        coarsen(0);
    for (std::size_t level = 0; level < m_levels.size(); ++level) {
        if (m_levels[level].width_us < width_us)
            continue;
        Buckets& buckets = m_buckets[level];
        const std::int64_t begin_us = begin_of(time_us, m_levels[level].width_us);
        const auto found = buckets.find(begin_us);
        const bool full = buckets.size() >= m_levels[level].buckets_max;
        if (found == buckets.end() && full && begin_us < buckets.begin()->first)
            continue;
        m_last_begin_us = begin_us;
        m_last_end_us = begin_us + m_levels[level].width_us;
        if (found != buckets.end())
            return &found->second;
        Bucket* const made = &buckets[begin_us];
        for (std::size_t over = level; over < m_levels.size(); ++over)
            while (m_buckets[over].size() > m_levels[over].buckets_max)
                coarsen(over); // the oldest, which is not this one
        return made;
    }
    return nullptr;
}

template <class Cell, class Scope>
typename CellTrail<Cell, Scope>::Tables*
CellTrail<Cell, Scope>::tables(std::int64_t time_us, const Scope& scope, std::uint64_t events,
                               std::int64_t width_us) {
    if (m_last_bucket == nullptr || time_us < m_last_begin_us || time_us >= m_last_end_us ||
        m_last_end_us - m_last_begin_us < width_us) {
        m_last_tables = nullptr;
        m_last_bucket = bucket(time_us, width_us);
        if (m_last_bucket == nullptr) {
            m_let_go += events;
            return nullptr;
        }
    }
    m_changed = true;
    m_last_bucket->published.reset();
    m_last_bucket->drained = false;
    if (m_last_tables == nullptr || m_last_scope != scope) {
        m_last_tables = &m_last_bucket->scopes.try_emplace(scope, Tables(m_tables)).first->second;
        m_last_scope = scope;
    }
    return m_last_tables;
}

/// Moves the oldest bucket of a level into the next one; out of the last, it goes.
template <class Cell, class Scope>
void CellTrail<Cell, Scope>::coarsen(std::size_t level) {
    const auto oldest = m_buckets[level].begin();
    if (level + 1 == m_levels.size()) {
        for (const auto& [scope, tables] : oldest->second.scopes)
            for (const auto& [value, cell] : tables.front().shared())
                m_let_go += cell->events;
    } else {
        const std::int64_t begin_us = begin_of(oldest->first, m_levels[level + 1].width_us);
        Bucket& into = m_buckets[level + 1][begin_us];
        into.published.reset();
        into.drained = false;
        for (const auto& [scope, tables] : oldest->second.scopes) {
            Tables& theirs = into.scopes.try_emplace(scope, Tables(m_tables)).first->second;
            for (std::size_t i = 0; i < tables.size(); ++i)
                theirs[i].merge(tables[i], *this);
        }
    }
    count_out(oldest->second);
    m_buckets[level].erase(oldest);
    m_changed = true;
}

template <class Cell, class Scope>
void CellTrail<Cell, Scope>::count_out(const Bucket& bucket) {
    for (const auto& [scope, tables] : bucket.scopes)
        for (const Table& table : tables)
            m_cells -= table.size();
}

template <class Cell, class Scope>
std::shared_ptr<const typename CellTrail<Cell, Scope>::Published>
CellTrail<Cell, Scope>::made_of(const Bucket& bucket, std::int64_t begin_us,
                                std::int64_t width_us) const {
    auto made = std::make_shared<Published>();
    made->begin_us = begin_us;
    made->width_us = width_us;
    for (const auto& [scope, tables] : bucket.scopes) {
        typename Published::Scope& one = made->scopes.emplace_back();
        one.scope = scope;
        for (const Table& table : tables)
            one.tables.push_back(table.shared());
    }
    return made;
}

template <class Cell, class Scope>
const typename CellTrail<Cell, Scope>::AllPublished& CellTrail<Cell, Scope>::publish() {
    if (!m_changed)
        return m_published;
    m_changed = false;
    ++m_epoch; // every cell is shared from now on
    AllPublished all;
    for (std::size_t level = m_levels.size(); level-- > 0;)
        for (auto& [begin_us, bucket] : m_buckets[level]) {
            if (!bucket.published)
                bucket.published = made_of(bucket, begin_us, m_levels[level].width_us);
            all.push_back(bucket.published);
        }
    m_published = std::move(all);
    return m_published;
}

template <class Cell, class Scope>
template <class Take>
void CellTrail<Cell, Scope>::drain(const Take& take) {
    for (std::size_t level = m_levels.size(); level-- > 0;)
        for (auto& [begin_us, bucket] : m_buckets[level]) {
            if (std::exchange(bucket.drained, true))
                continue;
            for (auto& [scope, tables] : bucket.scopes)
                for (std::size_t i = 0; i < tables.size(); ++i)
                    tables[i].drain([&, begin = begin_us, &about = scope](
                                        ValueId value, const Cell& cell, const Cell* drained) {
                        take(begin, m_levels[level].width_us, about, i, value, cell, drained);
                    });
        }
}

} // namespace weir

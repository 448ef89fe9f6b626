// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_trail.h"

#include <algorithm>

namespace weir {
namespace {

/// The multiple of `width` at or before `time_us`.
std::int64_t begin_of(std::int64_t time_us, std::int64_t width_us) {
    const std::int64_t rest = time_us % width_us;
    return time_us - (rest < 0 ? rest + width_us : rest);
}

} // namespace

// ---- one table

LatencyCell& LatencyTrail::Table::cell(ValueId value, LatencyTrail& trail) {
    const std::size_t at = value.value();
    if (at >= m_slots.size())
        m_slots.resize(std::max<std::size_t>(at + 1, 8));
    if (m_slots[at] == 0) {
        if (m_cells.size() >= values_max)
            trim(trail);
        m_cells.emplace_back(value, std::make_shared<LatencyCell>());
        m_cells.back().second->epoch = trail.m_epoch;
        m_slots[at] = static_cast<std::uint16_t>(m_cells.size());
        ++trail.m_cells;
    }
    std::shared_ptr<LatencyCell>& cell = m_cells[m_slots[at] - 1U].second;
    if (cell->epoch != trail.m_epoch) { // somebody may be reading it
        cell = std::make_shared<LatencyCell>(*cell);
        cell->epoch = trail.m_epoch;
    }
    return *cell;
}

void LatencyTrail::Table::prepare(std::size_t count, LatencyTrail& trail) {
    if (m_cells.size() + count > values_max)
        trim(trail);
}

/// Adds the smaller half of the values up as other_value.
void LatencyTrail::Table::trim(LatencyTrail& trail) {
    std::vector<std::pair<ValueId, std::shared_ptr<LatencyCell>>> all;
    all.swap(m_cells);
    m_slots.clear();
    trail.m_cells -= all.size();
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        const bool other_a = a.first == other_value;
        const bool other_b = b.first == other_value;
        return other_a != other_b ? other_a : a.second->events > b.second->events;
    });
    for (std::size_t i = 0; i < all.size(); ++i)
        cell(i < values_max / 2 ? all[i].first : other_value, trail).merge(*all[i].second);
}

void LatencyTrail::Table::merge(const Table& other, LatencyTrail& trail) {
    for (const auto& [value, theirs] : other.m_cells)
        cell(value, trail).merge(*theirs);
}

LatencyCells LatencyTrail::Table::shared() const {
    return {m_cells.begin(), m_cells.end()};
}

// ---- buckets

LatencyTrail::LatencyTrail(std::vector<Level> levels, std::size_t tables, std::size_t cells_max)
    : m_levels(std::move(levels))
    , m_tables(tables)
    , m_cells_max(cells_max)
    , m_buckets(m_levels.size()) {}

/// Where an event of that time is counted: in the finest level that reaches back so far.
LatencyTrail::Bucket* LatencyTrail::bucket(std::int64_t time_us) {
    while (m_cells > m_cells_max && m_buckets.front().size() > 1)
        coarsen(0);
    for (std::size_t level = 0; level < m_levels.size(); ++level) {
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

LatencyTrail::Tables* LatencyTrail::tables(std::int64_t time_us, const LatencyScope& scope,
                                           std::uint64_t events) {
    if (m_last_bucket == nullptr || time_us < m_last_begin_us || time_us >= m_last_end_us) {
        m_last_tables = nullptr;
        m_last_bucket = bucket(time_us);
        if (m_last_bucket == nullptr) {
            m_let_go += events;
            return nullptr;
        }
    }
    m_changed = true;
    m_last_bucket->published.reset();
    if (m_last_tables == nullptr || m_last_scope != scope) {
        m_last_tables = &m_last_bucket->scopes.try_emplace(scope, Tables(m_tables)).first->second;
        m_last_scope = scope;
    }
    return m_last_tables;
}

/// Moves the oldest bucket of a level into the next one; out of the last, it goes.
void LatencyTrail::coarsen(std::size_t level) {
    const auto oldest = m_buckets[level].begin();
    if (level + 1 == m_levels.size()) {
        for (const auto& [scope, tables] : oldest->second.scopes)
            for (const auto& [value, cell] : tables.front().shared())
                m_let_go += cell->events;
    } else {
        const std::int64_t begin_us = begin_of(oldest->first, m_levels[level + 1].width_us);
        Bucket& into = m_buckets[level + 1][begin_us];
        into.published.reset();
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

void LatencyTrail::count_out(const Bucket& bucket) {
    for (const auto& [scope, tables] : bucket.scopes)
        for (const Table& table : tables)
            m_cells -= table.size();
}

const LatencyBuckets& LatencyTrail::publish() {
    if (!m_changed)
        return m_published;
    m_changed = false;
    ++m_epoch; // every cell is shared from now on
    LatencyBuckets all;
    for (std::size_t level = m_levels.size(); level-- > 0;) {
        for (auto& [begin_us, bucket] : m_buckets[level]) {
            if (!bucket.published) {
                auto made = std::make_shared<LatencyBucket>();
                made->begin_us = begin_us;
                made->width_us = m_levels[level].width_us;
                for (const auto& [scope, tables] : bucket.scopes) {
                    LatencyBucket::Scope& one = made->scopes.emplace_back();
                    one.scope = scope;
                    for (const Table& table : tables)
                        one.tables.push_back(table.shared());
                }
                bucket.published = std::move(made);
            }
            all.push_back(bucket.published);
        }
    }
    m_published = std::move(all);
    return m_published;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/invalid_trail.h"

#include <algorithm>

#include "connectors/base/time_units.h"

namespace weir {

namespace {

constexpr std::int64_t minutes_us = 180 * minute_us;
constexpr std::int64_t hours_us = 48 * hour_us;

std::int64_t begin_of(std::int64_t time_us, std::int64_t width_us) {
    const std::int64_t rest = time_us % width_us;
    return time_us - (rest < 0 ? rest + width_us : rest);
}

DimensionValues all_other() {
    DimensionValues values;
    values.fill(other_value);
    return values;
}

/// What is left of a key where there is no room for more of its reason.
InvalidKey other_of_reason(const InvalidKey& key) {
    InvalidKey other;
    other.kind = key.kind;
    other.bot = key.bot;
    other.reason = key.reason;
    other.message = other.pointer = other.producer = other_value;
    other.dimensions = all_other();
    return other;
}

} // namespace

std::size_t DimensionValuesHash::operator()(const DimensionValues& values) const noexcept {
    std::uint64_t hash = 0;
    for (const ValueId value : values)
        hash = (hash ^ value.value()) * 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(hash ^ (hash >> 32U));
}

struct InvalidTrail::Bucket {
    std::int64_t begin_us = INT64_MIN;
    std::int64_t end_us = INT64_MIN;
    std::unordered_map<InvalidKey, Cell, InvalidKeyHash> cells;
    std::unordered_map<DimensionValues, std::uint64_t, DimensionValuesHash> seen;
    // The combination that was counted last: events of one kind follow each other.
    DimensionValues last{};
    std::uint64_t* last_count = nullptr;
    std::shared_ptr<const InvalidBucket> published; // null: it has changed since
};

InvalidTrail::InvalidTrail(Limits limits)
    : m_limits(limits) {}
InvalidTrail::~InvalidTrail() = default;

InvalidTrail::Bucket& InvalidTrail::bucket_of(Level& level, std::int64_t time_us,
                                              std::int64_t width_us) {
    const std::int64_t begin_us = begin_of(time_us, width_us);
    std::unique_ptr<Bucket>& bucket = level[begin_us];
    if (bucket == nullptr) {
        bucket = std::make_unique<Bucket>();
        bucket->begin_us = begin_us;
        bucket->end_us = begin_us + width_us;
    }
    return *bucket;
}

InvalidTrail::Bucket& InvalidTrail::older() {
    std::unique_ptr<Bucket>& older = m_older[INT64_MIN];
    if (older == nullptr)
        older = std::make_unique<Bucket>();
    return *older;
}

InvalidTrail::Bucket& InvalidTrail::bucket(std::int64_t time_us) {
    if (m_last != nullptr && begin_of(time_us, minute_us) == m_last_begin_us)
        return *m_last;
    const std::int64_t begin_us = begin_of(time_us, minute_us);
    const std::int64_t newest_us =
        std::max(begin_us, m_minutes.empty() ? INT64_MIN : m_minutes.rbegin()->first);
    while (!m_minutes.empty() && m_minutes.begin()->first < newest_us - minutes_us)
        merge_first(m_minutes);
    while (!m_hours.empty() && m_hours.begin()->first < newest_us - hours_us)
        merge_first(m_hours);
    // What became coarser early stays so: a minute that lies in a coarser bucket goes there.
    Bucket* found = nullptr;
    const auto hour = m_hours.find(begin_of(time_us, hour_us));
    const std::int64_t older_end_us = m_older.empty() ? INT64_MIN : m_older.begin()->second->end_us;
    if (time_us < std::max(older_end_us, newest_us - hours_us)) {
        found = &older();
        found->end_us = std::max(found->end_us, begin_of(time_us, hour_us) + hour_us);
    } else if (hour != m_hours.end()) {
        found = hour->second.get();
    } else if (begin_us < newest_us - minutes_us) {
        found = &bucket_of(m_hours, time_us, hour_us);
    } else {
        found = &bucket_of(m_minutes, time_us, minute_us);
    }
    m_last = found;
    m_last_begin_us = begin_us;
    return *found;
}

/// The level's first bucket goes into the next coarser one.
void InvalidTrail::merge_first(Level& from) {
    const std::unique_ptr<Bucket> first = std::move(from.begin()->second);
    from.erase(from.begin());
    m_last = nullptr;
    if (&from == &m_minutes) {
        // All minutes of that hour go with it, so that an hour is one thing or the other.
        Bucket& hour = bucket_of(m_hours, first->begin_us, hour_us);
        merge(*first, hour);
        while (!from.empty() && from.begin()->first < hour.end_us &&
               from.begin()->first != from.rbegin()->first) {
            merge(*from.begin()->second, hour);
            from.erase(from.begin());
        }
        return;
    }
    Bucket& last = older();
    last.end_us = std::max(last.end_us, first->end_us);
    merge(*first, last);
}

void InvalidTrail::merge(Bucket& from, Bucket& into) {
    into.published = nullptr;
    for (auto& [key, cell] : from.cells) {
        --m_cells;
        writable(into, key, cell.cell->events).add(*cell.cell);
    }
    for (const auto& [values, events] : from.seen) {
        const bool room = into.seen.size() < m_limits.seen_max || into.seen.contains(values);
        into.seen[room ? values : all_other()] += events;
        m_overflowed += room ? 0 : events;
    }
    into.last_count = nullptr;
}

/// The key's cell, made or copied if need be; of a full bucket that of less of the key.
InvalidCell& InvalidTrail::writable(Bucket& bucket, const InvalidKey& wanted,
                                    std::uint64_t events) {
    auto found = bucket.cells.find(wanted);
    if (found == bucket.cells.end() && bucket.cells.size() >= m_limits.bucket_cells_max) {
        InvalidKey key = other_of_reason(wanted);
        found = bucket.cells.find(key);
        if (found == bucket.cells.end() && bucket.cells.size() >= 2 * m_limits.bucket_cells_max) {
            key.reason = other_value;
            found = bucket.cells.find(key);
        }
        if (found == bucket.cells.end())
            found = bucket.cells.emplace(key, Cell{}).first;
    } else if (found == bucket.cells.end()) {
        found = bucket.cells.emplace(wanted, Cell{}).first;
    }
    Cell& cell = found->second;
    if (cell.cell == nullptr) {
        cell = {std::make_shared<InvalidCell>(), m_version};
        ++m_cells;
    } else if (cell.version != m_version) {
        cell = {std::make_shared<InvalidCell>(*cell.cell), m_version};
    }
    m_overflowed += found->first == wanted ? 0 : events;
    return *cell.cell;
}

/// Older stretches are told apart less, until there is room; the newest minute stays.
void InvalidTrail::coarsen() {
    while (m_cells >= m_limits.cells_max) {
        if (m_minutes.size() > 1)
            merge_first(m_minutes);
        else if (!m_hours.empty())
            merge_first(m_hours);
        else
            return;
    }
}

void InvalidTrail::count_seen(std::int64_t time_us, const DimensionValues& values,
                              std::uint64_t events) {
    Bucket& in = bucket(time_us);
    in.published = nullptr;
    if (in.last_count == nullptr || in.last != values) {
        auto found = in.seen.find(values);
        if (found == in.seen.end()) {
            const bool room = in.seen.size() < m_limits.seen_max;
            m_overflowed += room ? 0 : events;
            found = in.seen.emplace(room ? values : all_other(), 0).first;
        }
        in.last = found->first;
        in.last_count = &found->second;
    }
    *in.last_count += events;
}

InvalidCell& InvalidTrail::cell(std::int64_t time_us, const InvalidKey& key) {
    coarsen();
    Bucket& in = bucket(time_us);
    in.published = nullptr;
    return writable(in, key, 1);
}

InvalidBuckets InvalidTrail::publish() {
    InvalidBuckets all;
    for (Level* const level : {&m_older, &m_hours, &m_minutes})
        for (auto& [begin_us, bucket] : *level) {
            if (bucket->published == nullptr) {
                auto copy = std::make_shared<InvalidBucket>();
                copy->begin_us = bucket->begin_us;
                copy->end_us = bucket->end_us;
                copy->cells.reserve(bucket->cells.size());
                for (const auto& [key, cell] : bucket->cells)
                    copy->cells.emplace(key, cell.cell);
                copy->seen = bucket->seen;
                bucket->published = std::move(copy);
            }
            all.push_back(bucket->published);
        }
    ++m_version;
    return all;
}

} // namespace weir

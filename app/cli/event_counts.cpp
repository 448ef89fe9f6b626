// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/event_counts.h"

#include <algorithm>

#include "app/cli/console.h"

namespace weir::cli {

namespace {

constexpr std::size_t group_overhead_bytes = 96; // a node of the map

std::size_t bytes_of(const EventCounts::Key& key) {
    std::size_t bytes = group_overhead_bytes;
    for (const auto& value : key.values)
        bytes += sizeof value + (value ? value->text.capacity() + value->list.capacity() : 0);
    return bytes;
}

} // namespace

EventCounts::EventCounts(std::optional<FieldReader> fields, std::int64_t every_us, Limits limits)
    : m_fields(std::move(fields))
    , m_every_us(every_us)
    , m_limits(limits) {}

bool EventCounts::take(const HitView& hit) {
    Key key;
    const bool timed = hit.timestamp_type != TimestampType::None;
    if (m_every_us > 0)
        key.time_us = timed ? hit.time.value() - hit.time.value() % m_every_us : -1;
    if (m_fields)
        m_fields->read(hit, key.values);
    auto found = m_counts.find(key);
    if (found == m_counts.end()) {
        const std::size_t bytes = bytes_of(key);
        if (m_counts.size() >= m_limits.groups || m_bytes + bytes > m_limits.bytes) {
            ++m_other;
            return true;
        }
        m_bytes += bytes;
        found = m_counts.emplace(std::move(key), 0).first;
    }
    ++found->second;
    return true;
}

std::vector<std::string> EventCounts::names() const {
    return m_fields ? m_fields->names() : std::vector<std::string>();
}

std::vector<const EventCounts::Group*> EventCounts::sorted() const {
    std::vector<const Group*> rows;
    rows.reserve(m_counts.size());
    for (const Group& group : m_counts)
        rows.push_back(&group);
    std::stable_sort(rows.begin(), rows.end(), [](const Group* a, const Group* b) {
        return a->first.time_us != b->first.time_us ? a->first.time_us < b->first.time_us
                                                    : a->second > b->second;
    });
    return rows;
}

std::string EventCounts::other_text() const {
    return grouped(m_other) + (m_other == 1 ? " event is" : " events are") +
           " in (other): only the first " + grouped(m_counts.size()) +
           " different values were kept (at most " + grouped(m_limits.groups) + ", and " +
           bytes_text(m_limits.bytes) + ")";
}

} // namespace weir::cli

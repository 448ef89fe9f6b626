// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/outlet.h"

#include <algorithm>
#include <tuple>

#include "models/event/sighting.h"

namespace weir {

namespace {

/// Tells records at one offset apart.
std::uint64_t content_of(const HitView& hit) {
    std::uint64_t hash = hash_value(hit.value);
    const auto add = [&hash](std::uint64_t more) {
        hash = (hash ^ more) * 0x9E3779B97F4A7C15ULL;
        hash ^= hash >> 32;
    };
    add(static_cast<std::uint64_t>(hit.time.value()));
    add((hit.key_null ? 1U : 0U) | (hit.value_null ? 2U : 0U));
    add(hash_value(hit.key));
    for (std::size_t i = 0; i < hit.header_count; ++i) {
        add(hash_value(hit.headers[i].name));
        add(hit.headers[i].null ? 1 : hash_value(hit.headers[i].value));
    }
    return hash;
}

} // namespace

SearchOutlet::SearchOutlet(HitSink& sink, SearchOrder order, std::uint64_t limit)
    : m_sink(sink)
    , m_order(order)
    , m_limit(limit)
    , m_last_us(order == SearchOrder::NewestFirst ? INT64_MAX : INT64_MIN) {}

/// Whether `a` goes out after `b`. Equal times: by partition, offset and ordinal, so that two runs
/// of one search print the same.
bool SearchOutlet::later(const Held& a, const Held& b) const {
    const auto rank = [](const Held& h) {
        return std::tie(h.time_us, h.slot->topic, h.slot->partition, h.offset, h.ordinal);
    };
    return m_order == SearchOrder::NewestFirst ? rank(a) < rank(b) : rank(b) < rank(a);
}

bool SearchOutlet::deliver(SearchSlot& slot, const HitView& hit) {
    if (m_closed)
        return false;
    if (m_order == SearchOrder::OldestFirst
            ? hit.time.value() < m_last_us
            : hit.time.value() > m_last_us && m_order == SearchOrder::NewestFirst)
        m_ordered = false;
    m_last_us = hit.time.value();
    // A hit that the sink was given counts, even if it wants no further one.
    slot.add_matched();
    ++m_delivered;
    if (!m_sink.take(hit))
        m_closed = true;
    if (m_limit != 0 && m_delivered >= m_limit)
        m_closed = true;
    if (m_closed)
        m_limit_reached = true;
    return !m_closed;
}

bool SearchOutlet::deliver_held(const Held& held) {
    return m_unpacked.unpack(held.bytes) != 0 && deliver(*held.slot, m_unpacked.view());
}

bool SearchOutlet::release_first() {
    if (m_closed)
        return false;
    const auto order = [this](const Held& a, const Held& b) { return later(a, b); };
    std::pop_heap(m_held.begin(), m_held.end(), order);
    const Held held = std::move(m_held.back());
    m_held.pop_back();
    m_held_bytes -= held.bytes.size();
    return deliver_held(held);
}

void SearchOutlet::expect_known() {
    const std::lock_guard lock(m_mutex);
    m_known_open = true;
}

void SearchOutlet::no_more_known() {
    const std::lock_guard lock(m_mutex);
    m_known_open = false;
}

/// Whether memory did not bring what the topic brings now. As long as memory may still do, it is
/// remembered; if that becomes too much, memory brings no more.
bool SearchOutlet::is_new(SearchSlot& slot, const HitView& hit) {
    const Place place{hit.offset.value(), hit.ordinal, content_of(hit)};
    if (const auto in_slot = m_known.find(&slot); in_slot != m_known.end()) {
        if (const auto known = in_slot->second.find(place); known != in_slot->second.end()) {
            known->second = true;
            return false;
        }
    }
    if (m_known_open && m_known_count < known_max) {
        m_known[&slot].emplace(place, true);
        ++m_known_count;
    }
    return true;
}

SearchOutlet::Answer SearchOutlet::offer(SearchSlot& slot, const HitView& hit) {
    const std::lock_guard lock(m_mutex);
    if (m_closed)
        return Answer::Refused;
    if ((m_known_open || m_known_count > 0) && !is_new(slot, hit))
        return Answer::More;
    return deliver_or_hold(slot, hit) ? Answer::More : Answer::Enough;
}

bool SearchOutlet::deliver_or_hold(SearchSlot& slot, const HitView& hit) {
    if (m_order == SearchOrder::AsRead)
        return deliver(slot, hit);
    Held held{hit.time.value(), &slot, hit.offset.value(), hit.ordinal, {}};
    pack_hit(hit, held.bytes);
    m_held_bytes += held.bytes.size();
    m_held.push_back(std::move(held));
    std::push_heap(m_held.begin(), m_held.end(),
                   [this](const Held& a, const Held& b) { return later(a, b); });
    while (m_held_bytes > held_bytes_max)
        if (!release_first())
            return false;
    return true;
}

bool SearchOutlet::offer_known(SearchSlot& slot, const HitView& hit) {
    const std::lock_guard lock(m_mutex);
    if (m_closed || m_known_count >= known_max)
        return false;
    const Place place{hit.offset.value(), hit.ordinal, content_of(hit)};
    if (m_known[&slot].emplace(place, false).second) {
        ++m_known_count;
        return deliver_or_hold(slot, hit);
    }
    return true;
}

std::uint64_t SearchOutlet::left_out() const {
    const std::lock_guard lock(m_mutex);
    return m_closed ? m_held.size() : 0;
}

std::uint64_t SearchOutlet::vanished() const {
    const std::lock_guard lock(m_mutex);
    std::uint64_t count = 0;
    for (const auto& [slot, hits] : m_known) {
        if (slot->stop() != SearchStop::Complete)
            continue;
        count += static_cast<std::uint64_t>(
            std::count_if(hits.begin(), hits.end(), [](const auto& hit) { return !hit.second; }));
    }
    return count;
}

bool SearchOutlet::release_up_to(std::int64_t up_to_us) {
    const std::lock_guard lock(m_mutex);
    while (!m_known_open && !m_held.empty() && m_held.front().time_us <= up_to_us)
        if (!release_first())
            return false;
    return !m_closed;
}

bool SearchOutlet::release_down_to(std::int64_t down_to_us) {
    const std::lock_guard lock(m_mutex);
    while (!m_known_open && !m_held.empty() && m_held.front().time_us >= down_to_us)
        if (!release_first())
            return false;
    return !m_closed;
}

bool SearchOutlet::release_all() {
    const std::lock_guard lock(m_mutex);
    while (!m_held.empty())
        if (!release_first())
            return false;
    return !m_closed;
}

} // namespace weir

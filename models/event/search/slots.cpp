// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/slots.h"

#include <algorithm>

namespace weir {

SearchSlot::SearchSlot(std::string topic_name, PartitionId id, Offset first, Offset asked_from,
                       Offset asked_to)
    : topic(std::move(topic_name))
    , partition(id)
    , begin(first)
    , from(asked_from)
    , to(std::max(asked_from, asked_to)) {
    set_slice(from, to, false);
    if (from == to && from.value() >= 0) // -1: its offsets are not known
        finish(SearchStop::Empty);
}

void SearchSlot::set_slice(Offset slice_from, Offset slice_to, bool backwards) {
    m_slice_from = slice_from.value();
    m_slice_to = slice_to.value();
    m_cursor = slice_from.value();
    m_backwards = backwards;
    if (!backwards) {
        m_read_from = slice_from.value();
        m_read_to = slice_from.value();
    } else if (slice_to == to) {
        m_read_from = to.value();
        m_read_to = to.value();
    }
    slice_first_us = INT64_MIN;
    slice_newest_us = INT64_MIN;
}

void SearchSlot::count(std::uint64_t records, std::uint64_t bytes, Offset next) {
    m_read.fetch_add(records, std::memory_order_relaxed);
    m_bytes.fetch_add(bytes, std::memory_order_relaxed);
    advance(next);
}

void SearchSlot::add_cut(Offset at, std::uint64_t events) {
    m_cut.fetch_add(events);
    if (const std::int64_t first = m_first_cut; first < 0 || at.value() < first)
        m_first_cut = at.value();
}

void SearchSlot::advance(Offset next) {
    if (next.value() > m_cursor)
        m_cursor = std::min(next.value(), m_slice_to.load());
    if (!m_backwards) {
        m_read_to = m_cursor.load();
        if (slice_done())
            finish(SearchStop::Complete);
    } else if (slice_done()) {
        m_read_from = m_slice_from.load();
        if (m_read_from == from.value())
            finish_slices();
    }
}

/// Read down to the first offset; what an open transaction hid stays unread.
void SearchSlot::finish_slices() {
    std::string open;
    {
        const std::lock_guard lock(m_mutex);
        open = m_open_transaction;
    }
    finish(open.empty() ? SearchStop::Complete : SearchStop::OpenTransaction, open);
}

void SearchSlot::apply_open_transaction(Offset first_open) {
    const std::string text = "a transaction is open from offset " +
                             std::to_string(first_open.value()) + " of partition " +
                             std::to_string(partition.value());
    if (!m_backwards) {
        finish(SearchStop::OpenTransaction, text);
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_open_transaction = text;
    }
    // A slice ends where nothing more can be read; the older ones follow.
    const std::int64_t readable = std::max(first_open.value(), m_slice_from.load());
    m_read_to = std::min(m_read_to.load(), readable);
    m_slice_to = std::min(m_slice_to.load(), readable);
    advance(Offset(readable));
}

void SearchSlot::apply(const PartitionEvent& event) {
    const auto width = static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, event.to.value() - event.from.value()));
    switch (event.note) {
    case PartitionNote::Started:
        break;
    case PartitionNote::Gap:
        m_gaps.fetch_add(width);
        advance(event.to);
        break;
    case PartitionNote::Truncated:
        m_truncated.fetch_add(width);
        advance(event.to);
        break;
    case PartitionNote::ReachedEnd:
    case PartitionNote::Finished:
        advance(event.to);
        break;
    case PartitionNote::OpenTransaction:
        apply_open_transaction(event.from);
        break;
    case PartitionNote::Failed: {
        const std::lock_guard lock(m_mutex);
        m_text = event.error.text();
        Error cause = event.error;
        cause.tried.clear();
        cause.advice.clear();
        m_cause = cause.text();
        break;
    }
    case PartitionNote::Recovered: {
        const std::lock_guard lock(m_mutex);
        m_text.clear();
        m_cause.clear();
        break;
    }
    case PartitionNote::Cut:
        finish(SearchStop::Gone, "the topic lost records from offset " +
                                     std::to_string(event.from.value()) + " on during the search");
        break;
    case PartitionNote::Recreated:
        finish(SearchStop::Gone, made_again_text);
        break;
    case PartitionNote::Gone:
        finish(SearchStop::Gone, event.error.text());
        break;
    }
}

void SearchSlot::finish(SearchStop stop, std::string text) {
    const std::lock_guard lock(m_mutex);
    if (m_stop != SearchStop::Running)
        return;
    m_text = std::move(text);
    m_stop = stop;
}

void SearchSlot::disprove(SearchStop stop, std::string text) {
    const std::lock_guard lock(m_mutex);
    if (m_stop != SearchStop::Complete)
        return;
    m_text = std::move(text);
    m_stop = stop;
}

std::uint64_t SearchSlot::offsets_done() const {
    if (stop() == SearchStop::Skipped)
        return 0;
    const std::int64_t behind = m_read_to - m_read_from;
    const std::int64_t here = m_backwards && !slice_done() ? m_cursor - m_slice_from : 0;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, behind + here));
}

std::string SearchSlot::trouble() const {
    const std::lock_guard lock(m_mutex);
    return m_text;
}

std::string SearchSlot::cause() const {
    const std::lock_guard lock(m_mutex);
    return m_cause;
}

PartitionCoverage SearchSlot::coverage() const {
    PartitionCoverage c;
    c.topic = topic;
    c.partition = partition;
    c.begin = begin;
    c.from = from;
    c.to = to;
    c.read_from = Offset(m_read_from);
    c.read_to = Offset(m_read_to);
    c.read = m_read;
    c.matched = m_matched;
    c.decoded = m_decoded;
    c.undecodable = m_undecodable;
    c.bytes = m_bytes;
    c.gap_offsets = m_gaps;
    c.truncated_offsets = m_truncated;
    c.cut_events = m_cut;
    c.first_cut = Offset(m_first_cut);
    c.stop = m_stop;
    c.stop_text = trouble();
    return c;
}

void SearchSlots::add(std::unique_ptr<SearchSlot> slot) {
    m_index[{slot->topic, slot->partition.value()}] = slot.get();
    m_slots.push_back(std::move(slot));
}

SearchSlot* SearchSlots::find(std::string_view topic, PartitionId partition) const {
    const auto it = m_index.find({std::string(topic), partition.value()});
    return it == m_index.end() ? nullptr : it->second;
}

std::uint64_t SearchSlots::offsets_total() const {
    std::uint64_t sum = 0;
    for (const auto& slot : m_slots)
        if (slot->stop() != SearchStop::Skipped)
            sum += static_cast<std::uint64_t>(slot->to.value() - slot->from.value());
    return sum;
}

std::uint64_t SearchSlots::offsets_done() const {
    std::uint64_t sum = 0;
    for (const auto& slot : m_slots)
        sum += slot->offsets_done();
    return sum;
}

} // namespace weir

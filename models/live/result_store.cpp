// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/result_store.h"

#include <algorithm>
#include <span>

#include "connectors/base/record.h"
#include "models/event/grouped.h"

namespace weir {

namespace {

constexpr std::size_t smallest_segment_bytes = 16u << 10;

} // namespace

ResultStore::ResultStore(Limits limits)
    : m_limits(std::move(limits))
    , m_segment_bytes(std::clamp<std::size_t>(static_cast<std::size_t>(m_limits.memory_bytes / 8),
                                              smallest_segment_bytes, Segment::usual_bytes)) {
    publish();
}

ResultStore::~ResultStore() = default;

bool ResultStore::append(const SightingBatch& batch) {
    return keep(batch, nullptr);
}

bool ResultStore::append(const HitView& hit) {
    RecordBatchBuilder::Fields fields{.topic = std::string(hit.topic),
                                      .partition = hit.partition,
                                      .offset = hit.offset,
                                      .timestamp = hit.time,
                                      .timestamp_type = hit.timestamp_type,
                                      .key_null = hit.key_null,
                                      .value_null = hit.value_null,
                                      .key = std::string(hit.key),
                                      .value = std::string(hit.value)};
    for (const HeaderView& header : std::span(hit.headers, hit.header_count))
        fields.headers.emplace_back(
            header.name, header.null ? std::nullopt : std::optional<std::string>(header.value));
    RecordBatchBuilder one;
    one.add(std::move(fields));
    m_copy.records = one.take();
    m_copy.sightings.assign(1, *hit.sighting);
    Sighting& sighting = m_copy.sightings.front();
    sighting.record = 0;
    sighting.observed_time = Micros::now(); // the view keeps what is found in order
    sighting.body_begin = hit.body_begin;
    sighting.body_size = hit.body_size;
    return keep(m_copy, &hit.as_read);
}

bool ResultStore::keep(const SightingBatch& batch, const AsRead* as_read) {
    for (const Sighting& sighting : batch.sightings) {
        if (!m_open || !m_open->append(batch, sighting, as_read)) {
            close_segment();
            open_segment(
                Segment::bytes_needed(batch.records, batch.records.records[sighting.record]));
            m_open->append(batch, sighting, as_read);
        }
        ++m_rows;
    }
    const std::lock_guard lock(m_mutex);
    if (m_full.empty() && m_rows >= m_limits.rows)
        m_full = grouped(m_limits.rows) + " matches, the most that are kept";
    return m_full.empty();
}

void ResultStore::open_segment(std::size_t bytes_wanted) {
    m_open = Segment::create(next_segment_sequence(), 0, std::max(m_segment_bytes, bytes_wanted));
    m_segments.push_back(m_open);
}

/// A full segment stays in memory while there is room; those that come later go to the file.
void ResultStore::close_segment() {
    if (!m_open)
        return;
    m_open->publish();
    const std::size_t bytes = m_open->capacity_bytes();
    m_open = nullptr;
    if (m_memory_bytes + bytes > m_limits.memory_bytes) {
        const auto spilled = spill(m_segments.size() - 1);
        if (spilled)
            return;
        const std::lock_guard lock(m_mutex);
        if (m_full.empty())
            m_full = grouped(m_rows) + " matches: " + spilled.error().text();
    }
    m_memory_bytes += bytes; // also what could not be spilled: it was taken
}

Result<void> ResultStore::spill(std::size_t index) {
    if (!m_file) {
        auto made = SpillFile::create(m_limits.folder, m_limits.disk_bytes, "the results");
        if (!made)
            return made.error();
        m_file = std::move(made).value();
    }
    auto moved = m_file->spill(*m_segments[index]);
    if (!moved)
        return moved.error();
    m_segments[index] = std::move(moved).value();
    const std::lock_guard lock(m_mutex);
    m_disk_bytes = m_file->bytes();
    return {};
}

void ResultStore::publish() {
    if (m_open)
        m_open->publish();
    auto snapshot = std::make_shared<LaneSnapshot>();
    snapshot->segments = m_segments;
    snapshot->last_size = m_segments.empty() ? 0 : m_segments.back()->size();
    snapshot->rows_absorbed = m_rows;
    m_published.set(std::move(snapshot));
}

std::uint64_t ResultStore::bytes_on_disk() const {
    const std::lock_guard lock(m_mutex);
    return m_disk_bytes;
}

std::string ResultStore::full() const {
    const std::lock_guard lock(m_mutex);
    return m_full;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalogue/version_counts.h"

#include <algorithm>

namespace weir {

VersionCounts::VersionCounts(const Vocabulary& vocabulary)
    : m_version_dimension(vocabulary.dimension("schema_version"))
    , m_source_dimension(vocabulary.dimension("source")) {
    publish();
}

VersionCount* VersionCounts::cell(const Sighting& sighting) {
    const ValueId type = sighting.dimensions[0];
    const ValueId version = value(sighting, m_version_dimension);
    const ValueId source = value(sighting, m_source_dimension);
    const std::uint64_t key = std::uint64_t{sighting.place.value()} << 48U |
                              std::uint64_t{type.value()} << 32U |
                              std::uint64_t{version.value()} << 16U | source.value();
    if (m_last_cell != SIZE_MAX && key == m_last_key)
        return &m_state.counts[m_last_cell];
    auto found = m_cells.find(key);
    if (found == m_cells.end()) {
        if (m_cells.size() >= cells_max)
            return nullptr;
        found = m_cells.emplace(key, m_state.counts.size()).first;
        m_state.counts.push_back({sighting.place, type, version, source, 0, 0, 0, {}, {}});
    }
    m_last_key = key;
    m_last_cell = found->second;
    return &m_state.counts[m_last_cell];
}

void VersionCounts::absorb(const SightingBatch& batch) {
    for (const Sighting& s : batch.sightings) {
        if (s.outcome != Outcome::Seen && s.outcome != Outcome::Failed)
            continue; // a tombstone, or no event that anybody can read
        m_changed = true;
        VersionCount* const count = cell(s);
        if (count == nullptr) {
            ++m_state.left_out;
            continue;
        }
        const Micros seen =
            s.timestamp_type == TimestampType::None ? s.observed_time : s.record_time;
        count->first_seen = count->events == 0 ? seen : std::min(count->first_seen, seen);
        count->last_seen = count->events == 0 ? seen : std::max(count->last_seen, seen);
        ++count->events;
        count->failed += s.outcome == Outcome::Failed ? 1 : 0;
        count->refused += s.outcome == Outcome::Failed && !s.origin.known() ? 1 : 0;
    }
}

void VersionCounts::publish() {
    if (!m_changed)
        return;
    m_published.set(std::make_shared<VersionCountsSnapshot>(m_state));
    m_changed = false;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/ingest/already_counted.h"

#include <algorithm>

namespace weir {

AlreadyCounted::AlreadyCounted(const std::shared_ptr<const CountedRanges>& counted) {
    if (counted)
        m_ranges = *counted;
}

/// One that is newer than all in its range is of another log: the topic was made anew, and begins
/// with the same offsets.
bool AlreadyCounted::holds(const Record& record) {
    if (m_last_ranges == nullptr || m_last.second != record.partition ||
        m_last.first != record.topic) {
        m_last = {std::string(record.topic), record.partition};
        m_last_ranges = &m_ranges.of(m_last);
    }
    for (const ReadStretch& range : *m_last_ranges) {
        if (record.offset < range.first || record.offset >= range.next)
            continue;
        if (record.timestamp <= range.newest)
            return true;
        m_ranges.forget(m_last);
        m_last_ranges = nullptr;
        return false;
    }
    return false;
}

std::vector<Sighting> AlreadyCounted::take_out(SightingBatch& batch) {
    if (m_ranges.empty())
        return {};
    std::vector<bool> counted;
    counted.reserve(batch.records.records.size());
    for (const Record& record : batch.records.records)
        counted.push_back(holds(record));
    std::vector<Sighting> all;
    if (std::find(counted.begin(), counted.end(), true) != counted.end()) {
        all = batch.sightings;
        std::erase_if(batch.sightings, [&](const Sighting& s) {
            if (!counted[s.record])
                return false;
            Micros& to =
                m_counted_to.try_emplace({s.place, s.partition}, s.record_time).first->second;
            to = std::max(to, s.record_time);
            return true;
        });
    }
    for (Watermark& mark : batch.watermarks)
        if (const auto known = m_counted_to.find({mark.place, mark.partition});
            known != m_counted_to.end() && mark.since.value() != INT64_MAX)
            mark.since = std::max(mark.since, known->second);
    return all;
}

} // namespace weir

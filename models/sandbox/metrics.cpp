// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/metrics.h"

#include "models/sandbox/dead_letter.h"

namespace weir::sandbox {

namespace {

constexpr std::size_t label_bytes_max = 200;

using http::OpenMetrics;

template <class Reasons>
void add_reasons(OpenMetrics& page, const Reasons& counts) {
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] > 0)
            page.add({{"reason", to_word(static_cast<ViolationReason>(i))}}, counts[i]);
}

} // namespace

void Metrics::count(const Batch& batch) {
    const std::lock_guard lock(m_mutex);
    for (const JudgedEvent& event : batch.events) {
        if (!event.good()) {
            ++m_counts.invalid;
            ++m_counts.invalid_by_reason[static_cast<std::size_t>(main_reason(event))];
            continue;
        }
        ++m_counts.collected;
        auto found = m_counts.collected_by_type.find(event.type);
        if (found == m_counts.collected_by_type.end()) {
            const bool room = m_counts.collected_by_type.size() < types_max &&
                              event.type.size() <= label_bytes_max;
            found = m_counts.collected_by_type.try_emplace(room ? event.type : "(other)").first;
        }
        ++found->second;
        if (event.outcome == Verdict::Outcome::Flagged) {
            ++m_counts.flagged;
            ++m_counts.flagged_by_reason[static_cast<std::size_t>(main_reason(event))];
        }
    }
}

void Metrics::count_request(int status) {
    const std::lock_guard lock(m_mutex);
    ++m_counts.requests_by_status[status];
}

CollectorCounts Metrics::counts() const {
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

void append_counts(const CollectorCounts& counts, OpenMetrics& page) {
    page.family(OpenMetrics::Kind::Counter, "events_collected",
                "Events the broker acknowledged, by type.");
    for (const auto& [type, count] : counts.collected_by_type)
        page.add({{"type", type}}, count);
    page.family(OpenMetrics::Kind::Counter, "events_invalid",
                "Events refused and kept, by reason.");
    add_reasons(page, counts.invalid_by_reason);
    page.family(OpenMetrics::Kind::Counter, "events_flagged",
                "Events let pass with a violation, by reason.");
    add_reasons(page, counts.flagged_by_reason);
    page.family(OpenMetrics::Kind::Counter, "collector_requests",
                "Requests that brought events, by status.");
    for (const auto& [status, count] : counts.requests_by_status)
        page.add({{"status", std::to_string(status)}}, count);
}

} // namespace weir::sandbox

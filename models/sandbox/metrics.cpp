// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/metrics.h"

#include "models/sandbox/dead_letter.h"

namespace weir::sandbox {

namespace {

constexpr std::size_t label_bytes_max = 200;

void head(std::string& out, std::string_view name, std::string_view kind, std::string_view help) {
    out.append("# TYPE ").append(name).append(" ").append(kind).append("\n# HELP ");
    out.append(name).append(" ").append(help).append("\n");
}

void append_label(std::string_view value, std::string& out) {
    for (const char c : value) {
        if (c == '\\' || c == '"')
            out.push_back('\\');
        if (c == '\n')
            out.append("\\n");
        else
            out.push_back(c);
    }
}

void sample(std::string& out, std::string_view name, std::string_view label, std::string_view value,
            std::uint64_t count) {
    out.append(name).append("_total{").append(label).append("=\"");
    append_label(value, out);
    out.append("\"} ").append(std::to_string(count)).append("\n");
}

template <class Reasons>
void reasons(std::string& out, std::string_view name, const Reasons& counts) {
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] > 0)
            sample(out, name, "reason", to_word(static_cast<ViolationReason>(i)), counts[i]);
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

void append_metric(std::string& out, std::string_view name, std::string_view kind,
                   std::string_view help, std::uint64_t value) {
    head(out, name, kind, help);
    out.append(name).append(kind == "counter" ? "_total " : " ").append(std::to_string(value));
    out.append("\n");
}

void append_counts(const CollectorCounts& counts, std::string& out) {
    head(out, "events_collected", "counter", "Events the broker acknowledged, by type.");
    for (const auto& [type, count] : counts.collected_by_type)
        sample(out, "events_collected", "type", type, count);
    head(out, "events_invalid", "counter", "Events refused and kept, by reason.");
    reasons(out, "events_invalid", counts.invalid_by_reason);
    head(out, "events_flagged", "counter", "Events let pass with a violation, by reason.");
    reasons(out, "events_flagged", counts.flagged_by_reason);
    head(out, "collector_requests", "counter", "Requests that brought events, by status.");
    for (const auto& [status, count] : counts.requests_by_status)
        sample(out, "collector_requests", "status", std::to_string(status), count);
}

} // namespace weir::sandbox

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/stage_output.h"

#include "models/sandbox/record_limits.h"

namespace weir::sandbox {

void CollectedOutput::clear() {
    m_entries.clear();
    m_filtered.reset();
    m_failure.reset();
}

std::size_t CollectedOutput::limit_of(const std::string& topic) const {
    const auto told = m_limits.find(topic);
    return told == m_limits.end() ? RecordLimit().bytes() : told->second;
}

void CollectedOutput::close(std::size_t carried_bytes) {
    if (m_failure)
        return;
    for (const Entry& entry : m_entries) {
        std::size_t bytes = carried_bytes + entry.key.size() + entry.value.size();
        for (const auto& [name, value] : entry.headers)
            bytes += header_bytes(name, value);
        if (bytes <= limit_of(entry.topic))
            continue;
        fail("too_large", {},
             "what goes to " + entry.topic + " has " + std::to_string(bytes) +
                 " bytes with its headers, and it takes " + std::to_string(limit_of(entry.topic)));
        return;
    }
}

void CollectedOutput::emit(std::string_view topic, std::string_view key, std::string_view value,
                           bool original) {
    m_entries.push_back({original ? Entry::Kind::Record : Entry::Kind::NewRecord,
                         std::string(topic), std::string(key), std::string(value), false});
}

void CollectedOutput::header(std::string_view name, std::string_view value) {
    m_entries.back().headers.emplace_back(name, value);
}

void CollectedOutput::remember(std::string_view key, std::optional<std::string_view> value) {
    m_entries.push_back({Entry::Kind::State, m_state_topic, std::string(key),
                         std::string(value.value_or(std::string_view())), !value});
}

void CollectedOutput::fail(std::string_view reason, std::string_view pointer,
                           std::string_view message) {
    m_failure = {std::string(reason), std::string(pointer), std::string(message)};
}

} // namespace weir::sandbox

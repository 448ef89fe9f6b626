// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/stage_output.h"

namespace weir::sandbox {

void CollectedOutput::clear() {
    m_entries.clear();
    m_filtered.reset();
    m_failure.reset();
}

void CollectedOutput::emit(std::string_view topic, std::string_view key, std::string_view value,
                           bool original) {
    if (key.size() + value.size() > record_bytes_max) {
        fail("too_large", {},
             "what goes to " + std::string(topic) + " has " +
                 std::to_string(key.size() + value.size()) + " bytes, over the limit of " +
                 std::to_string(record_bytes_max));
        return;
    }
    m_entries.push_back({original ? Entry::Kind::Record : Entry::Kind::NewRecord,
                         std::string(topic), std::string(key), std::string(value), false});
}

void CollectedOutput::header(std::string_view name, std::string_view value) {
    if (!m_failure)
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

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/record_envelope.h"

#include <atomic>

namespace weir {

void RecordEnvelope::begin(std::string_view value, std::uint32_t event_begin) {
    static std::atomic<std::uint64_t> last{0};
    m_number = ++last;
    m_value = value;
    m_event_begin = event_begin;
    m_found = false;
}

std::string_view RecordEnvelope::text() {
    if (!m_found)
        find();
    m_found = true;
    return m_text;
}

/// The innermost array around the event. A root that is one has nothing around it.
void RecordEnvelope::find() {
    m_text.clear();
    if (!m_tape.parse(m_value))
        return;
    const TapeNode* batch = nullptr;
    for (const TapeNode& node : m_tape.nodes()) {
        if (node.offset >= m_event_begin)
            break;
        if (node.kind == JsonKind::Array && node.offset + node.length > m_event_begin)
            batch = &node;
    }
    if (batch == nullptr || batch->depth == 0)
        return;
    m_text.append(m_value.substr(0, batch->offset + std::size_t{1}));
    m_text += '\n';
    m_text.append(m_value.substr(batch->offset + std::size_t{batch->length} - 1));
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/row_envelope.h"

namespace weir {

EnvelopeText* RowEnvelope::of(const Segment& segment, std::uint32_t row) {
    const StoredRow& stored = segment.row(row);
    if (stored.body_size == stored.value_size)
        return nullptr;
    const std::string_view value = segment.value(row);
    if (m_segment != segment.sequence() || m_value != value.data()) {
        m_segment = segment.sequence();
        m_value = value.data();
        m_envelope.begin(value, stored.body_begin);
    }
    return &m_envelope;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/event_json.h"

namespace weir {

FilterValue EventJson::value_of(std::uint32_t node) {
    using Kind = FilterValue::Kind;
    switch (m_tape->nodes()[node].kind) {
    case JsonKind::String:
        return {Kind::String, m_tape->text_of(node, m_scratch)};
    case JsonKind::Number:
        return {Kind::Number, m_tape->raw(node)};
    case JsonKind::True:
        return {Kind::True, m_tape->raw(node)};
    case JsonKind::False:
        return {Kind::False, m_tape->raw(node)};
    case JsonKind::Null:
        return {Kind::Null, m_tape->raw(node)};
    default:
        return {Kind::Container, m_tape->raw(node)};
    }
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/kind/value_text.h"

#include "connectors/warehouse/kind/time_text.h"

namespace weir::warehouse {

void append_hex(std::string_view bytes, std::string& out) {
    static constexpr char digits[] = "0123456789abcdef";
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[c & 0xF];
    }
}

std::string plain_text(const Value& value) {
    switch (value.kind) {
    case ValueKind::Null:
        return {};
    case ValueKind::Boolean:
        return value.integer != 0 ? "true" : "false";
    case ValueKind::Integer:
        return std::to_string(value.integer);
    case ValueKind::Timestamp:
    case ValueKind::WallClock:
        return time_text(value.integer, value.kind == ValueKind::Timestamp);
    case ValueKind::Bytes: {
        std::string text = "\\x";
        append_hex(value.text, text);
        return text;
    }
    default:
        return std::string(value.text);
    }
}

} // namespace weir::warehouse

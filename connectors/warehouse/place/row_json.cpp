// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/place/row_json.h"

#include "connectors/warehouse/kind/time_text.h"

namespace weir::warehouse {

namespace {

constexpr char hex[] = "0123456789abcdef";

void append_string(std::string_view text, std::string& out) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) >= 0x20) {
            out += c;
        } else {
            out += "\\u00";
            out += hex[static_cast<unsigned char>(c) >> 4];
            out += hex[c & 0xF];
        }
    }
    out += '"';
}

/// NaN and the infinities are what databases have besides digits.
bool has_digits(std::string_view number) {
    return !number.empty() && (number.back() >= '0' && number.back() <= '9');
}

} // namespace

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
        for (const char c : value.text) {
            text += hex[static_cast<unsigned char>(c) >> 4];
            text += hex[c & 0xF];
        }
        return text;
    }
    default:
        return std::string(value.text);
    }
}

void append_row_json(const Columns& columns, std::span<const Value> row, std::string& out) {
    out += '{';
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Value& value = row[i];
        if (i > 0)
            out += ',';
        append_string(columns[i].name, out);
        out += ':';
        switch (value.kind) {
        case ValueKind::Null:
            out += "null";
            break;
        case ValueKind::Boolean:
        case ValueKind::Integer:
            out += plain_text(value);
            break;
        case ValueKind::Decimal:
        case ValueKind::Real:
            if (has_digits(value.text))
                out += value.text;
            else
                append_string(value.text, out);
            break;
        case ValueKind::Json:
            out += value.text;
            break;
        case ValueKind::Text:
            append_string(value.text, out);
            break;
        default:
            append_string(plain_text(value), out);
        }
    }
    out += '}';
}

} // namespace weir::warehouse

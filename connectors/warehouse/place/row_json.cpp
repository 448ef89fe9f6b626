// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/place/row_json.h"

#include "connectors/warehouse/kind/value_text.h"

namespace weir::warehouse {

namespace {

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
            append_hex({&c, 1}, out);
        }
    }
    out += '"';
}

/// NaN and the infinities are what databases have besides digits.
bool has_digits(std::string_view number) {
    return !number.empty() && (number.back() >= '0' && number.back() <= '9');
}

} // namespace

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

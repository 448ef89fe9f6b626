// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <charconv>

#include "connectors/base/characters.h"
#include "connectors/warehouse/kind/time_text.h"
#include "connectors/warehouse/kind/value_text.h"
#include "connectors/warehouse/postgresql/pg_handle.h"

namespace weir::warehouse {

namespace {

struct Type {
    Oid number; // pg_type.dat; these never change
    ValueKind kind;
    const char* name;
};

constexpr Type types[] = {
    {16, ValueKind::Boolean, "boolean"},
    {17, ValueKind::Bytes, "bytea"},
    {20, ValueKind::Integer, "bigint"},
    {21, ValueKind::Integer, "smallint"},
    {23, ValueKind::Integer, "integer"},
    {25, ValueKind::Text, "text"},
    {26, ValueKind::Integer, "oid"},
    {114, ValueKind::Json, "json"},
    {700, ValueKind::Real, "real"},
    {701, ValueKind::Real, "double precision"},
    {1042, ValueKind::Text, "character"},
    {1043, ValueKind::Text, "character varying"},
    {1082, ValueKind::Text, "date"},
    {1083, ValueKind::Text, "time"},
    {1114, ValueKind::WallClock, "timestamp without time zone"},
    {1184, ValueKind::Timestamp, "timestamp with time zone"},
    {1186, ValueKind::Text, "interval"},
    {1266, ValueKind::Text, "time with time zone"},
    {1700, ValueKind::Decimal, "numeric"},
    {2950, ValueKind::Text, "uuid"},
    {3802, ValueKind::Json, "jsonb"},
};

const Type* find(Oid number) {
    for (const Type& type : types)
        if (type.number == number)
            return &type;
    return nullptr;
}

void append_integer(std::int64_t number, std::string& out) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), end.ptr);
}

void append_copy_text(std::string_view text, std::string& out) {
    for (const char c : text) {
        switch (c) {
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += c;
        }
    }
}

} // namespace

ValueKind pg_kind(Oid type) {
    const Type* const known = find(type);
    return known == nullptr ? ValueKind::Text : known->kind;
}

const char* pg_type_name(Oid type) {
    const Type* const known = find(type);
    return known == nullptr ? "" : known->name;
}

Value pg_value(std::string_view text, ValueKind kind, std::string& scratch) {
    switch (kind) {
    case ValueKind::Boolean:
        return Value::of(text == "t");
    case ValueKind::Integer: {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size())
            return Value::decimal(text);
        return Value::of(number);
    }
    case ValueKind::Timestamp:
    case ValueKind::WallClock: {
        const auto time = read_time(text);
        if (!time || time->has_zone != (kind == ValueKind::Timestamp))
            return Value::of(text);
        return {kind, time->micros, {}};
    }
    case ValueKind::Bytes:
        if (text.substr(0, 2) != "\\x")
            return Value::of(text);
        scratch.clear();
        for (std::size_t i = 2; i + 1 < text.size(); i += 2)
            scratch += static_cast<char>(hex_value(text[i]) * 16 + hex_value(text[i + 1]));
        return Value::bytes(scratch);
    default:
        return {kind, 0, text};
    }
}

void append_copy_row(std::span<const Value> row, std::string& out) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Value& value = row[i];
        if (i > 0)
            out += '\t';
        switch (value.kind) {
        case ValueKind::Null:
            out += "\\N";
            break;
        case ValueKind::Integer:
            append_integer(value.integer, out);
            break;
        case ValueKind::Bytes:
            out += "\\\\x";
            append_hex(value.text, out);
            break;
        case ValueKind::Boolean:
        case ValueKind::Timestamp:
        case ValueKind::WallClock:
            out += plain_text(value);
            break;
        default:
            append_copy_text(value.text, out);
        }
    }
    out += '\n';
}

} // namespace weir::warehouse

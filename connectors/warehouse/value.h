// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One value of a table, without loss: digits stay text, a time with its zone is an instant, null is
// a kind of its own. Thread contract: plain values; a Value's text belongs to whoever made it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/base/types.h"

namespace weir::warehouse {

enum class ValueKind : std::uint8_t {
    Null,
    Boolean,   // `integer` is 0 or 1
    Integer,   // `integer`; one past 64 bits is a Decimal
    Decimal,   // `text`: its digits as they are kept, trailing zeros too; or NaN, Infinity
    Real,      // `text`: the fewest digits that read back as the same double; or NaN, Infinity
    Text,      // `text`; also whatever has no kind of its own, in the database's notation
    Bytes,     // `text`, as they are
    Json,      // `text`, valid JSON
    Timestamp, // `integer`: microseconds UTC; infinite or past 64 bits it is Text
    WallClock, // `integer`: microseconds of a clock whose zone nobody noted
};

struct Value {
    ValueKind kind = ValueKind::Null;
    std::int64_t integer = 0;
    std::string_view text;

    static Value null() { return {}; }
    static Value of(std::int64_t number) { return {ValueKind::Integer, number, {}}; }
    static Value of(bool is_true) { return {ValueKind::Boolean, is_true ? 1 : 0, {}}; }
    static Value of(std::string_view words) { return {ValueKind::Text, 0, words}; }
    static Value of(const char* words) { return of(std::string_view(words)); }
    static Value of(Micros time) { return {ValueKind::Timestamp, time.value(), {}}; }
    static Value decimal(std::string_view digits) { return {ValueKind::Decimal, 0, digits}; }
    static Value bytes(std::string_view raw) { return {ValueKind::Bytes, 0, raw}; }
    static Value json(std::string_view text) { return {ValueKind::Json, 0, text}; }
    bool is_null() const { return kind == ValueKind::Null; }
};

/// A value that owns its text: a query's parameter, a position that is kept.
struct Parameter {
    ValueKind kind = ValueKind::Null;
    std::int64_t integer = 0;
    std::string text;

    Parameter() = default;
    Parameter(const Value& value)
        : kind(value.kind)
        , integer(value.integer)
        , text(value.text) {}
    Value view() const { return {kind, integer, text}; }
};

/// A column of a result.
struct Column {
    std::string name;
    ValueKind kind = ValueKind::Text; // what its values are unless they are null
    std::string declared;             // the database's word, e.g. "numeric"; empty: not told
};

/// A table's or view's name; without a schema it is the one that the database finds.
struct TableName {
    std::string schema;
    std::string table;
    std::string text() const { return schema.empty() ? table : schema + "." + table; }
};

} // namespace weir::warehouse

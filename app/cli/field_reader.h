// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The values of named fields of a record, as text: for --fields and for count --by. A field is one
// of the record's own (topic, partition, offset, time, key, value, size, event_size, violation,
// header["x"]), a name that the record's dialect maps (id, type, user, …), or a path into the JSON.
//
// Thread contract: one owner (scratch memory). Bound: one tape of one payload.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/event/filter/json_path.h"
#include "models/event/json/json_tape.h"
#include "models/event/search/hit.h"

namespace weir::cli {

/// What a record has in a field. Two are equal only if they are the same value: the text "100" is
/// not the number 100.
struct FieldValue {
    enum class Form {
        Text,    // a string's own bytes, or those of a key, a header, a topic
        Json,    // a number, true, null, an object …: as it is written
        Several, // what a path with [*] found, with commas between
    };
    std::string text;
    Form form = Form::Text;
    std::string list{}; // of Several: as a JSON array
    auto operator<=>(const FieldValue&) const = default;

    /// As JSON, exactly; of a text that is not UTF-8 what append_json_string() makes of it.
    std::string json() const;
    /// Its text; as JSON where it would look like null, or like nothing, or like such a JSON text.
    std::string cell() const;
};
using FieldValues = std::vector<std::optional<FieldValue>>;

class FieldReader {
  public:
    /// "type,properties.items[*].sku". Errors: Usage.
    static Result<FieldReader> parse(const std::string& list);

    const std::vector<std::string>& names() const { return m_names; }
    /// Hits must tell how they break their contracts: SearchParts::tell_violations.
    bool asks_for_violations() const;

    /// The fields' values in order; nullopt: the record has no such field. Strings without quotes,
    /// numbers with their digits, JSON for the rest; a null key, value or header is JSON's null.
    void read(const HitView& hit, FieldValues& out);

  private:
    enum class Kind {
        Topic,
        Partition,
        OffsetNumber,
        Time,
        Key,
        Value,
        Size,
        EventSize,
        Violation,
        Header,
        Json
    };
    struct Field {
        Kind kind = Kind::Json;
        std::string name; // as written; of the header
        JsonPath path;
    };
    static Result<Field> parse_one(const std::string& text);
    std::optional<FieldValue> own(const Field& field, const HitView& hit) const;
    static std::optional<FieldValue> header(const std::string& name, const HitView& hit);
    static FieldValue violations(std::string_view words);
    std::optional<FieldValue> from_json(const Field& field, const HitView& hit);
    std::optional<FieldValue> at_path(const JsonPath& path);
    void collect(std::uint32_t node, const JsonPath& path, std::size_t step);
    FieldValue value_at(std::uint32_t node) const;

    std::vector<std::string> m_names;
    std::vector<Field> m_fields;
    JsonTape m_tape;
    std::vector<std::uint32_t> m_found; // by collect(): nodes of the tape
    bool m_parsed = false;
};

/// RFC 3339 with milliseconds (microseconds where there are any), UTC; "" for a time below 0.
std::string time_text(Micros time);

} // namespace weir::cli

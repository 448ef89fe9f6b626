// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The values of named fields of a record, as text: for --fields and for count --by. A field is one
// of the record's own (topic, partition, offset, time, key, value, size, header["x"]), a name that
// the record's dialect maps (id, type, user, …), or a path into the JSON.
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

class FieldReader {
  public:
    /// "type,properties.items[*].sku". Errors: Usage.
    static Result<FieldReader> parse(const std::string& list);

    const std::vector<std::string>& names() const { return m_names; }

    /// The fields' values in order; nullopt: the record has no such field. Strings without quotes,
    /// numbers with their digits, JSON for the rest.
    void read(const HitView& hit, std::vector<std::optional<std::string>>& out);

  private:
    enum class Kind { Topic, Partition, OffsetNumber, Time, Key, Value, Size, Header, Json };
    struct Field {
        Kind kind = Kind::Json;
        std::string name; // as written; of the header
        JsonPath path;
    };
    static Result<Field> parse_one(const std::string& text);
    std::optional<std::string> own(const Field& field, const HitView& hit) const;
    std::optional<std::string> from_json(const Field& field, const HitView& hit);
    std::optional<std::string> at_path(const JsonPath& path);
    void collect(std::uint32_t node, const JsonPath& path, std::size_t step, std::string& out,
                 bool& found);

    std::vector<std::string> m_names;
    std::vector<Field> m_fields;
    JsonTape m_tape;
    bool m_parsed = false;
};

/// RFC 3339 with milliseconds (microseconds where there are any), UTC; "" for a time below 0.
std::string time_text(Micros time);

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The values of named fields of a record, as text: for --fields and for count --by. A field is one
// of the record's own (topic, partition, offset, time, key, value, size, event_size, violation,
// outcome, dialect, reason, stage, replay_run, header["x"]), a name that the record's dialect maps
// (id, type, user, …), or a path into the JSON. Names mean what they mean in a filter: what it
// finds by one is what stands here.
//
// Thread contract: one owner (scratch memory). Bound: one tape of one payload; the texts of a
// dimension, once each; path_names_max names.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/event/filter/event_json.h"
#include "models/event/filter/filter_fields.h"
#include "models/event/filter/json_path.h"
#include "models/event/filter/mapped_fields.h"
#include "models/event/json/json_tape.h"
#include "models/event/search/hit.h"

namespace weir::cli {

/// What a record has in a field. Two are equal only if they are the same value: the text "100" is
/// not the number 100.
struct FieldValue {
    enum class Form {
        Text,    // a string's own bytes, or those of a key, a header, a topic
        Json,    // a number, true, null, an object …: as it is written
        Several, // what a path with [*] found, or headers of one name, with commas between
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

    /// What sightings speak of, and how much of it is shown. Without it names are looked for in
    /// payloads and headers alone.
    void know(std::shared_ptr<const Vocabulary> vocabulary,
              std::shared_ptr<const DisclosurePolicy> disclosure);

    const std::vector<std::string>& names() const { return m_names; }
    /// Hits must tell how they break their contracts: SearchParts::tell_violations.
    bool asks_for_violations() const;

    /// The fields' values in order; nullopt: the record has no such field. Strings without quotes,
    /// numbers with their digits, JSON for the rest; a null key, value or header is JSON's null.
    void read(const HitView& hit, FieldValues& out);

    /// Of each path that no event had that was read, what absence_text() says.
    std::vector<std::string> absences() const;

  private:
    using Kind = FilterFieldKind;
    struct Field {
        Kind kind = Kind::Path;
        std::string name; // as written; of the header
        JsonPath path;    // the name's own, of what the payload is asked for
        int dimension = -1;
        bool found = false; // some event had it
    };
    struct Event {
        JsonTape tape;
        EventJson json;
        MappedFields mapped;
        bool begun = false;
        bool parsed = false;
    };
    struct Interned {
        std::string text, shown; // the same unless it is masked
    };
    FieldReader()
        : m_event(std::make_unique<Event>()) {}
    static Result<Field> parse_one(const std::string& text);
    static bool is_json(Kind kind);
    void begin(const HitView& hit);
    std::optional<FieldValue> own(const Field& field, const HitView& hit);
    std::optional<FieldValue> decoded(const Field& field, const HitView& hit);
    static std::optional<FieldValue> header(const std::string& name, const HitView& hit);
    static FieldValue violations(std::string_view words);
    const Interned& interned(const std::string& name, const Interner& values, ValueId id);
    std::optional<FieldValue> replay_run(const HitView& hit) const;
    std::optional<FieldValue> named(const std::string& name, const Interner& values, ValueId id);
    std::optional<FieldValue> mapped(const std::string& name);
    bool is_named(const Field& field) const;
    std::optional<FieldValue> inherited_time(const Field& field, const HitView& hit) const;
    std::optional<FieldValue> from_json(const Field& field, const HitView& hit);
    std::optional<FieldValue> at_path(const JsonPath& path);
    static FieldValue value_of(const FilterValue& value);

    std::vector<std::string> m_names;
    std::vector<Field> m_fields;
    std::shared_ptr<const Vocabulary> m_vocabulary; // null: nobody said
    std::shared_ptr<const DisclosurePolicy> m_disclosure;
    std::unique_ptr<Event> m_event;                                             // that is read now
    std::map<const Interner*, std::vector<std::optional<Interned>>> m_interned; // by value's id
    std::uint64_t m_events = 0;                                                 // read so far
    std::set<std::string> m_paths_had; // by the first of them
};

/// RFC 3339 with milliseconds (microseconds where there are any), UTC; "" for a time below 0.
std::string time_text(Micros time);

} // namespace weir::cli

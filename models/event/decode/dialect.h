// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A dialect: where one vendor's shape keeps the fields that every event has. It is read from a JSON
// file (resources/dialects/README.md says how to write one); nothing in the program knows a vendor
// by name. Thread contract: immutable once read. Bound: dialect_bytes_max a file; of with() what
// differs among the workspaces that were open.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/base/result.h"
#include "models/event/decode/decoder.h"
#include "models/event/field_paths.h"

namespace weir {

inline constexpr std::size_t dialect_bytes_max = 1u << 20;

/// What a field's value has to be turned into before it can be used.
enum class FieldForm : std::uint8_t {
    Text,
    Rfc3339,   // a time with its zone
    Utc,       // the same; without a zone it is UTC
    EpochMs,   // a number, or its text
    EpochS,    // the same, in seconds
    ClassName, // a Java class: what stands behind the last '.' or '$'
    IgluName,  // an Iglu schema: the name in "iglu:vendor/name/format/version"
    Integer,   // decimal text, or big-endian bytes
};

struct FieldRule {
    std::vector<std::string> paths; // tried in order; see FieldPath
    FieldForm form = FieldForm::Text;
    std::vector<std::pair<std::string, std::string>> words; // a vendor's word → everybody's
};

/// What a record or an event must look like to be taken for this dialect.
struct DialectShape {
    std::vector<std::string> of;                           // these paths …
    std::uint32_t at_least = 0;                            // … of which so many must have a value
    std::vector<std::pair<std::string, std::string>> with; // path → what its text must begin with
};

enum class DialectBody : std::uint8_t {
    Json, // an object, an array of them, or one a line
    Tsv,  // columns, in a fixed order
    Any,  // whatever it is; the fields are in the headers, and in the body if it is JSON
};

struct Dialect : FieldPaths {
    std::string name;
    DialectBody body = DialectBody::Json;
    bool overlay = false;      // headers that say that and why an event of another dialect failed
    bool dead_letter = false;  // the record is a failed event
    DialectShape record_shape; // of the record
    DialectShape event_shape;  // of the event, or the first of a batch
    std::string batch;         // path to the array of events; empty: none
    std::vector<std::string> inherit;      // fields that a batch may hold for all its events
    std::vector<std::string> original;     // paths to the event within a dead letter
    std::vector<std::string> column_names; // of Tsv
    std::map<std::string, FieldRule, std::less<>> fields;

    const std::vector<std::string>& paths(std::string_view field) const override;
    const std::vector<std::string>& columns() const override { return column_names; }
    const std::vector<std::string>& originals() const override { return original; }
};

/// Field name → the paths that a workspace has tried first, as FieldPath reads them.
using PlacedPaths = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Reads one file's text. Errors: Config, with the file and a JSON pointer in `where`.
Result<Dialect> read_dialect(const std::string& file, std::string_view text);

/// Whether `dialect` is `name`, or one of the family of that name ("native-dead-letter" of
/// "native").
bool is_of_family(std::string_view dialect, std::string_view name);

/// Whether a built-in dialect reads something from the member of that name at an event's root.
bool is_event_member(std::string_view name);

/// What DialectSet is; the decoder's view of it.
class LoadedDialects : public DialectSet {
  public:
    explicit LoadedDialects(std::vector<Dialect> dialects)
        : m_dialects(std::move(dialects)) {}
    std::vector<std::string> names() const override;
    std::vector<std::string> paths(std::string_view field) const override;
    bool knows(std::string_view name) const override;
    const std::vector<Dialect>& all() const { return m_dialects; }
    /// `dialect` with the paths that a workspace puts before its own; the same for the same ones.
    /// From any thread; it lives as long as this. REQUIRES: `dialect` is one of all().
    const FieldPaths& with(const Dialect& dialect, const PlacedPaths& placed) const;

  private:
    std::vector<Dialect> m_dialects;
    mutable std::mutex m_mutex;
    mutable std::map<std::pair<const Dialect*, PlacedPaths>, std::unique_ptr<const FieldPaths>>
        m_with; // guarded by m_mutex
};

} // namespace weir

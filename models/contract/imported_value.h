// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What all imports of contracts stand on: others' JSON read by name, and what was made of it.
// Thread contract: plain values. Bound: the text's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/contract/contract_import.h"
#include "models/event/json/json_tape.h"

namespace weir {

/// A value of a tape; what is asked of anything but an object is not there.
struct ImportedValue {
    const JsonTape* tape = nullptr;
    std::uint32_t node = 0;

    JsonKind kind() const { return tape->nodes()[node].kind; }
    std::optional<ImportedValue> member(std::string_view name) const {
        const auto found = kind() == JsonKind::Object ? tape->member(node, name) : std::nullopt;
        return found ? std::optional(ImportedValue{tape, *found}) : std::nullopt;
    }
    bool has(std::string_view name) const { return member(name).has_value(); }
    /// The text of a member; "": there is none.
    std::string text(std::string_view name) const;
    std::int64_t whole(std::string_view name, std::int64_t otherwise) const;
    std::vector<ImportedValue> elements() const;
};

/// A schema as it stands below /schema: a line for each member and element; texts and numbers
/// letter by letter.
std::string schema_lines(const ImportedValue& schema);

/// What was made so far.
class ImportedContracts {
  public:
    explicit ImportedContracts(std::string owner);
    /// `schema`: schema_lines().
    ImportedContract& add(const std::string& type, std::int64_t version, const std::string& origin,
                          const std::string& description, const std::string& schema);
    void remark(const std::string& origin, const std::string& what) {
        made.remarks.push_back(origin + ": " + what);
    }
    Imported made;

  private:
    const std::string m_owner;
};

/// One subject's version or a list of them, as a schema registry has them: {"subject", "version",
/// "schemaType", "schema": "…", "references"}. False, as below: it is nothing of the kind.
bool import_subjects(const ImportedValue& root, ImportedContracts& into);
/// A tracking plan of Segment's, in the older form or the newer one.
bool import_tracking_plan(const ImportedValue& root, ImportedContracts& into);

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A contract: what one version of one event type must look like, and all that people have agreed
// about it: who owns it, what it may be used for, which fields are personal, what becomes of an
// event that breaks it, how it has changed. resources/contracts/README.md tells how to write one.
//
// Thread contract: immutable once read, shared. Bound: file_bytes_max a file, fields_max fields.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"
#include "connectors/base/types.h"
#include "models/contract/schema/json_schema.h"
#include "models/contract/violation.h"
#include "models/event/disclosure/field_classes.h"
#include "models/event/filter/filter.h"

namespace weir {

/// Whether a class, as `pii` names it, is one of personal data.
inline bool is_personal(std::string_view pii) {
    return !pii.empty() && pii != "none";
}

/// A field that the schema names.
struct ContractField {
    /// "/properties/items/*/sku": `*` is any element, "/pair/0" one of a tuple, "/utm/{^utm_}" any
    /// member that a pattern names, "/labels/{*}" any that nothing else does, "/~2*" one called so.
    std::string pointer;
    std::string types; // "string", "integer or null"; "" if the schema does not say
    std::string description;
    std::string pii;                  // class of personal data, "email"; "none"; "": not said
    std::string unit;                 // "EUR", "ms"
    std::string default_json;         // what stands for a missing value; "" is none
    bool required = false;            // by the object around it
    std::vector<std::string> demands; // beside the type: "at least 0", "one of \"EUR\", \"USD\""
    std::string schema_json; // of a personal field what its schema says; "": it refers elsewhere
    /// Below it holds what holds below this pointer ("": the event itself) and is not listed again.
    std::optional<std::string> repeats;

    bool personal() const { return is_personal(pii); }
};

/// What stands for a member that an event leaves out.
struct ContractDefault {
    std::vector<std::string> parents; // names from the root on; "*" of an array: each element
    std::string name;
    std::string json;
};

/// A demand across fields: where `when` matches, `must` has to.
struct ContractRule {
    enum class Severity : std::uint8_t { Error, Warning };
    std::string name;
    std::string at; // pointer of the field that is blamed
    Severity severity = Severity::Error;
    std::string remedy;
    std::shared_ptr<const Filter> when; // null: always
    std::shared_ptr<const Filter> must;
    bool of_now = false; // it names a time such as now-3s: that of judging
};

struct ContractChange {
    std::string date; // 2026-01-31
    std::string text;
};

struct Contract {
    static constexpr std::size_t file_bytes_max = 4U << 20;
    static constexpr std::size_t fields_max = 5'000;

    std::string type;
    std::int64_t version = 0;
    std::string owner;
    std::string description;
    std::vector<std::string> approved_uses;
    std::vector<std::string> unique_by; // pointers: two events with the same values are one
    std::string deprecated_since;       // date; "" is not
    std::string removed_on;
    std::optional<Micros> deprecated_from, removed_from; // the same as times
    std::vector<ContractChange> changelog;               // newest first
    std::vector<ContractRule> rules;
    std::string pii;                   // class of the event as a whole; "none"; "": not said
    std::vector<ContractField> fields; // in the schema's order
    /// What of them is personal, at whatever depth. Never null.
    std::shared_ptr<const FieldClasses> classes;
    /// Those of fields that are there in every branch of the schema, in its order.
    std::vector<ContractDefault> defaults;
    std::array<Effect, violation_reason_count> effects{};
    std::shared_ptr<const schema::JsonSchema> schema;
    std::string file;
    std::string version_at; // where it says its version: file, line and pointer

    Effect effect_of(ViolationReason reason) const {
        return effects[static_cast<std::size_t>(reason)];
    }
    /// The field at a pointer as it is listed ("/items/*/sku"), or null.
    const ContractField* field(std::string_view pointer) const;
    /// It describes where native events keep their type: it is one of these, and judges no events
    /// of other dialects.
    bool of_native_events() const { return field("/event_type") != nullptr; }
};

/// Reads one contract that was taken into the library. Errors: Config, Unsupported, NotFound; each
/// names file, line and pointer.
Result<std::shared_ptr<const Contract>> read_contract(std::shared_ptr<schema::Library> library,
                                                      const schema::Document& document);

/// The classes that `pii` may name.
const std::vector<std::string>& pii_classes();

} // namespace weir

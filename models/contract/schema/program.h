// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A schema compiled: flat tables, references resolved to numbers, names in hash tables, patterns
// compiled. Made by compiler.cpp, run by run.h. A rule table is looked at only for values of its
// kind.
//
// Thread contract: immutable once compiled.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/contract/schema/ecma_pattern.h"
#include "models/contract/schema/exact_number.h"
#include "models/contract/schema/formats.h"
#include "models/contract/schema/library.h"

namespace weir::schema {

using SchemaId = std::uint32_t;
inline constexpr SchemaId accept_all = 0;
inline constexpr SchemaId accept_none = 1;
inline constexpr SchemaId no_schema = 0xFFFFFFFF;
inline constexpr std::uint32_t no_rules = 0xFFFFFFFF;
inline constexpr std::uint32_t no_limit = 0xFFFFFFFF;

enum TypeBit : std::uint8_t {
    type_object = 1,
    type_array = 2,
    type_string = 4,
    type_integer = 8,
    type_fraction = 16, // a number that is not whole
    type_boolean = 32,
    type_null = 64,
    type_number = type_integer | type_fraction,
    type_any = 127,
};

/// One keyword's place, for messages.
struct Origin {
    const Document* document = nullptr;
    std::uint32_t node = 0;
};

struct StringRules {
    std::uint32_t length_min = 0;
    std::uint32_t length_max = no_limit;
    std::shared_ptr<const EcmaPattern> pattern;
    const Format* format = nullptr;
    bool base64 = false;
    bool json = false; // contentMediaType application/json
};

struct Limit {
    enum class Kind : std::uint8_t { AtLeast, Above, AtMost, Below };
    Kind kind;
    Bound bound;
};

struct NumberRules {
    std::vector<Limit> limits;
    std::optional<Divisor> multiple_of;
};

struct ArrayRules {
    std::vector<SchemaId> first; // items as a list
    SchemaId rest = accept_all;  // items, or additionalItems
    SchemaId contains = no_schema;
    std::uint32_t size_min = 0;
    std::uint32_t size_max = no_limit;
    bool unique = false;
};

/// The members that an object's schema names.
class PropertyTable {
  public:
    struct Entry {
        std::string name;
        SchemaId schema = no_schema;       // no_schema: only required, not in `properties`
        std::uint32_t required = no_limit; // number among the required ones
    };
    /// The entry of that name, made if need be; only before seal().
    Entry& entry(std::string_view name);
    void seal();
    const std::vector<Entry>& entries() const { return m_entries; }

    /// Position of a name, or entries().size(). `guess` is looked at first.
    std::size_t find(std::string_view name, std::size_t guess) const {
        if (guess < m_entries.size() && m_entries[guess].name == name)
            return guess;
        return m_slots.empty() ? m_entries.size() : find_by_hash(name);
    }

  private:
    std::size_t find_by_hash(std::string_view name) const;
    std::vector<Entry> m_entries;
    std::vector<std::uint32_t> m_slots; // position + 1; 0: free
};

struct ObjectRules {
    struct ByPattern {
        std::shared_ptr<const EcmaPattern> pattern;
        SchemaId schema;
    };
    struct Dependency {
        std::string name;
        std::vector<std::string> names;
        SchemaId schema = no_schema;
    };
    PropertyTable properties;
    std::vector<std::uint32_t> required; // entries of `properties`
    std::vector<ByPattern> patterns;
    std::vector<Dependency> dependencies;
    SchemaId additional = accept_all;
    SchemaId names = no_schema;
    std::uint32_t size_min = 0;
    std::uint32_t size_max = no_limit;
};

/// enum and const.
struct EnumRules {
    std::vector<std::string> strings;
    std::vector<Bound> numbers;
    std::vector<std::uint32_t> containers; // nodes of `origin`'s document
    bool allow_true = false, allow_false = false, allow_null = false;
    Origin origin; // of the keyword's value
    bool is_const = false;
};

/// What holds for values of any kind.
struct AnyRules {
    std::vector<EnumRules> enums;
    std::vector<SchemaId> all_of;
    std::vector<std::vector<SchemaId>> any_of;
    std::vector<std::vector<SchemaId>> one_of;
    SchemaId not_this = no_schema;
    SchemaId condition = no_schema;
    SchemaId then = no_schema;
    SchemaId otherwise = no_schema;
};

struct SchemaNode {
    std::uint8_t types = type_any;
    bool whole_by_spelling = false;
    std::uint32_t object = no_rules;
    std::uint32_t array = no_rules;
    std::uint32_t string = no_rules;
    std::uint32_t number = no_rules;
    std::uint32_t any = no_rules;
    Origin origin;
};

struct Program {
    std::shared_ptr<const Library> library; // keeps the documents alive
    std::vector<SchemaNode> schemas;        // [0] takes all, [1] nothing
    std::vector<ObjectRules> objects;
    std::vector<ArrayRules> arrays;
    std::vector<StringRules> strings;
    std::vector<NumberRules> numbers;
    std::vector<AnyRules> any;
    SchemaId root = accept_all;
};

} // namespace weir::schema

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Program run over a tape. The same code decides (stops at the first failure, makes nothing) and
// explains (goes on, hands each failure to an Explainer).
//
// Thread contract: one use, one thread. Bound: the Budget.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/contract/schema/findings.h"
#include "models/contract/schema/json_values.h"
#include "models/contract/schema/program.h"
#include "models/contract/violation.h"
#include "models/event/json/json_tape.h"

namespace weir::schema {

/// How much may yet be done for this event.
struct Budget {
    std::uint64_t steps = 0;
    std::uint32_t nesting = 0; // schemas that may yet be opened within each other
    bool spent = false;
};

/// What a run works on.
struct Ground {
    const Program& program;
    const JsonTape& tape;
    const OverriddenKeys* overridden; // null: none
    Budget& budget;
    std::string& scratch;
};

/// Puts failures of the value at `root` into words, `told_max` of each reason; what is beyond is
/// counted. See explain.cpp.
class Explainer {
  public:
    Explainer(const Ground& ground, Findings& out, std::uint32_t root, std::size_t told_max)
        : m_ground(ground)
        , m_out(out)
        , m_root(root)
        , m_told_max(told_max) {}

    void wrong_type(const SchemaNode& schema, std::uint32_t node);
    void limit(const SchemaNode& schema, std::uint32_t node, const Limit& limit);
    void multiple(const SchemaNode& schema, std::uint32_t node, const Divisor& divisor);
    void length(const SchemaNode& schema, std::uint32_t node, const StringRules& rules,
                bool too_short);
    void pattern(const SchemaNode& schema, std::uint32_t node, const StringRules& rules);
    void format(const SchemaNode& schema, std::uint32_t node, const StringRules& rules);
    void content(const SchemaNode& schema, std::uint32_t node, const StringRules& rules);
    void size(const SchemaNode& schema, std::uint32_t node, std::uint32_t count,
              std::uint32_t least, std::uint32_t most);
    void missing(const SchemaNode& schema, std::uint32_t object, const std::string& name);
    void unexpected(const SchemaNode& schema, std::uint32_t node, const ObjectRules* rules);
    void dependency(const SchemaNode& schema, std::uint32_t object, const std::string& name,
                    const std::string& because);
    void duplicate_item(const SchemaNode& schema, std::uint32_t node);
    void nothing_contained(const SchemaNode& schema, std::uint32_t node);
    void not_in_enum(const EnumRules& rules, std::uint32_t node);
    void forbidden(const SchemaNode& schema, std::uint32_t node);
    void negated(const SchemaNode& schema, std::uint32_t node);
    void ambiguous(const SchemaNode& schema, std::uint32_t node, std::size_t fitting);
    void no_alternative(const SchemaNode& schema, std::uint32_t node,
                        const std::vector<SchemaId>& alternatives);
    void name(const SchemaNode& schema, std::uint32_t key, SchemaId names);

  private:
    /// Null: enough of that reason has been told; it is counted.
    Violation* add(const Origin& origin, const char* keyword, ViolationReason reason,
                   std::uint32_t node);
    /// How much of what fails within a value is worth words, each time less.
    std::size_t words_within(std::size_t most);
    void take(Findings&& of_one, std::uint32_t node);
    bool as_types(std::uint32_t node, const std::vector<Findings>& failures,
                  const std::vector<SchemaId>& alternatives, const SchemaNode& schema);
    const Ground& m_ground;
    Findings& m_out;
    const std::uint32_t m_root;
    const std::size_t m_told_max;
    std::size_t m_looked_within = 0;
};

template <bool explain>
class Run {
  public:
    Run(const Ground& ground, Explainer* explainer)
        : m_ground(ground)
        , m_program(ground.program)
        , m_tape(ground.tape)
        , m_nodes(ground.tape.nodes().data())
        , m_explainer(explainer) {}

    /// Whether the value fits the schema.
    bool check(SchemaId id, std::uint32_t node);

  private:
    bool string(const SchemaNode& schema, const StringRules& rules, std::uint32_t node);
    bool number(const SchemaNode& schema, const NumberRules& rules, std::uint32_t node);
    bool array(const SchemaNode& schema, const ArrayRules& rules, std::uint32_t node);
    bool unique(const SchemaNode& schema, std::uint32_t node);
    bool contains(const SchemaNode& schema, SchemaId id, std::uint32_t node);
    bool object(const SchemaNode& schema, const ObjectRules& rules, std::uint32_t node);
    bool member(const SchemaNode& schema, const ObjectRules& rules, std::uint32_t key,
                std::size_t& guess, std::uint64_t& seen);
    bool missing(const SchemaNode& schema, const ObjectRules& rules, std::uint32_t node,
                 std::uint64_t seen);
    bool dependencies(const SchemaNode& schema, const ObjectRules& rules, std::uint32_t node);
    bool any(const SchemaNode& schema, const AnyRules& rules, std::uint32_t node);
    bool in_enum(const EnumRules& rules, std::uint32_t node) const;
    bool any_of(const SchemaNode& schema, const std::vector<SchemaId>& ids, std::uint32_t node);
    bool one_of(const SchemaNode& schema, const std::vector<SchemaId>& ids, std::uint32_t node);
    bool fits(SchemaId id, std::uint32_t node) {
        return Run<false>(m_ground, nullptr).check(id, node);
    }
    bool counts(std::uint32_t key) const {
        return m_ground.overridden == nullptr || !m_ground.overridden->contains(key);
    }
    /// Whether to stop: a decision does at the first failure.
    static constexpr bool stop() { return !explain; }

    const Ground& m_ground;
    const Program& m_program;
    const JsonTape& m_tape;
    const TapeNode* m_nodes;
    Explainer* m_explainer;
};

extern template class Run<false>;
extern template class Run<true>;

} // namespace weir::schema

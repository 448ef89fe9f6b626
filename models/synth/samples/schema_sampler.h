// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes up values that meet a schema: by its types, enums, bounds, patterns, formats and members,
// each candidate held against the compiled schema itself, so that what comes out is valid or does
// not come out at all.
//
// Thread contract: one owner. Bound: depth_max levels, alternatives_max alternatives of an anyOf or
// oneOf; what needs more cannot be made.
#pragma once

#include <optional>
#include <vector>

#include "models/contract/schema/json_schema.h"
#include "models/contract/schema/program.h"
#include "models/synth/samples/sample_value.h"

namespace weir::synth {

class SchemaSampler {
  public:
    static constexpr int depth_max = 24;
    static constexpr std::size_t alternatives_max = 8;

    /// `program` must outlive it.
    explicit SchemaSampler(const schema::Program& program)
        : m_program(program) {}

    enum class Members { Required, All };
    /// A value for the whole schema. Nullopt: none was found.
    std::optional<SampleValue> sample(Members members);
    /// Values for a place at which all of these hold, likely ones first; not checked.
    std::vector<SampleValue> scalars(const std::vector<schema::SchemaId>& demands) const;
    bool fits(const SampleValue& value, const std::vector<schema::SchemaId>& demands);

  private:
    using Ids = std::vector<schema::SchemaId>;
    struct Around {
        Members members;
        int depth;
        std::size_t salt; // tells the elements of an array apart
    };
    std::optional<SampleValue> build(const Ids& ids, const Around& around);
    std::optional<SampleValue> object(const Ids& demands, const Around& around);
    std::optional<SampleValue> array(const Ids& demands, const Around& around);
    Ids member_demands(const Ids& demands, const std::string& name) const;
    Ids item_demands(const Ids& demands, std::size_t index) const;
    void expand(schema::SchemaId id, std::size_t choice, Ids& out) const;
    std::uint8_t types_of(const Ids& demands) const;
    void add_enums(const Ids& demands, std::vector<SampleValue>& out) const;
    void add_strings(const Ids& demands, std::vector<SampleValue>& out) const;
    void add_numbers(const Ids& demands, std::vector<SampleValue>& out) const;

    const schema::Program& m_program;
    schema::SchemaValidator m_validator;
    JsonTape m_tape;
    std::string m_text;
};

/// `digits` ± one unit in its last decimal place, or of `step`; exact for up to 18 digits.
std::string moved_by(const std::string& digits, const std::string& step, int times);
/// A text of that format ("date-time"); "" for one that is not known.
std::string_view format_sample(std::string_view format);

} // namespace weir::synth

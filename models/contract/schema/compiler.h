// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From documents to a Program. Sub-schemas are compiled once each, however many references lead to
// them; what takes everything (true, {}, annotations only) costs nothing at run time.
//
// Thread contract: one use, one thread. Bound: JsonSchema::schemas_max. Errors are kept: the first
// one counts.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "models/contract/schema/json_schema.h"
#include "models/contract/schema/program.h"

namespace weir::schema {

class Compiler {
  public:
    Compiler(std::shared_ptr<Library> library, CompileOptions options);
    Result<std::unique_ptr<Program>> run(const Document& document);

  private:
    struct Work {
        SchemaId id;
        Place place;
    };
    /// One schema object while its keywords are read.
    struct Reading {
        const Document* document;
        const JsonTape* tape;
        std::uint32_t node;
        const std::string* base;
        int draft;
        std::optional<std::uint32_t> keyword(std::string_view name) const {
            return tape->member(node, name);
        }
    };

    SchemaId schema_at(Place place);
    SchemaId schema_at(const Reading& in, std::uint32_t node);
    std::vector<SchemaId> schemas_at(const Reading& in, std::uint32_t array);
    void read_schema(const Work& work);
    void read_types(const Reading& in, SchemaNode& out);
    void read_string(const Reading& in, SchemaNode& out);
    void read_number(const Reading& in, SchemaNode& out);
    void read_limits(const Reading& in, NumberRules& rules);
    void read_array(const Reading& in, SchemaNode& out);
    void read_object(const Reading& in, SchemaNode& out);
    void read_properties(const Reading& in, ObjectRules& rules);
    void read_dependencies(const Reading& in, std::uint32_t node, ObjectRules& rules);
    void read_any(const Reading& in, SchemaNode& out);
    void read_enum(const Reading& in, std::uint32_t node, bool is_const, AnyRules& rules);
    bool read_count(const Reading& in, std::string_view name, std::uint32_t& value);
    std::shared_ptr<const EcmaPattern> pattern_at(const Reading& in, std::uint32_t node);
    bool takes_everything(const Place& place) const;
    void check_for_circles();
    void append_in_place(SchemaId id, std::vector<SchemaId>& out) const;
    void fail(const Reading& in, std::uint32_t node, ErrorCode code, std::string what,
              std::string advice = {});
    void fail(Error error, const Document& document, std::uint32_t node);

    const std::shared_ptr<Library> m_library;
    const CompileOptions m_options;
    std::unique_ptr<Program> m_program;
    std::map<std::pair<const Document*, std::uint32_t>, SchemaId> m_known;
    std::map<std::string, std::shared_ptr<const EcmaPattern>, std::less<>> m_patterns;
    std::vector<Work> m_work;
    std::optional<Error> m_error;
};

} // namespace weir::schema

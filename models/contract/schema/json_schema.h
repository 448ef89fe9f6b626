// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON Schema, draft-04, -06 and -07, compiled once and run over the tape of a payload: no DOM, and
// no allocation for an event that is fine. Numbers are judged by their digits, patterns by RE2.
//
// Thread contract: a JsonSchema is immutable and shared; a SchemaValidator belongs to one thread.
// Bound: schemas_max sub-schemas, steps_per_node of work for each value of an event, nesting_max
// schemas within each other; what asks for more gets TooComplex.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "connectors/base/result.h"
#include "models/contract/schema/findings.h"
#include "models/contract/schema/json_values.h"
#include "models/contract/schema/library.h"
#include "models/contract/violation.h"
#include "models/event/json/json_tape.h"

namespace weir::schema {

struct Program;

struct CompileOptions {
    bool formats = true;  // `format` judges; false: it is an annotation
    bool content = false; // contentEncoding and contentMediaType judge
    bool check_against_metaschema = true;
};

/// A schema's file in a library of its own.
struct OpenedSchema {
    std::shared_ptr<Library> library;
    const Document* document = nullptr;
};
/// References lead into `folder`, if there is one, and the file's own; without one, a contract's
/// lead into the folder of contracts that it lies in (DIR/TYPE/VERSION.json). Errors: NotFound,
/// Library::add()'s.
Result<OpenedSchema> open_schema(const std::string& file, const std::string& folder);

class JsonSchema {
  public:
    static constexpr std::size_t schemas_max = 200'000;

    /// Compiles the document's schema with all that it refers to. Errors: Config (not a schema;
    /// references in a circle), NotFound (a reference), Unsupported (a pattern, a dialect),
    /// TooLarge. All name file, line and pointer.
    static Result<std::shared_ptr<const JsonSchema>> compile(std::shared_ptr<Library> library,
                                                             const Document& document,
                                                             CompileOptions options = {});
    /// From one file. Errors: as open_schema() and compile().
    static Result<std::shared_ptr<const JsonSchema>>
    load(const std::string& file, const std::string& folder = {}, CompileOptions options = {});
    /// From a text that refers to no files.
    static Result<std::shared_ptr<const JsonSchema>> parse(const std::string& text,
                                                           CompileOptions options = {});

    ~JsonSchema();
    const Program& program() const { return *m_program; }
    const Document& document() const { return *m_document; }

  private:
    JsonSchema(std::unique_ptr<const Program> program, const Document& document);
    std::unique_ptr<const Program> m_program;
    const Document* m_document;
};

class SchemaValidator {
  public:
    static constexpr std::size_t violations_max = 100; // told of each reason
    static constexpr std::uint64_t steps_per_node = 400;
    static constexpr std::uint32_t nesting_max = 1'500;

    /// Whether the tape's value fits. Keys that are there twice do not make it fail.
    /// REQUIRES: the tape's last parse() returned true; so for all below.
    bool accepts(const JsonSchema& schema, const JsonTape& tape);
    /// The same for one sub-schema of a program.
    bool accepts(const Program& program, std::uint32_t schema, const JsonTape& tape);
    /// What is wrong, violations_max of each reason told: the last one of those that have more
    /// says so. Nothing if it fits.
    void explain(const JsonSchema& schema, const JsonTape& tape, Findings& out);
    /// Appends what is told of it.
    void explain(const JsonSchema& schema, const JsonTape& tape, std::vector<Violation>& out);

    /// Of the last call: keys that a later one of the same object repeats.
    const OverriddenKeys& overridden() const { return m_overridden; }

  private:
    OverriddenKeys m_overridden;
    std::string m_scratch;
};

} // namespace weir::schema

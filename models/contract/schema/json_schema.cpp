// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/json_schema.h"

#include <filesystem>
#include <iterator>

#include "connectors/base/embedded.h"
#include "models/contract/schema/compiler.h"
#include "models/contract/schema/run.h"

namespace weir::schema {

namespace {

Budget budget_for(const JsonTape& tape) {
    return {10'000 + tape.nodes().size() * SchemaValidator::steps_per_node,
            SchemaValidator::nesting_max};
}

std::string metaschema_path(Draft draft) {
    return "resources/contracts/metaschemas/draft-0" + std::to_string(static_cast<int>(draft)) +
           ".json";
}

/// The metaschema of a draft, compiled once.
const JsonSchema* metaschema(Draft draft) {
    static const auto make = [](Draft which) -> std::shared_ptr<const JsonSchema> {
        CompileOptions options;
        options.check_against_metaschema = false;
        const auto library = std::make_shared<Library>();
        const std::string path = metaschema_path(which);
        const auto added = library->add(path, "weir:" + path, std::string(embedded_file(path)));
        if (!added)
            return nullptr;
        auto made = JsonSchema::compile(library, **added, options);
        return made ? *made : nullptr;
    };
    static const std::shared_ptr<const JsonSchema> all[] = {
        make(Draft::Draft4), make(Draft::Draft6), make(Draft::Draft7)};
    return (draft == Draft::Draft4 ? all[0] : draft == Draft::Draft6 ? all[1] : all[2]).get();
}

/// The schema part of a document as a text of its own, judged by the metaschema.
std::optional<Error> metaschema_error(const Document& document) {
    const JsonSchema* const meta = metaschema(document.draft);
    if (meta == nullptr)
        return std::nullopt;
    const std::string text(document.tape.raw_quoted(document.root));
    JsonTape tape;
    if (!tape.parse(text))
        return std::nullopt;
    SchemaValidator validator;
    std::vector<Violation> violations;
    validator.explain(*meta, tape, violations);
    if (violations.empty())
        return std::nullopt;
    const Violation& first = violations.front();
    const std::uint32_t node = tape.at(first.pointer).value_or(0);
    const std::size_t offset =
        tape.nodes()[node].offset + std::size_t{document.tape.nodes()[document.root].offset};
    Error error;
    error.code = ErrorCode::Config;
    error.what = "not a schema: expected " + first.expected +
                 (first.found.empty() ? "" : ", found " + first.found);
    error.where = document.name + ":" + std::to_string(line_of(document.text, offset)) + ": #" +
                  document.tape.pointer(document.root) + first.pointer;
    error.advice = as_sentence(first.remedy);
    return error;
}

/// Of each reason of which not all is told the last one says so.
void say_what_is_left_out(Findings& found) {
    std::array<std::uint32_t, violation_reason_count> left = found.counts;
    for (const Violation& violation : found.told)
        --left[static_cast<std::size_t>(violation.reason)];
    for (auto violation = found.told.rbegin(); violation != found.told.rend(); ++violation) {
        std::uint32_t& more = left[static_cast<std::size_t>(violation->reason)];
        if (more > 0)
            note_more(*violation, more);
        more = 0;
    }
}

} // namespace

JsonSchema::JsonSchema(std::unique_ptr<const Program> program, const Document& document)
    : m_program(std::move(program))
    , m_document(&document) {}

JsonSchema::~JsonSchema() = default;

Result<std::shared_ptr<const JsonSchema>> JsonSchema::compile(std::shared_ptr<Library> library,
                                                              const Document& document,
                                                              CompileOptions options) {
    if (options.check_against_metaschema)
        if (auto error = metaschema_error(document))
            return std::move(*error);
    auto program = Compiler(std::move(library), options).run(document);
    if (!program)
        return program.error();
    return std::shared_ptr<const JsonSchema>(new JsonSchema(std::move(*program), document));
}

Result<OpenedSchema> open_schema(const std::string& file, const std::string& folder) {
    const auto library = std::make_shared<Library>();
    if (!folder.empty()) {
        std::error_code failed;
        if (!std::filesystem::is_directory(folder, failed)) {
            Error error;
            error.code = ErrorCode::NotFound;
            error.what = "there is no such folder of schemas";
            error.where = folder;
            return error;
        }
        library->add_folder(folder);
    }
    const std::string own = std::filesystem::path(file).parent_path().string();
    library->add_folder(own.empty() ? "." : own, false);
    const auto added = library->add_file(file);
    if (!added)
        return added.error();
    if (folder.empty() && (*added)->root != 0) // a contract: DIR/TYPE/VERSION.json
        library->add_folder((own.empty() ? "." : own) + "/..");
    return OpenedSchema{library, *added};
}

Result<std::shared_ptr<const JsonSchema>>
JsonSchema::load(const std::string& file, const std::string& folder, CompileOptions options) {
    const auto opened = open_schema(file, folder);
    if (!opened)
        return opened.error();
    return compile(opened->library, *opened->document, options);
}

Result<std::shared_ptr<const JsonSchema>> JsonSchema::parse(const std::string& text,
                                                            CompileOptions options) {
    const auto library = std::make_shared<Library>();
    const auto added = library->add("schema", "weir:schema", text);
    if (!added)
        return added.error();
    return compile(library, **added, options);
}

bool SchemaValidator::accepts(const Program& program, std::uint32_t schema, const JsonTape& tape) {
    m_overridden.find(tape);
    Budget budget = budget_for(tape);
    const Ground ground{program, tape, m_overridden.empty() ? nullptr : &m_overridden, budget,
                        m_scratch};
    return Run<false>(ground, nullptr).check(schema, 0) && !budget.spent;
}

bool SchemaValidator::accepts(const JsonSchema& schema, const JsonTape& tape) {
    return accepts(schema.program(), schema.program().root, tape);
}

void SchemaValidator::explain(const JsonSchema& schema, const JsonTape& tape, Findings& out) {
    out.clear();
    if (accepts(schema, tape))
        return;
    Budget budget = budget_for(tape);
    const Ground ground{schema.program(), tape, m_overridden.empty() ? nullptr : &m_overridden,
                        budget, m_scratch};
    Explainer explainer(ground, out, 0, violations_max);
    Run<true>(ground, &explainer).check(schema.program().root, 0);
    say_what_is_left_out(out);
    if (!budget.spent)
        return;
    Violation violation;
    violation.reason = ViolationReason::TooComplex;
    violation.expected = "an event that the schema can judge in bounded work";
    violation.rule = schema.document().name;
    ++out.count(violation.reason);
    out.told.push_back(std::move(violation));
}

void SchemaValidator::explain(const JsonSchema& schema, const JsonTape& tape,
                              std::vector<Violation>& out) {
    Findings found;
    explain(schema, tape, found);
    std::move(found.told.begin(), found.told.end(), std::back_inserter(out));
}

} // namespace weir::schema

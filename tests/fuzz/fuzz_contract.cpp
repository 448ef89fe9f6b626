// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a schema and an event: the first line is the schema, the rest the event. Compiling
// and judging end in bounded work; deciding and explaining agree; what is told points into the
// event and is text.
#include <cstdlib>

#include "models/contract/contract_checker.h"
#include "models/contract/schema/json_schema.h"
#include "models/event/json/utf8.h"

using namespace weir;
using namespace weir::schema;

namespace {

void check(bool fine) {
    if (!fine)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy of exact size, so that a read past the end is seen.
    const std::vector<char> bytes(data, data + size);
    const std::string_view text(bytes.data(), bytes.size());
    const std::size_t line = std::min(text.find('\n'), text.size());
    const std::string_view event = text.substr(std::min(line + 1, text.size()));
    CompileOptions options;
    options.check_against_metaschema = size % 2 == 0;
    options.content = size % 3 == 0;
    const auto schema = JsonSchema::parse(std::string(text.substr(0, line)), options);
    if (!schema) {
        check(!schema.error().what.empty() && !schema.error().where.empty());
        return 0;
    }
    JsonTape tape;
    if (!tape.parse(event))
        return 0;
    SchemaValidator validator;
    std::vector<Violation> violations;
    const bool accepted = validator.accepts(**schema, tape);
    validator.explain(**schema, tape, violations);
    check(accepted == violations.empty());
    check(violations.size() <= SchemaValidator::violations_max * violation_reason_count + 1);
    std::vector<std::string> pointers;
    for (const Violation& violation : violations) {
        std::string json;
        append_violation_json(violation, json);
        JsonTape told;
        check(told.parse(json));
        pointers.push_back(violation.pointer);
    }
    const std::string left = without_members(tape, pointers);
    JsonTape again;
    check(again.parse(left));
    return 0;
}

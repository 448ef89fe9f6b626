// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/remedy/remedies.h"

#include <nlohmann/json.hpp>

#include "connectors/base/embedded.h"
#include "models/contract/schema/file_text.h"
#include "models/event/json/json_tape.h"
#include "models/workspace/own_json.h"
#include "models/workspace/schema_check.h"

namespace weir::sandbox {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* reading_remedies = "reading the remedies";

const Json& remedies_schema() {
    static const Json parsed = Json::parse(embedded_file("resources/remedies.schema.json"));
    return parsed;
}

RemedyAction action_of(const std::string& word) {
    if (word == "remove")
        return RemedyAction::Remove;
    if (word == "cast")
        return RemedyAction::Cast;
    return word == "default" ? RemedyAction::Default : RemedyAction::Replace;
}

RemedyType type_of(const std::string& word) {
    if (word == "number")
        return RemedyType::Number;
    if (word == "integer")
        return RemedyType::Integer;
    return word == "boolean" ? RemedyType::Boolean : RemedyType::String;
}

/// Which members an action takes beside those that all take.
Result<void> check_members(const Json& rule, RemedyAction action, const std::string& pointer) {
    const bool valued = action == RemedyAction::Replace || action == RemedyAction::Default;
    const struct {
        const char* member;
        bool needed, allowed;
    } members[] = {{"value", valued, valued},
                   {"from", false, action == RemedyAction::Replace},
                   {"to", action == RemedyAction::Cast, action == RemedyAction::Cast}};
    const std::string what = "\"" + rule["do"].get<std::string>() + "\"";
    for (const auto& [member, needed, allowed] : members) {
        if (needed && !rule.contains(member))
            return Error{ErrorCode::Config, what + " needs \"" + member + "\"", pointer,
                         reading_remedies, std::string("Add \"") + member + "\"."};
        if (!allowed && rule.contains(member))
            return Error{ErrorCode::Config, what + " takes no \"" + member + "\"", pointer,
                         reading_remedies, std::string("Leave \"") + member + "\" out."};
    }
    return {};
}

/// A value as it is written in the file, digit by digit.
std::string written(const JsonTape& tape, const std::string& pointer) {
    const auto node = tape.at(pointer);
    return node ? std::string(tape.raw_quoted(*node)) : std::string();
}

} // namespace

Result<Remedies> Remedies::parse(const std::string& text, const std::string& file) {
    const auto document = parse_own_json(text, file, reading_remedies);
    if (!document)
        return document.error();
    const auto in_file = [&file](Error error) {
        error.where = file + "#" + error.where;
        error.tried = reading_remedies;
        return error;
    };
    if (auto error = check_against_schema(remedies_schema(), *document))
        return in_file(*error);
    JsonTape tape;
    (void)tape.parse(text); // it was parsed before
    Remedies remedies;
    remedies.rounds_max = document->value("rounds_max", remedies.rounds_max);
    const Json& rules = (*document)["rules"];
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const Json& told = rules[i];
        const std::string pointer = "/rules/" + std::to_string(i);
        RemedyRule rule;
        rule.name = told["name"];
        rule.reason = told.value("reason", "");
        rule.type = told.value("type", "");
        rule.at = told["at"];
        rule.action = action_of(told["do"]);
        if (auto fits = check_members(told, rule.action, pointer); !fits)
            return in_file(fits.error());
        rule.value = written(tape, pointer + "/value");
        if (told.contains("from"))
            rule.from = written(tape, pointer + "/from");
        rule.to = type_of(told.value("to", ""));
        remedies.rules.push_back(std::move(rule));
    }
    return remedies;
}

Result<Remedies> Remedies::load(const std::string& file) {
    const auto text = schema::read_file_text(file, file_bytes_max);
    if (text)
        return parse(*text, file);
    Error error = text.error();
    error.tried = reading_remedies;
    return error;
}

} // namespace weir::sandbox

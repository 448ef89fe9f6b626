// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract.h"

#include <algorithm>

#include "connectors/base/embedded.h"
#include "models/contract/contract_classes.h"
#include "models/contract/contract_fields.h"
#include "models/event/decimal.h"
#include "models/event/filter/time_text.h"

namespace weir {

namespace {

using schema::Document;

/// The shape of contract files, compiled once; null only if the program's own file is broken.
const schema::JsonSchema* shape() {
    static const auto made = [] {
        const std::string path = "resources/contracts/metaschemas/weir-contract.json";
        return schema::JsonSchema::parse(std::string(embedded_file(path)));
    }();
    return made ? made->get() : nullptr;
}

Error error_at(const Document& document, std::uint32_t node, std::string what) {
    Error error;
    error.code = ErrorCode::Config;
    error.what = std::move(what);
    error.where = place_text(document, node);
    return error;
}

std::optional<Error> shape_error(const Document& document) {
    if (shape() == nullptr)
        return std::nullopt;
    schema::SchemaValidator validator;
    std::vector<Violation> violations;
    validator.explain(*shape(), document.tape, violations);
    if (violations.empty())
        return std::nullopt;
    const Violation& first = violations.front();
    const auto node = document.tape.at(first.pointer);
    Error error = error_at(document, node.value_or(0),
                           "expected " + first.expected +
                               (first.found.empty() ? "" : ", found " + first.found));
    error.advice = as_sentence(first.remedy);
    return error;
}

/// Whether it names a time relative to now.
bool is_of_now(const Filter& filter) {
    const std::string_view text = filter.text();
    const std::vector<FilterToken> tokens = filter_tokens(text);
    return std::any_of(tokens.begin(), tokens.end(), [&](const FilterToken& token) {
        return token.kind == FilterToken::Kind::Time && text.substr(token.begin, 3) == "now";
    });
}

/// A contract's file read by name; what it does not have is empty.
class Reader {
  public:
    explicit Reader(const Document& document)
        : m_document(document)
        , m_tape(document.tape) {}

    std::string text(std::uint32_t object, const char* name) const {
        const auto found = m_tape.member(object, name);
        return found ? m_tape.unescaped(*found) : std::string();
    }
    std::vector<std::string> texts(const char* name) const {
        std::vector<std::string> all;
        for (const std::uint32_t node : elements(name))
            all.push_back(m_tape.unescaped(node));
        return all;
    }
    std::vector<std::uint32_t> elements(const char* name) const {
        std::vector<std::uint32_t> all;
        const auto list = m_tape.member(0, name);
        if (list)
            for (std::uint32_t i = *list + 1; i < m_tape.nodes()[*list].next;
                 i = m_tape.nodes()[i].next)
                all.push_back(i);
        return all;
    }
    std::optional<Micros> date(const char* name) const {
        const std::string day = text(0, name);
        return day.empty() ? std::nullopt : parse_instant(day + "T00:00:00Z");
    }
    Result<std::shared_ptr<const Filter>> filter(std::uint32_t rule, const char* name) const;
    Result<ContractRule> rule(std::uint32_t node) const;
    Result<void> effects(std::array<Effect, violation_reason_count>& out) const;

  private:
    const Document& m_document;
    const JsonTape& m_tape;
};

Result<std::shared_ptr<const Filter>> Reader::filter(std::uint32_t rule, const char* name) const {
    const auto node = m_tape.member(rule, name);
    if (!node)
        return std::shared_ptr<const Filter>();
    auto parsed = Filter::parse(m_tape.unescaped(*node), Micros::now());
    if (parsed && (*parsed)->asks_for_violations())
        return error_at(m_document, *node,
                        "a rule cannot ask for violations: it is what finds them");
    if (parsed)
        return parsed;
    Error error = error_at(m_document, *node, parsed.error().what);
    error.advice = parsed.error().advice;
    error.column = parsed.error().column;
    if (error.column >= 0)
        error.what += " (column " + std::to_string(error.column + 1) + " of the expression)";
    return error;
}

Result<ContractRule> Reader::rule(std::uint32_t node) const {
    ContractRule rule;
    rule.name = text(node, "name");
    rule.at = text(node, "at");
    rule.remedy = text(node, "remedy");
    if (text(node, "severity") == "warning")
        rule.severity = ContractRule::Severity::Warning;
    auto when = filter(node, "when");
    if (!when)
        return when.error();
    auto must = filter(node, "must");
    if (!must)
        return must.error();
    rule.when = std::move(*when);
    rule.must = std::move(*must);
    rule.of_now = (rule.when && is_of_now(*rule.when)) || is_of_now(*rule.must);
    return rule;
}

Result<void> Reader::effects(std::array<Effect, violation_reason_count>& out) const {
    out.fill(Effect::Block);
    for (const ViolationReason lenient :
         {ViolationReason::DeprecatedVersion, ViolationReason::DuplicateKey})
        out[static_cast<std::size_t>(lenient)] = Effect::Flag;
    const auto map = m_tape.member(0, "effects");
    if (!map)
        return {};
    for (std::uint32_t key = *map + 1; key < m_tape.nodes()[*map].next;
         key = m_tape.nodes()[key + 1].next) {
        const std::string name = m_tape.unescaped(key);
        ViolationReason reason{};
        Effect effect{};
        const bool known = from_word(name, reason);
        if (!known || !from_word(m_tape.unescaped(key + 1), effect))
            return error_at(m_document, key, "\"" + name + "\" is no reason of violations");
        const bool can_strip = reason == ViolationReason::UnexpectedProperty;
        if (effect == Effect::Strip && !can_strip)
            return error_at(m_document, key, "only unexpected_property can be stripped");
        out[static_cast<std::size_t>(reason)] = effect;
    }
    return {};
}

} // namespace

const ContractField* Contract::field(std::string_view pointer) const {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const ContractField& f) { return f.pointer == pointer; });
    return found == fields.end() ? nullptr : &*found;
}

const std::vector<std::string>& pii_classes() {
    static const std::vector<std::string> all{
        "none",     "email",       "phone", "card",  "ip",       "token",     "name",     "address",
        "identity", "national_id", "iban",  "birth", "location", "free_text", "sensitive"};
    return all;
}

Result<std::shared_ptr<const Contract>> read_contract(std::shared_ptr<schema::Library> library,
                                                      const schema::Document& document) {
    if (auto error = shape_error(document))
        return std::move(*error);
    const Reader reader(document);
    auto contract = std::make_shared<Contract>();
    contract->file = document.name;
    contract->type = reader.text(0, "type");
    const std::uint32_t version = *document.tape.member(0, "version");
    contract->version_at = place_text(document, version);
    Decimal(document.tape.raw(version)).to_int64(contract->version);
    contract->owner = reader.text(0, "owner");
    contract->description = reader.text(0, "description");
    contract->approved_uses = reader.texts("approved_uses");
    contract->unique_by = reader.texts("unique_by");
    contract->deprecated_since = reader.text(0, "deprecated_since");
    contract->removed_on = reader.text(0, "removed_on");
    contract->deprecated_from = reader.date("deprecated_since");
    contract->removed_from = reader.date("removed_on");
    if (contract->deprecated_from && contract->removed_from &&
        contract->removed_from->value() < contract->deprecated_from->value())
        return error_at(document, *document.tape.member(0, "removed_on"),
                        "the version is removed before it is deprecated");
    for (const std::uint32_t node : reader.elements("changelog"))
        contract->changelog.push_back({reader.text(node, "date"), reader.text(node, "change")});
    std::stable_sort(
        contract->changelog.begin(), contract->changelog.end(),
        [](const ContractChange& a, const ContractChange& b) { return a.date > b.date; });
    for (const std::uint32_t node : reader.elements("rules")) {
        auto rule = reader.rule(node);
        if (!rule)
            return rule.error();
        contract->rules.push_back(std::move(*rule));
    }
    const auto effects = reader.effects(contract->effects);
    if (!effects)
        return effects.error();
    auto compiled = schema::JsonSchema::compile(library, document);
    if (!compiled)
        return compiled.error();
    contract->schema = std::move(*compiled);
    if (auto fields = add_contract_fields(*library, document, *contract); !fields)
        return fields.error();
    contract->classes = std::make_shared<const FieldClasses>(classes_of(*contract));
    return std::shared_ptr<const Contract>(std::move(contract));
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_classes.h"

#include <algorithm>
#include <mutex>

#include "models/contract/schema/ecma_pattern.h"
#include "models/contract/schema/pattern_literals.h"
#include "models/event/decimal.h"

namespace weir {

namespace {

/// The word that stands for all of `pii_classes()` outlives every tree.
std::string_view lasting(const std::string& pii) {
    for (const std::string& known : pii_classes())
        if (known == pii)
            return known;
    return "personal";
}

/// What a field's schema allows, so that its tokens meet the contract.
class SchemaForm : public ValueForm {
  public:
    explicit SchemaForm(const std::string& schema_json)
        : m_schema_json(schema_json) {
        JsonTape tape;
        if (!tape.parse(schema_json) || tape.nodes()[0].kind != JsonKind::Object)
            return;
        const auto list = tape.member(0, "enum");
        for (std::uint32_t i = list ? *list + 1 : 0; list && i < tape.nodes()[*list].next;
             i = tape.nodes()[i].next)
            m_choices.emplace_back(tape.raw_quoted(i));
        if (const auto only = tape.member(0, "const"))
            m_choices.assign(1, std::string(tape.raw_quoted(*only)));
        m_hints = hints_of(tape);
    }
    bool allows(std::string_view json) const override {
        std::call_once(m_compiling, [this] { // most forms are never asked
            if (auto compiled = schema::JsonSchema::parse(m_schema_json))
                m_schema = *std::move(compiled);
        });
        JsonTape tape;
        return m_schema == nullptr ||
               (tape.parse(json) && schema::SchemaValidator().accepts(*m_schema, tape));
    }
    const std::vector<std::string>& choices() const override { return m_choices; }
    FormHints hints() const override { return m_hints; }

  private:
    static FormHints hints_of(const JsonTape& tape) {
        FormHints hints;
        const auto whole = [&](const char* keyword) -> std::optional<std::int64_t> {
            const auto at = tape.member(0, keyword);
            std::int64_t number = 0;
            const bool known = at && tape.nodes()[*at].kind == JsonKind::Number &&
                               Decimal(tape.raw(*at)).to_int64(number);
            return known ? std::optional(number) : std::nullopt;
        };
        hints.least = whole("minimum");
        hints.most = whole("maximum");
        hints.step = std::max<std::int64_t>(0, whole("multipleOf").value_or(0));
        hints.characters_max =
            static_cast<std::size_t>(std::max<std::int64_t>(0, whole("maxLength").value_or(0)));
        if (const auto pattern = tape.member(0, "pattern");
            pattern && tape.nodes()[*pattern].kind == JsonKind::String) {
            hints.prefix = schema::literal_beginning(tape.unescaped(*pattern));
            hints.suffix = schema::literal_end(tape.unescaped(*pattern));
        }
        return hints;
    }

    FormHints m_hints;
    const std::string m_schema_json;
    mutable std::once_flag m_compiling;
    mutable std::shared_ptr<const schema::JsonSchema> m_schema; // null: not known
    std::vector<std::string> m_choices;
};

/// What `patternProperties` names.
class SchemaNames : public NamePattern {
  public:
    explicit SchemaNames(std::shared_ptr<const schema::EcmaPattern> pattern)
        : m_pattern(std::move(pattern)) {}
    bool matches(std::string_view name) const override { return m_pattern->found_in(name); }

  private:
    const std::shared_ptr<const schema::EcmaPattern> m_pattern;
};

std::shared_ptr<const NamePattern> patterns_of_names(const std::string& text) {
    auto pattern = schema::EcmaPattern::compile(text);
    return pattern ? std::make_shared<const SchemaNames>(*std::move(pattern)) : nullptr;
}

} // namespace

FieldClasses classes_of(const Contract& contract) {
    const std::vector<ContractField>& fields = contract.fields;
    FieldClasses tree(patterns_of_names);
    if (is_personal(contract.pii))
        tree.say("", FieldClasses::Said::Personal, lasting(contract.pii));
    for (const ContractField& field : fields) {
        if (field.personal())
            tree.say(field.pointer, FieldClasses::Said::Personal, lasting(field.pii),
                     field.schema_json.empty()
                         ? nullptr
                         : std::make_shared<const SchemaForm>(field.schema_json));
        else
            tree.say(field.pointer,
                     field.pii.empty() ? FieldClasses::Said::Nothing : FieldClasses::Said::Shown);
    }
    for (const ContractField& field : fields)
        if (field.repeats)
            tree.repeat(field.pointer, *field.repeats);
    return tree;
}

} // namespace weir

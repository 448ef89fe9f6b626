// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_disclosure.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "models/contract/schema/ecma_pattern.h"
#include "models/contract/schema/pattern_beginning.h"
#include "models/event/decimal.h"
#include "models/event/decode/dialect.h"
#include "models/event/disclosure/envelope.h"
#include "models/workspace/schema_check.h"

namespace weir {

namespace {

using Said = FieldClasses::Said;

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
            pattern && tape.nodes()[*pattern].kind == JsonKind::String)
            hints.prefix = schema::literal_beginning(tape.unescaped(*pattern));
        return hints;
    }

    FormHints m_hints;
    const std::string m_schema_json;
    mutable std::once_flag m_compiling;
    mutable std::shared_ptr<const schema::JsonSchema> m_schema; // null: not known
    std::vector<std::string> m_choices;
};

/// `tree`, and where in a tracker's parameters (Snowplow's) something describes itself.
FieldClasses around_descriptions(FieldClasses tree) {
    for (const char* pointer :
         {"/ue_pr/data/data", "/ue_px/data/data", "/co/data/*/data", "/cx/data/*/data"})
        tree.say(pointer, Said::Event);
    return tree;
}

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

/// What several contracts say of fields, added up.
class Strictest {
  public:
    void add(const Contract& contract) {
        for (const ContractField& field : contract.fields) {
            auto [at, fresh] = m_fields.try_emplace(field.pointer);
            if (fresh)
                m_order.push_back(&*at);
            ++at->second.named;
            at->second.none += field.pii == "none" ? 1 : 0;
            if (!field.personal() || !at->second.reason.empty())
                continue;
            at->second.reason = lasting(field.pii);
            at->second.schema_json = &field.schema_json;
        }
    }
    /// `trusts_none`: that a field is not personal holds if all who name it say so.
    FieldClasses tree(bool trusts_none) const {
        FieldClasses tree(patterns_of_names);
        for (const auto* field : m_order) {
            const auto& [pointer, sum] = *field;
            if (!sum.reason.empty())
                tree.say(pointer, Said::Personal, sum.reason,
                         sum.schema_json->empty()
                             ? nullptr
                             : std::make_shared<const SchemaForm>(*sum.schema_json));
            else
                tree.say(pointer,
                         trusts_none && sum.none == sum.named ? Said::Shown : Said::Nothing);
        }
        return tree;
    }

  private:
    struct Sum {
        std::string_view reason;
        int named = 0, none = 0;
        const std::string* schema_json = nullptr; // of the contract that gave the reason
    };
    std::map<std::string, Sum> m_fields;
    std::vector<const std::pair<const std::string, Sum>*> m_order; // as the contracts name them
};

class ContractDisclosure : public DisclosurePolicy {
  public:
    ContractDisclosure(std::shared_ptr<const ContractSet> contracts, const LoadedDialects& dialects,
                       ContractDisclosureOptions options);

    std::string_view name() const override { return "contracts"; }
    bool masks() const override { return true; }
    bool detects() const override { return m_options.detects; }
    EventFields fields_of(std::string_view dialect, std::string_view type,
                          std::optional<std::int64_t> version) const override;
    std::string_view verdict(std::string_view path, std::string_view text) const override;

  private:
    struct Type {
        FieldClasses strictest;                     // of all its versions
        FieldClasses around;                        // that, around what describes itself
        std::map<std::int64_t, FieldClasses> exact; // by version
        bool native = false;
    };
    struct Vendor { // a dialect
        bool native = false;
        bool opaque = false;                  // what it holds of an event is no event's own body
        bool describes_itself = false;        // what it holds says itself of which type it is
        std::unique_ptr<FieldClasses> around; // the envelope of its events
    };
    void add_dialect(const Dialect& dialect);

    const std::shared_ptr<const ContractSet> m_contracts;
    const ContractDisclosureOptions m_options;
    std::map<std::string, Type, std::less<>> m_types;
    std::map<std::string, Vendor, std::less<>> m_dialects;
    FieldClasses m_any, m_any_vendors; // the strictest of all; of those that judge any dialect
    FieldClasses m_around_any;         // the latter, around what describes itself
};

ContractDisclosure::ContractDisclosure(std::shared_ptr<const ContractSet> contracts,
                                       const LoadedDialects& dialects,
                                       ContractDisclosureOptions options)
    : m_contracts(std::move(contracts))
    , m_options(std::move(options)) {
    Strictest any;
    Strictest any_vendors;
    for (const std::string& name : m_contracts->types()) {
        Type& type = m_types[name];
        Strictest all;
        for (const std::int64_t version : m_contracts->versions(name)) {
            const Contract& contract = *m_contracts->find(name, version);
            Strictest one;
            one.add(contract);
            type.exact.emplace(version, one.tree(true));
            type.native = contract.of_native_events();
            all.add(contract);
            any.add(contract);
            if (!type.native)
                any_vendors.add(contract);
        }
        type.strictest = all.tree(true);
        if (!type.native)
            type.around = around_descriptions(type.strictest);
    }
    m_any = around_descriptions(any.tree(false)); // a dead letter may hold a tracker's event
    m_any_vendors = any_vendors.tree(false);
    m_around_any = around_descriptions(m_any_vendors);
    for (const Dialect& dialect : dialects.all())
        add_dialect(dialect);
}

void ContractDisclosure::add_dialect(const Dialect& dialect) {
    Vendor& vendor = m_dialects[dialect.name];
    vendor.native = is_of_family(dialect.name, "native");
    vendor.describes_itself = dialect.name == "snowplow-tracker";
    vendor.opaque = dialect.dead_letter && !dialect.overlay && dialect.original.empty();
    vendor.around = envelope_of(dialect);
}

EventFields ContractDisclosure::fields_of(std::string_view dialect, std::string_view type,
                                          std::optional<std::int64_t> version) const {
    EventFields fields;
    const auto vendor = m_dialects.find(dialect);
    if (vendor == m_dialects.end()) { // no dialect could read it: it may be anything
        fields.agreed = &m_any;
        return fields;
    }
    if (vendor->second.opaque)
        return fields;
    const bool native = vendor->second.native;
    fields.around = vendor->second.around.get();
    fields.agreed = native ? &m_any : &m_any_vendors;
    const auto known = m_types.find(type);
    const bool is_known = known != m_types.end() && (native || !known->second.native);
    if (vendor->second.describes_itself) // of which type the inner one is shows when it is read
        fields.around = is_known ? &known->second.around : &m_around_any;
    if (vendor->second.describes_itself || !is_known)
        return fields;
    fields.agreed = &known->second.strictest;
    if (native && version)
        if (const auto exact = known->second.exact.find(*version);
            exact != known->second.exact.end())
            fields.agreed = &exact->second;
    return fields;
}

std::string_view ContractDisclosure::verdict(std::string_view path, std::string_view text) const {
    std::string_view reason = m_any.reason_at(path);
    for (const auto& [name, paths] : m_options.names)
        for (std::size_t i = 0; reason.empty() && name == path && i < paths.size(); ++i)
            reason = m_any.reason_at(paths[i]);
    if (!reason.empty() || !m_options.detects)
        return reason;
    return built_in_detectors()->verdict(path, text);
}

} // namespace

std::shared_ptr<const DisclosurePolicy>
contract_disclosure(std::shared_ptr<const ContractSet> contracts,
                    std::shared_ptr<const DialectSet> dialects, ContractDisclosureOptions options) {
    const auto loaded = std::static_pointer_cast<const LoadedDialects>(std::move(dialects));
    return std::make_shared<const ContractDisclosure>(std::move(contracts), *loaded,
                                                      std::move(options));
}

} // namespace weir

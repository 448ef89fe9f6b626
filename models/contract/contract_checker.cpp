// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_checker.h"

#include <algorithm>

#include "connectors/base/near_word.h"
#include "models/event/decimal.h"
#include "models/workspace/schema_check.h"

namespace weir {

namespace {

/// Where Weir's own event keeps what the filter language has names for.
struct NativePaths : FieldPaths {
    const std::vector<std::string>& paths(std::string_view field) const override {
        static const std::map<std::string, std::vector<std::string>, std::less<>> all{
            {"id", {"event_id"}},
            {"type", {"event_type"}},
            {"schema_version", {"schema_version"}},
            {"session", {"session_id"}},
            {"anonymous", {"anonymous_id"}},
            {"user", {"user_id"}},
            {"source", {"source"}},
            {"source_id", {"source_id"}},
            {"platform", {"platform"}},
            {"app_version", {"context.app_version"}},
            {"event_time", {"event_time"}},
            {"sent_time", {"sent_time"}},
            {"received_time", {"received_time"}}};
        static const std::vector<std::string> none;
        const auto found = all.find(field);
        return found == all.end() ? none : found->second;
    }
};

std::string versions_text(const ContractSet& contracts, std::string_view type) {
    std::string text;
    for (const std::int64_t version : contracts.versions(type))
        text += (text.empty() ? "version " : ", ") + std::to_string(version);
    return text;
}

} // namespace

bool Judgement::blocked() const {
    return std::any_of(violations.begin(), violations.end(),
                       [](const Violation& v) { return v.effect == Effect::Block; });
}

/// The evaluators of each contract's rules, made when first needed.
struct ContractChecker::Rules {
    struct Pair {
        std::unique_ptr<FilterEvaluator> when, must;
        std::optional<Micros> now; // that times such as now-3s were worked out from
    };
    std::unordered_map<const Contract*, std::vector<Pair>> by_contract;
    std::shared_ptr<Vocabulary> vocabulary = Vocabulary::create({"type"});
    NativePaths paths;

    std::vector<Pair>& of(const Contract& contract) {
        const auto [at, fresh] = by_contract.try_emplace(&contract);
        if (fresh) {
            for (const ContractRule& rule : contract.rules)
                at->second.push_back({evaluator(rule.when), evaluator(rule.must), std::nullopt});
        }
        return at->second;
    }
    /// Null: the filter is.
    std::unique_ptr<FilterEvaluator> evaluator(const std::shared_ptr<const Filter>& filter) const {
        return filter ? FilterEvaluator::create(filter, vocabulary) : nullptr;
    }
    /// Has the rule's relative times worked out anew once time has gone on.
    void move_on(const ContractRule& rule, Pair& pair, Micros now) const {
        if (pair.now && pair.now->value() == now.value())
            return;
        pair.now = now;
        const auto at = [&](const std::shared_ptr<const Filter>& filter) {
            auto parsed = filter ? Filter::parse(filter->text(), now) : filter;
            return evaluator(parsed ? *parsed : filter); // it was parsed before
        };
        pair.when = at(rule.when);
        pair.must = at(rule.must);
    }
};

ContractChecker::ContractChecker(std::shared_ptr<const ContractSet> contracts, CheckOptions options)
    : m_contracts(std::move(contracts))
    , m_options(std::move(options))
    , m_rules(std::make_unique<Rules>()) {}

ContractChecker::~ContractChecker() = default;

void ContractChecker::set_contracts(std::shared_ptr<const ContractSet> contracts) {
    m_contracts = std::move(contracts);
    m_rules = std::make_unique<Rules>();
    m_judgement.contract = nullptr;
}

void ContractChecker::add(ViolationReason reason, Effect effect, std::string pointer,
                          std::string expected, std::string found) {
    Violation violation;
    violation.reason = reason;
    violation.effect = effect;
    violation.pointer = std::move(pointer);
    violation.expected = std::move(expected);
    violation.found = std::move(found);
    m_judgement.violations.push_back(std::move(violation));
}

void ContractChecker::begin(const JsonTape& tape) {
    m_judged = &tape;
    m_judgement.contract = nullptr;
    m_judgement.version_assumed = false;
    m_judgement.violations.clear();
    m_judgement.strip.clear();
}

/// False: the payload cannot be judged any further.
bool ContractChecker::parse(std::string_view payload) {
    begin(m_tape);
    if (payload.size() > m_options.payload_bytes_max) {
        add(ViolationReason::TooLarge, Effect::Block, "",
            "at most " + std::to_string(m_options.payload_bytes_max) + " bytes",
            std::to_string(payload.size()) + " bytes");
        return false;
    }
    if (m_tape.parse(payload))
        return true;
    const JsonError& error = m_tape.error();
    add(is_too_deep(error.what) ? ViolationReason::TooLarge : ViolationReason::NotJson,
        Effect::Block, "", "JSON",
        std::string(error.what) + " at byte " + std::to_string(error.offset));
    return false;
}

const Judgement& ContractChecker::check(std::string_view payload, Micros now) {
    if (!parse(payload))
        return m_judgement;
    const auto& nodes = m_tape.nodes();
    const auto type = m_tape.at(m_options.type_pointer);
    if (!type || nodes[*type].kind != JsonKind::String) {
        add(type ? ViolationReason::WrongType : ViolationReason::MissingRequired, Effect::Block,
            m_options.type_pointer, "the event's type, a string",
            type ? found_text(m_tape.raw_quoted(*type)) : std::string());
        return m_judgement;
    }
    std::optional<std::int64_t> version;
    const auto at = m_tape.at(m_options.version_pointer);
    if (at) {
        std::int64_t number = 0;
        const std::string_view text = m_tape.raw(*at);
        const bool textual =
            nodes[*at].kind == JsonKind::Number || nodes[*at].kind == JsonKind::String;
        if (textual && is_decimal(text) && Decimal(text).to_int64(number))
            version = number;
        else
            version = -1; // no contract has it
    }
    const std::string name = m_tape.unescaped(*type);
    judge(name, version, now);
    return m_judgement;
}

const Judgement& ContractChecker::check(std::string_view payload, std::string_view type,
                                        std::optional<std::int64_t> version, Micros now) {
    if (parse(payload))
        judge(type, version, now);
    return m_judgement;
}

const Judgement& ContractChecker::check(const JsonTape& tape, std::string_view type,
                                        std::optional<std::int64_t> version, Micros now) {
    begin(tape);
    judge(type, version, now);
    return m_judgement;
}

void ContractChecker::judge(std::string_view type, std::optional<std::int64_t> version,
                            Micros now) {
    const Contract* contract =
        version ? m_contracts->find(type, *version) : m_contracts->latest(type);
    const bool type_known = contract != nullptr || m_contracts->latest(type) != nullptr;
    if (contract == nullptr && m_options.unknown_types == UnknownTypes::Pass && !type_known)
        return;
    if (contract == nullptr) {
        const Effect effect =
            m_options.unknown_types == UnknownTypes::Flag ? Effect::Flag : Effect::Block;
        if (type_known) {
            const auto at = m_judged->at(m_options.version_pointer);
            add(ViolationReason::UnknownVersion, Effect::Block, m_options.version_pointer,
                versions_text(*m_contracts, type),
                at ? found_text(m_judged->raw_quoted(*at)) : std::to_string(*version));
            m_judgement.violations.back().remedy =
                "send a version that has a contract, or add the contract";
            return;
        }
        std::string quoted;
        append_json_string(type, quoted);
        add(ViolationReason::UnknownType, effect, m_options.type_pointer,
            "a type that has a contract", found_text(quoted));
        const std::string near = nearest_word(type, m_contracts->types());
        m_judgement.violations.back().remedy =
            near.empty() ? "add a contract for it" : "did you mean \"" + near + "\"?";
        return;
    }
    m_judgement.contract = contract;
    m_judgement.version_assumed = !version;
    if (!m_validator.accepts(*contract->schema, *m_judged)) {
        m_validator.explain(*contract->schema, *m_judged, m_findings);
        for (Violation& violation : m_findings.told) {
            violation.effect = contract->effect_of(violation.reason);
            m_judgement.violations.push_back(std::move(violation));
        }
        if (contract->effect_of(ViolationReason::UnexpectedProperty) == Effect::Strip)
            m_judgement.strip =
                m_validator.overridden().with_overridden(std::move(m_findings.unexpected));
    }
    if (!m_validator.overridden().empty())
        judge_duplicates(*contract);
    judge_dates(*contract, now);
    if (!contract->rules.empty())
        judge_rules(*contract, now);
}

void ContractChecker::judge_duplicates(const Contract& contract) {
    const auto& keys = m_validator.overridden().keys();
    for (std::size_t i = 0; i < keys.size() && i < schema::SchemaValidator::violations_max; ++i) {
        add(ViolationReason::DuplicateKey, contract.effect_of(ViolationReason::DuplicateKey),
            m_judged->pointer(keys[i]), "each member once; the last one counts",
            found_text(m_judged->raw_quoted(keys[i] + 1)));
    }
    if (keys.size() > schema::SchemaValidator::violations_max)
        note_more(m_judgement.violations.back(),
                  keys.size() - schema::SchemaValidator::violations_max);
}

void ContractChecker::judge_dates(const Contract& contract, Micros now) {
    if (contract.removed_from && now.value() >= contract.removed_from->value())
        add(ViolationReason::RemovedVersion, contract.effect_of(ViolationReason::RemovedVersion),
            m_options.version_pointer,
            "a version that is in force: this one was removed on " + contract.removed_on,
            std::to_string(contract.version));
    else if (contract.deprecated_from && now.value() >= contract.deprecated_from->value())
        add(ViolationReason::DeprecatedVersion,
            contract.effect_of(ViolationReason::DeprecatedVersion), m_options.version_pointer,
            "a newer version: this one is deprecated since " + contract.deprecated_since,
            std::to_string(contract.version));
    else
        return;
    const Contract* latest = m_contracts->latest(contract.type);
    if (latest != nullptr && latest->version > contract.version)
        m_judgement.violations.back().remedy = "move to version " + std::to_string(latest->version);
}

void ContractChecker::judge_rules(const Contract& contract, Micros now) {
    FilterInput input;
    input.value = m_judged->text();
    input.tape = m_judged;
    input.paths = &m_rules->paths;
    auto& evaluators = m_rules->of(contract);
    for (std::size_t i = 0; i < evaluators.size(); ++i) {
        if (contract.rules[i].of_now)
            m_rules->move_on(contract.rules[i], evaluators[i], now);
        if (evaluators[i].when && !evaluators[i].when->matches(input))
            continue;
        if (evaluators[i].must->matches(input))
            continue;
        const ContractRule& rule = contract.rules[i];
        const Effect effect = rule.severity == ContractRule::Severity::Warning
                                  ? Effect::Flag
                                  : contract.effect_of(ViolationReason::Rule);
        const auto node = rule.at.empty() ? std::nullopt : m_judged->at(rule.at);
        add(ViolationReason::Rule, effect, rule.at, rule.name + ": " + rule.must->text(),
            node ? found_text(m_judged->raw_quoted(*node)) : std::string());
        m_judgement.violations.back().remedy = rule.remedy;
        m_judgement.violations.back().rule = contract.file + "#/rules/" + std::to_string(i);
    }
}

std::optional<std::string> business_key(const Contract& contract, const JsonTape& tape) {
    std::string key = contract.type;
    for (const std::string& pointer : contract.unique_by) {
        const auto node = tape.at(pointer);
        if (!node || tape.nodes()[*node].kind == JsonKind::Null)
            return std::nullopt;
        key += '\x1f';
        key += tape.nodes()[*node].kind == JsonKind::String ? tape.unescaped(*node)
                                                            : std::string(tape.raw(*node));
    }
    if (contract.unique_by.empty())
        return std::nullopt;
    return key;
}

std::string without_members(const JsonTape& tape, const std::vector<std::string>& pointers) {
    const auto& nodes = tape.nodes();
    std::vector<std::uint32_t> keys;
    std::string scratch;
    for (const std::string& pointer : pointers) {
        const auto value = tape.at(pointer);
        if (!value || *value == 0 || nodes[*value - 1].kind != JsonKind::Key)
            continue;
        const std::string name = tape.unescaped(*value - 1);
        const std::uint32_t object = *tape.at(pointer.substr(0, pointer.rfind('/')));
        for (std::uint32_t key = object + 1; key < nodes[object].next; key = nodes[key + 1].next)
            if (tape.text_of(key, scratch) == name)
                keys.push_back(key);
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return without_keys(tape, keys);
}

std::string without_keys(const JsonTape& tape, const std::vector<std::uint32_t>& keys) {
    const auto& nodes = tape.nodes();
    const std::string_view text = tape.text();
    std::string out;
    std::size_t kept = 0; // bytes dealt with
    for (const std::uint32_t key : keys) {
        std::size_t begin = nodes[key].offset - 1;
        const std::uint32_t value = key + 1;
        const bool quoted = nodes[value].kind == JsonKind::String;
        std::size_t end = std::size_t{nodes[value].offset} + nodes[value].length + (quoted ? 1 : 0);
        if (begin < kept)
            continue; // inside a member that has gone already
        // The comma behind goes along; the last member takes the one before it.
        const std::size_t behind = text.find_first_not_of(" \t\r\n", end);
        out.append(text, kept, begin - kept);
        if (behind != std::string_view::npos && text[behind] == ',') {
            end = behind + 1;
        } else {
            const std::size_t comma = out.find_last_not_of(" \t\r\n");
            if (comma != std::string::npos && out[comma] == ',')
                out.resize(comma);
        }
        kept = end;
    }
    out.append(text, kept, std::string_view::npos);
    return out;
}

} // namespace weir

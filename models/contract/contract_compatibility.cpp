// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_compatibility.h"

#include <algorithm>

namespace weir {

namespace {

/// What of a contract refuses events beside its schema; the one side reads what the other allows.
class RefusalComparison {
  public:
    RefusalComparison(Direction direction, const Contract& reader, const Contract& writer,
                      std::vector<Difference>& out)
        : m_reader(reader)
        , m_writer(writer)
        , m_out(out)
        , m_direction(direction) {}

    void rules() {
        for (std::size_t i = 0; i < m_reader.rules.size(); ++i) {
            const ContractRule& rule = m_reader.rules[i];
            if (blocks(m_reader, rule) && !has_same(rule))
                add(rule.at, what_of(rule), "/rules/" + std::to_string(i));
        }
    }

    void effects() {
        for (int i = 0; i < violation_reason_count; ++i) {
            const auto reason = static_cast<ViolationReason>(i);
            const Effect theirs = m_writer.effect_of(reason);
            if (reason == ViolationReason::Rule || // rules() has each of them
                m_reader.effect_of(reason) != Effect::Block || theirs == Effect::Block)
                continue;
            const std::string word(to_word(reason));
            add("",
                "blocks " + word + ", " + then() +
                    (theirs == Effect::Flag ? " flags it" : " strips it"),
                "/effects/" + word);
        }
    }

  private:
    static bool blocks(const Contract& contract, const ContractRule& rule) {
        return rule.severity == ContractRule::Severity::Error &&
               contract.effect_of(ViolationReason::Rule) == Effect::Block;
    }
    static std::string text_of(const std::shared_ptr<const Filter>& filter) {
        return filter ? filter->text() : std::string();
    }
    /// However they are written.
    static bool same(const std::shared_ptr<const Filter>& a,
                     const std::shared_ptr<const Filter>& b) {
        return a && b ? a->canonical_text() == b->canonical_text() : a == b;
    }
    static bool same(const ContractRule& a, const ContractRule& b) {
        return same(a.when, b.when) && same(a.must, b.must);
    }
    bool has_same(const ContractRule& rule) const {
        return std::any_of(m_writer.rules.begin(), m_writer.rules.end(),
                           [&](const ContractRule& other) {
                               return same(rule, other) && blocks(m_writer, other);
                           });
    }
    std::string what_of(const ContractRule& rule) const {
        const auto other = std::find_if(
            m_writer.rules.begin(), m_writer.rules.end(),
            [&](const ContractRule& one) { return one.name == rule.name || same(one, rule); });
        const std::string must = "must " + text_of(rule.must) +
                                 (rule.when ? " when " + text_of(rule.when) : std::string());
        if (other == m_writer.rules.end())
            return "has the rule " + rule.name + " (" + must + "), " + then() + " does not";
        if (same(*other, rule))
            return "blocks by the rule " + rule.name + ", " + then() + " flags";
        return "has the rule " + rule.name + " otherwise (" + must + "): that it takes all of " +
               then() + " cannot be shown";
    }
    const char* then() const {
        return m_direction == Direction::Backward ? "the old one" : "the new one";
    }
    void add(const std::string& pointer, const std::string& what, const std::string& keyword) {
        if (m_out.size() >= differences_max)
            return;
        Difference difference;
        difference.direction = m_direction;
        difference.pointer = pointer;
        difference.what =
            (m_direction == Direction::Backward ? "the new version " : "the old version ") + what;
        difference.rule = m_reader.file + "#" + keyword;
        m_out.push_back(std::move(difference));
    }

    const Contract& m_reader;
    const Contract& m_writer;
    std::vector<Difference>& m_out;
    const Direction m_direction;
};

/// A contract, or another schema: then `contract` is null.
struct Compared {
    std::shared_ptr<const Contract> contract;
    std::shared_ptr<const schema::JsonSchema> schema;
};

Result<Compared> read_compared(const std::string& file, const std::string& folder) {
    auto opened = schema::open_schema(file, folder);
    if (!opened)
        return opened.error();
    const schema::Document& document = *opened->document;
    Compared compared;
    if (document.root == 0) {
        auto compiled = schema::JsonSchema::compile(opened->library, document);
        if (!compiled)
            return compiled.error();
        compared.schema = *std::move(compiled);
        return compared;
    }
    auto contract = read_contract(opened->library, document);
    if (!contract)
        return contract.error();
    compared.contract = *std::move(contract);
    compared.schema = compared.contract->schema;
    return compared;
}

const std::vector<std::string>& of_the_version() {
    static const std::vector<std::string> pointers{"/schema_version"};
    return pointers;
}

} // namespace

Compatibility compare_contracts(const Contract& older, const Contract& newer) {
    Compatibility found = compare_schemas(*older.schema, *newer.schema, of_the_version());
    RefusalComparison backward(Direction::Backward, newer, older, found.differences);
    RefusalComparison forward(Direction::Forward, older, newer, found.differences);
    backward.rules();
    backward.effects();
    forward.rules();
    forward.effects();
    return found;
}

Result<Compatibility> compare_files(const std::string& older, const std::string& newer,
                                    const std::string& folder) {
    const auto old_one = read_compared(older, folder);
    if (!old_one)
        return old_one.error();
    const auto new_one = read_compared(newer, folder);
    if (!new_one)
        return new_one.error();
    if (old_one->contract && new_one->contract)
        return compare_contracts(*old_one->contract, *new_one->contract);
    return compare_schemas(*old_one->schema, *new_one->schema, of_the_version());
}

} // namespace weir

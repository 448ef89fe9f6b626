// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Masking by contracts held against an oracle: for random contracts and events it follows every
// schema that may hold at a value, one step at a time, and says whether one of them gives the value
// a class of personal data. No such value may be shown.
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <fstream>
#include <random>
#include <regex>

#include <nlohmann/json.hpp>

#include "models/contract/contract_disclosure.h"

using namespace weir;

namespace {

using Json = nlohmann::json;
using Texts = std::vector<std::string>;

const Texts member_names{"a", "b", "ab", "aa", "0", "1", "*", "{*}", "{^a}"};
const Texts name_patterns{"^a", "b$", "a", "^.$"};
const Texts definitions{"d0", "d1"};
const Texts classes{"name", "sensitive", "none", "email"};

class Dice {
  public:
    explicit Dice(unsigned seed)
        : m_random(seed) {}
    bool once_in(unsigned times) { return below(times) == 0; }
    unsigned below(unsigned limit) { return static_cast<unsigned>(m_random()) % limit; }
    const std::string& one_of(const Texts& words) {
        return words[below(static_cast<unsigned>(words.size()))];
    }

  private:
    std::mt19937 m_random;
};

/// A schema of so many levels that may refer to the definitions.
Json random_schema(Dice& dice, int levels) {
    Json schema = Json::object();
    if (dice.once_in(3))
        schema["pii"] = dice.one_of(classes);
    if (levels == 0)
        return schema;
    if (dice.once_in(7)) {
        schema["$ref"] = "#/definitions/" + dice.one_of(definitions);
        return schema;
    }
    const auto inner = [&] { return random_schema(dice, levels - 1); };
    const auto some = [&](const Texts& names) {
        Json map = Json::object();
        for (unsigned i = 1 + dice.below(2); i > 0; --i)
            map[dice.one_of(names)] = inner();
        return map;
    };
    const auto list = [&] {
        Json all = Json::array({inner()});
        if (dice.once_in(2))
            all.push_back(inner());
        return all;
    };
    if (dice.below(5) < 3)
        schema["properties"] = some(member_names);
    if (dice.once_in(3))
        schema["patternProperties"] = some(name_patterns);
    if (dice.once_in(4))
        schema["additionalProperties"] = inner();
    if (dice.once_in(6)) {
        schema["items"] = inner();
    } else if (dice.once_in(5)) {
        schema["items"] = list();
        if (dice.once_in(2))
            schema["additionalItems"] = inner();
    }
    if (dice.once_in(10))
        schema["contains"] = inner();
    for (const char* branches : {"allOf", "anyOf", "oneOf"})
        if (dice.once_in(6))
            schema[branches] = list();
    for (const char* branch : {"if", "then", "else"})
        if (dice.once_in(14))
            schema[branch] = inner();
    if (dice.once_in(14))
        schema["dependencies"] = some(member_names);
    return schema;
}

Json random_contract(Dice& dice) {
    Json schema = Json::object();
    if (dice.once_in(12))
        schema["pii"] = dice.one_of(classes);
    for (const std::string& name : definitions)
        schema["definitions"][name] = random_schema(dice, 2);
    schema["properties"] = {{"event_type", Json::object()}, {"p", random_schema(dice, 3)}};
    return schema;
}

/// Its texts are all different, and look like nothing in particular.
Json random_value(Dice& dice, int levels, int& texts) {
    const unsigned kind = dice.below(20);
    if (levels == 0 || kind < 7)
        return "Zq" + std::to_string(texts++) + " kwx";
    Json value;
    if (kind < 16)
        for (unsigned i = 1 + dice.below(4); i > 0; --i)
            value[dice.one_of(member_names)] = random_value(dice, levels - 1, texts);
    else
        for (unsigned i = 1 + dice.below(3); i > 0; --i)
            value.push_back(random_value(dice, levels - 1, texts));
    return value;
}

/// Which texts of an event have a class.
class ClassOracle {
  public:
    explicit ClassOracle(const Json& root)
        : m_root(root) {}
    Texts personal_texts(const Json& event) const {
        Texts found;
        look(event, {&m_root}, false, found);
        return found;
    }

  private:
    using Schemas = std::vector<const Json*>;

    const Json& behind_references(const Json& schema) const {
        const Json* here = &schema;
        for (int hops = 0; here->contains("$ref") && hops < 50; ++hops) {
            const std::string to = here->at("$ref").get<std::string>();
            here = &m_root["definitions"][to.substr(to.rfind('/') + 1)];
        }
        return *here;
    }

    /// The schema and all that hold where it does, once each.
    void gather(const Json& schema, Schemas& all) const {
        const Json& here = behind_references(schema);
        if (std::find(all.begin(), all.end(), &here) != all.end())
            return;
        all.push_back(&here);
        for (const char* branches : {"allOf", "anyOf", "oneOf", "dependencies"})
            if (here.contains(branches))
                for (const Json& branch : here[branches])
                    gather(branch, all);
        for (const char* branch : {"if", "then", "else"})
            if (here.contains(branch))
                gather(here[branch], all);
    }

    /// "": nothing is said; "none"; or a class. What a schema says itself goes first.
    std::string class_of(const Json& schema) const {
        if (schema.contains("pii"))
            return schema["pii"].get<std::string>();
        Schemas all;
        gather(schema, all);
        std::string further = all.front()->value("pii", "");
        if (!further.empty())
            return further;
        for (const Json* one : all) {
            const std::string said = one->value("pii", "");
            if (further.empty() || (further == "none" && !said.empty()))
                further = said;
        }
        return further;
    }

    void look(const Json& value, const Schemas& held, bool covered, Texts& found) const {
        bool personal = false;
        bool none = false;
        Schemas all;
        for (const Json* schema : held) {
            const std::string said = class_of(*schema);
            personal = personal || (!said.empty() && said != "none");
            none = none || said == "none";
            gather(*schema, all);
        }
        covered = personal || (covered && !none);
        if (value.is_string() && covered)
            found.push_back(value.get<std::string>());
        if (value.is_object())
            for (const auto& [name, member] : value.items())
                look(member, of_member(name, all), covered, found);
        for (std::size_t i = 0; value.is_array() && i < value.size(); ++i)
            look(value[i], of_element(i, all), covered, found);
    }

    static Schemas of_member(const std::string& name, const Schemas& all) {
        Schemas held;
        for (const Json* schema : all) {
            const std::size_t before = held.size();
            if (schema->contains("properties") && (*schema)["properties"].contains(name))
                held.push_back(&(*schema)["properties"][name]);
            if (schema->contains("patternProperties"))
                for (const auto& [pattern, inner] : (*schema)["patternProperties"].items())
                    if (std::regex_search(name, std::regex(pattern)))
                        held.push_back(&inner);
            if (held.size() == before && schema->contains("additionalProperties"))
                held.push_back(&(*schema)["additionalProperties"]);
        }
        return held;
    }

    static Schemas of_element(std::size_t index, const Schemas& all) {
        Schemas held;
        for (const Json* schema : all) {
            if (schema->contains("contains"))
                held.push_back(&(*schema)["contains"]);
            if (!schema->contains("items"))
                continue;
            const Json& items = (*schema)["items"];
            if (items.is_object())
                held.push_back(&items);
            else if (index < items.size())
                held.push_back(&items[index]);
            else if (schema->contains("additionalItems"))
                held.push_back(&(*schema)["additionalItems"]);
        }
        return held;
    }

    const Json& m_root;
};

std::string shown_by(const std::shared_ptr<const DisclosurePolicy>& policy,
                     const std::string& event, std::int64_t version) {
    Discloser discloser(policy);
    const EventFields fields = policy->fields_of("native", "event", version);
    return std::string(
        discloser.disclose(true, {}, false, event, nullptr, 0, {}, {&fields, 1}).value());
}

} // namespace

class TestClassesOracle : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void no_value_with_a_class_is_shown() {
        std::size_t personal = 0;
        for (unsigned seed = 1; seed <= 250; ++seed) {
            Dice dice(seed);
            const std::vector<Json> schemas{random_contract(dice), random_contract(dice)};
            const auto policy = policy_of(schemas);
            if (policy == nullptr)
                continue;
            for (int round = 0; round < 6; ++round) {
                int texts = 0;
                const Json event = {{"p", random_value(dice, 3, texts)}};
                Texts of_any;
                for (std::size_t i = 0; i < schemas.size(); ++i) {
                    const Texts own = ClassOracle(schemas[i]).personal_texts(event);
                    of_any.insert(of_any.end(), own.begin(), own.end());
                    hides(own, event, schemas[i],
                          shown_by(policy, event.dump(), static_cast<std::int64_t>(i) + 1));
                }
                // Of a version that nobody knows what any of them gives a class.
                hides(of_any, event, schemas, shown_by(policy, event.dump(), 3));
                personal += of_any.size();
            }
        }
        QVERIFY(personal > 1'000); // or nothing was tried
    }

  private:
    /// By contracts of one type, versions 1, 2 …; null: one of them is refused, for it refers to
    /// itself for the same value.
    static std::shared_ptr<const DisclosurePolicy> policy_of(const std::vector<Json>& schemas) {
        QTemporaryDir folder;
        int version = 0;
        for (const Json& schema : schemas) {
            const Json contract = {{"weir_contract", 1},
                                   {"type", "event"},
                                   {"version", ++version},
                                   {"owner", "o"},
                                   {"schema", schema}};
            std::ofstream(folder.path().toStdString() + "/" + std::to_string(version) + ".json")
                << contract.dump();
        }
        const auto set = *ContractSet::load(folder.path().toStdString());
        if (!set->problems().empty())
            return nullptr;
        return contract_disclosure(set, DialectSet::built_in(), {false, {}});
    }
    static void hides(const Texts& personal, const Json& event, const Json& schema,
                      const std::string& shown) {
        for (const std::string& text : personal)
            QVERIFY2(shown.find(text) == std::string::npos,
                     ("shown: " + text + "\nof " + event.dump() + "\nby " + schema.dump()).c_str());
    }
};

QTEST_APPLESS_MAIN(TestClassesOracle)
#include "tst_classes_oracle.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: soak
//
// Random schemas and random events, judged by the compiled validator over the tape and by a naive
// one over a DOM, written here straight from the specification: they must agree. A failure prints
// the seed, the schema and the event.
#include <QTest>
#include <cmath>
#include <random>
#include <regex>

#include <nlohmann/json.hpp>

#include "models/contract/schema/json_schema.h"

using namespace weir;
using namespace weir::schema;
using Json = nlohmann::json;

namespace {

/// The specification, word by word, however slow.
class Naive {
  public:
    explicit Naive(const Json& root)
        : m_root(root) {}
    bool fits(const Json& schema, const Json& value) const {
        if (schema.is_boolean())
            return schema.get<bool>();
        if (schema.contains("$ref")) {
            const std::string pointer = schema["$ref"].get<std::string>().substr(1);
            return fits(m_root.at(Json::json_pointer(pointer)), value);
        }
        return types(schema, value) && any(schema, value) && combined(schema, value) &&
               (!value.is_number() || number(schema, value.get<double>())) &&
               (!value.is_string() || string(schema, value.get<std::string>())) &&
               (!value.is_array() || array(schema, value)) &&
               (!value.is_object() || object(schema, value));
    }

  private:
    static bool is_type(const std::string& type, const Json& value) {
        return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
               (type == "string" && value.is_string()) || (type == "null" && value.is_null()) ||
               (type == "boolean" && value.is_boolean()) ||
               (type == "number" && value.is_number()) ||
               (type == "integer" && value.is_number() &&
                std::floor(value.get<double>()) == value.get<double>());
    }
    static bool types(const Json& schema, const Json& value) {
        if (!schema.contains("type"))
            return true;
        const Json& type = schema["type"];
        if (type.is_string())
            return is_type(type, value);
        return std::any_of(type.begin(), type.end(),
                           [&](const Json& one) { return is_type(one, value); });
    }
    static bool any(const Json& schema, const Json& value) {
        if (schema.contains("const") && schema["const"] != value)
            return false;
        if (!schema.contains("enum"))
            return true;
        const Json& list = schema["enum"];
        return std::find(list.begin(), list.end(), value) != list.end();
    }
    std::size_t count_fitting(const Json& list, const Json& value) const {
        return static_cast<std::size_t>(std::count_if(
            list.begin(), list.end(), [&](const Json& one) { return fits(one, value); }));
    }
    bool combined(const Json& s, const Json& value) const {
        if (s.contains("allOf") && count_fitting(s["allOf"], value) != s["allOf"].size())
            return false;
        if (s.contains("anyOf") && count_fitting(s["anyOf"], value) == 0)
            return false;
        if (s.contains("oneOf") && count_fitting(s["oneOf"], value) != 1)
            return false;
        if (s.contains("not") && fits(s["not"], value))
            return false;
        if (!s.contains("if"))
            return true;
        const char* const branch = fits(s["if"], value) ? "then" : "else";
        return !s.contains(branch) || fits(s[branch], value);
    }
    static bool number(const Json& s, double value) {
        return (!s.contains("minimum") || value >= s["minimum"].get<double>()) &&
               (!s.contains("maximum") || value <= s["maximum"].get<double>()) &&
               (!s.contains("exclusiveMinimum") || value > s["exclusiveMinimum"].get<double>()) &&
               (!s.contains("exclusiveMaximum") || value < s["exclusiveMaximum"].get<double>()) &&
               (!s.contains("multipleOf") ||
                std::fmod(value, s["multipleOf"].get<double>()) == 0.0);
    }
    static bool string(const Json& s, const std::string& value) {
        return (!s.contains("minLength") || value.size() >= s["minLength"].get<std::size_t>()) &&
               (!s.contains("maxLength") || value.size() <= s["maxLength"].get<std::size_t>()) &&
               (!s.contains("pattern") || matches(s["pattern"], value));
    }
    static bool matches(const std::string& pattern, const std::string& value) {
        return std::regex_search(value, std::regex(pattern));
    }
    static bool size(const Json& s, const char* least, const char* most, std::size_t size) {
        return (!s.contains(least) || size >= s[least].get<std::size_t>()) &&
               (!s.contains(most) || size <= s[most].get<std::size_t>());
    }
    bool array(const Json& s, const Json& value) const {
        if (!size(s, "minItems", "maxItems", value.size()))
            return false;
        for (std::size_t i = 0; i < value.size() && s.contains("items"); ++i) {
            const Json& items = s["items"];
            if (!items.is_array()) {
                if (!fits(items, value[i]))
                    return false;
            } else if (i < items.size() ? !fits(items[i], value[i])
                                        : s.contains("additionalItems") &&
                                              !fits(s["additionalItems"], value[i])) {
                return false;
            }
        }
        if (s.contains("contains") &&
            std::none_of(value.begin(), value.end(),
                         [&](const Json& one) { return fits(s["contains"], one); }))
            return false;
        if (s.value("uniqueItems", false))
            for (std::size_t i = 0; i < value.size(); ++i)
                for (std::size_t j = i + 1; j < value.size(); ++j)
                    if (value[i] == value[j])
                        return false;
        return true;
    }
    bool object(const Json& s, const Json& value) const {
        if (!size(s, "minProperties", "maxProperties", value.size()))
            return false;
        for (const Json& name : s.value("required", Json::array()))
            if (!value.contains(name.get<std::string>()))
                return false;
        for (const auto& [name, member] : value.items()) {
            bool known = false;
            if (s.contains("properties") && s["properties"].contains(name)) {
                known = true;
                if (!fits(s["properties"][name], member))
                    return false;
            }
            if (s.contains("patternProperties"))
                for (const auto& [pattern, schema] : s["patternProperties"].items())
                    if (matches(pattern, name)) {
                        known = true;
                        if (!fits(schema, member))
                            return false;
                    }
            if (!known && s.contains("additionalProperties") &&
                !fits(s["additionalProperties"], member))
                return false;
            if (s.contains("propertyNames") && !fits(s["propertyNames"], Json(name)))
                return false;
        }
        if (s.contains("dependencies"))
            for (const auto& [name, wanted] : s["dependencies"].items()) {
                if (!value.contains(name))
                    continue;
                if (!wanted.is_array()) {
                    if (!fits(wanted, value))
                        return false;
                } else {
                    for (const Json& other : wanted)
                        if (!value.contains(other.get<std::string>()))
                            return false;
                }
            }
        return true;
    }
    const Json& m_root;
};

/// Small values and schemas, so that they meet often.
class Maker {
  public:
    explicit Maker(std::uint32_t seed)
        : m_random(seed) {}

    Json value(int depth) {
        switch (below(depth > 0 ? 9 : 6)) {
        case 0:
            return nullptr;
        case 1:
            return chance(2);
        case 2:
            return static_cast<int>(below(7)) - 3;
        case 3:
            return (static_cast<int>(below(13)) - 6) * 0.5;
        case 4:
        case 5:
            return word();
        case 6:
        case 7: {
            Json object = Json::object();
            for (std::uint32_t i = below(4); i > 0; --i)
                object[name()] = value(depth - 1);
            return object;
        }
        default: {
            Json array = Json::array();
            for (std::uint32_t i = below(4); i > 0; --i)
                array.push_back(value(depth - 1));
            return array;
        }
        }
    }
    /// References lead to definitions of a greater number, so that they end.
    Json root() {
        Json all = schema(3, 0);
        if (!all.is_object() || all.contains("$ref"))
            all = Json::object({{"allOf", Json::array({all})}});
        for (int i = 1; i <= definitions; ++i)
            all["definitions"]["d" + std::to_string(i)] = schema(2, i);
        return all;
    }

  private:
    static constexpr int definitions = 3;
    std::uint32_t below(std::uint32_t n) {
        return std::uniform_int_distribution<std::uint32_t>(0, n - 1)(m_random);
    }
    bool chance(std::uint32_t one_in) { return below(one_in) == 0; }
    std::string name() { return std::string(1, static_cast<char>('a' + below(5))); }
    std::string word() {
        std::string text;
        for (std::uint32_t i = below(4); i > 0; --i)
            text += name();
        return text;
    }
    std::string pattern() {
        static const char* const all[] = {"^a", "b$", "^[a-c]+$", "^a*b?$", "a|d", "^[abc]{1,2}$"};
        return all[below(6)];
    }
    Json list(int depth, int number) {
        Json all = Json::array();
        for (std::uint32_t i = 1 + below(3); i > 0; --i)
            all.push_back(schema(depth - 1, number));
        return all;
    }
    Json schema(int depth, int number) {
        if (chance(12))
            return chance(2);
        if (number < definitions && chance(8)) {
            const int to =
                number + 1 +
                static_cast<int>(below(static_cast<std::uint32_t>(definitions - number)));
            return Json::object({{"$ref", "#/definitions/d" + std::to_string(to)}});
        }
        Json s = Json::object();
        for (std::uint32_t i = 1 + below(3); i > 0; --i) {
            if (depth > 0 && chance(2))
                add_nested(s, depth, number);
            else
                add_plain(s);
        }
        return s;
    }
    void add_plain(Json& s) {
        static const char* const types[] = {"object",  "array",   "string", "number",
                                            "integer", "boolean", "null"};
        static const char* const counts[] = {"minLength", "maxLength",     "minItems",
                                             "maxItems",  "minProperties", "maxProperties"};
        static const char* const limits[] = {"minimum", "maximum", "exclusiveMinimum",
                                             "exclusiveMaximum"};
        switch (below(10)) {
        case 0:
            s["type"] = types[below(7)];
            return;
        case 1:
            s["type"] = Json::array({types[below(3)], types[3 + below(4)]});
            return;
        case 2:
            s["enum"] = Json::array({value(1), value(1), value(0)});
            return;
        case 3:
            s["const"] = value(1);
            return;
        case 4:
            s[limits[below(4)]] = (static_cast<int>(below(9)) - 4) * 0.5;
            return;
        case 5:
            s["multipleOf"] = (1 + below(4)) * 0.5;
            return;
        case 6:
            s["pattern"] = pattern();
            return;
        case 7:
            s["required"] = chance(2) ? Json::array({"a"}) : Json::array({"b", "c"});
            return;
        case 8:
            s["uniqueItems"] = true;
            return;
        default:
            s[counts[below(6)]] = below(4);
        }
    }
    void add_nested(Json& s, int depth, int number) {
        static const char* const single[] = {"additionalItems", "contains", "propertyNames", "not",
                                             "additionalProperties"};
        switch (below(9)) {
        case 0:
        case 1:
            for (std::uint32_t i = 1 + below(3); i > 0; --i)
                s["properties"][name()] = schema(depth - 1, number);
            return;
        case 2:
            s["patternProperties"][pattern()] = schema(depth - 1, number);
            return;
        case 3:
            s["items"] = chance(2) ? list(depth, number) : schema(depth - 1, number);
            return;
        case 4:
            s[chance(3) ? "allOf" : chance(2) ? "anyOf" : "oneOf"] = list(depth, number);
            return;
        case 5:
            s["if"] = schema(depth - 1, number);
            s[chance(2) ? "then" : "else"] = schema(depth - 1, number);
            return;
        case 6:
            s["dependencies"][name()] =
                chance(2) ? Json::array({name()}) : schema(depth - 1, number);
            return;
        default:
            s[single[below(5)]] = schema(depth - 1, number);
        }
    }
    std::mt19937 m_random;
};

} // namespace

class TestAgainstOracle : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void the_compiled_validator_agrees_with_a_naive_one() {
        const bool soak = qEnvironmentVariableIsSet("WEIR_SOAK");
        SchemaValidator validator;
        JsonTape tape;
        int fitting = 0;
        int all = 0;
        for (std::uint32_t seed = 1; seed <= (soak ? 200'000U : 4'000U); ++seed) {
            Maker maker(seed);
            const Json schema = maker.root();
            auto compiled = JsonSchema::parse(schema.dump());
            const std::string told = "seed " + std::to_string(seed) + ": " + schema.dump();
            QVERIFY2(compiled.ok(), (told + (compiled ? "" : compiled.error().text())).c_str());
            const Naive naive(schema);
            for (int i = 0; i < 12; ++i) {
                const Json value = maker.value(3);
                const std::string text = value.dump();
                QVERIFY(tape.parse(text));
                const bool fits = naive.fits(schema, value);
                QVERIFY2(validator.accepts(**compiled, tape) == fits, (told + "\n" + text).c_str());
                // Explaining agrees with deciding, and points to what is there or is missing.
                std::vector<Violation> violations;
                validator.explain(**compiled, tape, violations);
                QVERIFY2(violations.empty() == fits, (told + "\n" + text).c_str());
                for (const Violation& violation : violations)
                    QVERIFY2(violation.reason == ViolationReason::MissingRequired ||
                                 violation.reason == ViolationReason::Dependency ||
                                 tape.at(violation.pointer).has_value(),
                             (told + "\n" + text + "\n" + violation_text(violation)).c_str());
                fitting += fits ? 1 : 0;
                ++all;
            }
        }
        // Both verdicts come up often, else this shows little.
        QVERIFY(fitting > all / 10 && fitting < all * 9 / 10);
    }
};

QTEST_GUILESS_MAIN(TestAgainstOracle)
#include "tst_against_oracle.moc"

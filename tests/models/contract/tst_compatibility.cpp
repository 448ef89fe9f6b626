// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two versions of a schema: what breaks is named, what does not is left alone; and, on random
// schemas, what is called compatible is so.
#include <QTest>
#include <random>

#include "models/contract/compatibility.h"

using namespace weir;
using namespace weir::schema;

namespace {

std::shared_ptr<const JsonSchema> schema_of(const std::string& text) {
    auto compiled = JsonSchema::parse(text);
    if (!compiled)
        qFatal("%s", compiled.error().text().c_str());
    return *compiled;
}

/// Every difference as a line, or "full".
std::string compared(const std::string& older, const std::string& newer) {
    const Compatibility found = compare_schemas(*schema_of(older), *schema_of(newer));
    std::string text;
    for (const Difference& d : found.differences)
        text += (text.empty() ? "" : "\n") + std::string(d.breaking ? "" : "note ") +
                std::string(to_word(d.direction)) + " " + d.pointer + ": " + d.what;
    return text.empty() ? "full" : text;
}

std::string properties(const std::string& inner, const std::string& more = "") {
    return "{\"type\": \"object\", \"properties\": {" + inner + "}" + more + "}";
}

void add_columns() {
    QTest::addColumn<std::string>("older");
    QTest::addColumn<std::string>("newer");
    QTest::addColumn<std::string>("said");
}

void row(const char* name, const std::string& older, const std::string& newer, const char* said) {
    QTest::newRow(name) << older << newer << std::string(said);
}

const std::vector<std::string> random_parts{
    "\"type\": \"integer\"",
    "\"type\": [\"number\", \"null\"]",
    "\"minimum\": 1",
    "\"maximum\": 2",
    "\"exclusiveMaximum\": 2",
    "\"multipleOf\": 0.5",
    "\"enum\": [1, null]",
    "\"enum\": [1, \"a\", 2.5]",
    "\"const\": 1",
    "\"minLength\": 1",
    "\"pattern\": \"^a\"",
    "\"anyOf\": [{\"type\": \"string\"}, {\"minimum\": 2}]",
    "\"not\": {\"const\": 2}",
    "\"oneOf\": [{\"type\": \"null\"}, {\"type\": \"integer\"}]",
    "\"items\": {\"minimum\": 1}",
    "\"required\": [\"a\"]",
    "\"properties\": {\"a\": {\"type\": \"integer\"}}",
    "\"additionalProperties\": false",
    "\"maxItems\": 1",
    "\"if\": {\"minimum\": 1}, \"then\": "
    "{\"maximum\": 1}",
    "\"patternProperties\": {\"^b\": {\"type\": \"string\"}}",
    "\"patternProperties\": {\"^b\": {\"type\": \"integer\"}, \"a$\": {\"minimum\": 2}}",
    "\"oneOf\": [{\"type\": \"integer\"}, {\"minimum\": 1}]",
    "\"oneOf\": [{\"required\": [\"a\"]}, {\"required\": [\"b\"]}]",
    "\"anyOf\": [{\"$ref\": \"#/definitions/d\"}, {\"type\": \"null\"}]",
    "\"oneOf\": [{\"$ref\": \"#/definitions/d\"}, {\"type\": \"object\"}]",
    "\"not\": {\"$ref\": \"#/definitions/d\"}",
    "\"allOf\": [{\"$ref\": \"#/definitions/d\"}]",
    "\"properties\": {\"a\": {\"$ref\": \"#/definitions/d\"}}",
    "\"contains\": {\"$ref\": \"#/definitions/d\"}",
    "\"dependencies\": {\"a\": {\"properties\": {\"b\": {\"$ref\": \"#/definitions/d\"}}}}",
    "\"propertyNames\": {\"$ref\": \"#/definitions/d\"}",
    "\"if\": {\"$ref\": \"#/definitions/d\"}, \"then\": {\"maximum\": 1}"};
/// What the references above lead to.
const std::vector<std::string> random_definitions{"{\"type\": \"integer\"}", "{\"const\": 2}",
                                                  "{\"maxLength\": 1}", "{\"minLength\": 2}",
                                                  "{\"type\": [\"string\", \"number\"]}"};
const std::vector<std::string> random_values{"0",
                                             "1",
                                             "2",
                                             "2.5",
                                             "3",
                                             "1.25",
                                             "null",
                                             "\"\"",
                                             "\"a\"",
                                             "\"b\"",
                                             "[]",
                                             "[1]",
                                             "[0]",
                                             "[1, 2]",
                                             "{}",
                                             "{\"a\": 1}",
                                             "{\"a\": \"x\"}",
                                             "{\"b\": 1}",
                                             "true",
                                             "[2]",
                                             "\"aa\"",
                                             "{\"b\": \"x\"}",
                                             "{\"a\": 1, \"b\": \"x\"}",
                                             "{\"a\": 2, \"b\": 2}",
                                             "{\"ba\": 1}",
                                             "{\"bb\": \"x\", \"ca\": 3}"};

} // namespace

class TestCompatibility : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void what_breaks_is_named_data() {
        add_columns();
        const std::string closed = ", \"additionalProperties\": false";
        row("the same", properties("\"a\": {\"minimum\": 1}"),
            properties("\"a\": {\"minimum\": 1.0}"), "full");
        row("a member more, optional, in a closed object", properties("", closed),
            properties("\"a\": {\"type\": \"string\"}", closed),
            "forward /a: the old version does not take this member");
        row("a member is required now", properties("\"a\": {}"),
            properties("\"a\": {}", ", \"required\": [\"a\"]"),
            "backward /a: the new version requires this member, the old one does not");
        row("a wider type", properties("\"a\": {\"type\": \"integer\"}"),
            properties("\"a\": {\"type\": [\"number\", \"null\"]}"),
            "forward /a: the old version does not take a number that is not whole, null, the new "
            "one "
            "does");
        row("a value more", properties("\"a\": {\"enum\": [\"x\", \"y\"]}"),
            properties("\"a\": {\"enum\": [\"x\", \"y\", \"z\"]}"),
            "forward /a: the old version does not take the value \"z\"");
        row("a limit moved", "{\"minimum\": 1}", "{\"minimum\": 0}",
            "forward : the old version wants at least 1, the new one allows more");
        row("a limit became strict", "{\"maximum\": 9}", "{\"exclusiveMaximum\": 9}",
            "backward : the new version wants below 9, the old one allows more");
        row("cents became tenths of cents", "{\"type\": \"number\", \"multipleOf\": 0.01}",
            "{\"type\": \"number\", \"multipleOf\": 0.001}",
            "forward : the old version wants a multiple of 0.01");
        row("within an array", "{\"items\": {\"maxLength\": 5}}", "{\"items\": {\"maxLength\": 4}}",
            "backward /*: the new version takes at most 4 characters");
        row("null went", "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]}",
            "{\"type\": \"string\"}",
            "backward : the new version does not take null, the old one does");
        row("by reference or in place",
            "{\"definitions\": {\"m\": {\"minimum\": 0}}, \"properties\": {\"a\": {\"$ref\": "
            "\"#/definitions/m\"}}}",
            "{\"allOf\": [{\"properties\": {\"a\": {\"minimum\": 0}}}]}", "full");
        row("a member in an open object, which anybody could have sent before", properties(""),
            properties("\"a\": {\"type\": \"string\"}"),
            "note backward /a: the new version does not take an object, an array, a number, true "
            "or "
            "false, null, the old one does (the old one says nothing of this member)");
        row("a tree", properties("\"next\": {\"$ref\": \"#\"}"),
            properties("\"next\": {\"$ref\": \"#\"}"), "full");
    }
    void what_breaks_is_named() {
        QFETCH(std::string, older);
        QFETCH(std::string, newer);
        QFETCH(std::string, said);
        const std::string found = compared(older, newer);
        QVERIFY2(found == said, found.c_str());
    }

    void what_references_patterns_and_alternatives_change_is_named_data() {
        add_columns();
        const auto by_reference = [](const std::string& target, const std::string& inner) {
            return "{\"definitions\": {\"d\": " + target + "}, \"properties\": {\"a\": " + inner +
                   "}}";
        };
        const std::string to_d = "{\"$ref\": \"#/definitions/d\"}";
        const std::string or_null = "{\"anyOf\": [" + to_d + ", {\"type\": \"null\"}]}";
        row("behind a reference in anyOf",
            by_reference("{\"type\": \"string\", \"maxLength\": 10}", or_null),
            by_reference("{\"type\": \"string\", \"maxLength\": 5}", or_null),
            "backward /a: the new version takes only its alternatives; that all events of the old "
            "one fit one of them cannot be shown");
        row("the same behind a reference in anyOf",
            by_reference("{\"type\": \"string\", \"maxLength\": 10}", or_null),
            by_reference("{\"maxLength\": 10, \"type\": \"string\"}", or_null), "full");
        row("behind a reference in not", by_reference("{\"const\": 1}", "{\"not\": " + to_d + "}"),
            by_reference("{\"const\": 2}", "{\"not\": " + to_d + "}"),
            "backward /a: the new version excludes something else\n"
            "forward /a: the old version excludes something else");
        row("what a pattern names", "{\"patternProperties\": {\"^utm_\": {\"type\": \"string\"}}}",
            "{\"patternProperties\": {\"^utm_\": {\"type\": \"integer\"}}}",
            "backward /{^utm_}: the new version does not take a string, the old one does\n"
            "forward /{^utm_}: the old version does not take an integer, the new one does");
        row("what a pattern named",
            "{\"patternProperties\": {\"^utm_\": {}}, \"additionalProperties\": false}",
            "{\"additionalProperties\": false}",
            "backward /{^utm_}: the new version does not take this member");
        row("patterns that no name fits both of",
            "{\"patternProperties\": {\"^a_\": {\"type\": \"string\"}}, "
            "\"additionalProperties\": false}",
            "{\"patternProperties\": {\"^a_\": {\"type\": \"string\"}, \"^b_\": {\"type\": "
            "\"integer\"}}, \"additionalProperties\": false}",
            "forward /{^b_}: the old version does not take this member");
        row("alternatives that overlap", properties("\"a\": {\"type\": \"integer\"}"),
            properties("\"a\": {\"oneOf\": [{\"type\": \"integer\"}, {\"minimum\": 0}]}"),
            "backward /a: the new version takes only its alternatives; that all events of the old "
            "one fit exactly one of them cannot be shown\n"
            "forward /a: the old version does not take an object, an array, a string, a number "
            "that "
            "is not whole, true or false, null, the new one does");
        const auto payment = [](const std::string& by, const std::string& more) {
            return "{\"type\": \"object\", \"required\": [\"by\"], \"properties\": {\"by\": "
                   "{\"const\": \"" +
                   by + "\"}" + more + "}}";
        };
        row("an alternative more, told apart by a member",
            "{\"oneOf\": [" + payment("card", "") + ", " + payment("cash", "") + "]}",
            "{\"oneOf\": [" + payment("card", "") + ", " + payment("cash", "") + ", " +
                payment("gift", "") + "]}",
            "forward : the old version takes only its alternatives; that all events of the new "
            "one fit exactly one of them cannot be shown");
    }
    void what_references_patterns_and_alternatives_change_is_named() { what_breaks_is_named(); }

    void a_schema_that_doubles_at_each_level_is_compared_in_bounded_work() {
        std::string text = "{\"definitions\": {\"d40\": {\"type\": \"string\"}";
        for (int i = 39; i >= 0; --i) {
            const std::string next = "{\"$ref\": \"#/definitions/d" + std::to_string(i + 1) + "\"}";
            text += ", \"d" + std::to_string(i) + "\": {\"title\": \"" + std::to_string(i) +
                    "\", \"anyOf\": [" + next + ", {\"oneOf\": [" + next + "]}]}";
        }
        text += "}, \"properties\": {\"a\": {\"$ref\": \"#/definitions/d0\"}}}";
        const auto schema = schema_of(text);
        const auto other = schema_of("{\"properties\": {\"a\": {\"minLength\": 2}}}");
        QVERIFY(compare_schemas(*schema, *schema).differences.size() <= differences_max);
        QVERIFY(!compare_schemas(*schema, *other).backward());
    }

    void what_is_called_compatible_is() {
        // Random pairs of small schemas and random values: whatever the older one takes, the newer
        // one must take, if there is no difference backward.
        std::mt19937 random(7);
        const auto below = [&](unsigned n) {
            return std::uniform_int_distribution<unsigned>(0, n - 1)(random);
        };
        const auto make = [&] {
            std::string text =
                "{\"definitions\": {\"d\": " +
                random_definitions[below(static_cast<unsigned>(random_definitions.size()))] + "}";
            std::vector<std::string> used;
            for (unsigned i = 1 + below(2); i > 0; --i) {
                const std::string& part =
                    random_parts[below(static_cast<unsigned>(random_parts.size()))];
                const std::string name = part.substr(0, part.find(':'));
                if (std::find(used.begin(), used.end(), name) != used.end())
                    continue;
                text += ", " + part;
                used.push_back(name);
            }
            return text + "}";
        };
        int compatible = 0;
        SchemaValidator validator;
        JsonTape tape;
        for (int round = 0; round < 20'000; ++round) {
            const std::string older = make();
            const std::string newer = make();
            const auto from = schema_of(older);
            const auto to = schema_of(newer);
            const Compatibility found = compare_schemas(*from, *to);
            bool noted = false; // of what nobody agreed on nothing is promised
            for (const Difference& d : found.differences)
                noted = noted || !d.breaking;
            if (!found.backward() || noted)
                continue;
            ++compatible;
            for (const std::string& value : random_values) {
                QVERIFY(tape.parse(value));
                QVERIFY2(!validator.accepts(*from, tape) || validator.accepts(*to, tape),
                         (older + "\n" + newer + "\n" + value).c_str());
            }
        }
        QVERIFY(compatible > 100);
    }
};

QTEST_GUILESS_MAIN(TestCompatibility)
#include "tst_compatibility.moc"

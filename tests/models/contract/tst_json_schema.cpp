// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a schema says of an event, in words; what Weir does beyond the public suite: exact numbers,
// keys that are there twice, hostile schemas and hostile events.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "models/contract/schema/ecma_pattern.h"
#include "models/contract/schema/exact_number.h"
#include "models/contract/schema/json_schema.h"
#include "models/contract/schema/plain_pattern.h"

using namespace weir;
using namespace weir::schema;

namespace {

std::shared_ptr<const JsonSchema> schema_of(const std::string& text) {
    auto compiled = JsonSchema::parse(text);
    if (!compiled)
        qFatal("%s", compiled.error().text().c_str());
    return *compiled;
}

/// Every violation as a line, or "fine".
std::string judged(const std::string& schema, const std::string& event) {
    const auto compiled = schema_of(schema);
    JsonTape tape;
    if (!tape.parse(event))
        return "not JSON";
    SchemaValidator validator;
    std::vector<Violation> violations;
    const bool accepted = validator.accepts(*compiled, tape);
    validator.explain(*compiled, tape, violations);
    if (accepted != violations.empty())
        return "the two ways of judging differ";
    std::string text;
    for (const Violation& violation : violations)
        text += (text.empty() ? "" : "\n") + violation_text(violation);
    return text.empty() ? "fine" : text;
}

std::string mistake(const std::string& schema) {
    const auto compiled = JsonSchema::parse(schema);
    return compiled ? "none" : compiled.error().text();
}

void write(const QDir& folder, const char* name, const char* text) {
    folder.mkpath(QFileInfo(folder.filePath(QString::fromUtf8(name))).path());
    QFile file(folder.filePath(QString::fromUtf8(name)));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) < 0)
        qFatal("%s cannot be written", name);
}

const std::string purchase =
    "{\"type\": \"object\", \"required\": [\"event_id\", \"properties\"], \"properties\": {"
    "\"event_id\": {\"type\": \"string\", \"format\": \"uuid\"},"
    "\"user_id\": {\"type\": [\"string\", \"null\"]},"
    "\"properties\": {\"type\": \"object\", \"required\": [\"price\"],"
    " \"additionalProperties\": false, \"properties\": {"
    "  \"price\": {\"type\": \"number\", \"minimum\": 0, \"multipleOf\": 0.01},"
    "  \"currency\": {\"enum\": [\"EUR\", \"USD\", \"GBP\"]},"
    "  \"sku\": {\"type\": \"string\", \"pattern\": \"^SKU-[0-9]+$\", \"maxLength\": 9},"
    "  \"items\": {\"type\": \"array\", \"minItems\": 1, \"uniqueItems\": true}}}}}";
const std::string id = "\"event_id\": \"0190d4c1-7a2b-7c3d-8e4f-000000000001\"";

std::string event_with(const std::string& properties) {
    return "{" + id + ", \"properties\": {" + properties + "}}";
}

} // namespace

class TestJsonSchema : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void an_event_is_told_what_is_wrong_with_it_data() {
        QTest::addColumn<std::string>("given");
        QTest::addColumn<std::string>("said");
        const auto row = [](const char* name, const std::string& given, const char* said) {
            QTest::newRow(name) << given << std::string(said);
        };
        row("fine", event_with("\"price\": 129.95, \"currency\": \"EUR\""), "fine");
        row("missing", event_with(""),
            "/properties/price: missing_required: expected the member \"price\" (add the member)");
        row("quoted number", event_with("\"price\": \"129.95\""),
            "/properties/price: wrong_type: expected a number, found \"129.95\" (send the number "
            "without quotes)");
        row("out of range", event_with("\"price\": -0.01"),
            "/properties/price: out_of_range: expected at least 0, found -0.01");
        row("half a cent", event_with("\"price\": 1.005"),
            "/properties/price: not_multiple: expected a multiple of 0.01, found 1.005");
        row("near miss of a value", event_with("\"price\": 1, \"currency\": \"EURO\""),
            "/properties/currency: not_in_enum: expected one of \"EUR\", \"USD\", \"GBP\", found "
            "\"EURO\" (did you mean \"EUR\"?)");
        row("near miss of a name", event_with("\"price\": 1, \"curency\": \"EUR\""),
            "/properties/curency: unexpected_property: expected no member of this name, found "
            "\"EUR\" (did you mean \"currency\"?)");
        row("pattern and length", event_with("\"price\": 1, \"sku\": \"sku-1234567\""),
            "/properties/sku: wrong_length: expected at most 9 characters, found \"sku-1234567\"\n"
            "/properties/sku: pattern: expected text that matches ^SKU-[0-9]+$, found "
            "\"sku-1234567\"");
        row("empty and twice", event_with("\"price\": 1, \"items\": []"),
            "/properties/items: wrong_size: expected at least 1 element, found 0 elements");
        row("the same item, spelt differently",
            event_with("\"price\": 1, \"items\": [{\"a\": 1, \"b\": 2}, {\"b\": 2.0, \"a\": 1}]"),
            "/properties/items/1: duplicate_item: expected no element twice, found {\"b\": 2.0, "
            "\"a\": 1}");
        row("no object", "[1]", "the event: wrong_type: expected an object, found [1]");
        row("user", "{" + id + ", \"user_id\": 7, \"properties\": {\"price\": 1}}",
            "/user_id: wrong_type: expected a string or null, found 7 (send it in quotes)");
    }
    void an_event_is_told_what_is_wrong_with_it() {
        QFETCH(std::string, given);
        QFETCH(std::string, said);
        QCOMPARE(judged(purchase, given), said);
    }

    void of_alternatives_the_one_that_was_meant_is_told() {
        const std::string payment =
            "{\"oneOf\": ["
            "{\"properties\": {\"by\": {\"const\": \"card\"}}, \"required\": [\"by\", \"last4\"]},"
            "{\"properties\": {\"by\": {\"const\": \"iban\"}}, \"required\": [\"by\", \"bank\"]}]}";
        QCOMPARE(judged(payment, "{\"by\": \"card\", \"last4\": \"1111\"}"), std::string("fine"));
        QVERIFY(judged(payment, "{\"by\": \"card\"}").find("nearest wants the member \"last4\"") !=
                std::string::npos);
        const std::string either = "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]}";
        QCOMPARE(judged(either, "5"), std::string("the event: wrong_type: expected a string or "
                                                  "null, found 5 (send it in quotes)"));
        const std::string both = "{\"oneOf\": [{\"minimum\": 1}, {\"maximum\": 9}]}";
        QVERIFY(judged(both, "5").find("ambiguous") != std::string::npos);
    }

    void numbers_are_judged_by_their_digits() {
        const std::string large = "{\"maximum\": 100000000000000000000000000000}";
        QCOMPARE(judged(large, "100000000000000000000000000000"), std::string("fine"));
        QVERIFY(judged(large, "100000000000000000000000000001") != "fine");
        QCOMPARE(judged(large, "1e29"), std::string("fine"));
        QVERIFY(judged(large, "1.0000000000000000000000000000001e29") != "fine");
        const std::string id_only = "{\"const\": 23958446825181076828}";
        QCOMPARE(judged(id_only, "23958446825181076828"), std::string("fine"));
        QCOMPARE(judged(id_only, "23958446825181076828.0"), std::string("fine"));
        QVERIFY(judged(id_only, "23958446825181076829") != "fine");
        QCOMPARE(judged("{\"type\": \"integer\"}", "1.50e1"), std::string("fine"));
        QVERIFY(judged("{\"type\": \"integer\"}", "1.55e1") != "fine");
    }
    void a_multiple_is_exact_whatever_the_size() {
        const auto divides = [](const char* divisor, const char* number) {
            return Divisor(divisor).divides(number);
        };
        QVERIFY(divides("0.01", "129.95"));
        QVERIFY(divides("0.1", "0.3")); // not so among doubles
        QVERIFY(!divides("0.01", "0.005"));
        QVERIFY(divides("1e-30", "123456789012345678901234567890.5"));
        QVERIFY(divides("123456789012345678901234567890", "370370367037037036703703703670"));
        QVERIFY(!divides("123456789012345678901234567890", "370370367037037036703703703671"));
        QVERIFY(divides("7", "7e1000000000"));
        QVERIFY(!divides("7", "1e1000000000"));
        QVERIFY(divides("1024", "1e10"));
        QVERIFY(divides("18446744073709551616", "1e64"));
        QVERIFY(!divides("18446744073709551616", "1e63"));
        QVERIFY(divides("3", "-0.0"));
    }

    void of_keys_that_are_there_twice_the_last_one_counts() {
        const std::string schema = "{\"properties\": {\"a\": {\"type\": \"integer\"}}, "
                                   "\"maxProperties\": 2}";
        QCOMPARE(judged(schema, "{\"a\": \"x\", \"\\u0061\": 1, \"b\": 2}"), std::string("fine"));
        QVERIFY(judged(schema, "{\"a\": 1, \"a\": \"x\"}") != "fine");
        JsonTape tape;
        QVERIFY(tape.parse("{\"o\": {\"k\": 1, \"j\": 2, \"k\": 3}}"));
        OverriddenKeys keys;
        keys.find(tape);
        QCOMPARE(keys.keys().size(), std::size_t{1});
        QCOMPARE(tape.raw(keys.keys().front() + 1), std::string_view("1"));
    }
    void lengths_are_counted_in_code_points() {
        const std::string two = "{\"minLength\": 2, \"maxLength\": 2}";
        QCOMPARE(judged(two, "\"\xF0\x9F\x8C\x8D\xC3\xBC\""), std::string("fine"));
        QCOMPARE(judged(two, "\"\\ud83c\\udf0d\\u00fc\""), std::string("fine"));
        QVERIFY(judged(two, "\"\\ud83c\\udf0d\"") != "fine");
    }

    void a_pattern_that_explodes_elsewhere_does_not_here() {
        const std::string evil = "{\"pattern\": \"^(([a-z])+.)+[A-Z]([a-z])+$\"}";
        const std::string text(20'000, 'a');
        QVERIFY(judged(evil, "\"" + text + "\"") != "fine");
    }
    void a_plain_pattern_says_what_re2_says() {
        for (const char* pattern :
             {"^[A-Z]{3}$", "^SKU-[0-9]+$", "^[a-z]+(_[a-z]+)*$", "^a{2,3}b?$", "^[\\w.-]+@x$",
              "^a*ab$", "^\\d{1,3}$", "^[a-]$", "^$", "^\\$[0-9]*$", "^[^a]$", "^x|y$"}) {
            const auto plain = PlainPattern::parse(pattern);
            if (!plain)
                continue;
            // A group around it makes it one for RE2.
            const std::string grouped = "(?:" + std::string(pattern) + ")";
            const auto other = EcmaPattern::compile(grouped);
            QVERIFY(other.ok());
            for (const char* text : {"", "a", "ab", "aab", "aaab", "ABC", "ABCD", "SKU-1", "SKU-",
                                     "sku-1", "a-", "a.b@x", "12", "1234", "$5", "$", "x", "b"})
                QVERIFY2(plain->matches(text) == (*other)->found_in(text), pattern);
        }
        QVERIFY(!PlainPattern::parse("^a*ab$"));
        QVERIFY(!PlainPattern::parse("^x|y$"));
        QVERIFY(PlainPattern::parse("^[A-Z]{3}$").has_value());
    }
    void what_re2_cannot_do_is_said() {
        const std::string ahead = mistake("{\"pattern\": \"^(?!x)a\"}");
        QVERIFY2(ahead.find("look-ahead") != std::string::npos, ahead.c_str());
        QVERIFY(ahead.find("#/pattern") != std::string::npos);
        QVERIFY(mistake("{\"pattern\": \"(?<=x)a\"}").find("look-behind") != std::string::npos);
        QVERIFY(mistake("{\"pattern\": \"(a)\\\\1\"}").find("back-reference") != std::string::npos);
        QVERIFY(mistake("{\"pattern\": \"a{1001}\"}").find("1,000") != std::string::npos);
        QVERIFY(mistake("{\"pattern\": \"(a\"}") != "none");
    }

    void a_schema_that_is_none_names_the_place() {
        const std::string said = mistake("{\n \"properties\": {\n  \"a\": {\"type\": 12}}}");
        QVERIFY2(said.find("schema:3: #/properties/a/type") != std::string::npos, said.c_str());
        QVERIFY(mistake("{\n\"type\": }").find("schema:2") != std::string::npos);
        QVERIFY(mistake("{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"}")
                    .find("draft-07") != std::string::npos);
    }
    void references_in_a_circle_are_found() {
        QVERIFY(mistake("{\"$ref\": \"#\"}").find("circle") != std::string::npos);
        QVERIFY(mistake("{\"definitions\": {\"a\": {\"$ref\": \"#/definitions/b\"}, "
                        "\"b\": {\"$ref\": \"#/definitions/a\"}}, \"$ref\": \"#/definitions/a\"}")
                    .find("circle") != std::string::npos);
        QVERIFY(mistake("{\"allOf\": [{\"anyOf\": [{\"$ref\": \"#\"}]}]}").find("without end") !=
                std::string::npos);
        QCOMPARE(mistake("{\"properties\": {\"next\": {\"$ref\": \"#\"}}}"), std::string("none"));
    }
    void a_schema_that_multiplies_its_work_is_stopped() {
        const std::string doubling =
            "{\"properties\": {\"a\": {\"anyOf\": [{\"$ref\": \"#\"}, {\"$ref\": \"#\"}, "
            "{\"$ref\": \"#\"}]}}, \"additionalProperties\": false}";
        std::string deep = "{\"b\": 1}";
        for (int i = 0; i < 200; ++i)
            deep = "{\"a\": " + deep + "}";
        QVERIFY(judged(doubling, deep).find("too_complex") != std::string::npos);
        std::string list = "1";
        for (int i = 0; i < 500; ++i)
            list = "[" + list + "]";
        QCOMPARE(judged("{\"items\": {\"$ref\": \"#\"}}", list), std::string("fine"));
    }

    void references_lead_to_files_of_the_folder_and_nowhere_else() {
        QTemporaryDir root;
        const QDir folder(root.filePath(QStringLiteral("schemas")));
        write(folder, "order.json",
              "{\"properties\": {\"money\": {\"$ref\": \"common/money.json#/definitions/eur\"},"
              " \"sku\": {\"$ref\": \"http://schemas.example.com/sku\"},"
              " \"at\": {\"$ref\": \"https://any.example.org/common/time.json\"}}}");
        write(folder, "common/money.json", "{\"definitions\": {\"eur\": {\"minimum\": 0}}}");
        write(folder, "odd/name.json",
              "{\"$id\": \"http://schemas.example.com/sku\", \"type\": \"string\"}");
        write(folder, "common/time.json", "{\"format\": \"date-time\"}");
        const std::string file = folder.filePath(QStringLiteral("order.json")).toStdString();
        const auto compiled = JsonSchema::load(file, folder.path().toStdString());
        QVERIFY2(compiled.ok(), compiled ? "" : compiled.error().text().c_str());
        JsonTape tape;
        SchemaValidator validator;
        QVERIFY(tape.parse("{\"money\": 1, \"sku\": \"a\", \"at\": \"2026-01-31T12:00:00Z\"}"));
        QVERIFY(validator.accepts(**compiled, tape));
        for (const char* bad : {"{\"money\": -1}", "{\"sku\": 1}", "{\"at\": \"noon\"}"}) {
            QVERIFY(tape.parse(bad));
            QVERIFY2(!validator.accepts(**compiled, tape), bad);
        }
        write(QDir(root.path()), "secret.json", "{}");
        write(folder, "bad.json", "{\"$ref\": \"../secret.json\"}");
        const auto outside = JsonSchema::load(
            folder.filePath(QStringLiteral("bad.json")).toStdString(), folder.path().toStdString());
        QVERIFY(!outside.ok());
        QCOMPARE(outside.error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestJsonSchema)
#include "tst_json_schema.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "models/event/json/json_tape.h"
#include "models/event/json/utf8.h"

using namespace weir;
using nlohmann::json;

namespace {

/// nlohmann's value from the tape's nodes, to compare with what nlohmann makes of the same text.
/// Duplicate keys: the last one counts, as there.
json rebuilt(const JsonTape& tape, std::uint32_t node) {
    const TapeNode& n = tape.nodes()[node];
    switch (n.kind) {
    case JsonKind::Object: {
        json object = json::object();
        for (std::uint32_t i = node + 1; i < n.next; i = tape.nodes()[i + 1].next)
            object[tape.unescaped(i)] = rebuilt(tape, i + 1);
        return object;
    }
    case JsonKind::Array: {
        json array = json::array();
        for (std::uint32_t i = node + 1; i < n.next; i = tape.nodes()[i].next)
            array.push_back(rebuilt(tape, i));
        return array;
    }
    case JsonKind::String:
    case JsonKind::Key:
        return tape.unescaped(node);
    case JsonKind::Number:
        return json::parse(tape.raw(node));
    case JsonKind::True:
        return true;
    case JsonKind::False:
        return false;
    case JsonKind::Null:
        break;
    }
    return nullptr;
}

/// nlohmann refuses two things that RFC 8259's grammar has: numbers past a double, and halves of a
/// surrogate pair.
bool beyond_the_oracle(const std::string& text) {
    if (text.find("\\u") != std::string::npos)
        return true;
    try {
        return json::parse(text).is_discarded();
    } catch (const json::out_of_range&) {
        return true;
    } catch (const json::exception&) {
        return false;
    }
}

class Inventor {
  public:
    std::string value(int depth) {
        switch (pick(depth > 4 ? 5 : 7)) {
        case 0:
            return number();
        case 1:
            return "null";
        case 2:
            return pick(2) == 0 ? "true" : "false";
        case 3:
        case 4:
            return string();
        case 5:
            return list('[', ']', depth, false);
        default:
            return list('{', '}', depth, true);
        }
    }
    int pick(int count) { return static_cast<int>(m_random() % static_cast<unsigned>(count)); }

  private:
    std::string list(char open, char close, int depth, bool keys) {
        std::string text(1, open);
        const int count = pick(5);
        for (int i = 0; i < count; ++i) {
            text += (i == 0 ? "" : ",") + space() + (keys ? string() + space() + ":" : "");
            text += space() + value(depth + 1) + space();
        }
        return text + close;
    }
    std::string string() {
        static const char* const pieces[] = {
            "a",   "long plain text of words ", "\\n", "\\\"", "\\\\", "\xC3\xA9", "\xE2\x82\xAC",
            "\\/", "\xF0\x9F\x98\x80",          " ",   "\x7F"};
        std::string text = "\"";
        for (int i = pick(6); i > 0; --i)
            text += pieces[pick(11)];
        return text + "\"";
    }
    std::string number() {
        static const char* const numbers[] = {"0",
                                              "-0",
                                              "7",
                                              "-12.5",
                                              "1e2",
                                              "1E-7",
                                              "0.125",
                                              "9007199254740993",
                                              "-7210194211959421178",
                                              "18446744073709551615"};
        return numbers[pick(10)];
    }
    std::string space() {
        static const char* const spaces[] = {"", "", "", " ", "\n\t", "\r\n"};
        return spaces[pick(6)];
    }
    std::mt19937 m_random{20261120};
};

} // namespace

class TestJsonTape : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_the_standard_accepts_data() {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"0",
                                 "-0",
                                 "-0.0",
                                 "1e2",
                                 "1E+2",
                                 "1.5e-300",
                                 "1e999",
                                 "23958446825181076828",
                                 "-7210194211959421178",
                                 "123456789012345678901234567890",
                                 "\"\"",
                                 "\"\\u0000\"",
                                 "\"\\ud800\"",
                                 "\"\\/\"",
                                 "\"\x7f\"",
                                 "\"\xF4\x8F\xBF\xBF\"",
                                 "[]",
                                 "{}",
                                 " [ ] ",
                                 "\r\n{\t}\n",
                                 "[[],{}]",
                                 "{\"\":0}",
                                 "{\"a\":1,\"a\":2}",
                                 "true",
                                 "false",
                                 "null",
                                 "[1,[2,[3]],{\"a\":[{}]}]"})
            QTest::newRow(text) << QByteArray(text);
    }
    void what_the_standard_accepts() {
        QFETCH(QByteArray, text);
        JsonTape tape;
        const std::string held = text.toStdString();
        QVERIFY2(tape.parse(held), tape.error().what);
    }

    void what_the_standard_refuses_and_where_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<uint>("offset");
        QTest::newRow("nothing") << QByteArray("") << 0U;
        QTest::newRow("spaces") << QByteArray("  ") << 2U;
        QTest::newRow("tru") << QByteArray("[tru]") << 1U;
        QTest::newRow("01e") << QByteArray("[01e]") << 1U;
        QTest::newRow("1.") << QByteArray("[1.]") << 3U;
        QTest::newRow(".5") << QByteArray(".5") << 0U;
        QTest::newRow("+1") << QByteArray("+1") << 0U;
        QTest::newRow("1e") << QByteArray("1e") << 2U;
        QTest::newRow("-") << QByteArray("-") << 1U;
        QTest::newRow("NaN") << QByteArray("NaN") << 0U;
        QTest::newRow("text behind") << QByteArray("{} x") << 3U;
        QTest::newRow("two values") << QByteArray("1 2") << 2U;
        QTest::newRow("a comma too many") << QByteArray("[1,]") << 3U;
        QTest::newRow("a comma too few") << QByteArray("[1 2]") << 3U;
        QTest::newRow("a member's comma too many") << QByteArray("{\"a\":1,}") << 7U;
        QTest::newRow("no colon") << QByteArray("{\"a\" 1}") << 5U;
        QTest::newRow("no value") << QByteArray("{\"a\":}") << 5U;
        QTest::newRow("a key without quotes") << QByteArray("{a:1}") << 1U;
        QTest::newRow("single quotes") << QByteArray("['a']") << 1U;
        QTest::newRow("a comment") << QByteArray("[/**/]") << 1U;
        QTest::newRow("closed with the wrong one") << QByteArray("[1}") << 2U;
        QTest::newRow("not closed") << QByteArray("{\"a\":[1") << 7U;
        QTest::newRow("a string not closed") << QByteArray("\"abc") << 4U;
        QTest::newRow("a line end in a string") << QByteArray("\"a\nb\"") << 2U;
        QTest::newRow("an escape that is none") << QByteArray("\"\\x\"") << 1U;
        QTest::newRow("half an escape") << QByteArray("\"\\u12\"") << 1U;
        QTest::newRow("an escape cut off") << QByteArray("\"\\") << 1U;
        QTest::newRow("a byte order mark") << QByteArray("\xEF\xBB\xBF{}") << 0U;
        QTest::newRow("not UTF-8") << QByteArray("\"ab\xFF\"") << 3U;
        QTest::newRow("an overlong form") << QByteArray("\"\xC0\xAF\"") << 1U;
        QTest::newRow("a surrogate in UTF-8") << QByteArray("\"\xED\xA0\x80\"") << 1U;
        QTest::newRow("above U+10FFFF") << QByteArray("\"\xF4\x90\x80\x80\"") << 1U;
        QTest::newRow("a sequence cut off") << QByteArray("\"\xE2\x82\"") << 1U;
        QTest::newRow("a zero byte") << QByteArray("[1]\0", 4) << 3U;
    }
    void what_the_standard_refuses_and_where() {
        QFETCH(QByteArray, text);
        QFETCH(uint, offset);
        JsonTape tape;
        const std::string copy = text.toStdString();
        QVERIFY(!tape.parse(copy));
        QVERIFY(*tape.error().what != '\0');
        QCOMPARE(tape.error().offset, offset);
    }

    void a_number_stays_the_text_it_was() {
        const std::string text = R"({"a":23958446825181076828,"b":1e2,"c":-0.10})";
        JsonTape tape;
        QVERIFY(tape.parse(text));
        QCOMPARE(tape.raw(*tape.member(0, "a")), std::string_view("23958446825181076828"));
        QCOMPARE(tape.raw(*tape.member(0, "b")), std::string_view("1e2"));
        QCOMPARE(tape.raw(*tape.member(0, "c")), std::string_view("-0.10"));
    }

    void escapes_are_resolved_when_asked_for() {
        const std::string text =
            "[\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u00e9\\u20AC\"," // moc does not read this as
                                                                   // R"()"
            "\"\\ud83d\\ude00\",\"\\ud83dx\"]";
        JsonTape tape;
        QVERIFY(tape.parse(text));
        QCOMPARE(tape.unescaped(1), std::string("a\"\\/\b\f\n\r\t"));
        QCOMPARE(tape.unescaped(2), std::string("\xC3\xA9\xE2\x82\xAC"));
        QCOMPARE(tape.unescaped(3), std::string("\xF0\x9F\x98\x80"));
        QCOMPARE(tape.unescaped(4), std::string("\xEF\xBF\xBDx"));
        QCOMPARE(tape.raw_quoted(4), std::string_view("\"\\ud83dx\""));
    }

    void a_pointer_finds_its_node_and_a_node_its_pointer() {
        const std::string text = R"({"a/b":{"c~d":[10,{"e":null}]},"\u0061":1,"":2})";
        JsonTape tape;
        QVERIFY(tape.parse(text));
        for (const char* pointer : {"", "/a~1b", "/a~1b/c~0d", "/a~1b/c~0d/0", "/a~1b/c~0d/1",
                                    "/a~1b/c~0d/1/e", "/a", "/"}) {
            const auto node = tape.at(pointer);
            QVERIFY2(node.has_value(), pointer);
            QCOMPARE(tape.pointer(*node), std::string(pointer));
        }
        for (const char* pointer :
             {"a", "/x", "/a~1b/c~0d/2", "/a~1b/c~0d/00", "/a~1b/c~0d/-", "/a~1b/c~0d/1/e/f"})
            QVERIFY2(!tape.at(pointer).has_value(), pointer);
    }

    void duplicate_keys_stay_and_the_last_one_is_found() {
        const std::string text = R"({"a":1,"b":0,"a":[2,3]})";
        JsonTape tape;
        QVERIFY(tape.parse(text));
        QCOMPARE(tape.size(0), 3U);
        QCOMPARE(tape.raw(*tape.member(0, "a")), std::string_view("[2,3]"));
        QCOMPARE(tape.raw(*tape.element(*tape.member(0, "a"), 1)), std::string_view("3"));
        QVERIFY(!tape.element(*tape.member(0, "a"), 2).has_value());
        QVERIFY(!tape.member(0, "c").has_value());
    }

    void depth_is_limited_and_never_the_stack() {
        const std::string deep = std::string(1'024, '[') + std::string(1'024, ']');
        JsonTape tape;
        QVERIFY(tape.parse(deep));
        QCOMPARE(tape.nodes().size(), 1'024U);
        QCOMPARE(tape.pointer(1'023).size(), 1'023U * 2);
        const std::string over = '[' + deep + ']';
        QVERIFY(!tape.parse(over));
        QCOMPARE(tape.error().offset, 1'024U);
        QCOMPARE(unread_json_text(tape.error().what),
                 std::string("nested too deep: Weir reads JSON of up to 1,024 levels"));
        QVERIFY(!tape.parse(deep, {.depth = 1'000}));
        QCOMPARE(tape.error().offset, 1'000U);
        QCOMPARE(unread_json_text(tape.error().what), std::string("nested too deep"));
        QVERIFY(!tape.parse("[1"));
        QCOMPARE(unread_json_text(tape.error().what).substr(0, 10), std::string("not JSON: "));
        const std::string deeper(1'000'000, '[');
        QVERIFY(!tape.parse(deeper, {.depth = 4'000'000'000}));
        QCOMPARE(tape.error().offset, 65'535U);
    }

    void the_number_of_values_is_limited() {
        JsonTape tape;
        QVERIFY(tape.parse("[1,2,3]", {.nodes = 4}));
        QVERIFY(!tape.parse("[1,2,3,4]", {.nodes = 4}));
        QCOMPARE(tape.error().offset, 7U);
    }

    void it_agrees_with_nlohmann_on_what_is_json() {
        Inventor inventor;
        JsonTape tape;
        int accepted = 0;
        for (int i = 0; i < 20'000; ++i) {
            std::string text = inventor.value(0);
            if (i % 2 != 0) { // damage it
                static const char bytes[] = "{}[]\",:01.eE+-tn \\u\xC3\x80\x01";
                for (int k = inventor.pick(3); k >= 0; --k)
                    text[static_cast<std::size_t>(inventor.pick(static_cast<int>(text.size())))] =
                        bytes[inventor.pick(sizeof bytes - 1)];
            }
            const bool ours = tape.parse(text);
            if (beyond_the_oracle(text))
                continue;
            QVERIFY2(ours == json::accept(text), text.c_str());
            if (ours) {
                ++accepted;
                QVERIFY2(rebuilt(tape, 0) == json::parse(text), text.c_str());
            }
        }
        QVERIFY(accepted > 10'000);
    }

    void text_becomes_a_json_string_and_comes_back() {
        const std::string text("a\"\\\n\t\r\x01\x1F\x7F\xC3\xA9\0z", 13);
        std::string quoted;
        append_json_string(text, quoted);
        JsonTape tape;
        QVERIFY(tape.parse(quoted));
        QCOMPARE(tape.unescaped(0), text);
        quoted.clear();
        append_json_string("a\xFF\xE2\x82z", quoted);
        QCOMPARE(quoted, std::string("\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\""));
        QVERIFY(tape.parse(quoted));
    }

    void any_text_is_quoted_as_the_oracle_quotes_it() {
        std::mt19937 random(23);
        const std::string pieces[] = {"a",
                                      "bc ",
                                      "\"",
                                      "\\",
                                      "\n",
                                      "\x01",
                                      "\x7F",
                                      "\xC3\xA9",
                                      "\xE2\x80\xA2",
                                      "\xF0\x9F\x98\x80",
                                      "\xFF",
                                      "\xE2\x80",
                                      std::string(31, 'x'),
                                      std::string(40, 'y')};
        for (int round = 0; round < 20'000; ++round) {
            std::string text;
            for (std::uint32_t i = static_cast<std::uint32_t>(random() % 12); i > 0; --i)
                text += pieces[random() % std::size(pieces)];
            std::string quoted;
            append_json_string(text, quoted);
            JsonTape tape;
            QVERIFY2(tape.parse(quoted), text.c_str());
            std::string expected; // well-formed sequences, and U+FFFD for each other byte
            for (const char* p = text.data(); p < text.data() + text.size();) {
                const std::size_t size = utf8_sequence(p, text.data() + text.size());
                expected += size == 0 ? std::string("\xEF\xBF\xBD") : std::string(p, size);
                p += std::max<std::size_t>(size, 1);
            }
            QCOMPARE(tape.unescaped(0), expected);
        }
    }
};

QTEST_GUILESS_MAIN(TestJsonTape)
#include "tst_json_tape.moc"

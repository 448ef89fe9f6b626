// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/cli/arguments.h"
#include "app/cli/console.h"

using namespace weir;
using namespace weir::cli;

namespace {

const std::vector<Option> known{
    {"topic", "TOPIC", "a topic", 't', true},
    {"last", "DURATION", "the last so much"},
    {"json", nullptr, "as JSON", 'J'},
    {"limit", "N", "at most so many"},
};

std::string mistake(const std::vector<std::string>& words) {
    const auto parsed = Arguments::parse(words, known, 1);
    return parsed ? "none" : parsed.error().text();
}

} // namespace

class TestArguments : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void every_spelling_of_an_option_means_the_same() {
        const auto parsed = Arguments::parse(
            {"-t", "a", "-tb", "--topic", "c", "--topic=d=e", "-J", "--", "-x"}, known, 1);
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->values("topic"), (std::vector<std::string>{"a", "b", "c", "d=e"}));
        QVERIFY(parsed->has("json"));
        QVERIFY(!parsed->has("last"));
        QCOMPARE(parsed->positionals(), std::vector<std::string>{"-x"});
    }
    void a_mistake_names_the_word_and_the_mend() {
        QVERIFY(mistake({"--topics", "a"}).find("Did you mean --topic?") != std::string::npos);
        QVERIFY(mistake({"--lsat=5m"}).find("Did you mean --last?") != std::string::npos);
        QVERIFY(mistake({"--colour"}).find("unknown option --colour") != std::string::npos);
        QVERIFY(mistake({"--topic"}).find("--topic TOPIC") != std::string::npos);
        QVERIFY(mistake({"--json=yes"}).find("takes no value") != std::string::npos);
        QVERIFY(mistake({"--last", "1m", "--last", "2m"}).find("twice") != std::string::npos);
        QVERIFY(mistake({"a", "b"}).find("\"b\"") != std::string::npos);
    }
    void a_text_that_begins_with_a_minus_is_told_how_to_be_written() {
        QVERIFY2(mistake({"-7210194211959421178"}).find("write -- before it") != std::string::npos,
                 mistake({"-7210194211959421178"}).c_str());
        QCOMPARE(mistake({"--", "-7210194211959421178"}), std::string("none"));
    }
    void numbers_keep_their_range() {
        const auto parsed = Arguments::parse({"--limit", "1_000"}, known, 0);
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->integer("limit", 0, 1, 5000).value(), std::int64_t{1000});
        QVERIFY(!parsed->integer("limit", 0, 1, 999).ok());
        QCOMPARE(parsed->integer("last", 7, 0, 9).value(), std::int64_t{7});
    }
    void the_nearest_word_is_near() {
        const std::vector<std::string> words{"search", "sandbox", "screenshot", "tail"};
        QCOMPARE(nearest_word("serach", words), std::string("search"));
        QCOMPARE(nearest_word("screen", words), std::string("screenshot"));
        QCOMPARE(nearest_word("xyzzy", words), std::string());
    }
    void a_payload_cannot_steer_the_terminal() {
        QCOMPARE(terminal_safe("\x1b[31mred\x07\r\n", true),
                 std::string("\\x1b[31mred\\x07\\r\\n"));
        QCOMPARE(terminal_safe("a\tb\nc", false), std::string("a\tb\nc"));
        QCOMPARE(terminal_safe("zürich ✓ 🌍", true), std::string("zürich ✓ 🌍"));
        QCOMPARE(terminal_safe("\xc3(\xff\xed\xa0\x80", true),
                 std::string("\\xc3(\\xff\\xed\\xa0\\x80"));
        QCOMPARE(terminal_safe("\xc2\x9b"
                               "31m",
                               true),
                 std::string("\\u009b31m"));
    }
    void a_payload_cannot_look_like_another() {
        QCOMPARE(terminal_safe("user\u202Egnp.exe", true), std::string("user\\u202egnp.exe"));
        QCOMPARE(terminal_safe("\u2066a\u2069b\u200F", false),
                 std::string("\\u2066a\\u2069b\\u200f"));
        QCOMPARE(terminal_safe("one\u2028two\u2029three", false),
                 std::string("one\\u2028two\\u2029three"));
        QCOMPARE(terminal_safe("pay\u200Bpal\uFEFF\u2060\u00AD", true),
                 std::string("pay\\u200bpal\\ufeff\\u2060\\u00ad"));
        QCOMPARE(terminal_safe("tag\U000E0041", true), std::string("tag\\U000e0041"));
        QCOMPARE(terminal_safe("❤️ مرحبا नमस्ते 한글", true),
                 std::string("❤️ مرحبا नमस्ते 한글"));
    }
    void figures_are_readable() {
        QCOMPARE(grouped(0), std::string("0"));
        QCOMPARE(grouped(5'000'000), std::string("5,000,000"));
        QCOMPARE(duration_text(37'200), std::string("37 ms"));
        QCOMPARE(duration_text(4'200'000), std::string("4.2 s"));
        QCOMPARE(bytes_text(2'675'000'000), std::string("2.7 GB"));
    }
};

QTEST_GUILESS_MAIN(TestArguments)
#include "tst_arguments.moc"

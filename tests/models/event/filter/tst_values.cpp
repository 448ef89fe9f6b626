// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <cstring>
#include <random>

#include "models/event/decimal.h"
#include "models/event/filter/filter_compare.h"
#include "models/event/filter/json_path.h"
#include "models/event/filter/literal_finder.h"
#include "models/event/filter/text_matcher.h"
#include "models/event/filter/time_text.h"

using namespace weir;

class TestValues : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void decimals_are_compared_digit_by_digit();
    void decimals_agree_with_whole_numbers();
    void versions_are_ordered_by_their_parts();
    void times_durations_and_sizes_are_read();
    void a_literal_is_found_wherever_it_stands();
    void text_ignores_case_beyond_ascii();
    void a_path_is_read_as_it_is_written();
};

void TestValues::decimals_are_compared_digit_by_digit() {
    static const char* const ascending[] = {"-1e400",
                                            "-23958446825181076829",
                                            "-23958446825181076828",
                                            "-7210194211959421178",
                                            "-1.5",
                                            "-1e-400",
                                            "0",
                                            "1e-400",
                                            "0.001",
                                            "0.0010000000000000000000001",
                                            "1",
                                            "99.99999999999999999999999999",
                                            "1e2",
                                            "100.00000000000000000000000001",
                                            "9223372036854775807",
                                            "9223372036854775808",
                                            "23958446825181076828",
                                            "23958446825181076829",
                                            "1e400"};
    for (int i = 0; i < int(std::size(ascending)); ++i) {
        for (int j = 0; j < int(std::size(ascending)); ++j) {
            const int order = Decimal(ascending[j]).compare(ascending[i]);
            QCOMPARE((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
    for (const char* same : {"100", "1e2", "100.0", "0.1E+3", "+100", "00100.000", "1000e-1"})
        QCOMPARE(Decimal("1e2").compare(same), 0);
    for (const char* zero : {"0", "-0", "0.000", "0e99", "-0e-99"})
        QCOMPARE(Decimal("0").compare(zero), 0);
    for (const char* other : {"", "-", "1.", ".5", "1e", "1e+", "0x10", "1 ", "NaN", "1_000"})
        QVERIFY2(!is_decimal(other), other);
}

void TestValues::decimals_agree_with_whole_numbers() {
    std::mt19937_64 random(3);
    for (int i = 0; i < 50'000; ++i) {
        const auto number = [&] { return static_cast<std::int64_t>(random()) >> (random() % 63); };
        const std::int64_t a = number();
        const std::int64_t b = random() % 4 == 0 ? a : number();
        QCOMPARE(Decimal(std::to_string(b)).compare(std::to_string(a)), (a > b) - (a < b));
        std::int64_t back = 0;
        QVERIFY(Decimal(std::to_string(a)).to_int64(back));
        QCOMPARE(back, a);
    }
    std::int64_t value = 0;
    QVERIFY(!Decimal("9223372036854775808").to_int64(value));
    QVERIFY(Decimal("-9223372036854775808").to_int64(value) && value == INT64_MIN);
    QVERIFY(!Decimal("1.5").to_int64(value));
    QVERIFY(Decimal("15e1").to_int64(value) && value == 150);
}

void TestValues::versions_are_ordered_by_their_parts() {
    static const char* const ascending[] = {"4.12", "5",        "5.9",    "5.9.1",
                                            "5.10", "5.10-rc1", "5.10.0", "10.0"};
    for (int i = 1; i < int(std::size(ascending)); ++i)
        QVERIFY2(compare_versions(ascending[i - 1], ascending[i]) < 0, ascending[i]);
    QCOMPARE(compare_versions("5.010", "5.10"), 0);
}

void TestValues::times_durations_and_sizes_are_read() {
    const Micros noon(1'777'636'800'000'000);
    for (const char* text : {"2026-05-01T12:00:00Z", "2026-05-01t12:00z", "2026-05-01 12:00",
                             "2026-05-01T14:00:00+02:00", "2026-05-01T07:30:00.0000004-0430"})
        QVERIFY2(parse_instant(text) == noon, text);
    QVERIFY(parse_instant("2026-05-01T12:00:00.123456789Z") == noon + Micros(123'456));
    QVERIFY(parse_instant("2026-05-01") == noon - Micros(43'200'000'000));
    QVERIFY(parse_instant("0001-01-01") && parse_instant("9999-12-31T23:59:60Z"));
    for (const char* text :
         {"", "2026", "2026-13-01", "2026-02-29", "2026-05-01T", "2026-05-01T24:00",
          "2026-05-01T12:00:00.Z", "2026-05-01T12:00:00Zx", "26-05-01"})
        QVERIFY2(!parse_instant(text), text);
    QVERIFY(parse_relative("now-15m", noon) == noon - Micros(900'000'000));
    QVERIFY(parse_relative("now+1h30m", noon) == noon + Micros(5'400'000'000));
    QVERIFY(!parse_relative("now-", noon) && !parse_relative("now-9999999999w", noon));
    QVERIFY(parse_duration("1h30m") == Micros(5'400'000'000));
    QVERIFY(parse_duration("0.5s") == Micros(500'000));
    QVERIFY(parse_duration("-250ms") == Micros(-250'000));
    QVERIFY(parse_duration("10us") == Micros(10) && parse_duration("10µs") == Micros(10));
    QVERIFY(!parse_duration("5") && !parse_duration("") && !parse_duration("5x"));
    QVERIFY(parse_size("1.5kB") == 1500 && parse_size("2MiB") == 2 << 20 && parse_size("7") == 7);
    QVERIFY(!parse_size("99999999999GB") && !parse_size("kB") && !parse_size("1 kB"));
}

void TestValues::a_literal_is_found_wherever_it_stands() {
    std::mt19937_64 random(11);
    for (int i = 0; i < 60'000; ++i) {
        // A small alphabet makes near misses common; sizes straddle the width of the vectors.
        std::string text(random() % 150, ' ');
        for (char& c : text)
            c = "abAB\\\"1"[random() % (i % 2 == 0 ? 4 : 7)];
        std::string literal(1 + random() % (i % 3 == 0 ? 40 : 4), ' ');
        for (char& c : literal)
            c = "abAB1"[random() % 5];
        if (random() % 3 == 0 && text.size() > 4)
            literal = text.substr(random() % text.size(), 1 + random() % 40);
        // Fresh allocations of the exact size let AddressSanitizer see a read too far.
        const std::vector<char> exact(text.begin(), text.end());
        const std::string_view in(exact.data(), exact.size());
        QCOMPARE(LiteralFinder(literal).find(in), text.find(literal));
        const auto lowered = [](std::string s) {
            for (char& c : s)
                c = static_cast<char>(std::tolower(c));
            return s;
        };
        QCOMPARE(LiteralFinder(literal, true).find(in), lowered(text).find(lowered(literal)));
        QCOMPARE(LiteralFinder(literal).found_or_escaped(in),
                 text.find(literal) != std::string::npos || text.find('\\') != std::string::npos);
    }
    QCOMPARE(LiteralFinder("").find("abc"), 0u);
    QVERIFY(!LiteralFinder("@", true).found_in("`")); // a letter's case is one bit, theirs is not
    QVERIFY(!LiteralFinder("\xC3\xA9", true).found_in("\xE3\xA9"));
}

void TestValues::text_ignores_case_beyond_ascii() {
    const auto same = [](const char* a, const char* b) { return TextMatcher(a, true).equals(b); };
    QVERIFY(same("Straße", "STRAßE") && same("ΣΊΣΥΦΟΣ", "σίσυφος") && same("Журнал", "ЖУРНАЛ"));
    QVERIFY(same("ÀÉÎÕÜŸ", "àéîõüÿ") && same("ĀĂĄŽ", "āăąž"));
    QVERIFY(!same("k", "\u212A") && !same("ss", "ß") && !same("e", "é"));
    QVERIFY(!TextMatcher("é", false).equals("É"));
    QVERIFY(TextMatcher("über", true).is_in("Gegenüber ÜBER"));
    QVERIFY(TextMatcher("ÜBER", true).is_start_of("überall"));
    QVERIFY(TextMatcher("ALL", true).is_end_of("überall"));
    QVERIFY(TextMatcher("\xFFx", true).is_in("a\xFFX")); // no UTF-8: bytes stand for themselves
}

void TestValues::a_path_is_read_as_it_is_written() {
    for (const char* text : {"a", "a.b", "a[0].b", "a[*].b[*]", "$", "$.type", "$[0]",
                             "a[\"odd key\"]", "a[\"\"].b", "a[\"q\\\"\\\\\"]", "user-id", "a.0"}) {
        const auto path = JsonPath::parse(text);
        QVERIFY2(path, text);
        QCOMPARE(path->text(), std::string(text));
    }
    QCOMPARE(JsonPath::parse("a['x']")->text(), std::string("a.x"));
    for (const char* text : {"", ".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "a[1", "[0]",
                             "a[99999999999]", "a b"})
        QVERIFY2(!JsonPath::parse(text), text);
}

QTEST_GUILESS_MAIN(TestValues)
#include "tst_values.moc"

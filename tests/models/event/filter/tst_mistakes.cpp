// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/event/filter/filter.h"

using namespace weir;

class TestMistakes : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_mistake_is_marked_at_its_column_with_a_mend_data();
    void a_mistake_is_marked_at_its_column_with_a_mend();
    void what_follows_a_value_may_be_a_text();
    void limits_are_stated();
    void a_name_close_to_a_field_is_hinted_at();
};

namespace {
/// The ^ in `marked` stands before the byte at which the mistake is reported.
void row(const char* marked, const char* said) {
    QTest::newRow(marked) << QByteArray(marked) << QByteArray(said);
}
} // namespace

void TestMistakes::a_mistake_is_marked_at_its_column_with_a_mend_data() {
    QTest::addColumn<QByteArray>("marked");
    QTest::addColumn<QByteArray>("said");
    row("type ^= \"purchase\"", "Write ==");
    row("type ^<> \"purchase\"", "Write !=");
    row("type ^=~ \"p.*\"", "matches");
    row("type == ^", "expected a value after ==");
    row("type == ^and x", "quotes");
    row("^== \"purchase\"", "field");
    row("^\"purchase\" == type", "field before the operator");
    row("^100 < properties.price", "not a field");
    row("type ^cotains \"x\"", "Did you mean contains");
    row("properties.name ^startWith \"x\"", "Did you mean startsWith");
    row("type == ^\"purchase", "quote is not closed");
    row("(a or b^", "column 1");
    row("a or b^)", "No bracket is open");
    row("a and ^", "expected a word");
    row("not ^", "expected a word");
    row("a or ^or b", "found 'or'");
    row("type in (^)", "value");
    row("type in (a, b^", "',' or ')'");
    row("type in (a ^b)", "',' or ')'");
    row("header^ == 3", "header[\"x-app\"]");
    row("^items[x] == 3", "not a field");
    row("items^[0 == 3", "bracket is not closed");
    row("time > ^yesterday", "now-15m");
    row("time > ^2026-02-30", "a time");
    row("age > ^5", "a duration");
    row("size > ^5parsecs", "1kB");
    row("partition == ^x", "whole number");
    row("offset == ^1.5", "whole number");
    row("offset == ^\"15\"", "without quotes");
    row("offset == ^99999999999999999999", "whole number");
    row("offset ^contains 5", "not a text");
    row("properties.a > ^abc", "Quote it");
    row("properties.a > ^null", "no order");
    row("properties.a > ^i\"abc\"", "no order");
    row("key matches \"^a(b\"", "regular expression");
    row("key matches i\"^*\"", "regular expression");
    row("type == \"Grü\xC3\x9F\" and ^&", "Write &&");
    row("a ^& b", "Write &&");
    row("a^, b", "quotes");
    row("x ^\x01 y", "control character");
    row("time > 2026-05-01 ^12:00", "Write 2026-05-01T12:00;");
    row("sent_time <= 2026-05-01 ^12:00:30Z and x", "Write 2026-05-01T12:00:30Z;");
    row("time > 2026-05-01T12:00 ^+02:00", "Write 2026-05-01T12:00+02:00;");
    row("time > now ^- 15m", "Write now-15m;");
    row("time > now ^-15m or x", "Write now-15m;");
    row("time > ^now- 15m", "now-15m");
    row("time > 2026-05-01 ^- 1d", "one word");
    row("age > 1h ^30m", "Write 1h30m;");
    row("size > 5 ^kB", "Write 5kB;");
    row("offset > 5 ^kB", "one word");
    // A unit is known in any case, and by its beginning.
    row("size > 5 ^kb", "Write 5kB;");
    row("size < 2 ^Mb", "Write 2MB;");
    row("event_size < 1.5 ^mib", "Write 1.5MiB;");
    row("size > 5 ^k", "Write 5kB;");
    row("age > 5m ^30S", "Write 5m30s;");
    row("properties.price > 100 ^k", "one word");
    row("properties.price > 100 ^KB", "one word");
    row("properties.delay > 5 ^MS", "one word");
    // Behind a size or an age nobody looks for a text without quotes.
    row("size > 1 ^000", "Write 1000;");
    row("size > 1kB ^checkout", "in quotes");
    row("size > 100 ^parsecs", "in quotes");
    row("age > 5m ^404 or x", "in quotes");
    row("properties.price > 5 ^+ 1", "one word");
    row("properties.at > 2026-05-01 ^12:00", "Write 2026-05-01T12:00;");
}

void TestMistakes::a_mistake_is_marked_at_its_column_with_a_mend() {
    QFETCH(QByteArray, marked);
    QFETCH(QByteArray, said);
    const auto column = marked.indexOf('^');
    const std::string text = QByteArray(marked).replace("^", "").toStdString();
    const auto filter = Filter::parse(text, Micros(0));
    QVERIFY(!filter.ok());
    const Error& error = filter.error();
    QVERIFY2((error.what + " " + error.advice).find(said.toStdString()) != std::string::npos,
             error.text().c_str());
    QCOMPARE(error.code, ErrorCode::Usage);
    QVERIFY(!error.advice.empty());
    if (column >= 0)
        QCOMPARE(error.column, static_cast<int>(column));
}

void TestMistakes::what_follows_a_value_may_be_a_text() {
    for (const char* text :
         {"time > 2026-05-01 checkout", "size > 100 \"404\"", "offset > 5 \"kB\"",
          "size > 5 and kB", "size > 5 or kB", "size > 5 not kB", "size > 5 (kB)",
          "size > 5 type == x", "age > 5m exists user", "offset > 5 404", "offset > 5 -foo",
          "type == purchase 12:00", "properties.a == \"5\" kB", "partition in (1, 2) s",
          "offset > 5 s == 3", "time > now not 12:00"})
        QVERIFY2(Filter::parse(text, Micros(0)).ok(), text);
}

void TestMistakes::limits_are_stated() {
    const auto parse = [](const std::string& text) { return Filter::parse(text, Micros(0)); };
    const auto nested = [](std::size_t depth) {
        std::string text(depth, '(');
        text.push_back('a');
        text.append(depth, ')');
        return text;
    };
    QVERIFY(parse(nested(64)).ok());
    const auto deep = parse(nested(65));
    QVERIFY(!deep.ok());
    QCOMPARE(deep.error().column, 64);
    QVERIFY(!parse(std::string(100'000, '!')).ok());
    std::string words;
    for (int i = 0; i < 1'001; ++i)
        words += "w ";
    QCOMPARE(parse(words).error().column, 2000);
    std::string list = "id in (0";
    for (int i = 1; i < 20'000; ++i)
        list += "," + std::to_string(i);
    QVERIFY(parse(list + ")").ok());
    QVERIFY(!parse(list + ",20000)").ok());
    QVERIFY(!parse(std::string((1u << 20) + 1, 'a')).ok());
    QVERIFY(!parse("key matches \"(((a{100}){100}){100}){100}\"").ok());
}

void TestMistakes::a_name_close_to_a_field_is_hinted_at() {
    const auto near = Filter::parse("pltform == ios", Micros(0));
    QCOMPARE((*near)->hints().size(), 1u);
    QVERIFY((*near)->hints()[0].text.find("platform") != std::string::npos);
    QCOMPARE((*near)->hints()[0].size, 7u);
    QVERIFY((*Filter::parse("tenant == acme and platform == ios", Micros(0)))->hints().empty());
    QCOMPARE(
        (*Filter::parse("sent_time > 2026-01-01 and user == session", Micros(0)))->hints().size(),
        1u);
    // Members that events do have are no slips.
    for (const char* member : {"event_type == purchase", "event_id exists", "sentAt exists"})
        QVERIFY2((*Filter::parse(member, Micros(0)))->hints().empty(), member);
}

QTEST_GUILESS_MAIN(TestMistakes)
#include "tst_mistakes.moc"

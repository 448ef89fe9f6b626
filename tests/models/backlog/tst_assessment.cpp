// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Verdicts on histories of commits, written down in tests/fixtures/backlog/verdicts.txt.
#include "models/backlog/assessment.h"

#include <QtTest>

#include "tests/support/backlog_cases.h"

using namespace weir;

using weir::test::backlog_case;
using weir::test::backlog_cases;
using weir::test::BacklogCase;

namespace {

bool is(const QString& word, const char* text) {
    return word == QLatin1String(text);
}

Assessment judged(const BacklogCase& c) {
    return assess(c.partition, c.group, *c.history().samples(), c.now);
}

} // namespace

class TestAssessment : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void verdicts_data();
    void verdicts();
    void every_verdict_has_a_case();
    void lag_in_messages_is_what_it_is();
    void lag_in_time_says_how_it_is_known();
    void rates_and_the_time_to_drain();
    void until_retention();
    void what_is_not_permitted_is_not_none();
    void spans_are_readable();
};

void TestAssessment::verdicts_data() {
    QTest::addColumn<int>("number");
    const std::vector<BacklogCase> cases = backlog_cases();
    QVERIFY2(!cases.empty(), "the fixture cannot be read");
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::newRow(qPrintable(cases[i].name)) << static_cast<int>(i);
}

void TestAssessment::verdicts() {
    QFETCH(int, number);
    const std::vector<BacklogCase> cases = backlog_cases();
    const BacklogCase& c = cases[static_cast<std::size_t>(number)];
    const Assessment a = judged(c);
    const QString reason = QString::fromStdString(a.reason);
    QVERIFY2(is(c.verdict, to_word(a.verdict)),
             qPrintable(QLatin1String(to_word(a.verdict)) + QStringLiteral(": ") + reason));
    QVERIFY2(reason.contains(c.words), qPrintable(reason));
    QVERIFY2(!reason.endsWith(u'.'), qPrintable(reason));
}

void TestAssessment::every_verdict_has_a_case() {
    const std::vector<BacklogCase> cases = backlog_cases();
    for (int v = 0; v <= static_cast<int>(Verdict::Lost); ++v) {
        const QString word = QString::fromLatin1(to_word(static_cast<Verdict>(v)));
        QVERIFY2(std::any_of(cases.begin(), cases.end(),
                             [&](const BacklogCase& c) { return c.verdict == word; }),
                 qPrintable(word));
    }
    QVERIFY(!is_bad(Verdict::Ok));
    QVERIFY(!is_bad(Verdict::Unknown));
    QVERIFY(is_bad(Verdict::Warn));
}

void TestAssessment::lag_in_messages_is_what_it_is() {
    const BacklogCase again = backlog_case(u"the topic was made again with fewer records");
    const Assessment a = judged(again);
    QCOMPARE(*a.lag_messages, std::int64_t{-4980});
    const BacklogCase control =
        backlog_case(u"a committed transaction leaves a control record behind the last one read");
    const Assessment b = judged(control);
    QCOMPARE(*b.lag_messages, std::int64_t{1}); // as Kafka's own tool has it
    QVERIFY(b.nothing_unread);
    QCOMPARE(*b.lag_us, std::int64_t{0});
}

void TestAssessment::lag_in_time_says_how_it_is_known() {
    BacklogCase c = backlog_case(u"a worker keeps up");
    Assessment a = judged(c);
    QCOMPARE(to_word(a.lag_method), "exact");
    QCOMPARE(*a.lag_us, std::int64_t{1'000'000});
    // Offset 995 was written between the looks at 20 s (end 704) and 30 s (end 1000).
    c.partition.next = {};
    a = judged(c);
    QCOMPARE(to_word(a.lag_method), "interpolated");
    QVERIFY(*a.lag_us > 0 && *a.lag_us < 1'000'000);
    // What was there before the first look is at least so old.
    c = backlog_case(u"a poison message that was there before anybody looked");
    c.partition.next = {};
    a = judged(c);
    QCOMPARE(to_word(a.lag_method), "at_least");
    QCOMPARE(*a.lag_us, std::int64_t{30'000'000});
    // A producer's clock may be ahead: the raw value is shown.
    c.partition.next = {NextUnread::Seen::Record,  100, 500, 100, c.now + Micros(5'000'000),
                        TimestampType::CreateTime, 10};
    a = judged(c);
    QCOMPARE(*a.lag_us, std::int64_t{-5'000'000});
}

void TestAssessment::rates_and_the_time_to_drain() {
    const BacklogCase c = backlog_case(u"a lag that shrinks is being caught up");
    const Assessment a = judged(c);
    QCOMPARE(*a.rate_in, 50.0);
    QCOMPARE(*a.rate_out, 200.0);
    QCOMPARE(*a.velocity, -150.0);
    QCOMPARE(*a.drain_s, 3500.0 / 150.0);
    const BacklogCase behind = backlog_case(u"more comes in than is read");
    const Assessment b = judged(behind);
    QVERIFY(!b.drain_s);
    QCOMPARE(*b.velocity, 15.0);
    QCOMPARE(b.looks, 5U);
    QCOMPARE(b.span_us, std::int64_t{40'000'000});
}

void TestAssessment::until_retention() {
    BacklogCase c = backlog_case(u"close to retention while it does not get less");
    Assessment a = judged(c);
    QCOMPARE(*a.retention_left_us, std::int64_t{120'000'000});
    QVERIFY(a.reason.find("retention deletes unread records in 2 min") != std::string::npos);
    c.partition.retention_us = -1; // for ever
    a = judged(c);
    QVERIFY(!a.retention_left_us);
    QVERIFY(a.verdict == Verdict::Ok);
}

void TestAssessment::what_is_not_permitted_is_not_none() {
    PartitionFacts p;
    p.at = {"orders", PartitionId(0)};
    p.committed = 10;
    p.error = Error{ErrorCode::NotPermitted, "topic orders may not be described"};
    const Assessment a = assess(p, {}, {}, Micros::now());
    QVERIFY(a.verdict == Verdict::Unknown);
    QVERIFY(!a.lag_messages);
    QCOMPARE(a.reason, std::string("topic orders may not be described"));
}

void TestAssessment::spans_are_readable() {
    QCOMPARE(span_text(37'000), std::string("37 ms"));
    QCOMPARE(span_text(4'200'000), std::string("4.2 s"));
    QCOMPARE(span_text(298'000'000), std::string("4 min 58 s"));
    QCOMPARE(span_text(1'800'000'000), std::string("30 min"));
    QCOMPARE(span_text(12'000'000'000), std::string("3 h 20 min"));
    QCOMPARE(span_text(-1'200'000), std::string("-1.2 s"));
}

QTEST_GUILESS_MAIN(TestAssessment)
#include "tst_assessment.moc"

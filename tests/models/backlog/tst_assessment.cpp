// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Verdicts on histories of commits, written down in tests/fixtures/backlog/verdicts.txt.
#include "models/backlog/assessment.h"

#include <QFile>
#include <QRegularExpression>
#include <QtTest>

#include "models/event/filter/time_text.h"
#include "tests/support/source_path.h"

using namespace weir;

namespace {

constexpr std::int64_t epoch_us = 1'780'000'000'000'000;

struct Case {
    QString name, verdict, words;
    PartitionFacts partition;
    GroupFacts group;
    SampleHistory history;
    Micros now{epoch_us};
};

std::int64_t span_us(const QString& text) {
    const auto span = parse_duration(text.toStdString());
    return span ? span->value() : -1;
}

bool is(const QString& word, const char* text) {
    return word == QLatin1String(text);
}

kafka::GroupState state_of(const QString& word) {
    using State = kafka::GroupState;
    return is(word, "stable")      ? State::Stable
           : is(word, "empty")     ? State::Empty
           : is(word, "dead")      ? State::Dead
           : is(word, "preparing") ? State::PreparingRebalance
                                   : State::Unknown;
}

void take_group(const QStringList& words, GroupFacts& group) {
    group.state = state_of(words.value(1));
    for (int i = 2; i + 1 < words.size(); i += 2) {
        if (is(words[i], "members"))
            group.members = words[i + 1].toULong();
        if (is(words[i], "listed")) {
            group.is_listed = true;
            group.listed = state_of(words[i + 1]);
        }
    }
}

void take_look(const QStringList& words, Case& c) {
    c.now = Micros(epoch_us + span_us(words[0]));
    c.partition.committed = words.value(1).toLongLong();
    c.partition.end = words.value(2).toLongLong();
    c.partition.last_stable = words.size() > 3 ? words[3].toLongLong() : -1;
    c.history.add({c.now, c.partition.committed, c.partition.end, c.partition.last_stable});
}

/// Once the newest look is known.
void finish(Case& c, const QStringList& next) {
    PartitionFacts& p = c.partition;
    if (next.isEmpty())
        return;
    p.next.seen = is(next[1], "record") ? NextUnread::Seen::Record : NextUnread::Seen::Nothing;
    p.next.from = p.committed;
    p.next.end = p.end;
    if (!is(next[1], "record"))
        return;
    p.next.offset = next[2].toLongLong();
    p.next.time = c.now - Micros(span_us(next[4]));
    p.next.bytes = 535;
}

std::vector<Case> cases_of(const QString& text) {
    std::vector<Case> cases;
    QStringList next;
    const QStringList lines = text.split(u'\n');
    for (const QString& line : lines) {
        const QStringList words = line.simplified().split(u' ', Qt::SkipEmptyParts);
        if (words.isEmpty() || words[0].startsWith(u'#'))
            continue;
        if (is(words[0], "case")) {
            if (!cases.empty())
                finish(cases.back(), next);
            next.clear();
            cases.emplace_back();
            cases.back().name = words.mid(1).join(u' ');
            cases.back().partition.at = {"orders", PartitionId(0)};
            cases.back().partition.begin = 0;
            continue;
        }
        Case& c = cases.back();
        if (is(words[0], "expect")) {
            c.verdict = words[1];
            c.words = words.mid(2).join(u' ');
        } else if (is(words[0], "group")) {
            take_group(words, c.group);
        } else if (is(words[0], "assigned")) {
            c.partition.member = words[1].toStdString();
        } else if (is(words[0], "begin")) {
            c.partition.begin = words[1].toLongLong();
        } else if (is(words[0], "retention")) {
            c.partition.retention_us = span_us(words[1]);
        } else if (is(words[0], "next")) {
            next = words;
        } else if (is(words[0], "state")) {
            c.group.moments.push_back(
                {Micros(epoch_us + span_us(words[1])), state_of(words[2]), words[3].toULongLong()});
        } else {
            take_look(words, c);
        }
    }
    if (!cases.empty())
        finish(cases.back(), next);
    return cases;
}

std::vector<Case> all_cases() {
    QFile file(
        QString::fromStdString(weir::test::source_path("tests/fixtures/backlog/verdicts.txt")));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return cases_of(QString::fromUtf8(file.readAll()));
}

const Case* find(const std::vector<Case>& cases, QStringView name) {
    const auto found =
        std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.name == name; });
    return found == cases.end() ? nullptr : &*found;
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
    const std::vector<Case> cases = all_cases();
    QVERIFY2(!cases.empty(), "the fixture cannot be read");
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::newRow(qPrintable(cases[i].name)) << static_cast<int>(i);
}

void TestAssessment::verdicts() {
    QFETCH(int, number);
    const std::vector<Case> cases = all_cases();
    const Case& c = cases[static_cast<std::size_t>(number)];
    const Assessment a = assess(c.partition, c.group, *c.history.samples(), c.now);
    const QString reason = QString::fromStdString(a.reason);
    QVERIFY2(is(c.verdict, to_word(a.verdict)),
             qPrintable(QLatin1String(to_word(a.verdict)) + QStringLiteral(": ") + reason));
    QVERIFY2(reason.contains(c.words), qPrintable(reason));
    QVERIFY2(!reason.endsWith(u'.'), qPrintable(reason));
}

void TestAssessment::every_verdict_has_a_case() {
    const std::vector<Case> cases = all_cases();
    for (int v = 0; v <= static_cast<int>(Verdict::Lost); ++v) {
        const QString word = QString::fromLatin1(to_word(static_cast<Verdict>(v)));
        QVERIFY2(std::any_of(cases.begin(), cases.end(),
                             [&](const Case& c) { return c.verdict == word; }),
                 qPrintable(word));
    }
    QVERIFY(!is_bad(Verdict::Ok));
    QVERIFY(!is_bad(Verdict::Unknown));
    QVERIFY(is_bad(Verdict::Warn));
}

void TestAssessment::lag_in_messages_is_what_it_is() {
    const auto cases = all_cases();
    const Case* again = find(cases, u"the topic was made again with fewer records");
    QVERIFY(again);
    const Assessment a =
        assess(again->partition, again->group, *again->history.samples(), again->now);
    QCOMPARE(*a.lag_messages, std::int64_t{-4980});
    const Case* control =
        find(cases, u"a committed transaction leaves a control record behind the last one read");
    const Assessment b =
        assess(control->partition, control->group, *control->history.samples(), control->now);
    QCOMPARE(*b.lag_messages, std::int64_t{1}); // as Kafka's own tool has it
    QVERIFY(b.nothing_unread);
    QCOMPARE(*b.lag_us, std::int64_t{0});
}

void TestAssessment::lag_in_time_says_how_it_is_known() {
    const auto cases = all_cases();
    Case c = *find(cases, u"a worker keeps up");
    Assessment a = assess(c.partition, c.group, *c.history.samples(), c.now);
    QCOMPARE(to_word(a.lag_method), "exact");
    QCOMPARE(*a.lag_us, std::int64_t{1'000'000});
    // Offset 995 was written between the looks at 20 s (end 704) and 30 s (end 1000).
    c.partition.next = {};
    a = assess(c.partition, c.group, *c.history.samples(), c.now);
    QCOMPARE(to_word(a.lag_method), "interpolated");
    QVERIFY(*a.lag_us > 0 && *a.lag_us < 1'000'000);
    // What was there before the first look is at least so old.
    c = *find(cases, u"a poison message that was there before anybody looked");
    c.partition.next = {};
    a = assess(c.partition, c.group, *c.history.samples(), c.now);
    QCOMPARE(to_word(a.lag_method), "at_least");
    QCOMPARE(*a.lag_us, std::int64_t{30'000'000});
    // A producer's clock may be ahead: the raw value is shown.
    c.partition.next = {NextUnread::Seen::Record,  100, 500, 100, c.now + Micros(5'000'000),
                        TimestampType::CreateTime, 10};
    a = assess(c.partition, c.group, *c.history.samples(), c.now);
    QCOMPARE(*a.lag_us, std::int64_t{-5'000'000});
}

void TestAssessment::rates_and_the_time_to_drain() {
    const auto cases = all_cases();
    const Case* c = find(cases, u"a lag that shrinks is being caught up");
    const Assessment a = assess(c->partition, c->group, *c->history.samples(), c->now);
    QCOMPARE(*a.rate_in, 50.0);
    QCOMPARE(*a.rate_out, 200.0);
    QCOMPARE(*a.velocity, -150.0);
    QCOMPARE(*a.drain_s, 3500.0 / 150.0);
    const Case* behind = find(cases, u"more comes in than is read");
    const Assessment b =
        assess(behind->partition, behind->group, *behind->history.samples(), behind->now);
    QVERIFY(!b.drain_s);
    QCOMPARE(*b.velocity, 15.0);
    QCOMPARE(b.looks, 5U);
    QCOMPARE(b.span_us, std::int64_t{40'000'000});
}

void TestAssessment::until_retention() {
    const auto cases = all_cases();
    Case c = *find(cases, u"close to retention while it does not get less");
    Assessment a = assess(c.partition, c.group, *c.history.samples(), c.now);
    QCOMPARE(*a.retention_left_us, std::int64_t{120'000'000});
    QVERIFY(a.reason.find("retention deletes unread records in 2 min") != std::string::npos);
    c.partition.retention_us = -1; // for ever
    a = assess(c.partition, c.group, *c.history.samples(), c.now);
    QVERIFY(!a.retention_left_us);
    QVERIFY(a.verdict == Verdict::Ok);
}

void TestAssessment::what_is_not_permitted_is_not_none() {
    PartitionFacts p;
    p.at = {"orders", PartitionId(0)};
    p.committed = 10;
    p.error = Error{ErrorCode::NotPermitted, "topic orders may not be described"};
    const Assessment a = assess(p, {}, {}, Micros(epoch_us));
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

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: burrow
//
// Weir's verdicts beside those of Burrow (Debian's 1.2.1), on one broker, in the same minute, of
// groups with living members. The broker is one of its own, of Kafka 3.9.1, the newest that Burrow
// can speak to. Everything happens in ticks of about a second, which is how often Burrow asks for
// ends: a tick ends when Burrow knows all that happened in it, so that it never judges half of it.
#include <QTemporaryDir>
#include <QtTest>

#include <functional>
#include <map>
#include <optional>

#include "connectors/base/qt_text.h"
#include "models/backlog/backlog_keeper.h"
#include "tests/support/burrow_server.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr int records_before = 1000; // of "orders"
constexpr int records_a_tick = 20;
constexpr int ticks_in_all = 40;
constexpr int ticks_between_looks = 2; // Weir's, of groups on screen

using Tick = int;
using Commit = std::optional<std::int64_t>; // nothing: it commits nothing in this tick

/// A group with one member, and what that commits in a tick, after which the log ends at `end`.
struct Play {
    std::string group;
    std::function<Commit(Tick tick, std::int64_t end)> commit;
    Tick leaves = -1; // it stays
    std::string topic = "orders";
    std::unique_ptr<GroupMember> member{};
    std::int64_t committed = -1;
};

/// Commits as it goes up to tick 6, and is silent from then on.
Commit until_tick_6(Tick tick, std::int64_t) {
    return tick <= 6 ? Commit(500 + 10 * tick) : std::nullopt;
}

std::vector<Play> all_plays() {
    std::vector<Play> plays;
    const auto add = [&](const char* group, std::function<Commit(Tick, std::int64_t)> commit) {
        plays.push_back({group, std::move(commit)});
    };
    add("keeps-up", [](Tick, std::int64_t end) { return end; });
    add("falls-behind", [](Tick tick, std::int64_t) { return records_before + 10 * tick; });
    add("commits-the-same-again",
        [](Tick tick, std::int64_t) { return 500 + 10 * std::min(tick, 6); });
    add("hangs", until_tick_6);
    add("leaves", until_tick_6);
    plays.back().leaves = 7;
    add("is-set-back",
        [](Tick tick, std::int64_t) { return (tick < 35 ? 800 : -400) + 20 * tick; });
    add("is-set-back-from-the-end",
        [](Tick tick, std::int64_t end) { return tick < 35 ? end : 300 + tick; });
    add("loses-one-commit",
        [](Tick tick, std::int64_t) { return (tick == 34 ? 700 : 800) + 20 * tick; });
    add("has-one-good-second",
        [](Tick tick, std::int64_t) { return (tick < 34 ? 1000 : 1100) + 10 * tick; });
    add("rises-by-a-trifle", [](Tick tick, std::int64_t end) { return end - 5 - tick / 5; });
    add("begins-with-a-long-batch", [](Tick tick, std::int64_t) {
        return tick == 0 || tick > 5 ? Commit(20 + 40 * tick) : std::nullopt;
    });
    add("pauses", [](Tick tick, std::int64_t end) {
        const bool quick = tick >= 7 && tick <= 15; // Weir looks at both: it finds the same lag
        return quick ? Commit(end - 20) : tick > 30 ? Commit(end) : std::nullopt;
    });
    add("commits-seldom", [](Tick tick, std::int64_t end) {
        const bool now = tick == 0 || tick == 14 || tick == 26 || tick == 38;
        return now ? Commit(end) : std::nullopt;
    });
    add("has-read-a-transaction",
        [](Tick tick, std::int64_t) { return tick == 0 ? Commit(3) : std::nullopt; });
    plays.back().topic = "quiet";
    return plays;
}

/// What both said of a group, at the same time.
struct Said {
    QString burrow, weir, reason;
};

} // namespace

class TestAgainstBurrow : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void agrees_where_burrow_is_right_data();
    void agrees_where_burrow_is_right();
    void differs_for_a_reason_data();
    void differs_for_a_reason();
    void after_a_restart();

  private:
    void set_the_stage();
    void play(Tick tick);
    void ask_both(const QString& when);
    bool as_long_as_meant(const QString& when) const;
    std::unique_ptr<BacklogKeeper> keeper(bool keeps_history) const;
    static Said weir_of(const BacklogKeeper& keeper, const std::string& group);

    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;
    std::unique_ptr<KafkaTool> m_tool;
    std::shared_ptr<kafka::Cluster> m_cluster;
    std::unique_ptr<BurrowServer> m_burrow;
    std::unique_ptr<BacklogKeeper> m_keeper;
    std::vector<Play> m_plays = all_plays();
    std::int64_t m_end = records_before;
    std::map<QString, Said> m_said; // by "group at TICK"
    std::map<Tick, Micros> m_at;    // when it began
};

std::unique_ptr<BacklogKeeper> TestAgainstBurrow::keeper(bool keeps_history) const {
    BacklogOptions options;
    for (const Play& one : m_plays)
        options.groups.push_back(one.group);
    options.keeps_history = keeps_history;
    return std::make_unique<BacklogKeeper>(m_cluster, options);
}

void TestAgainstBurrow::set_the_stage() {
    KafkaBroker::Options options;
    options.version = "3.9.1";
    auto broker = KafkaBroker::start(options);
    VERIFY_OK(broker);
    m_broker = std::move(broker).value();
    m_tool = std::make_unique<KafkaTool>(*m_broker);
    VERIFY_OK(m_tool->create_topic("orders"));
    VERIFY_OK(m_tool->create_topic("quiet"));
    const std::vector<TestRecord> records(records_before, {.value = "an order", .partition = 0});
    VERIFY_OK(m_tool->write("orders", records));
    TransactionalWriter writer(*m_broker, "quiet-writer");
    VERIFY_OK(writer.begin());
    VERIFY_OK(writer.write("quiet", {records.begin(), records.begin() + 3}));
    VERIFY_OK(writer.commit()); // its marker is offset 3
    for (Play& one : m_plays) {
        auto member = GroupMember::join(*m_broker, one.group, one.topic);
        VERIFY_OK(member);
        one.member = std::move(member).value();
    }
    auto cluster = kafka::Cluster::open(m_broker->connection(), {});
    VERIFY_OK(cluster);
    m_cluster = std::move(cluster).value();
    m_keeper = keeper(true);
    auto burrow = BurrowServer::start(*m_broker);
    VERIFY_OK(burrow);
    m_burrow = std::move(burrow).value();
    QVERIFY(wait_for([&] { return m_burrow->end_of("quiet") == 4; }));
}

void TestAgainstBurrow::play(Tick tick) {
    const std::vector<TestRecord> records(records_a_tick, {.value = "an order", .partition = 0});
    VERIFY_OK(m_tool->write("orders", records));
    m_end += records_a_tick;
    QVERIFY(wait_for([&] { return m_burrow->end_of("orders") == m_end; }));
    m_at[tick] = Micros::now();
    for (Play& one : m_plays) {
        if (tick == one.leaves)
            one.member.reset();
        const Commit offset = one.commit(tick, m_end);
        if (!offset || !one.member)
            continue;
        VERIFY_OK(one.member->commit(one.topic, {{0, *offset}}));
        one.committed = *offset;
    }
    for (const Play& one : m_plays)
        QVERIFY(
            wait_for([&] { return m_burrow->committed(one.group, one.topic) == one.committed; }));
    if (tick % ticks_between_looks == 0)
        return;
    VERIFY_OK(m_keeper->list());
    m_keeper->read(m_keeper->groups(), GroupReader::Looks::All);
}

Said TestAgainstBurrow::weir_of(const BacklogKeeper& keeper, const std::string& group) {
    const auto snapshot = keeper.snapshot(); // its groups go with it
    for (const auto& one : snapshot->groups)
        if (one->group.id == group && one->partitions.size() == 1)
            return {{},
                    QString::fromLatin1(to_word(one->partitions[0].assessment.verdict)),
                    qt(one->partitions[0].assessment.reason)};
    return {};
}

void TestAgainstBurrow::ask_both(const QString& when) {
    for (const Play& one : m_plays) {
        Said said = weir_of(*m_keeper, one.group);
        said.burrow = qt(m_burrow->verdict(one.group, one.topic));
        m_said[qt(one.group) + when] = said;
    }
}

/// A silence that is to be none must end in time: of 20 s, and twice a group's usual pause (here
/// two ticks, of a second or more), Weir says STALLED, and is right. Burrow's STOP takes one that
/// is longer than the commits before it took.
bool TestAgainstBurrow::as_long_as_meant(const QString& when) const {
    const auto lasted_s = [this](Tick from, Tick to) {
        return static_cast<double>((m_at.at(to) - m_at.at(from)).value()) / 1e6;
    };
    if (when == QStringLiteral("pauses at 29"))
        return lasted_s(15, 29) > lasted_s(7, 15) && lasted_s(15, 29) < 23;
    return when != QStringLiteral("commits-seldom at 23") || lasted_s(15, 23) < 19;
}

void TestAgainstBurrow::initTestCase() {
    qputenv("WEIR_BACKLOG", m_folder.path().toUtf8());
    set_the_stage();
    for (Tick tick = 0; tick <= ticks_in_all && !QTest::currentTestFailed(); ++tick) {
        play(tick);
        if (tick == 5 || tick == 23 || tick == 29)
            ask_both(QStringLiteral(" at %1").arg(tick));
    }
    if (QTest::currentTestFailed())
        return;
    VERIFY_OK(m_keeper->list());
    m_keeper->read(m_keeper->groups(), GroupReader::Looks::All);
    ask_both(QStringLiteral(" at the end"));
    m_keeper->save();
}

void TestAgainstBurrow::agrees_where_burrow_is_right_data() {
    QTest::addColumn<QString>("burrow");
    QTest::addColumn<QString>("weir");
    const auto row = [](const char* when, const char* burrow, const char* weir) {
        QTest::newRow(when) << QString::fromLatin1(burrow) << QString::fromLatin1(weir);
    };
    row("keeps-up at the end", "OK", "OK");
    row("begins-with-a-long-batch at the end", "OK", "OK"); // and catches up
    row("falls-behind at the end", "WARN", "WARN");
    row("commits-the-same-again at the end", "STALL", "STALLED");
    row("leaves at the end", "STOP", "STOPPED");
    row("is-set-back at the end", "REWIND", "REWOUND");
    row("commits-seldom at the end", "OK", "OK");
    row("pauses at the end", "OK", "OK"); // it goes on
}

void TestAgainstBurrow::agrees_where_burrow_is_right() {
    QFETCH(QString, burrow);
    QFETCH(QString, weir);
    const Said& said = m_said[QLatin1String(QTest::currentDataTag())];
    QCOMPARE(said.burrow, burrow);
    QVERIFY2(said.weir == weir, qPrintable(said.weir + QStringLiteral(": ") + said.reason));
}

void TestAgainstBurrow::differs_for_a_reason_data() {
    QTest::addColumn<QString>("burrow");
    QTest::addColumn<QString>("weir");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* when, const char* burrow, const char* weir, const char* words) {
        QTest::newRow(when) << QString::fromLatin1(burrow) << QString::fromLatin1(weir)
                            << QString::fromLatin1(words);
    };
    // Its member works on what it has fetched and goes on a second later: one commit spans no time,
    // so that any silence after it is longer.
    row("begins-with-a-long-batch at 5", "STOP", "UNKNOWN", "tell no trend yet");
    // Nine quick commits and a pause of fourteen seconds: to commit in bursts is no end, and the
    // member is there to go on, as it does.
    row("pauses at 29", "STOP", "OK", "keeps up");
    // Of two commits, 14 s apart, one was seen to come: whether the next one leaves more is not
    // known, and neither answer accuses anybody.
    row("commits-seldom at 23", "OK", "UNKNOWN", "it commits seldom");
    // Nothing is unread: the one offset that it seems to lag holds the transaction's marker, which
    // no consumer is ever given.
    row("has-read-a-transaction at the end", "STOP", "OK", "the last offset holds no record");
    // The member that holds the partition lives and does not get on: to look for a consumer that is
    // gone would be to look in the wrong place.
    row("hangs at the end", "STOP", "STALLED", "assigned to rdkafka at ");
    // It falls behind by ten records a second for all the while; one good second out of ten does
    // not change that.
    row("has-one-good-second at the end", "OK", "WARN", "falling behind");
    // A lag that goes from 5 to 13 while 800 records come in, all of them younger than a second, is
    // nothing that anybody should get up for.
    row("rises-by-a-trifle at the end", "WARN", "OK", "keeps up");
    // It is set back by more than a thousand records and reads all of them again: that it was at
    // the end some seconds before does not undo it.
    row("is-set-back-from-the-end at the end", "OK", "REWOUND", "set back from 1680 to 335");
    // One commit out of order (as a rebalance leaves behind) was made good a second later: nothing
    // is read twice any more, and nobody can do anything about it.
    row("loses-one-commit at the end", "REWIND", "OK", "keeps up");
}

void TestAgainstBurrow::differs_for_a_reason() {
    QFETCH(QString, burrow);
    QFETCH(QString, weir);
    QFETCH(QString, words);
    const QString when = QLatin1String(QTest::currentDataTag());
    if (!as_long_as_meant(when))
        QSKIP("the machine was too busy: the silence was not as long as it is meant to be");
    const Said& said = m_said[when];
    QCOMPARE(said.burrow, burrow);
    QVERIFY2(said.weir == weir && said.reason.contains(words),
             qPrintable(said.weir + QStringLiteral(": ") + said.reason));
}

/// Burrow counts the commits of the past against the log's end of today, so that every lag seems to
/// have fallen; Weir goes on with what it saw before, and where it saw nothing asks where the log
/// ended when each commit was made.
void TestAgainstBurrow::after_a_restart() {
    auto burrow = BurrowServer::start(*m_broker);
    VERIFY_OK(burrow);
    m_burrow = std::move(burrow).value();
    m_keeper.reset(); // and with it its file
    m_keeper = keeper(true);
    play(ticks_in_all + 1);
    if (QTest::currentTestFailed())
        return;
    const std::string group = "falls-behind";
    const auto never_been_here = keeper(false);
    VERIFY_OK(never_been_here->list());
    never_been_here->recall({group}, Micros(60'000'000));
    QCOMPARE(weir_of(*m_keeper, group).weir, QStringLiteral("WARN"));
    QCOMPARE(weir_of(*never_been_here, group).weir, QStringLiteral("WARN"));
    QCOMPARE(m_burrow->verdict(group, "orders"), std::string("OK"));
}

QTEST_GUILESS_MAIN(TestAgainstBurrow)
#include "tst_against_burrow.moc"

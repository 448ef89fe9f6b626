// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// Topics with holes, compacted and transactional ones, searched and counted on a real broker: every
// offset is either a record or a gap, and an open transaction is no complete answer.
#include <QJsonArray>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <set>

#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

QJsonObject coverage_of(const Answer& answer) {
    return answer.json()[QStringLiteral("coverage")].toObject();
}

int number(const Answer& answer, const char* name) {
    return coverage_of(answer)[QStringLiteral("partitions")][0][QString::fromLatin1(name)].toInt();
}

/// Each offset between the ends is a record that was read, or a gap.
bool adds_up(const Answer& answer) {
    return number(answer, "to") > 0 &&
           number(answer, "read") + number(answer, "gaps") ==
               number(answer, "to") - number(answer, "from") &&
           number(answer, "read_to") == number(answer, "to");
}

std::vector<TestRecord> some(const std::string& word, int n) {
    std::vector<TestRecord> all;
    for (int i = 0; i < n; ++i)
        all.push_back({.key = word, .value = word + std::to_string(i), .partition = 0});
    return all;
}

} // namespace

class TestHoles : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    QTemporaryDir m_folder;

    Answer on(const std::string& topic, const char* words) const {
        const QString line = QString::fromUtf8(words) + QStringLiteral(" --json -q -t ") +
                             qt(topic) + QStringLiteral(" -b ") + qt(m_broker.address());
        return weir_says(line);
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }

    void a_compacted_topic_is_searched_and_counted_whole() {
        const std::string topic = unique_name("compacted");
        VERIFY_OK(m_tool.create_topic(topic, 1,
                                      {{"cleanup.policy", "compact"},
                                       {"segment.ms", "100"},
                                       {"min.cleanable.dirty.ratio", "0.01"},
                                       {"max.compaction.lag.ms", "100"}}));
        for (int round = 0; round < 20; ++round)
            VERIFY_OK(m_tool.write(topic, {{.key = "a", .value = "round " + std::to_string(round)},
                                           {.key = "b", .value = std::nullopt}}));
        Answer read;
        const auto compacted = [&] { // a segment is only closed by what is written after it
            if (!m_tool.write(topic, {{.key = "last", .value = "x"}}))
                return false;
            read = on(topic, "search");
            return number(read, "gaps") >= 20;
        };
        QTRY_VERIFY2_WITH_TIMEOUT(compacted(), read.out.constData(), 60'000);
        for (const char* words :
             {"search --order read", "search --order oldest", "search --order newest"}) {
            const Answer all = on(topic, words);
            QCOMPARE(all.code, 0);
            QVERIFY2(coverage_of(all)[QStringLiteral("complete")].toBool(), all.out);
            QVERIFY2(adds_up(all), all.out);
            std::set<int> offsets;
            for (const QJsonValue& match : all.json()[QStringLiteral("matches")].toArray())
                offsets.insert(match[QStringLiteral("offset")].toInt());
            QCOMPARE(static_cast<int>(offsets.size()), number(all, "read"));
        }
        const Answer newest = on(topic, "search round --order newest");
        QCOMPARE(newest.json()[QStringLiteral("matches")][0][QStringLiteral("value")].toString(),
                 QStringLiteral("round 19"));
        const Answer counted = on(topic, "count --by key");
        QVERIFY2(adds_up(counted), counted.out);
        QCOMPARE(counted.json()[QStringLiteral("total")].toInt(), number(counted, "read"));
        QVERIFY(counted.json()[QStringLiteral("complete")].toBool());
    }

    void what_was_aborted_is_a_gap_to_who_asks_for_the_committed() {
        const std::string topic = unique_name("transactions");
        VERIFY_OK(m_tool.create_topic(topic));
        TransactionalWriter writer(m_broker, unique_name("writer"));
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, some("kept", 3)));
        VERIFY_OK(writer.commit()); // 0 1 2, marker 3
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, some("aborted", 4)));
        VERIFY_OK(writer.abort());                        // 4 to 7, marker 8
        VERIFY_OK(m_tool.write(topic, some("plain", 2))); // 9 10
        const Answer all = on(topic, "count --by key");
        QCOMPARE(all.json()[QStringLiteral("total")].toInt(), 9);
        QCOMPARE(number(all, "gaps"), 2);
        QVERIFY2(adds_up(all), all.out);
        for (const char* words :
             {"count --read-committed", "search --read-committed",
              "search --read-committed --order newest", "search --read-committed --order oldest"}) {
            const Answer committed = on(topic, words);
            QVERIFY2(coverage_of(committed)[QStringLiteral("complete")].toBool(), committed.out);
            QVERIFY2(adds_up(committed), committed.out);
            QCOMPARE(number(committed, "read"), 5);
            QCOMPARE(number(committed, "gaps"), 6);
            QVERIFY(!committed.out.contains("aborted0"));
        }
        const Answer none = on(topic, "search aborted --read-committed");
        QCOMPARE(none.code, 1);
        QVERIFY(coverage_of(none)[QStringLiteral("complete")].toBool());
    }

    void an_open_transaction_makes_no_answer_complete() {
        const std::string topic = unique_name("open");
        VERIFY_OK(m_tool.create_topic(topic));
        VERIFY_OK(m_tool.write(topic, some("before", 4)));
        TransactionalWriter writer(m_broker, unique_name("writer"));
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, some("undecided", 3)));
        VERIFY_OK(m_tool.write(topic, some("after", 2)));
        for (const char* words :
             {"count --read-committed", "search --read-committed",
              "search --read-committed --order newest", "search --read-committed --order oldest"}) {
            const Answer open = on(topic, words);
            QVERIFY2(!coverage_of(open)[QStringLiteral("complete")].toBool(), open.out);
            QCOMPARE(number(open, "read"), 4);
            QCOMPARE(number(open, "read_to"), 4);
            QCOMPARE(number(open, "to"), 9);
            QVERIFY2(open.out.contains("open_transaction"), open.out);
        }
        const QStringList tail{QStringLiteral("tail"), QStringLiteral("--last"),
                               QStringLiteral("@10"),  QStringLiteral("--read-committed"),
                               QStringLiteral("-t"),   qt(topic),
                               QStringLiteral("-b"),   qt(m_broker.address())};
        const Answer ended = weir_says(tail + QStringList{QStringLiteral("--exit")});
        QCOMPARE(ended.out.count('\n'), 4);
        const char* const open = "a transaction is open; offsets 4 to 8 can be read when it has "
                                 "ended";
        QVERIFY2(ended.err.contains(open), ended.err);
        QProcess following;
        following.start(weir_program(), tail);
        QByteArray told;
        QTRY_VERIFY2_WITH_TIMEOUT((told += following.readAllStandardError()).contains(open), told,
                                  30'000);
        ::kill(static_cast<pid_t>(following.processId()), SIGINT);
        QVERIFY(following.waitForFinished(60'000));
        const Answer all = on(topic, "count");
        QCOMPARE(all.json()[QStringLiteral("total")].toInt(), 9);
        QVERIFY(all.json()[QStringLiteral("complete")].toBool());
        VERIFY_OK(writer.commit());
        const Answer committed = on(topic, "count --read-committed");
        QCOMPARE(committed.json()[QStringLiteral("total")].toInt(), 9);
        QVERIFY2(adds_up(committed), committed.out);
    }
};

QTEST_GUILESS_MAIN(TestHoles)
#include "tst_holes.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker soak
//
// A long stream, whole: every record once and in order though the broker is killed in the middle,
// and every event in its count. 200,000 events; with WEIR_SOAK 20 million.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

#include <map>

#include "models/synth/generator.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr int partitions = 6;
constexpr int patience_ms = 240'000;

std::int64_t events_wanted() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 50'000;
#else
    return qEnvironmentVariableIsSet("WEIR_SOAK") ? 20'000'000 : 200'000;
#endif
}

/// What a reader has printed as "partition offset" lines: how many, and the first that is not the
/// next of its partition.
struct Seen {
    std::int64_t lines = 0;
    std::map<int, std::int64_t> next{};
    QByteArray wrong{};

    void take(QProcess& process) {
        while (process.canReadLine()) {
            const QByteArray line = process.readLine().trimmed();
            const qsizetype space = line.indexOf(' ');
            std::int64_t& expected = next[line.left(space).toInt()];
            if (wrong.isEmpty() && line.mid(space + 1).toLongLong() != expected)
                wrong = line + " where offset " + QByteArray::number(qint64(expected)) + " was due";
            ++expected;
            ++lines;
        }
    }
};

} // namespace

class TestLongStream : public QObject {
    Q_OBJECT
    std::unique_ptr<KafkaBroker> m_broker;
    std::int64_t m_total = events_wanted();
    std::map<std::string, std::int64_t> m_types;
    QString m_last_id;

    void start(QProcess& process, const QStringList& words) {
        process.start(weir_program(),
                      words + QStringList{QStringLiteral("-q"), QStringLiteral("--budget"),
                                          QStringLiteral("0"), QStringLiteral("-t"),
                                          QStringLiteral("long"), QStringLiteral("-b"),
                                          QString::fromStdString(m_broker->address())});
    }
    QJsonObject answer(const QStringList& words) {
        QProcess process;
        start(process, words + QStringList{QStringLiteral("--json")});
        process.waitForFinished(patience_ms);
        return QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    }

  private Q_SLOTS:
    void initTestCase() {
        auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        m_broker = std::move(broker).value();
        KafkaTool tool(*m_broker);
        VERIFY_OK(tool.create_topic("long", partitions));
        synth::Generator generator(11, {.malformed_share = 0});
        synth::Event event;
        std::string last;
        VERIFY_OK(tool.write_many("long", m_total, [&](std::int64_t) {
            generator.next(event);
            ++m_types[std::string(event.type)];
            last = event.value;
            return TestRecord{.key = std::string(event.key), .value = std::string(event.value)};
        }));
        m_last_id = QJsonDocument::fromJson(QByteArray::fromStdString(last))
                        .object()[QStringLiteral("event_id")]
                        .toString();
        QVERIFY(!m_last_id.isEmpty());
        // The log must be on disk before a kill, or the broker itself forgets records.
        m_broker->stop();
        VERIFY_OK(m_broker->restart());
    }

    void every_record_once_and_in_order_though_the_broker_is_killed() {
        QProcess tail;
        start(tail, {QStringLiteral("tail"), QStringLiteral("--from"), QStringLiteral("@0"),
                     QStringLiteral("--exit"), QStringLiteral("-f"), QStringLiteral("%p %o\\n")});
        Seen seen;
        while (seen.lines < m_total / 4 && tail.waitForReadyRead(patience_ms))
            seen.take(tail);
        QVERIFY(seen.lines >= m_total / 4);
        m_broker->kill();
        VERIFY_OK(m_broker->restart());
        while (tail.waitForReadyRead(patience_ms))
            seen.take(tail);
        seen.take(tail);
        QVERIFY(tail.state() == QProcess::NotRunning || tail.waitForFinished(patience_ms));
        QVERIFY2(seen.wrong.isEmpty(), seen.wrong);
        QCOMPARE(seen.lines, m_total);
        QCOMPARE(tail.exitCode(), 0);
    }

    void every_event_is_in_its_count() {
        const QJsonObject counted =
            answer({QStringLiteral("count"), QStringLiteral("--by"), QStringLiteral("type")});
        QVERIFY(counted[QStringLiteral("complete")].toBool());
        QCOMPARE(counted[QStringLiteral("total")].toInteger(), m_total);
        std::map<std::string, std::int64_t> types;
        for (const QJsonValue row : counted[QStringLiteral("counts")].toArray())
            types[row[QStringLiteral("by")][QStringLiteral("type")].toString().toStdString()] =
                row[QStringLiteral("count")].toInteger();
        QCOMPARE(types, m_types);
    }

    void the_last_event_written_is_found_and_the_answer_is_complete() {
        const QJsonObject found =
            answer({QStringLiteral("search"), QStringLiteral("id == \"%1\"").arg(m_last_id)});
        QCOMPARE(found[QStringLiteral("matches")].toArray().size(), 1);
        const QJsonObject coverage = found[QStringLiteral("coverage")].toObject();
        QVERIFY(coverage[QStringLiteral("complete")].toBool());
        std::int64_t read = 0;
        for (const QJsonValue part : coverage[QStringLiteral("partitions")].toArray())
            read += part[QStringLiteral("read")].toInteger();
        QCOMPARE(read, m_total);
    }
};

QTEST_GUILESS_MAIN(TestLongStream)
#include "tst_long_stream.moc"

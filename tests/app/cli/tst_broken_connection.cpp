// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// What the command line says, and when, of a broker that is not there, goes, and comes back.
#include <QDeadlineTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/free_ports.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr int patience_ms = 60'000;

QStringList words(const QString& line) {
    return line.split(QLatin1Char(' '));
}

/// A process whose remarks are read as they come.
struct Running {
    QProcess process;
    QByteArray remarks;

    explicit Running(const QString& line) { process.start(weir_program(), words(line)); }
    bool says(const char* part) {
        remarks += process.readAllStandardError();
        return remarks.contains(part);
    }
};

} // namespace

class TestBrokenConnection : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;

    QString address() const { return QString::fromStdString(m_broker->address()); }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        QVERIFY2(QFile::exists(weir_program()), "build the target weir first");
        auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        m_broker = std::move(broker).value();
        // Before anything is observed there: what was once observed as production is never marked.
        QCOMPARE(weir_says(QStringLiteral("sandbox --init -b ") + address()).code, 0);
    }

    void an_address_that_refuses_is_told_without_waiting_data() {
        QTest::addColumn<QString>("command");
        for (const char* command : {"tail -t x", "search -t x abc", "count -t x",
                                    "contract infer -t x", "generate -t x -n 5"})
            QTest::newRow(command) << QString::fromUtf8(command);
    }
    void an_address_that_refuses_is_told_without_waiting() {
        QFETCH(QString, command);
        const QString nobody = QStringLiteral("127.0.0.1:%1").arg(free_ports(1).front());
        const QDeadlineTimer patience(patience_ms);
        const Answer answer = weir_says(command + QStringLiteral(" --timeout 110s -b ") + nobody);
        QVERIFY(!patience.hasExpired());
        QCOMPARE(answer.code, 3);
        QVERIFY2(answer.err.contains(QByteArray(nobody.toUtf8() + " refuses connections")),
                 answer.err);
        QCOMPARE(answer.out, QByteArray());
    }

    void the_doctor_knows_a_marked_sandbox() {
        const Answer answer = weir_says(QStringLiteral("doctor -b ") + address());
        QVERIFY2(answer.out.contains("environment: marked as a sandbox"), answer.out);
        QVERIFY2(!answer.out.contains("never writes"), answer.out);
    }

    void an_outage_is_told_at_once_and_since_when() {
        KafkaTool tool(*m_broker);
        VERIFY_OK(tool.create_topic("short", 6));
        Running tail(QStringLiteral("tail --from beginning -f %s\\n -t short -b ") + address());
        QTRY_VERIFY_WITH_TIMEOUT(tail.says(" is empty"), patience_ms);
        QTest::qWait(1'500); // the ends are asked for once a second
        const QDateTime killed = QDateTime::currentDateTimeUtc();
        m_broker->kill();
        QTRY_VERIFY_WITH_TIMEOUT(tail.says("is interrupted"), patience_ms);
        const qint64 waited_ms = killed.msecsTo(QDateTime::currentDateTimeUtc());
        QVERIFY2(waited_ms < 5'000, qPrintable(QString::number(waited_ms)));
        const QString said = QString::fromUtf8(tail.remarks);
        const QRegularExpression since(QStringLiteral("since ([-0-9T:.]+Z)"));
        const QDateTime told =
            QDateTime::fromString(since.match(said).captured(1), Qt::ISODateWithMs);
        QVERIFY2(told.isValid() && told <= killed.addMSecs(200), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("reading 6 partitions is interrupted: ") + address() +
                               QStringLiteral(" refuses connections")),
                 qPrintable(said)); // the address once
        VERIFY_OK(m_broker->restart());
        QTRY_VERIFY_WITH_TIMEOUT(tail.says("partitions, each where it stopped\n"), patience_ms);
        tail.process.terminate();
        QVERIFY(tail.process.waitForFinished(patience_ms));
    }

    void an_outage_of_many_partitions_takes_a_line_and_so_does_its_end() {
        KafkaTool tool(*m_broker);
        VERIFY_OK(tool.create_topic("outage", 6));
        VERIFY_OK(tool.write("outage", {{.value = "before", .partition = 0}}));
        Running tail(QStringLiteral("tail --from beginning -f %s\\n -t outage -b ") + address());
        QTRY_VERIFY_WITH_TIMEOUT(tail.process.bytesAvailable() > 0, patience_ms);
        m_broker->kill();
        QTRY_VERIFY_WITH_TIMEOUT(tail.says("is interrupted"), patience_ms);
        VERIFY_OK(m_broker->restart());
        VERIFY_OK(tool.write("outage", {{.value = "after", .partition = 0}}));
        QTRY_VERIFY_WITH_TIMEOUT(tail.says("partitions, each where it stopped\n"), patience_ms);
        QTRY_COMPARE_WITH_TIMEOUT(tail.process.bytesAvailable(), qsizetype{13}, patience_ms);
        tail.process.terminate();
        QVERIFY(tail.process.waitForFinished(patience_ms));
        tail.says("");
        QCOMPARE(tail.process.readAllStandardOutput(), QByteArray("before\nafter\n"));
        QVERIFY2(tail.remarks.count("is interrupted") == 1, tail.remarks);
        QVERIFY2(tail.remarks.count('\n') <= 5, tail.remarks); // with the one about the connection
    }

    void a_broker_that_goes_while_events_are_generated_is_told() {
        Running generate(QStringLiteral("generate -t made --rate 100 --for 120s -b ") + address());
        KafkaTool tool(*m_broker);
        const auto written = [&] {
            const auto offsets = tool.watermarks("made", 0);
            return offsets.ok() && offsets->second > 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(written(), patience_ms);
        m_broker->kill();
        QTRY_VERIFY_WITH_TIMEOUT(generate.says(" events wait to be written"), patience_ms);
        VERIFY_OK(m_broker->restart());
        QTRY_VERIFY_WITH_TIMEOUT(generate.says("events are acknowledged again"), patience_ms);
        generate.process.terminate(); // ends with what was to be written written
        QVERIFY(generate.process.waitForFinished(patience_ms));
        QCOMPARE(generate.process.exitCode(), 0);
    }

    void nothing_is_an_answer_too() {
        KafkaTool tool(*m_broker);
        VERIFY_OK(tool.create_topic("nothing", 3));
        const Answer count = weir_says(QStringLiteral("count -t nothing -b ") + address());
        QCOMPARE(count.out, QByteArray("count\n0\n"));
        QCOMPARE(count.code, 1);
        const Answer search = weir_says(QStringLiteral("search x -t nothing -b ") + address());
        QCOMPARE(search.code, 1);
        QVERIFY2(search.err.contains("complete: empty"), search.err);
        const QString file = m_folder.filePath(QStringLiteral("nothing.png"));
        const Answer picture =
            weir_says(words(QStringLiteral("screenshot live")) +
                      QStringList{file, QStringLiteral("-t"), QStringLiteral("nothing"),
                                  QStringLiteral("-b"), address()});
        QVERIFY2(picture.code == 0, picture.err);
        QVERIFY(QFile::exists(file));
        QCOMPARE(weir_says({QStringLiteral("tail"), QStringLiteral("-b"), address(),
                            QStringLiteral("-t"), QString()})
                     .code,
                 2);
    }
};

QTEST_GUILESS_MAIN(TestBrokenConnection)
#include "tst_broken_connection.moc"

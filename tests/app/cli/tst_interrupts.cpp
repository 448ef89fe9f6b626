// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// Ctrl+C while a host is silent: nobody waits for it.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <csignal>

#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/stage_workspace.h"
#include "tests/support/stranger.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

/// Far below what the commands would wait for the host, and far above what they need to end.
constexpr int soon_ms = 5'000;

QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

class TestInterrupts : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    /// Whether `process` ends soon after the signal.
    static bool ends(QProcess& process, int signal = SIGINT) {
        ::kill(static_cast<pid_t>(process.processId()), signal);
        return process.waitForFinished(soon_ms);
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }

    void a_command_that_waits_for_its_first_answer_ends_data() {
        QTest::addColumn<QString>("command");
        for (const char* command : {"tail -t x", "search -t x abc", "count -t x", "doctor -t x",
                                    "sandbox --check", "generate -t x -n 5"})
            QTest::newRow(command) << QString::fromUtf8(command);
    }
    void a_command_that_waits_for_its_first_answer_ends() {
        QFETCH(QString, command);
        const Stranger silent;
        QProcess process;
        process.start(weir_program(),
                      command.split(QLatin1Char(' ')) +
                          QStringList{QStringLiteral("-b"), qt(silent.address()),
                                      QStringLiteral("--timeout"), QStringLiteral("60s")});
        QTRY_VERIFY_WITH_TIMEOUT(silent.calls() > 0, 30'000);
        QVERIFY(ends(process));
        QCOMPARE(process.readAllStandardOutput(), QByteArray());
    }

    void a_command_that_was_reading_ends_with_what_it_has() {
        auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        KafkaTool tool(**broker);
        VERIFY_OK(tool.create_topic("quiet", 4));
        const auto start = [&](QProcess& process, const char* words) {
            const QString line = QString::fromUtf8(words) + QStringLiteral(" -q -t quiet -b ") +
                                 qt((*broker)->address());
            process.start(weir_program(), line.split(QLatin1Char(' ')));
        };
        QProcess tail;
        start(tail, "tail --from beginning -f %s\\n");
        VERIFY_OK(tool.write("quiet", {{.value = "heard"}}));
        QTRY_VERIFY_WITH_TIMEOUT(tail.bytesAvailable() > 0, 30'000);
        QProcess count; // to an end that is never reached
        start(count, "count --json --to @1000");
        QVERIFY(count.waitForStarted());
        (*broker)->pause();
        QVERIFY(ends(tail));
        QCOMPARE(tail.readAllStandardOutput(), QByteArray("heard\n"));
        QCOMPARE(tail.exitCode(), 0);
        QVERIFY(ends(count, SIGTERM));
        (*broker)->resume();
    }

    void a_report_that_goes_on_ends_with_what_it_has_data() {
        QTest::addColumn<QString>("command");
        for (const char* command : {"latency", "flow", "triage", "invalid"})
            QTest::newRow(command) << QString::fromUtf8(command);
    }
    void a_report_that_goes_on_ends_with_what_it_has() {
        QFETCH(QString, command);
        KafkaBroker& broker = KafkaBroker::shared();
        KafkaTool tool(broker);
        const std::string in = unique_name("in"), out = unique_name("out");
        VERIFY_OK(tool.create_topic(in, 2));
        VERIFY_OK(tool.create_topic(out, 2));
        VERIFY_OK(tool.write(in, {{.value = R"({"event_id":"i-1","event_type":"page_view"})"}}));
        const QString file =
            qt(write_stage_workspace(m_folder.path(), {broker.address(), in, out}));
        const auto start = [&](QProcess& process, const char* words) {
            const QString line = command + QStringLiteral(" -q --json --workspace ") + file +
                                 QLatin1Char(' ') + QString::fromUtf8(words);
            process.start(weir_program(), line.split(QLatin1Char(' ')));
        };
        const auto is_whole = [](const QByteArray& document) {
            return QJsonDocument::fromJson(document).isObject();
        };
        QProcess watch;
        if (command == QStringLiteral("triage")) { // tells once, when its time is over
            start(watch, "--for 1h --last @10");
            QVERIFY(watch.waitForStarted());
            QTest::qWait(6'000); // it reads
        } else {
            start(watch, "--watch --every 100ms --last @10");
            QTRY_VERIFY_WITH_TIMEOUT(watch.canReadLine(), 30'000);
        }
        QVERIFY(ends(watch));
        const QList<QByteArray> told = watch.readAllStandardOutput().trimmed().split('\n');
        QVERIFY(std::all_of(told.begin(), told.end(), is_whole));
        QVERIFY2(watch.exitStatus() == QProcess::NormalExit && watch.exitCode() < 2,
                 watch.readAllStandardError().constData());

        QProcess once; // to an end that is never reached
        start(once, "--to @1000");
        QVERIFY(once.waitForStarted());
        QTest::qWait(6'000); // it reads
        QCOMPARE(once.state(), QProcess::Running);
        QVERIFY(ends(once));
        QVERIFY(is_whole(once.readAllStandardOutput()));
        QCOMPARE(once.exitStatus(), QProcess::NormalExit);
    }

    void a_search_whose_broker_is_gone_ends_with_what_it_has() {
        auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        KafkaTool tool(**broker);
        VERIFY_OK(tool.create_topic("long", 2));
        std::vector<TestRecord> records(4'000);
        for (std::size_t i = 0; i < records.size(); ++i) {
            records[i].value = std::string(2'000, 'x');
            records[i].partition = static_cast<int>(i % 2);
        }
        VERIFY_OK(tool.write("long", records));
        QProcess search; // for 8 s
        search.start(weir_program(),
                     {QStringLiteral("search"), QStringLiteral("zzzz"), QStringLiteral("-t"),
                      QStringLiteral("long"), QStringLiteral("--json"), QStringLiteral("--budget"),
                      QStringLiteral("1"), QStringLiteral("-b"), qt((*broker)->address())});
        QTRY_VERIFY_WITH_TIMEOUT(search.bytesAvailable() > 0, 30'000); // it has begun
        QTest::qWait(1'000);
        (*broker)->kill();
        QTest::qWait(2'000); // it has noticed
        QVERIFY(ends(search));
        QCOMPARE(search.exitCode(), 130);
        const QJsonObject answer = QJsonDocument::fromJson(search.readAllStandardOutput()).object();
        const QJsonObject coverage = answer[QStringLiteral("coverage")].toObject();
        QCOMPARE(coverage[QStringLiteral("complete")], QJsonValue(false));
        QCOMPARE(coverage[QStringLiteral("partitions")].toArray().size(), 2);
        QVERIFY(answer[QStringLiteral("elapsed_ms")].toInt() > 0);
    }
};

QTEST_GUILESS_MAIN(TestInterrupts)
#include "tst_interrupts.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// From clients to rows on a real Kafka and a real PostgreSQL: a bad day is played, every stage
// works, and the warehouse holds what the truth says; and so it does where stages do not work.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

#include "tests/support/kafka_broker.h"
#include "tests/support/postgres_server.h"
#include "tests/support/sandbox_warehouse.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr const char* incidents = R"({"weir_scenario": 1, "name": "incidents",
    "events_per_s": 200, "duration": "20 s", "population": {"users": 500, "sessions": 100},
    "faults": [
    {"fault": "retry_new_id", "share": 0.05, "after": "1 s"},
    {"fault": "stalled_worker", "stage": "enrich", "from": "8 s", "until": "12 s"},
    {"fault": "slow_worker", "stage": "load", "events_per_s": 50, "from": "12 s",
     "until": "16 s"},
    {"fault": "silent_drop", "stage": "deduplicate", "share": 0.1, "until": "8 s"},
    {"fault": "silent_drop", "stage": "enrich", "share": 0.2, "from": "8 s", "until": "14 s"},
    {"fault": "silent_drop", "stage": "load", "share": 0.2, "from": "14 s"},
    {"fault": "broker_outage", "from": "1 s", "until": "2 s"}]})";

} // namespace

class TestPipelineTruth : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    struct Marked {
        QString warehouse; // its address
        QStringList on;    // the options that name the cluster
    };
    /// A new warehouse of the server, and the cluster, which may both be written to from now on.
    Marked mark(const KafkaBroker& broker, PostgresServer* server) const {
        const Marked marked{
            QString::fromStdString(new_sandbox_warehouse(server, m_folder.path()).address),
            {QStringLiteral("--bootstrap"), QString::fromStdString(broker.address())}};
        const Answer said = weir_says(QStringLiteral("sandbox --init"), marked.on);
        if (said.code != 0)
            qFatal("%s", said.err.constData());
        return marked;
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }

    void the_warehouse_holds_what_the_truth_says() {
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        const auto server = PostgresServer::start();
        VERIFY_OK(server);
        const auto [warehouse, on] = mark(**broker, server->get());
        const QString truth = m_folder.filePath(QStringLiteral("day.truth"));

        QProcess workers;
        workers.start(weir_program(),
                      QStringList{QStringLiteral("sandbox"), QStringLiteral("--stages"),
                                  QStringLiteral("all"), QStringLiteral("--contracts"),
                                  QStringLiteral("demo"), QStringLiteral("--warehouse"),
                                  warehouse} +
                          on);
        QVERIFY(workers.waitForReadyRead(60'000));

        const Answer made =
            weir_says(QStringLiteral("generate --scenario bad-day --seed 5 --for 10s --collect"),
                      on + QStringList{QStringLiteral("--truth"), truth,
                                       QStringLiteral("--records"), warehouse});
        QVERIFY2(made.code == 0, made.err.constData());
        const Answer said = weir_says(QStringLiteral("truth --json --wait 90s"),
                                      {truth, QStringLiteral("--warehouse"), warehouse});
        QVERIFY2(said.code == 0, QByteArray(said.out + said.err).constData());
        QVERIFY(said.json()[QStringLiteral("events")][QStringLiteral("rows")].toInt() > 5'000);
        QVERIFY(said.json()[QStringLiteral("attribution")][QStringLiteral("rows")].toInt() > 100);

        ::kill(static_cast<pid_t>(workers.processId()), SIGTERM);
        QVERIFY(workers.waitForFinished(60'000));
        QCOMPARE(workers.exitCode(), 0);
    }

    void it_does_so_after_incidents_of_the_pipeline_itself() {
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        const auto server = PostgresServer::start();
        VERIFY_OK(server);
        const auto [warehouse, on] = mark(**broker, server->get());
        const QString truth = m_folder.filePath(QStringLiteral("incidents.truth"));
        const QString scenario = m_folder.filePath(QStringLiteral("incidents.json"));
        QFile file(scenario);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(incidents) > 0);
        file.close();
        const Answer played = weir_says(QStringLiteral("sandbox --json --skip broker_outage"),
                                        on + QStringList{QStringLiteral("--scenario"), scenario,
                                                         QStringLiteral("--truth"), truth,
                                                         QStringLiteral("--warehouse"), warehouse});
        QVERIFY2(played.code == 0, QByteArray(played.out + played.err).constData());
        QVERIFY(played.err.contains("not carried out here: broker_outage"));
        const Answer said = weir_says(QStringLiteral("truth --json"),
                                      {truth, QStringLiteral("--warehouse"), warehouse});
        QVERIFY2(said.code == 0, QByteArray(said.out + said.err).constData());
        QVERIFY(said.json()[QStringLiteral("events")][QStringLiteral("rows")].toInt() > 2'000);
        QVERIFY(played.out.contains("\"silent_drop\":"));
    }
};

QTEST_GUILESS_MAIN(TestPipelineTruth)
#include "tst_pipeline_truth.moc"

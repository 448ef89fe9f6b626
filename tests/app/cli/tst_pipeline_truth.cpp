// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// From clients to rows on a real Kafka and a real PostgreSQL: a bad day is played, every stage
// works, and the warehouse holds what the truth says.
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

class TestPipelineTruth : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

  private Q_SLOTS:
    void the_warehouse_holds_what_the_truth_says() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        const auto server = PostgresServer::start();
        VERIFY_OK(server);
        const auto database = new_sandbox_warehouse(server->get(), m_folder.path());
        const QString warehouse = QString::fromStdString(database.address);
        const QStringList on = {QStringLiteral("--bootstrap"),
                                QString::fromStdString((*broker)->address())};
        const QString truth = m_folder.filePath(QStringLiteral("day.truth"));
        QCOMPARE(weir_says(QStringLiteral("sandbox --init"), on).code, 0);

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
};

QTEST_GUILESS_MAIN(TestPipelineTruth)
#include "tst_pipeline_truth.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads broker
//
// What a connection's test finds on a real broker, and what it leaves: to look at a sandbox closes
// it to nothing, and what closed it is told with the way out.
#include <QtTest>

#include "connectors/base/observed_ids.h"
#include "connectors/kafka/sandbox/sandbox.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/verify.h"
#include "widgets/connect/connection_probe.h"

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

class TestKafkaProbe : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        m_list = m_folder.filePath(QStringLiteral("ids.json"));
        qputenv("WEIR_OBSERVED_IDS", m_list.toUtf8());
        auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        m_broker = *std::move(broker);
    }

    void a_look_without_a_word_notes_nothing() {
        const auto report = look(kafka::Environment::Production, true);
        VERIFY_OK(report);
        QCOMPARE(report->cluster_id, m_broker->cluster_id());
        QVERIFY(!report->marked_sandbox);
        QVERIFY(!QFile::exists(m_list));
    }

    void a_marked_sandbox_is_seen_and_stays_one_even_if_it_is_called_production() {
        VERIFY_OK(kafka::init_sandbox(options(kafka::Environment::Sandbox), {}, {}, 30s));
        const auto report = look(kafka::Environment::Production, false);
        VERIFY_OK(report);
        QVERIFY(report->marked_sandbox);
        QVERIFY(!QFile::exists(m_list));
        VERIFY_OK(kafka::prove_sandbox(options(kafka::Environment::Sandbox), {}, 20s));
    }

    void what_closed_it_is_told_with_the_remedy() {
        const ObservedIds list;
        VERIFY_OK(list.record(
            {m_broker->cluster_id(), "old-name", kafka::Environment::Production, Micros(0)}));
        const auto report = look(kafka::Environment::Sandbox, false);
        VERIFY_OK(report);
        QCOMPARE(report->notes.size(), std::size_t{1});
        for (const char* part : {"old-name", "production"})
            QVERIFY2(report->notes[0].find(part) != std::string::npos, report->notes[0].c_str());
        QVERIFY(report->notes[0].find(m_list.toStdString()) != std::string::npos);
        const auto refused = kafka::prove_sandbox(options(kafka::Environment::Sandbox), {}, 20s);
        VERIFY_ERROR(refused, ErrorCode::Refused);
        QVERIFY(refused.error().advice.find(m_list.toStdString()) != std::string::npos);
        QVERIFY(QFile::remove(m_list)); // its only entry: the remedy works
        VERIFY_OK(kafka::prove_sandbox(options(kafka::Environment::Sandbox), {}, 20s));
    }

    void a_broker_that_is_not_reached_by_its_own_name_is_no_success() {
        kafka::ConnectionOptions made = m_broker->connection();
        made.bootstrap = m_broker->address(Listener::Unresolvable); // answers, and names another
        const auto report = probe_kafka(made, [](const std::string&) { return true; });
        VERIFY_ERROR(report, ErrorCode::Connection);
        QVERIFY2(report.error().what.find("no-such-host.invalid") != std::string::npos,
                 report.error().what.c_str());
        QVERIFY(report.error().advice.find("advertise") != std::string::npos);
    }

  private:
    kafka::ConnectionOptions options(kafka::Environment environment) const {
        kafka::ConnectionOptions made = m_broker->connection();
        made.environment = environment;
        return made;
    }
    Result<ProbeReport> look(kafka::Environment environment, bool assumed) const {
        kafka::ConnectionOptions made = options(environment);
        made.environment_assumed = assumed;
        return probe_kafka(made, [](const std::string&) { return true; });
    }

    QTemporaryDir m_folder;
    QString m_list;
    std::unique_ptr<KafkaBroker> m_broker;
};

QTEST_GUILESS_MAIN(TestKafkaProbe)
#include "tst_kafka_probe.moc"

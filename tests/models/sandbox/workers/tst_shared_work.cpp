// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include <QCoreApplication>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

#include "tests/models/sandbox/workers/pipeline_process.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using test::PipelineWorld;
using test::wait_for;

namespace {

/// What a warehouse holds, but for who loaded it and when.
std::map<std::string, std::string> rows_of(const PipelineWorld& world) {
    std::map<std::string, std::string> rows;
    for (const auto& [table, columns] : std::map<std::string, std::string>{
             {"analytics.events", "event_id, event_type, session_id, user_id, payload::text"},
             {"enrichment_audit", "event_id, rule, rule_version, before::text, after::text"},
             {"attribution", "user_id, event_id, source, medium, campaign, referrer, landing_page"},
             {"sessions", "session_id, user_id, anonymous_id, platform, events"},
             {"identities", "anonymous_id, user_id, method, confidence, evidence"}})
        rows[table] = world.ask("SELECT " + columns + " FROM " + table + " ORDER BY 1, 2");
    return rows;
}

} // namespace

/// Three processes of the pipeline share the work by their consumer groups, and the rows are those
/// that one process makes.
class TestSharedWork : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }
    void cleanup() {
        for (const int child : m_children)
            test::end_process(child, SIGKILL, 5'000);
        m_children.clear();
    }

    void three_processes_make_the_same_rows_as_one() {
        int events = 0;
        std::map<std::string, std::string> shared;
        {
            auto world = PipelineWorld::make(m_folder.path());
            for (const char* name : {"p0", "p1", "p2"}) {
                begin(world, name); // the others give some of their partitions up, under load
                world.send_more(500);
            }
            const auto all_load = [&] {
                world.send_more(50);
                return world.number("SELECT count(DISTINCT split_part(load_batch, '-', 1)) "
                                    "FROM analytics.events") == 3;
            };
            QVERIFY2(wait_for(all_load, 120s), log().c_str());
            wait_for_all(world);
            events = world.sent;
            shared = rows_of(world);
        }
        cleanup();
        auto world = PipelineWorld::make(m_folder.path());
        begin(world, "alone");
        world.send_more(events);
        wait_for_all(world);
        for (const auto& [table, rows] : rows_of(world)) {
            QVERIFY2(!rows.empty(), table.c_str());
            QVERIFY2(rows == shared[table], (table + "\n" + rows.substr(0, 2'000) + "\nshared\n" +
                                             shared[table].substr(0, 2'000))
                                                .c_str());
        }
    }

  private:
    void begin(const PipelineWorld& world, const std::string& name) {
        const auto child = test::spawn_pipeline(world, name, log_file());
        VERIFY_OK(child);
        m_children.push_back(*child);
    }
    void wait_for_all(const PipelineWorld& world) const {
        QVERIFY2(wait_for([&] { return world.loaded() >= world.sent; }, 120s), log().c_str());
        QCOMPARE(world.wrong_with_rows(), std::string());
        QCOMPARE(world.wrong_with_side_tables(), std::string());
    }
    std::string log_file() const {
        return m_folder.filePath(QStringLiteral("pipeline.log")).toStdString();
    }
    std::string log() const { return test::read_text(log_file()); }

    QTemporaryDir m_folder;
    std::vector<int> m_children;
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (test::is_pipeline(argc, argv))
        return test::run_pipeline(argv);
    TestSharedWork test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_shared_work.moc"

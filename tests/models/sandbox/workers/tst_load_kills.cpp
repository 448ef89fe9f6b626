// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker soak
#include <QCoreApplication>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <random>
#include <thread>

#include "tests/models/sandbox/workers/pipeline_process.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using test::PipelineWorld;
using test::wait_for;

/// Processes that are killed, stand still, come and go: the warehouse holds what was sent.
class TestLoadKills : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }
    void init() { m_world.emplace(PipelineWorld::make(m_folder.path())); }
    void cleanup() { m_world.reset(); }

    void killed_at_any_moment_nothing_is_lost_or_there_twice() {
        const int kills = qEnvironmentVariableIsSet("WEIR_SOAK") ? 50 : 10;
        std::mt19937 random(17);
        for (int i = 0; i < kills; ++i) {
            const int before = m_world->loaded();
            const auto child = spawn_process("killed");
            VERIFY_OK(child);
            const auto works = [&] {
                m_world->send_more(200);
                return m_world->loaded() > before;
            };
            QVERIFY2(wait_for(works, 60s), log().c_str());
            for (auto steps = random() % 20; steps > 0; --steps)
                m_world->send_more(200);
            std::this_thread::sleep_for(std::chrono::milliseconds(random() % 200));
            test::end_process(*child, SIGKILL, 5'000);
        }
        const auto pipeline =
            PipelineWorld::start_pipeline(*m_world->ticket, m_world->warehouse, "killed");
        VERIFY_OK(pipeline);
        QVERIFY2(wait_for([&] { return m_world->loaded() >= m_world->sent; }, 120s), log().c_str());
        QCOMPARE(m_world->wrong_with_rows(), std::string());
        QCOMPARE(m_world->wrong_with_side_tables(), std::string());
        qInfo("%d events, %d kills", m_world->sent, kills);
    }

    void processes_that_come_go_and_stand_still_share_the_work() {
        std::vector<int> children;
        for (int i = 0; i < 3; ++i) {
            children.push_back(spawn_process("p" + std::to_string(i)).value());
            m_world->send_more(50);
        }
        const auto all_load = [&] {
            m_world->send_more(50);
            return m_world->number("SELECT count(DISTINCT split_part(load_batch, '-', 1)) "
                                   "FROM analytics.events") == 3;
        };
        QVERIFY2(wait_for(all_load, 120s), log().c_str());
        test::end_process(children[0], SIGKILL, 5'000);
        // One that stands still until another has all partitions wakes up as if nothing were.
        ::kill(children[1], SIGSTOP);
        const auto taken_over = [&] {
            m_world->send_more(50);
            return m_world->number("SELECT count(*) FROM loader_offsets WHERE topic = "
                                   "'enriched_events' AND stage = 'load' AND "
                                   "split_part(load_batch, '-', 1) = 'p2'") ==
                   PipelineWorld::partitions;
        };
        QVERIFY2(wait_for(taken_over, 120s), log().c_str());
        ::kill(children[1], SIGCONT);
        for (int i = 0; i < 40; ++i)
            m_world->send_more(50);
        QVERIFY2(wait_for([&] { return m_world->loaded() >= m_world->sent; }, 120s), log().c_str());
        QCOMPARE(m_world->wrong_with_rows(), std::string());
        QCOMPARE(m_world->wrong_with_side_tables(), std::string());
        for (const int child : {children[1], children[2]})
            test::end_process(child, SIGKILL, 5'000);
    }

  private:
    Result<int> spawn_process(const std::string& instance) {
        return test::spawn_pipeline(*m_world, instance, log_file());
    }
    std::string log_file() const {
        return m_folder.filePath(QStringLiteral("pipeline.log")).toStdString();
    }
    std::string log() const { return test::read_text(log_file()); }

    QTemporaryDir m_folder;
    std::optional<PipelineWorld> m_world;
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (test::is_pipeline(argc, argv))
        return test::run_pipeline(argv);
    TestLoadKills test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_load_kills.moc"

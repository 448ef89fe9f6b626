// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker soak
#include <QCoreApplication>
#include <QTemporaryDir>
#include <QtTest>

#include <thread>

#include "connectors/kafka/sandbox/embedded.h"
#include "tests/models/sandbox/workers/pipeline_world.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::sandbox;
using namespace std::chrono_literals;
using test::counts_of;
using test::PipelineWorld;
using test::wait_for;

namespace {

/// How long a server that was stopped stays away: a moment, or (WEIR_SOAK) a full minute.
std::chrono::seconds outage() {
    return qEnvironmentVariableIsSet("WEIR_SOAK") ? 60s : 5s;
}

} // namespace

/// The pipeline on a real broker and a real PostgreSQL that go away, hold it up or refuse it: in
/// the end the warehouse holds what was sent.
class TestLoadBadDays : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }
    void init() { m_world.emplace(PipelineWorld::make(m_folder.path())); }
    void cleanup() { m_world.reset(); }

    void a_database_that_stops_is_waited_for_and_told_of() {
        const auto pipeline = m_world->start_pipeline();
        VERIFY_OK(pipeline);
        m_world->send_more(500);
        wait_for_all();
        m_world->server->kill();
        m_world->send_more(1'000);
        QVERIFY(wait_for([&] { return !load_counts(**pipeline).trouble.empty(); }, 60s));
        QVERIFY(wait_for([&] { return out_of(**pipeline, "deduplicate") == 1'500; }, 60s));
        std::this_thread::sleep_for(outage());
        VERIFY_OK(m_world->server->restart());
        wait_for_all();
        QCOMPARE(m_world->wrong_with_rows(), std::string());
        QCOMPARE(m_world->wrong_with_side_tables(), std::string());
        QVERIFY(wait_for([&] { return load_counts(**pipeline).trouble.empty(); }, 60s));
    }

    void a_table_that_is_locked_is_waited_for_and_told_of() {
        const auto pipeline = m_world->start_pipeline();
        VERIFY_OK(pipeline);
        const auto other = test::write_to(m_world->warehouse);
        VERIFY_OK(other->begin());
        VERIFY_OK(other->execute("LOCK TABLE analytics.events"));
        m_world->send_more(1'000);
        QVERIFY(wait_for([&] { return load_counts(**pipeline).pending > 0; }, 60s));
        QVERIFY(wait_for([&] { return !load_counts(**pipeline).trouble.empty(); }, 60s));
        VERIFY_OK(other->rollback());
        wait_for_all();
        QCOMPARE(m_world->wrong_with_rows(), std::string());
    }

    void a_broker_that_goes_away_is_waited_for() {
        const auto pipeline = m_world->start_pipeline();
        VERIFY_OK(pipeline);
        m_world->send_more(500);
        wait_for_all();
        m_world->send_more(2'000); // at which it is when the broker goes
        m_world->broker->kill();
        std::this_thread::sleep_for(outage());
        VERIFY_OK(m_world->broker->restart());
        m_world->send_more(500);
        wait_for_all();
        QCOMPARE(m_world->wrong_with_rows(), std::string());
        QCOMPARE(m_world->wrong_with_side_tables(), std::string());
    }

    void a_topic_that_was_made_again_is_read_from_its_beginning() {
        {
            const auto pipeline = m_world->start_pipeline();
            VERIFY_OK(pipeline);
            m_world->send_more(1'000);
            wait_for_all();
        }
        test::KafkaTool tool(*m_world->broker);
        VERIFY_OK(tool.delete_topic("enriched_events"));
        const auto pipeline = m_world->start_pipeline();
        VERIFY_OK(pipeline);
        m_world->send_more(100);
        wait_for_all();
        QCOMPARE(m_world->wrong_with_rows(), std::string());
    }

    void what_cannot_be_loaded_is_a_dead_letter_and_the_counts_balance() {
        const auto pipeline = m_world->start_pipeline();
        VERIFY_OK(pipeline);
        kafka::OutRecord record;
        record.topic = "raw_events";
        record.partition = 0;
        record.value = R"({"event_id":"bad","event_type":"page_view","user_id":"a\u0000b"})";
        VERIFY_OK(m_world->producer->send(record));
        m_world->send_more(1'000);
        wait_for_all();
        QVERIFY(wait_for([&] { return load_counts(**pipeline).in == 1'001; }, 60s));
        const WorkerCounts counts = load_counts(**pipeline);
        QCOMPARE(counts.out, std::uint64_t{1'000});
        QCOMPARE(counts.failed.at("not_loadable"), std::uint64_t{1});
        QCOMPARE(counts.in, counts.out + counts.filtered_count() + counts.failed_count());
        QCOMPARE(m_world->wrong_with_rows(), std::string());
        const auto cluster = kafka::Cluster::open(m_world->ticket->connection(), {}).value();
        const auto reader =
            kafka::Reader::open(cluster, test::whole("invalid_events"), 20s).value();
        test::Reading dead;
        QVERIFY(test::read_all(*reader, dead));
        QCOMPARE(dead.records.size(), std::size_t{1});
        QVERIFY(dead.records[0].value.find("\"not_loadable\"") != std::string::npos);
        QVERIFY(dead.records[0].value.find("a\\u0000b") != std::string::npos);
    }

    void it_runs_on_the_embedded_cluster_and_sqlite() {
        std::vector<kafka::EmbeddedTopic> topics;
        std::vector<StageInfo> infos;
        for (const std::string& name : PipelineWorld::stages)
            infos.push_back(find_stage(name)->make({})->info());
        for (const kafka::NewTopic& topic : topics_of(infos, PipelineWorld::partitions))
            topics.push_back({topic.name, topic.partitions});
        const auto file = test::new_sandbox_warehouse(nullptr, m_folder.path());
        int sent = 0;
        for (int run = 0; run < 2; ++run) { // a new cluster begins at offset 0 again
            const auto cluster = kafka::EmbeddedCluster::start(topics).value();
            const auto ticket = prove_sandbox(cluster->connection(), {}, 20s).value();
            const auto producer = kafka::Producer::open(ticket, {}, 20s).value();
            const auto pipeline = PipelineWorld::start_pipeline(ticket, file, "1");
            VERIFY_OK(pipeline);
            PipelineWorld::send(*producer, sent, sent + 1'000);
            sent += 1'000;
            QVERIFY2(wait_for([&] { return out_of(**pipeline, "load") == 1'000; }, 60s),
                     load_counts(**pipeline).trouble.c_str());
            // A side branch may be behind the load. The first event of each session has no user.
            const std::uint64_t of_users = run == 0 ? 1'000 - PipelineWorld::sessions : 1'000;
            const auto attributed = [&] {
                const WorkerCounts counts = counts_of(**pipeline, "attribute");
                return counts.in >= of_users && counts.pending == 0;
            };
            QVERIFY2(wait_for(attributed, 60s), counts_of(**pipeline, "attribute").trouble.c_str());
            QVERIFY2(wait_for([&] { return out_of(**pipeline, "stitch_sessions") == 1'000; }, 60s),
                     counts_of(**pipeline, "stitch_sessions").trouble.c_str());
            const auto told = [&] { return !records_of(*cluster, metrics_topic).empty(); };
            QVERIFY(wait_for(told, 30s));
        }
        const auto db = warehouse::Warehouse::open(file, {}).value();
        QCOMPARE(test::query(*db, "SELECT count(*) AS n, count(DISTINCT event_id) AS ids FROM "
                                  "analytics_events"),
                 std::string("{\"n\":2000,\"ids\":2000}\n"));
        QCOMPARE(test::query(*db, "SELECT count(*) AS n FROM enrichment_audit"),
                 std::string("{\"n\":2000}\n"));
        QCOMPARE(test::query(*db, "SELECT sum(events) AS n FROM sessions"),
                 std::string("{\"n\":2000}\n"));
        QCOMPARE(test::query(*db, "SELECT count(*) AS n FROM attribution WHERE landing_page = "
                                  "'/p' || substr(user_id, 2)"),
                 std::string("{\"n\":50}\n"));
    }

  private:
    static std::vector<test::Taken> records_of(const kafka::EmbeddedCluster& cluster,
                                               const std::string& topic) {
        const auto observed = kafka::Cluster::open(cluster.connection(), {}).value();
        const auto reader = kafka::Reader::open(observed, test::whole(topic), 20s).value();
        test::Reading all;
        (void)test::read_all(*reader, all);
        return all.records;
    }
    static WorkerCounts load_counts(const Pipeline& pipeline) {
        return counts_of(pipeline, "load");
    }
    static std::uint64_t out_of(const Pipeline& pipeline, const std::string& stage) {
        return counts_of(pipeline, stage).out;
    }

    void wait_for_all() {
        QVERIFY2(wait_for([&] { return m_world->loaded() >= m_world->sent; }, 120s),
                 std::to_string(m_world->loaded()).c_str());
    }

    QTemporaryDir m_folder;
    std::optional<PipelineWorld> m_world;
};

QTEST_GUILESS_MAIN(TestLoadBadDays)
#include "tst_load_bad_days.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include <QTemporaryDir>
#include <QtTest>

#include <map>

#include "connectors/kafka/sandbox/embedded.h"
#include "tests/models/sandbox/workers/pipeline_world.h"
#include "tests/support/collector_station.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/resident_memory.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::sandbox;
using namespace std::chrono_literals;
using test::CollectorStation;
using test::counts_of;
using test::PipelineWorld;
using test::Sender;
using test::wait_for;

namespace {

using Senders = std::vector<std::unique_ptr<Sender>>;
using Ids = std::set<std::string>;

Senders senders_to(const CollectorStation& station, int count, std::size_t padding, int sessions) {
    Senders all;
    for (int i = 0; i < count; ++i)
        all.push_back(std::make_unique<Sender>(i, station.port(), padding, sessions));
    return all;
}

int taken(const Senders& all) {
    int sum = 0;
    for (const auto& sender : all)
        sum += sender->taken;
    return sum;
}

int refused(const Senders& all) {
    int sum = 0;
    for (const auto& sender : all)
        sum += sender->refused;
    return sum;
}

/// Ends them; the ids that got their 202.
Ids stop(Senders& all) {
    Ids accepted;
    for (const auto& sender : all) {
        sender->stop();
        if (sender->broken != 0)
            qFatal("%d requests had no answer", sender->broken.load());
        accepted.insert(sender->accepted.begin(), sender->accepted.end());
    }
    return accepted;
}

/// The most of each that was seen while the warehouse stood still.
struct Most {
    std::uint64_t pending = 0; // of the loader
    std::size_t unacknowledged = 0;
    std::uint64_t resident_bytes = 0;

    void look(const Pipeline& pipeline, const CollectorStation& station) {
        pending = std::max(pending, counts_of(pipeline, "load").pending);
        unacknowledged = std::max(unacknowledged, station.outlet->stats().records);
        resident_bytes = std::max(resident_bytes, test::resident_bytes());
    }
};

std::uint64_t lost(const Pipeline& pipeline) {
    std::uint64_t sum = 0;
    for (const StageReport& report : pipeline.reports())
        sum += report.counts.lost;
    return sum;
}

Ids ids_in(const warehouse::ConnectionOptions& options) {
    Ids ids;
    const auto db = test::write_to(options);
    const auto read = db->read("SELECT event_id FROM " + db->quoted(events_table), {},
                               [&](const warehouse::Page& page) -> Result<void> {
                                   for (std::size_t i = 0; i < page.rows(); ++i)
                                       if (!ids.insert(std::string(page.at(i, 0).text)).second)
                                           qFatal("an event is there twice");
                                   return {};
                               });
    if (!read)
        qFatal("%s", read.error().text().c_str());
    return ids;
}

std::size_t rows_in(const warehouse::ConnectionOptions& options) {
    const auto db = test::write_to(options);
    const auto rows = db->execute("SELECT count(*) FROM " + db->quoted(events_table));
    return rows ? static_cast<std::size_t>(rows->rows.at(0, 0).integer) : 0;
}

} // namespace

/// A warehouse that stands still under load, from the collector's door on: the pipeline slows,
/// holds no more than it may, and in the end has every event that got its 202, once.
class TestBackpressure : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }

    /// Kafka is where what is not loaded waits: the collector goes on.
    void a_locked_table_of_postgresql_is_waited_for_in_kafka() {
        auto world = PipelineWorld::make(m_folder.path());
        const auto pipeline = world.start_pipeline();
        VERIFY_OK(pipeline);
        CollectorStation station(test::outlet_of(world.ticket->connection()).value());
        Senders senders = senders_to(station, 3, 500, 20);
        const auto loaded = [&] { return counts_of(**pipeline, "load").out; };
        QVERIFY(wait_for([&] { return loaded() > 2'000; }, 60s));
        const auto other = test::write_to(world.warehouse);
        VERIFY_OK(other->begin());
        VERIFY_OK(other->execute("LOCK TABLE analytics.events"));
        QVERIFY(wait_for([&] { return counts_of(**pipeline, "load").pending > 0; }, 60s));
        const std::uint64_t resident = test::resident_bytes();
        const int before = taken(senders);
        Most most;
        // Past the loader's patience, which is 15 s, so that it gives a batch up and tries again.
        QVERIFY2(wait_for(
                     [&] {
                         most.look(**pipeline, station);
                         return !counts_of(**pipeline, "load").trouble.empty() &&
                                taken(senders) > before + 500;
                     },
                     120s),
                 std::to_string(taken(senders) - before).c_str());
        QCOMPARE(refused(senders), 0);
        QVERIFY(most.pending <= WorkerOptions().kept_batch_records);
        QVERIFY(most.unacknowledged <= OutletOptions().records_max);
        qInfo("held up: %d requests taken, %llu pending at most, %lld MB more",
              taken(senders) - before, static_cast<unsigned long long>(most.pending),
              (static_cast<long long>(most.resident_bytes) - static_cast<long long>(resident)) >>
                  20);
        QVERIFY(most.resident_bytes < resident + memory_bound);
        const Ids accepted = stop(senders);
        VERIFY_OK(other->rollback());
        QVERIFY2(wait_for([&] { return rows_in(world.warehouse) >= accepted.size(); }, 180s),
                 counts_of(**pipeline, "load").trouble.c_str());
        QVERIFY(ids_in(world.warehouse) == accepted);
        QCOMPARE(lost(**pipeline), std::uint64_t{0});
    }

    /// The embedded cluster holds little, and would drop what is not read: the collector refuses.
    void a_locked_file_of_sqlite_slows_the_embedded_pipeline_to_its_door() {
        std::vector<kafka::EmbeddedTopic> topics;
        std::vector<StageInfo> infos;
        for (const std::string& name : PipelineWorld::stages)
            infos.push_back(find_stage(name)->make({})->info());
        for (const kafka::NewTopic& topic : topics_of(infos, PipelineWorld::partitions))
            topics.push_back({topic.name, topic.partitions});
        const auto cluster = kafka::EmbeddedCluster::start(topics).value();
        const auto ticket = prove_sandbox(cluster->connection(), {}, 20s).value();
        const auto file = test::new_sandbox_warehouse(nullptr, m_folder.path());
        const auto pipeline = PipelineWorld::start_pipeline(ticket, file, "1");
        VERIFY_OK(pipeline);
        CollectorStation station(test::outlet_of(cluster->connection()).value());
        Senders senders = senders_to(station, 3, 10'000, 2);
        QVERIFY(wait_for([&] { return counts_of(**pipeline, "load").out > 200; }, 60s));
        const std::uint64_t resident = test::resident_bytes();
        const auto other = test::write_to(file);
        VERIFY_OK(other->begin());
        Most most;
        const auto shut = [&] { // not an event is taken any more
            most.look(**pipeline, station);
            const int before = taken(senders);
            const int turned_away = refused(senders);
            std::this_thread::sleep_for(2s);
            return taken(senders) == before && refused(senders) > turned_away;
        };
        QVERIFY2(wait_for(shut, 120s), std::to_string(refused(senders)).c_str());
        const int before = taken(senders);
        QVERIFY(most.pending <= WorkerOptions().kept_batch_records);
        qInfo("held up: %lld MB more",
              (static_cast<long long>(most.resident_bytes) - static_cast<long long>(resident)) >>
                  20);
        QVERIFY(most.resident_bytes < resident + memory_bound);
        VERIFY_OK(other->rollback());
        // What was loaded makes room, for as much as there was and more.
        QVERIFY2(wait_for([&] { return taken(senders) > before + 100; }, 120s),
                 counts_of(**pipeline, "load").trouble.c_str());
        const Ids accepted = stop(senders);
        QVERIFY2(wait_for([&] { return rows_in(file) >= accepted.size(); }, 180s),
                 counts_of(**pipeline, "load").trouble.c_str());
        QVERIFY(ids_in(file) == accepted);
        QCOMPARE(lost(**pipeline), std::uint64_t{0});
    }

  private:
    /// What clients' queues, a batch and the embedded logs may take; a load of minutes is more.
    static constexpr std::uint64_t memory_bound = 400'000'000;
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestBackpressure)
#include "tst_backpressure.moc"

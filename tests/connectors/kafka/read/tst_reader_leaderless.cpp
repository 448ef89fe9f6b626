// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include <future>

#include "connectors/kafka/admin/admin.h"
#include "connectors/kafka/read/reader_watch.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

constexpr int nobody = -1;

} // namespace

/// Partitions that nobody leads: for a moment, as while a leader is elected, or for good.
class TestReaderLeaderless : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() {
        m_broker = EmbeddedCluster::start({{"raw_events", 2}}).value();
        m_cluster = Cluster::open(m_broker->connection(), {}).value();
        const auto ticket = prove_sandbox(m_broker->connection(), {}, 10s);
        VERIFY_OK(ticket);
        m_producer = Producer::open(*ticket, {}, 10s).value();
        for (int partition = 0; partition < 2; ++partition)
            produce(*m_producer, "raw_events", partition, numbered("e", 50, 100 * partition));
    }
    void cleanup() {
        m_producer.reset();
        m_cluster.reset();
        m_broker.reset();
    }

    void what_has_a_leader_is_read_and_the_rest_is_told_to_have_failed() {
        m_broker->move_leader("raw_events", 1, nobody);
        const auto reader = Reader::open(m_cluster, whole("raw_events"), 4s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.values(), numbered("e", 50));
        QCOMPARE(reading.count(PartitionNote::Failed), 1);
        QCOMPARE(reading.first(PartitionNote::Failed)->partition, PartitionId(1));
        const auto progress = (*reader)->progress();
        QCOMPARE(progress.size(), std::size_t{2});
        QVERIFY(progress[0].state == ReadState::Finished);
        QVERIFY(progress[1].state == ReadState::Failed);
        QCOMPARE(progress[1].begin.value(), -1);
        QVERIFY2(progress[1].trouble.find("raw_events [1]") != std::string::npos,
                 progress[1].trouble.c_str());
    }

    void a_followed_partition_is_read_once_it_has_a_leader() {
        m_broker->move_leader("raw_events", 1, nobody);
        ReadRequest request = whole("raw_events");
        request.end = {};
        const auto reader = Reader::open(m_cluster, request, 4s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] {
            return reading.records.size() >= 50 && reading.count(PartitionNote::Failed) == 1;
        }));
        QCOMPARE(reading.offsets(1).size(), std::size_t{0});
        m_broker->move_leader("raw_events", 1, 1);
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() >= 100; }));
        QCOMPARE(reading.offsets(1).size(), std::size_t{50});
        QCOMPARE(reading.count(PartitionNote::Recovered), 1);
        produce(*m_producer, "raw_events", 1, numbered("late", 5));
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() >= 105; }));
        QCOMPARE((*reader)->progress().size(), std::size_t{2});
    }

    void a_topic_that_a_pattern_matches_and_a_broker_refuses_is_told() {
        VERIFY_OK(m_broker->create_topic({"raw_orders", 1}));
        m_broker->refuse_topic("raw_orders");
        ReadRequest request = whole("raw_events");
        request.topics.clear();
        request.topic_patterns = {"raw_.*"};
        const auto reader = Reader::open(m_cluster, request, 4s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.records.size(), std::size_t{100});
        const auto progress = (*reader)->progress();
        QCOMPARE(progress.size(), std::size_t{3});
        QCOMPARE(progress[2].topic, std::string("raw_orders"));
        QVERIFY(progress[2].state == ReadState::Failed);
        QVERIFY2(progress[2].trouble.find("raw_orders [0]") != std::string::npos,
                 progress[2].trouble.c_str());
    }

    void a_named_topic_that_is_refused_later_holds_up_no_new_one() {
        ReadRequest request = whole("raw_events");
        request.end = {};
        request.topic_patterns = {"new_.*"};
        const auto reader = Reader::open(m_cluster, request, 4s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() >= 100; }));
        m_broker->refuse_topic("raw_events");
        for (const char* topic : {"new_orders", "new_refunds"}) {
            VERIFY_OK(m_broker->create_topic({topic, 1}));
            produce(*m_producer, topic, 0, numbered(topic, 5));
            const std::size_t wanted = reading.records.size() + 5;
            QVERIFY2(
                read_until(**reader, reading, [&] { return reading.records.size() >= wanted; }),
                topic);
        }
        QCOMPARE(reading.count(PartitionNote::Gone), 0); // refused is not deleted
    }

    void nothing_readable_at_all_is_an_error() {
        m_broker->move_leader("raw_events", 0, nobody);
        m_broker->move_leader("raw_events", 1, nobody);
        const auto reader = Reader::open(m_cluster, whole("raw_events"), 2s);
        QVERIFY(!reader);
        QVERIFY2(reader.error().what.find("does not tell its offsets") != std::string::npos,
                 reader.error().text().c_str());
    }

    void an_opening_waits_for_a_leader_that_is_being_elected() {
        m_broker->move_leader("raw_events", 0, nobody);
        m_broker->move_leader("raw_events", 1, nobody);
        auto opening = std::async(std::launch::async, [this] {
            return Reader::open(m_cluster, whole("raw_events"), 30s);
        });
        QVERIFY(opening.wait_for(500ms) == std::future_status::timeout); // it asks in vain
        m_broker->move_leader("raw_events", 0, 1);
        m_broker->move_leader("raw_events", 1, 1);
        const auto reader = opening.get();
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.records.size(), std::size_t{100});
        QCOMPARE(reading.count(PartitionNote::Failed), 0);
    }

    void a_partition_that_fails_to_start_is_told_and_started_again() {
        ReadRequest request = whole("raw_events");
        request.end = {};
        request.discover = false;
        Streams streams;
        streams.push_back(std::make_unique<ReaderStream>(*observed(*m_cluster), request));
        PartitionState impossible;
        impossible.progress.topic = "raw_events";
        impossible.progress.partition = PartitionId(1);
        impossible.progress.next = Offset(-7); // librdkafka takes no such start
        QVERIFY(!streams[0]->add(std::move(impossible), 10s));
        const PartitionProgress failed = streams[0]->progress().at(0);
        QVERIFY(failed.state == ReadState::Failed);
        QVERIFY2(failed.trouble.find("raw_events [1]") != std::string::npos,
                 failed.trouble.c_str());
        const ReaderWatch watch(*observed(*m_cluster), request, streams);
        std::size_t records = 0;
        std::vector<PartitionNote> told;
        QVERIFY(wait_for([&] {
            const RecordBatch batch = streams[0]->poll(10ms);
            for (const PartitionEvent& event : batch.events)
                if (event.note != PartitionNote::Started) // where it is to begin
                    told.push_back(event.note);
            records += batch.records.size();
            return records == 50;
        }));
        QVERIFY(told.size() >= 2);
        QVERIFY(told[0] == PartitionNote::Failed && told[1] == PartitionNote::Recovered);
        QCOMPARE(streams[0]->progress().size(), std::size_t{1});
    }

    void offsets_are_told_of_those_that_answer_and_asked_again_of_the_others() {
        m_broker->move_leader("raw_events", 1, nobody);
        Admin admin(m_cluster);
        const std::vector<TopicPartition> both = {{"raw_events", PartitionId(0)},
                                                  {"raw_events", PartitionId(1)}};
        const auto some = admin.offsets(both, 3s);
        QVERIFY(!some[0].error && some[1].error);
        QCOMPARE(some[0].end.value(), 50);
        auto asking = std::async(std::launch::async, [&] { return admin.offsets(both, 30s); });
        QVERIFY(asking.wait_for(300ms) == std::future_status::timeout);
        m_broker->move_leader("raw_events", 1, 1);
        const auto all = asking.get();
        QVERIFY(!all[0].error && !all[1].error);
        QCOMPARE(all[1].end.value(), 50);
    }

  private:
    std::unique_ptr<EmbeddedCluster> m_broker;
    std::shared_ptr<Cluster> m_cluster;
    std::unique_ptr<Producer> m_producer;
};

QTEST_GUILESS_MAIN(TestReaderLeaderless)
#include "tst_reader_leaderless.moc"

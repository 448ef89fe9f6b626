// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <thread>

#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/embedded_room.h"
#include "connectors/kafka/sandbox/group_reader.h"
#include "connectors/kafka/sandbox/producer.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t record_bytes = 100'000;
constexpr int fits = 39; // such records, in one partition

OutRecord record_of(std::string_view value) {
    OutRecord record;
    record.topic = "t";
    record.key = "one";
    record.key_null = false;
    record.value = value;
    return record;
}

/// How many were taken, of `count` that wait for no room.
int send_at_once(Producer& producer, int count) {
    const std::string value(record_bytes, 'x');
    int taken = 0;
    for (int i = 0; i < count; ++i)
        taken += producer.send(record_of(value), 0ms) ? 1 : 0;
    if (const auto flushed = producer.flush(20s); !flushed)
        qFatal("%s", flushed.error().text().c_str());
    return taken;
}

} // namespace

/// The embedded cluster drops the oldest of what is too much for it: who writes waits instead.
class TestEmbeddedRoom : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<EmbeddedCluster> m_cluster;
    std::optional<SandboxTicket> m_ticket;
    std::unique_ptr<Producer> m_producer;
    std::shared_ptr<EmbeddedRoom> m_room;

    std::unique_ptr<GroupReader> join(const std::string& group) const {
        return GroupReader::open(*m_ticket,
                                 {.group = group, .topics = {"t"}, .read_committed = false}, 20s)
            .value();
    }
    /// Reads at least so many records, and commits them.
    static void read_and_commit(GroupReader& reader, std::size_t count) {
        std::size_t read = 0;
        std::map<TopicPartition, Offset> next;
        while (read < count) {
            const RecordBatch batch = reader.poll(100ms, 2'000);
            for (const PartitionEvent& told : batch.events)
                if (told.note == PartitionNote::Truncated)
                    qFatal("the cluster has dropped something");
            for (const Record& record : batch.records)
                next[{std::string(record.topic), record.partition}] =
                    Offset(record.offset.value() + 1);
            read += batch.records.size();
        }
        std::vector<TopicPartitionOffset> commits;
        for (const auto& [at, offset] : next)
            commits.push_back({at.topic, at.partition, offset});
        if (const auto done = reader.commit(commits); !done)
            qFatal("%s", done.error().text().c_str());
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }
    void init() {
        m_cluster = EmbeddedCluster::start({{"t", 4}}).value();
        m_ticket.emplace(prove_sandbox(m_cluster->connection(), {}, 20s).value());
        m_producer = Producer::open(*m_ticket, {}, 20s).value();
        VERIFY_OK(m_producer->look_up("t", 20s)); // so that a send waits for nothing but room
        m_room = EmbeddedRoom::of(m_cluster->bootstrap());
        QVERIFY(m_room);
    }
    void cleanup() { m_producer.reset(); }

    void a_topic_that_nobody_reads_takes_everything() {
        QCOMPARE(send_at_once(*m_producer, 100), 100);
    }

    void one_of_which_nothing_may_be_dropped_is_full_once() {
        m_room->keep("t");
        QCOMPARE(send_at_once(*m_producer, 100), fits);
        OutRecord other = record_of("x");
        other.key = "two"; // another partition
        VERIFY_OK(m_producer->send(other, 0ms));
        const std::string large(record_bytes, 'x');
        OutRecord all_the_same = record_of(large);
        all_the_same.room = Room::Ignore;
        VERIFY_OK(m_producer->send(all_the_same, 0ms));
        const auto refused = m_producer->send(record_of(large), 20ms);
        VERIFY_ERROR(refused, ErrorCode::Timeout);
        QVERIFY2(refused.error().what.find("not read yet") != std::string::npos,
                 refused.error().text().c_str());
    }

    void what_all_groups_have_committed_makes_room() {
        m_room->announce("g1", {"t"});
        m_room->announce("g2", {"t"});
        QCOMPARE(send_at_once(*m_producer, 50), fits);
        const auto first = join("g1");
        const auto second = join("g2");
        read_and_commit(*first, fits);
        QCOMPARE(send_at_once(*m_producer, 10), 0); // the other one is behind
        read_and_commit(*second, fits);
        QCOMPARE(send_at_once(*m_producer, 50), fits);
        read_and_commit(*first, fits); // nothing was dropped
        read_and_commit(*second, fits);
    }

    void who_waits_goes_on_when_there_is_room() {
        m_room->announce("g1", {"t"});
        QCOMPARE(send_at_once(*m_producer, 50), fits);
        const auto reader = join("g1");
        std::thread beside([&] { read_and_commit(*reader, fits); });
        const std::string value(record_bytes, 'x');
        const auto sent = m_producer->send(record_of(value), 30s);
        beside.join();
        VERIFY_OK(sent);
    }

    void several_records_have_room_together_or_none_has() {
        m_room->keep("t");
        const std::string value(record_bytes, 'x');
        std::vector<OutRecord> many(fits + 1, record_of(value));
        QVERIFY(!m_producer->reserve(many));
        many.pop_back();
        QVERIFY(m_producer->reserve(many));
        std::vector<OutRecord> one{record_of(value)};
        QVERIFY(!m_producer->reserve(one));
        for (const OutRecord& record : many)
            VERIFY_OK(m_producer->send(record, 0ms));
        VERIFY_OK(m_producer->flush(20s));
    }

    void a_record_that_is_more_than_a_partitions_room_goes_alone() {
        m_room->keep("t");
        const std::string huge(4'500'000, 'x');
        VERIFY_OK(m_producer->send(record_of(huge), 0ms));
        VERIFY_ERROR(m_producer->send(record_of("x"), 0ms), ErrorCode::Timeout);
    }
};

QTEST_GUILESS_MAIN(TestEmbeddedRoom)
#include "tst_embedded_room.moc"

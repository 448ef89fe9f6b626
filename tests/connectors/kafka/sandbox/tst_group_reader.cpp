// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include <QTemporaryDir>
#include <QtTest>

#include <set>

#include "connectors/kafka/admin/admin.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/group_reader.h"
#include "connectors/kafka/sandbox/producer.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using kafka::GroupOptions;
using kafka::GroupReader;
using kafka::TopicPartitionOffset;
using test::KafkaBroker;
using test::numbered;
using test::wait_for;

namespace {

/// A member and what it was told and given.
struct Member {
    std::vector<std::string> values;
    std::map<std::pair<std::string, int>, std::int64_t> next;
    std::vector<PartitionEvent> events;
    int times_assigned = 0;
    int times_revoked = 0;
    bool lost = false;
    std::unique_ptr<GroupReader> reader; // tells the others that it leaves

    void poll(std::chrono::milliseconds wait = 50ms) {
        const RecordBatch batch = reader->poll(wait, 2'000);
        for (const Record& record : batch.records) {
            values.emplace_back(record.value);
            next[{std::string(record.topic), record.partition.value()}] = record.offset.value() + 1;
        }
        events.insert(events.end(), batch.events.begin(), batch.events.end());
    }
    std::vector<TopicPartitionOffset> positions() const {
        std::vector<TopicPartitionOffset> all;
        for (const auto& [at, offset] : next)
            all.push_back({at.first, PartitionId(at.second), Offset(offset)});
        return all;
    }
};

std::unique_ptr<Member> join(const kafka::SandboxTicket& ticket, const std::string& group,
                             const std::string& topic, GroupOptions options = {}) {
    auto member = std::make_unique<Member>();
    options.group = group;
    options.topics = {topic};
    options.read_committed = !ticket.embedded();
    options.session_timeout = 6s;
    options.assigned = [m = member.get()](const auto&) { ++m->times_assigned; };
    options.revoked = [m = member.get()](const auto& partitions, bool lost) {
        ++m->times_revoked;
        m->lost = lost;
        for (const kafka::TopicPartition& one : partitions)
            m->next.erase({one.topic, one.partition.value()});
    };
    auto opened = GroupReader::open(ticket, std::move(options), 20s);
    if (!opened)
        qFatal("%s", opened.error().text().c_str());
    member->reader = std::move(*opened);
    return member;
}

} // namespace

/// Reading as a member of a group, on a real broker and on the embedded cluster.
class TestGroupReader : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_broker = KafkaBroker::start().value();
        kafka::ConnectionOptions sandbox = m_broker->connection();
        sandbox.environment = kafka::Environment::Sandbox;
        VERIFY_OK(init_sandbox(sandbox, {}, {}, 30s));
        m_ticket.emplace(prove_sandbox(sandbox, {}, 30s).value());
    }

    void it_goes_on_where_its_group_committed() {
        const std::string topic = made(1);
        const auto producer = kafka::Producer::open(*m_ticket, {}, 20s).value();
        test::produce(*producer, topic, 0, numbered("e", 10));
        auto member = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] { return member->poll(), member->values.size() == 10; }));
        VERIFY_OK(member->reader->commit({{topic, PartitionId(0), Offset(7)}}));
        QCOMPARE(member->reader->assignment().size(), std::size_t{1});
        member.reset();
        auto next = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] { return next->poll(), next->values.size() == 3; }));
        QCOMPARE(next->values, numbered("e", 3, 7));
        QCOMPARE(next->times_assigned, 1);
    }

    void two_members_share_the_partitions_and_one_takes_over_from_the_other() {
        const std::string topic = made(4);
        const auto producer = kafka::Producer::open(*m_ticket, {}, 20s).value();
        auto first = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] { return first->poll(), first->reader->assignment().size() == 4; }));
        auto second = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] {
            first->poll(10ms);
            second->poll(10ms);
            return first->reader->assignment().size() == 2 &&
                   second->reader->assignment().size() == 2;
        }));
        QCOMPARE(first->times_revoked, 1);
        QVERIFY(!first->lost);
        for (int partition = 0; partition < 4; ++partition)
            test::produce(*producer, topic, partition, numbered("e", 100, 100 * partition));
        QVERIFY(wait_for([&] {
            first->poll(10ms);
            second->poll(10ms);
            return first->values.size() + second->values.size() == 400;
        }));
        VERIFY_OK(first->reader->commit(first->positions()));
        second.reset(); // uncommitted: its records come to the other
        QVERIFY(wait_for([&] { return first->poll(), first->values.size() == 400; }));
        const std::set<std::string> all(first->values.begin(), first->values.end());
        QCOMPARE(all.size(), std::size_t{400});
    }

    void offsets_go_with_the_transaction_or_not_at_all() {
        const std::string topic = made(1);
        const std::string out = made(1);
        const auto source = kafka::Producer::open(*m_ticket, {}, 20s).value();
        test::produce(*source, topic, 0, numbered("e", 5));
        kafka::ProducerOptions options;
        options.transactional_id = test::unique_name("copy");
        const auto producer = kafka::Producer::open(*m_ticket, options, 60s).value();
        auto member = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] { return member->poll(), member->values.size() == 5; }));

        VERIFY_OK(producer->begin_transaction());
        VERIFY_OK(
            producer->commit_offsets(member->reader->credentials(), member->positions(), 20s));
        VERIFY_OK(producer->abort_transaction(20s));
        member->reader->start_over();
        QCOMPARE(member->times_revoked, 1);
        QVERIFY(wait_for([&] { return member->poll(), member->values.size() == 10; }));

        VERIFY_OK(producer->begin_transaction());
        VERIFY_OK(
            producer->commit_offsets(member->reader->credentials(), member->positions(), 20s));
        VERIFY_OK(producer->commit_transaction(20s));
        test::produce(*source, topic, 0, {"new"});
        member->reader->start_over();
        QVERIFY(wait_for([&] { return member->poll(), member->values.size() == 11; }));
        QCOMPARE(member->values.back(), std::string("new"));
    }

    void what_a_killed_writer_left_open_is_waited_for() {
        const std::string topic = made(1);
        const auto source = kafka::Producer::open(*m_ticket, {}, 20s).value();
        test::produce(*source, topic, 0, numbered("e", 5));
        auto dead = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] { return dead->poll(), dead->values.size() == 5; }));
        kafka::ProducerOptions options;
        options.transactional_id = test::unique_name("dies");
        options.transaction_timeout = 3s;
        auto producer = kafka::Producer::open(*m_ticket, options, 60s).value();
        VERIFY_OK(producer->begin_transaction());
        VERIFY_OK(producer->commit_offsets(dead->reader->credentials(), dead->positions(), 20s));
        producer.reset(); // neither committed nor aborted
        dead.reset();
        auto next = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] { return next->poll(), next->values.size() == 5; }, 60s));
        QCOMPARE(next->values, numbered("e", 5));
    }

    void a_member_that_the_group_went_on_without_cannot_commit() {
        const std::string topic = made(1);
        const auto source = kafka::Producer::open(*m_ticket, {}, 20s).value();
        test::produce(*source, topic, 0, numbered("e", 5));
        auto old = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] { return old->poll(), old->values.size() == 5; }));
        const std::string credentials = old->reader->credentials();
        const auto positions = old->positions();
        old.reset();
        auto current = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] { return current->poll(), current->values.size() == 5; }));
        kafka::ProducerOptions options;
        options.transactional_id = test::unique_name("zombie");
        const auto zombie = kafka::Producer::open(*m_ticket, options, 60s).value();
        VERIFY_OK(zombie->begin_transaction());
        QVERIFY(!zombie->commit_offsets(credentials, positions, 20s));
    }

    void what_retention_deleted_unread_is_told() {
        const std::string topic = made(1);
        const auto source = kafka::Producer::open(*m_ticket, {}, 20s).value();
        test::produce(*source, topic, 0, numbered("e", 10));
        test::KafkaTool tool(*m_broker);
        VERIFY_OK(tool.commit(topic, topic, {{0, 2}}));
        VERIFY_OK(tool.delete_records(topic, 0, 6));
        auto member = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] { return member->poll(), member->values.size() == 4; }));
        QCOMPARE(member->values, numbered("e", 4, 6));
        QCOMPARE(member->events.size(), std::size_t{1});
        QVERIFY(member->events[0].note == PartitionNote::Truncated);
        QCOMPARE(member->events[0].from.value(), 2);
        QCOMPARE(member->events[0].to.value(), 6);
    }

    void its_owner_may_say_where_to_begin() {
        const std::string topic = made(1);
        const auto source = kafka::Producer::open(*m_ticket, {}, 20s).value();
        test::produce(*source, topic, 0, numbered("e", 10));
        int asked = 0;
        GroupOptions options;
        options.starts = [&](std::vector<TopicPartitionOffset>& at) -> Result<void> {
            if (++asked == 1)
                return Error{.code = ErrorCode::Connection, .what = "the database is away"};
            at.at(0).offset = Offset(8);
            return {};
        };
        auto member = join(*m_ticket, topic, topic, options);
        QVERIFY(wait_for([&] { return member->poll(), member->values.size() == 2; }));
        QCOMPARE(member->values, numbered("e", 2, 8));
        QVERIFY(member->events.at(0).note == PartitionNote::Failed);
        QCOMPARE(asked, 2);
    }

    void a_paused_member_stays_and_gets_nothing() {
        const std::string topic = made(1);
        const auto source = kafka::Producer::open(*m_ticket, {}, 20s).value();
        auto member = join(*m_ticket, topic, topic);
        QVERIFY(wait_for([&] { return member->poll(), member->times_assigned == 1; }));
        member->reader->pause(true);
        test::produce(*source, topic, 0, numbered("e", 5));
        for (int i = 0; i < 40; ++i)
            member->poll(10ms);
        QCOMPARE(member->values.size(), std::size_t{0});
        member->reader->pause(false);
        QVERIFY(wait_for([&] { return member->poll(), member->values.size() == 5; }));
        QCOMPARE(member->times_assigned, 1);
    }

    void it_works_on_the_embedded_cluster() {
        const auto cluster = kafka::EmbeddedCluster::start({{"raw_events", 4}}).value();
        const auto ticket = prove_sandbox(cluster->connection(), {}, 20s);
        VERIFY_OK(ticket);
        const auto producer = kafka::Producer::open(*ticket, {}, 20s).value();
        for (int partition = 0; partition < 4; ++partition)
            test::produce(*producer, "raw_events", partition, numbered("e", 10, 10 * partition));
        auto member = join(*ticket, "workers", "raw_events");
        QVERIFY(wait_for([&] { return member->poll(), member->values.size() == 40; }));
        VERIFY_OK(member->reader->commit({{"raw_events", PartitionId(1), Offset(3)}}));
        const auto observed = kafka::Cluster::open(cluster->connection(), {});
        VERIFY_OK(observed);
        const auto seen = kafka::Admin(*observed).committed({"workers", "nobody"}, 20s);
        QVERIFY2(!seen[0].error, seen[0].error ? seen[0].error->text().c_str() : "");
        QCOMPARE(seen[0].offsets.size(), std::size_t{1}); // those without an offset are left out
        QCOMPARE(seen[0].offsets[0].at.partition, PartitionId(1));
        QCOMPARE(seen[0].offsets[0].offset, Offset(3));
        QVERIFY(seen[1].offsets.empty());
        VERIFY_OK(member->reader->commit(member->positions()));
        member->reader->start_over();
        test::produce(*producer, "raw_events", 2, {"new"});
        QVERIFY(wait_for([&] { return member->poll(), member->values.size() > 40; }));
        QCOMPARE(member->values.back(), std::string("new"));
        QCOMPARE(member->values.size(), std::size_t{41});
    }

    /// Its client is still there, loses its broker, and asks whether it may connect again.
    void a_batch_may_outlive_its_reader() {
        const auto cluster = kafka::EmbeddedCluster::start({{"raw_events", 1}}).value();
        const auto ticket = prove_sandbox(cluster->connection(), {}, 20s);
        VERIFY_OK(ticket);
        const auto producer = kafka::Producer::open(*ticket, {}, 20s).value();
        test::produce(*producer, "raw_events", 0, numbered("e", 10));
        auto reader =
            GroupReader::open(*ticket, {.group = "holders", .topics = {"raw_events"}}, 20s).value();
        RecordBatch held;
        QVERIFY(wait_for([&] { return held = reader->poll(50ms, 10), !held.records.empty(); }));
        reader.reset();
        cluster->set_broker_down(1);
        QTest::qWait(200);
        cluster->set_broker_up(1);
        QTest::qWait(1'500);
        QCOMPARE(std::string(held.records.front().value), numbered("e", 1).front());
    }

  private:
    std::string made(int partitions) {
        std::string topic = test::unique_name("read");
        if (!create_topic(*m_ticket, {topic, partitions, {}}, 20s))
            qFatal("the topic was not made");
        return topic;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;
    std::optional<kafka::SandboxTicket> m_ticket;
};

QTEST_GUILESS_MAIN(TestGroupReader)
#include "tst_group_reader.moc"

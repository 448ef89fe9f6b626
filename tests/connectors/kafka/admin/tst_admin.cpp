// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include "connectors/kafka/admin/admin.h"

#include <algorithm>

#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/secrets/secrets.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

Result<std::shared_ptr<Cluster>> open(const ConnectionOptions& options) {
    return Cluster::open(options, secret_resolver(options.name));
}

const TopicInfo* find(const ClusterInfo& info, const std::string& name) {
    const auto found = std::find_if(info.topics.begin(), info.topics.end(),
                                    [&](const TopicInfo& t) { return t.name == name; });
    return found == info.topics.end() ? nullptr : &*found;
}

std::vector<TopicPartition> partitions_of(const std::string& topic, int count) {
    std::vector<TopicPartition> all;
    for (int p = 0; p < count; ++p)
        all.push_back({topic, PartitionId(p)});
    return all;
}

std::int64_t now_ms() {
    return Micros::now().ms();
}

} // namespace

class TestAdmin : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_cluster_says_who_it_is();
    void offsets_of_a_topic_after_retention();
    void thousands_of_partitions_in_one_call();
    void edges_and_what_is_to_be_read_next();
    void an_offset_for_a_time();
    void groups_with_members_and_offsets();
    void many_groups_at_once();
    void settings_of_topics();
    void one_readable_topic_and_nothing_else();
    void a_fresh_broker_is_left_as_it_was();
    void a_broker_that_has_gone();
    void the_embedded_cluster_answers_what_it_can();
};

void TestAdmin::the_cluster_says_who_it_is() {
    const KafkaBroker& broker = KafkaBroker::shared();
    KafkaTool tool(broker);
    const std::string topic = unique_name("admin");
    VERIFY_OK(tool.create_topic(topic, 3));
    const auto cluster = open(broker.connection());
    VERIFY_OK(cluster);
    Admin admin(*cluster);
    const auto id = admin.cluster_id(10s);
    VERIFY_OK(id);
    QCOMPARE(*id, broker.cluster_id());
    const auto info = admin.cluster_info(10s);
    VERIFY_OK(info);
    QCOMPARE(info->brokers.size(), std::size_t{1});
    QCOMPARE(info->brokers[0].host + ":" + std::to_string(info->brokers[0].port), broker.address());
    const TopicInfo* found = find(*info, topic);
    QVERIFY(found);
    QCOMPARE(found->partitions.size(), std::size_t{3});
    QCOMPARE(found->partitions[2].id, PartitionId(2));
    QCOMPARE(found->partitions[2].leader, 1);
    QCOMPARE(found->partitions[2].replicas, std::vector<std::int32_t>{1});
    QCOMPARE(found->partitions[2].in_sync, std::vector<std::int32_t>{1});
    QCOMPARE(admin.topic_info(topic, 10s)->partitions.size(), std::size_t{3});
    VERIFY_ERROR(admin.topic_info(unique_name("absent"), 10s), ErrorCode::NotFound);
}

void TestAdmin::offsets_of_a_topic_after_retention() {
    KafkaTool tool(KafkaBroker::shared());
    const std::string topic = unique_name("admin-offsets");
    VERIFY_OK(tool.create_topic(topic, 3));
    const auto record = [](int partition) {
        return TestRecord{.value = "v", .partition = partition};
    };
    VERIFY_OK(tool.write(topic, {record(0), record(0), record(0), record(1)}));
    VERIFY_OK(tool.delete_records(topic, 0, 2));
    const auto cluster = open(KafkaBroker::shared().connection());
    Admin admin(*cluster);
    auto asked = partitions_of(topic, 4); // one too many
    const auto offsets = admin.offsets(asked, 10s);
    QCOMPARE(offsets.size(), std::size_t{4});
    QCOMPARE(offsets[0].begin, Offset(2));
    QCOMPARE(offsets[0].end, Offset(3));
    QCOMPARE(offsets[1].begin, Offset(0));
    QCOMPARE(offsets[1].end, Offset(1));
    QCOMPARE(offsets[2].begin, Offset(0));
    QCOMPARE(offsets[2].end, Offset(0)); // empty is no error
    QVERIFY(!offsets[2].error);
    QVERIFY(offsets[3].error);
    QVERIFY(offsets[3].error->code == ErrorCode::NotFound);
    QCOMPARE(offsets[3].end, Offset(-1));
    QVERIFY(offsets[3].error->text().find("test-kafka: ") == 0);
}

void TestAdmin::thousands_of_partitions_in_one_call() {
    KafkaTool tool(KafkaBroker::shared());
    std::vector<TopicPartition> all;
    std::vector<std::string> topics;
    for (int t = 0; t < 5; ++t) {
        topics.push_back(unique_name("admin-wide"));
        VERIFY_OK(tool.create_topic(topics.back(), 500));
        for (const TopicPartition& at : partitions_of(topics.back(), 500))
            all.push_back(at);
    }
    VERIFY_OK(tool.write(topics[4], {TestRecord{.value = "v", .partition = 499}}));
    const auto cluster = open(KafkaBroker::shared().connection());
    Admin admin(*cluster);
    std::vector<PartitionOffsets> offsets;
    std::string trouble;
    const auto asked = [&] { // until the broker leads all that it was just given
        offsets = admin.offsets(all, 30s);
        trouble.clear();
        for (const PartitionOffsets& answer : offsets)
            if (answer.error)
                trouble = answer.error->text();
        return trouble.empty();
    };
    QTRY_VERIFY2_WITH_TIMEOUT(asked(), trouble.c_str(), 60'000);
    QCOMPARE(offsets.size(), all.size());
    QVERIFY(offsets.back().at == all.back());
    QCOMPARE(offsets.back().end, Offset(1));
    QCOMPARE(offsets.front().end, Offset(0));
    for (const std::string& topic : topics)
        VERIFY_OK(tool.delete_topic(topic));
}

void TestAdmin::edges_and_what_is_to_be_read_next() {
    KafkaTool tool(KafkaBroker::shared());
    const std::string topic = unique_name("admin-next");
    VERIFY_OK(tool.create_topic(topic, 4));
    const std::int64_t time_ms = now_ms() - 60'000;
    VERIFY_OK(tool.write(
        topic,
        {TestRecord{.value = "first", .partition = 0},
         TestRecord{.key = "k", .value = "second", .timestamp_ms = time_ms, .partition = 0}}));
    TransactionalWriter done(KafkaBroker::shared(), unique_name("done"));
    VERIFY_OK(done.begin());
    VERIFY_OK(done.write(topic, {TestRecord{.value = "in a transaction", .partition = 1}}));
    VERIFY_OK(done.commit());
    TransactionalWriter open_writer(KafkaBroker::shared(), unique_name("open"));
    VERIFY_OK(open_writer.begin());
    VERIFY_OK(open_writer.write(topic, {TestRecord{.value = "not yet", .partition = 2}}));
    const auto cluster = open(KafkaBroker::shared().connection());
    Admin admin(*cluster);
    auto asked = partitions_of(topic, 5); // one too many
    const auto ends = admin.edges(asked, Edge::End, 10s);
    const auto stable = admin.edges(asked, Edge::LastStable, 10s);
    QCOMPARE(ends[1].offset, Offset(2)); // the record and the transaction's marker
    QCOMPARE(stable[1].offset, Offset(2));
    QCOMPARE(ends[2].offset, Offset(1));
    QCOMPARE(stable[2].offset, Offset(0));
    QVERIFY(ends[4].error && ends[4].error->code == ErrorCode::NotFound);
    QCOMPARE(ends[4].offset, Offset(-1));

    const auto next =
        admin.next_records(asked, {Offset(1), Offset(1), Offset(0), Offset(0), Offset(0)}, 10s);
    QVERIFY(next[0].seen == NextRecord::Seen::Record);
    QCOMPARE(next[0].offset, Offset(1));
    QCOMPARE(next[0].time.ms(), time_ms);
    QVERIFY(next[0].timestamp_type == TimestampType::CreateTime);
    QCOMPARE(next[0].bytes, std::int64_t{7});
    QVERIFY(next[1].seen == NextRecord::Seen::Nothing); // the marker is no record
    QVERIFY(next[2].seen == NextRecord::Seen::PastEnd); // held up by the open transaction
    QVERIFY(next[3].seen == NextRecord::Seen::PastEnd); // empty
    QVERIFY(next[4].seen == NextRecord::Seen::NoTopic);
}

void TestAdmin::an_offset_for_a_time() {
    KafkaTool tool(KafkaBroker::shared());
    const std::string topic = unique_name("admin-times");
    VERIFY_OK(tool.create_topic(topic, 2));
    const std::int64_t base_ms = now_ms() - 100'000;
    std::vector<TestRecord> records;
    for (int i = 0; i < 10; ++i)
        records.push_back({.value = "v", .timestamp_ms = base_ms + 1000 * i, .partition = 0});
    VERIFY_OK(tool.write(topic, records));
    const auto cluster = open(KafkaBroker::shared().connection());
    Admin admin(*cluster);
    const auto at = [&](Micros time) {
        return admin.offsets_at(partitions_of(topic, 2), time, 10s);
    };
    const auto exact = at(Micros::from_ms(base_ms + 3000));
    QCOMPARE(exact[0].offset, Offset(3));
    QVERIFY(!exact[0].assumed);
    QCOMPARE(exact[1].offset, Offset(-1)); // an empty partition has none, which is no error
    QVERIFY(!exact[1].error);
    QCOMPARE(at(Micros::from_ms(base_ms + 3000) + Micros(1))[0].offset, Offset(4));
    QCOMPARE(at(Micros(-5))[0].offset, Offset(0));
    QCOMPARE(at(Micros::from_ms(base_ms + 60'000))[0].offset, Offset(-1));
}

void TestAdmin::groups_with_members_and_offsets() {
    const KafkaBroker& broker = KafkaBroker::shared();
    KafkaTool tool(broker);
    const std::string topic = unique_name("admin-groups");
    const std::string idle = unique_name("idle");
    const std::string busy = unique_name("busy");
    const std::string absent = unique_name("absent");
    VERIFY_OK(tool.create_topic(topic, 2));
    VERIFY_OK(tool.write(topic, {TestRecord{.value = "v", .partition = 1}}));
    VERIFY_OK(tool.commit(idle, topic, {{1, 1}}));
    const auto member = GroupMember::join(broker, busy, topic);
    VERIFY_OK(member);
    const auto cluster = open(broker.connection());
    Admin admin(*cluster);
    const auto list = admin.groups(10s);
    VERIFY_OK(list);
    QVERIFY(list->missing.empty());
    const auto state = [&](const std::string& id) {
        for (const GroupListing& group : list->groups)
            if (group.id == id)
                return std::string(to_word(group.state));
        return std::string("not listed");
    };
    QCOMPARE(state(idle), std::string("empty"));
    QCOMPARE(state(busy), std::string("stable"));
    QCOMPARE(state(absent), std::string("not listed"));
    const auto described = admin.describe_groups({idle, busy, absent}, 10s);
    QCOMPARE(described.size(), std::size_t{3});
    QVERIFY(!described[0].error && described[0].members.empty());
    QVERIFY(!described[1].error);
    QCOMPARE(described[1].members.size(), std::size_t{1});
    QVERIFY(described[1].members[0].assigned == partitions_of(topic, 2));
    QVERIFY(!described[1].members[0].host.empty());
    QCOMPARE(described[1].coordinator.id, 1);
    // 3.9 calls an absent group dead, 4.1 says that it does not exist: it is never "empty".
    QVERIFY(described[2].error ? described[2].error->code == ErrorCode::NotFound
                               : described[2].state == GroupState::Dead);
    const auto committed = admin.committed({idle, busy, absent}, 10s);
    QVERIFY2(!committed[0].error, committed[0].error ? committed[0].error->text().c_str() : "");
    QCOMPARE(committed[0].offsets.size(), std::size_t{1});
    QVERIFY(committed[0].offsets[0].at == (TopicPartition{topic, PartitionId(1)}));
    QCOMPARE(committed[0].offsets[0].offset, Offset(1));
    QVERIFY(!committed[1].error && committed[1].offsets.empty());
    QVERIFY(committed[2].offsets.empty());
}

void TestAdmin::many_groups_at_once() {
    KafkaTool tool(KafkaBroker::shared());
    const std::string topic = unique_name("admin-many");
    VERIFY_OK(tool.create_topic(topic));
    VERIFY_OK(tool.write(topic, {TestRecord{.value = "v"}}));
    std::vector<std::string> ids;
    for (int i = 0; i < 70; ++i) {
        ids.push_back(unique_name("many"));
        VERIFY_OK(tool.commit(ids.back(), topic, {{0, i % 2}}));
    }
    const auto cluster = open(KafkaBroker::shared().connection());
    Admin admin(*cluster);
    const auto committed = admin.committed(ids, 20s);
    const auto described = admin.describe_groups(ids, 20s);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        QCOMPARE(committed[i].id, ids[i]);
        QVERIFY2(!committed[i].error, committed[i].error ? committed[i].error->text().c_str() : "");
        QCOMPARE(committed[i].offsets.at(0).offset, Offset(static_cast<std::int64_t>(i % 2)));
        QVERIFY(!described[i].error && described[i].state == GroupState::Empty);
    }
}

void TestAdmin::settings_of_topics() {
    KafkaTool tool(KafkaBroker::shared());
    const std::string topic = unique_name("admin-settings");
    const std::string absent = unique_name("absent");
    VERIFY_OK(tool.create_topic(topic, 1, {{"retention.ms", "123456"}}));
    const auto cluster = open(KafkaBroker::shared().connection());
    Admin admin(*cluster);
    const auto configs = admin.topic_configs({absent, topic}, 10s);
    QVERIFY(configs[0].error && configs[0].error->code == ErrorCode::NotFound);
    QVERIFY2(!configs[1].error, configs[1].error ? configs[1].error->text().c_str() : "");
    const auto entry = [&](const char* name) {
        const auto& all = configs[1].entries;
        return *std::find_if(all.begin(), all.end(), [&](const auto& e) { return e.name == name; });
    };
    QCOMPARE(entry("retention.ms").value.value_or(""), std::string("123456"));
    QVERIFY(!entry("retention.ms").is_default);
    QCOMPARE(entry("cleanup.policy").value.value_or(""), std::string("delete"));
    QVERIFY(entry("cleanup.policy").is_default);
}

void TestAdmin::one_readable_topic_and_nothing_else() {
    const KafkaBroker& broker = KafkaBroker::shared();
    KafkaTool tool(broker);
    const std::string open_topic = unique_name("admin-open");
    const std::string closed_topic = unique_name("admin-closed");
    const std::string group = unique_name("admin-group");
    VERIFY_OK(tool.create_topic(open_topic));
    VERIFY_OK(tool.create_topic(closed_topic));
    VERIFY_OK(tool.commit(group, open_topic, {{0, 0}}));
    VERIFY_OK(tool.allow("auditor", "READ", "TOPIC", open_topic));
    const auto cluster = open(broker.connection(Listener::SaslSsl, "auditor"));
    VERIFY_OK(cluster);
    Admin admin(*cluster);
    VERIFY_OK(admin.cluster_id(10s));
    const auto info = admin.cluster_info(10s);
    VERIFY_OK(info);
    QVERIFY(find(*info, open_topic));
    QVERIFY(!find(*info, closed_topic));
    VERIFY_OK(admin.topic_info(open_topic, 10s));
    VERIFY_ERROR(admin.topic_info(closed_topic, 10s), ErrorCode::NotPermitted);
    const auto offsets =
        admin.offsets({{open_topic, PartitionId(0)}, {closed_topic, PartitionId(0)}}, 10s);
    QVERIFY2(!offsets[0].error, offsets[0].error ? offsets[0].error->text().c_str() : "");
    QVERIFY(offsets[1].error);
    QVERIFY2(offsets[1].error->code == ErrorCode::NotPermitted, offsets[1].error->text().c_str());
    const auto configs = admin.topic_configs({open_topic, closed_topic}, 10s);
    QVERIFY(configs[0].error && configs[0].error->code == ErrorCode::NotPermitted);
    QVERIFY(configs[1].error && configs[1].error->code == ErrorCode::NotPermitted);
    const auto described = admin.describe_groups({group}, 10s);
    QVERIFY(described[0].error);
    QVERIFY2(described[0].error->code == ErrorCode::NotPermitted,
             described[0].error->text().c_str());
    const auto committed = admin.committed({group}, 10s);
    QVERIFY(committed[0].error);
    QVERIFY2(committed[0].error->code == ErrorCode::NotPermitted,
             committed[0].error->text().c_str());
}

void TestAdmin::a_fresh_broker_is_left_as_it_was() {
    const auto broker = KafkaBroker::start();
    VERIFY_OK(broker);
    const auto cluster = open((*broker)->connection());
    Admin admin(*cluster);
    VERIFY_OK(admin.cluster_info(10s));
    VERIFY_OK(admin.groups(10s));
    QVERIFY(admin.groups(10s)->groups.empty());
    VERIFY_ERROR(admin.topic_info("absent", 10s), ErrorCode::NotFound);
    QVERIFY(admin.offsets({{"absent", PartitionId(0)}}, 5s)[0].error);
    QVERIFY(admin.topic_configs({"absent"}, 5s)[0].error);
    QVERIFY(admin.describe_groups({"absent"}, 5s)[0].error->code == ErrorCode::NotFound);
    QVERIFY(admin.committed({"absent"}, 5s)[0].error->code == ErrorCode::NotFound);
    KafkaTool tool(**broker);
    QCOMPARE(tool.topics().value(), std::vector<std::string>{});
}

void TestAdmin::a_broker_that_has_gone() {
    const auto broker = KafkaBroker::start();
    VERIFY_OK(broker);
    const auto cluster = open((*broker)->connection());
    Admin admin(*cluster);
    VERIFY_OK(admin.cluster_info(10s));
    (*broker)->kill();
    QTRY_VERIFY_WITH_TIMEOUT((*cluster)->health().state == Health::State::Down, 20'000);
    QElapsedTimer clock;
    clock.start();
    const auto info = admin.cluster_info(1s);
    QVERIFY(!info.ok());
    QVERIFY(info.error().code == ErrorCode::Connection || info.error().code == ErrorCode::Timeout);
    QVERIFY2(info.error().text().find("test-kafka") == 0, info.error().text().c_str());
    QVERIFY(!admin.groups(1s).ok());
    QVERIFY(admin.describe_groups({"any"}, 1s)[0].error);
    QVERIFY(admin.committed({"any"}, 1s)[0].error);
    QVERIFY(admin.topic_configs({"any"}, 1s)[0].error);
    QVERIFY(admin.offsets({{"any", PartitionId(0)}}, 1s)[0].error);
    QVERIFY2(clock.elapsed() < 20'000, std::to_string(clock.elapsed()).c_str());
    VERIFY_OK((*broker)->restart());
    QTRY_VERIFY_WITH_TIMEOUT(admin.cluster_info(1s).ok(), 20'000);
}

void TestAdmin::the_embedded_cluster_answers_what_it_can() {
    const auto embedded = EmbeddedCluster::start({{"events", 2}});
    VERIFY_OK(embedded);
    const std::int64_t base_ms = now_ms() - 100'000;
    KafkaTool tool((*embedded)->bootstrap());
    for (int i = 0; i < 20; ++i)
        VERIFY_OK(tool.write("events",
                             {{.value = "v", .timestamp_ms = base_ms + 1000 * i, .partition = 0}}));
    const auto cluster = open((*embedded)->connection());
    VERIFY_OK(cluster);
    Admin admin(*cluster);
    VERIFY_OK(admin.cluster_id(10s));
    QCOMPARE(admin.topic_info("events", 10s)->partitions.size(), std::size_t{2});
    const auto offsets = admin.offsets(partitions_of("events", 2), 10s);
    QVERIFY2(!offsets[0].error, offsets[0].error ? offsets[0].error->text().c_str() : "");
    QCOMPARE(offsets[0].end, Offset(20));
    QCOMPARE(offsets[1].end, Offset(0));
    for (const int second : {0, 1, 7, 19}) {
        const auto found = admin.offsets_at(partitions_of("events", 2),
                                            Micros::from_ms(base_ms + 1000 * second), 20s);
        QVERIFY2(!found[0].error, found[0].error ? found[0].error->text().c_str() : "");
        QCOMPARE(found[0].offset, Offset(second));
        QVERIFY(found[0].assumed);
        QCOMPARE(found[1].offset, Offset(-1));
        QVERIFY(!found[1].error);
    }
    const auto late = admin.offsets_at(partitions_of("events", 1), Micros::now(), 20s);
    QCOMPARE(late[0].offset, Offset(-1));
    VERIFY_ERROR(admin.groups(10s), ErrorCode::Unsupported);
    QVERIFY(admin.topic_configs({"events"}, 2s)[0].error);
}

QTEST_GUILESS_MAIN(TestAdmin)
#include "tst_admin.moc"

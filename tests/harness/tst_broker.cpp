// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include <algorithm>

#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::test;

/// The broker that the other tests lean on does what they take for granted.
class TestBroker : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void topics_are_created_written_and_deleted();
    void transactions_leave_their_marks_in_the_log();
    void groups_commit_and_join();
    void permissions_can_be_given();
    void a_killed_broker_comes_back_with_its_records();
};

void TestBroker::topics_are_created_written_and_deleted() {
    KafkaTool tool(KafkaBroker::shared());
    const std::string topic = unique_name("harness");
    VERIFY_OK(tool.create_topic(topic, 3, {{"cleanup.policy", "compact,delete"}}));
    VERIFY_OK(tool.write(topic, {{.key = "a", .value = "1", .partition = 1},
                                 {.key = "a", .value = std::nullopt, .partition = 1}}));
    for (const char* codec : {"gzip", "snappy", "lz4", "zstd"})
        VERIFY_OK(
            tool.write(topic, {{.key = codec, .value = "x", .partition = 2}}, {.codec = codec}));
    const auto second = tool.watermarks(topic, 1);
    VERIFY_OK(second);
    QCOMPARE(second->second, 2);
    QCOMPARE(tool.watermarks(topic, 2)->second, 4);
    VERIFY_OK(tool.delete_records(topic, 1, 1));
    QCOMPARE(tool.watermarks(topic, 1)->first, 1);
    VERIFY_OK(tool.add_partitions(topic, 5));
    VERIFY_OK(tool.delete_topic(topic));
    const auto left = tool.topics();
    VERIFY_OK(left);
    QVERIFY(std::find(left->begin(), left->end(), topic) == left->end());
}

void TestBroker::transactions_leave_their_marks_in_the_log() {
    KafkaTool tool(KafkaBroker::shared());
    const std::string topic = unique_name("harness-transactions");
    VERIFY_OK(tool.create_topic(topic));
    TransactionalWriter writer(KafkaBroker::shared(), topic);
    VERIFY_OK(writer.begin());
    VERIFY_OK(writer.write(topic, {{.value = "kept"}}));
    VERIFY_OK(writer.commit());
    VERIFY_OK(writer.begin());
    VERIFY_OK(writer.write(topic, {{.value = "dropped"}}));
    VERIFY_OK(writer.abort());
    QTRY_COMPARE(tool.watermarks(topic, 0)->second, 4); // two records, two markers
}

void TestBroker::groups_commit_and_join() {
    KafkaTool tool(KafkaBroker::shared());
    const std::string topic = unique_name("harness-groups");
    VERIFY_OK(tool.create_topic(topic));
    VERIFY_OK(tool.write(topic, {{.value = "1"}}));
    VERIFY_OK(tool.commit(unique_name("group"), topic, {{0, 1}}));
    VERIFY_OK(GroupMember::join(KafkaBroker::shared(), unique_name("group"), topic));
}

void TestBroker::permissions_can_be_given() {
    KafkaTool tool(KafkaBroker::shared());
    VERIFY_OK(tool.allow("reader", "READ", "TOPIC", unique_name("harness")));
    VERIFY_OK(tool.allow("reader", "DESCRIBE", "GROUP", unique_name("harness"), true));
    QVERIFY(!tool.allow("reader", "DANCE", "TOPIC", "x").ok());
}

void TestBroker::a_killed_broker_comes_back_with_its_records() {
    auto broker = KafkaBroker::start();
    VERIFY_OK(broker);
    const std::string address = (*broker)->address();
    QVERIFY((*broker)->cluster_id() != KafkaBroker::shared().cluster_id());
    {
        KafkaTool tool(**broker);
        VERIFY_OK(tool.create_topic("kept"));
        VERIFY_OK(tool.write("kept", {{.value = "1"}, {.value = "2"}}));
        QCOMPARE(tool.topics().value(), std::vector<std::string>{"kept"});
    }
    (*broker)->kill();
    QVERIFY(!(*broker)->running());
    VERIFY_OK((*broker)->restart());
    QCOMPARE((*broker)->address(), address);
    KafkaTool tool(**broker);
    QCOMPARE(tool.watermarks("kept", 0)->second, 2);
    (*broker)->stop();
    VERIFY_OK((*broker)->restart());
    QCOMPARE(tool.watermarks("kept", 0)->second, 2);
}

QTEST_GUILESS_MAIN(TestBroker)
#include "tst_broker.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records of __consumer_offsets: as brokers wrote them, as older ones did, and as nobody should.
#include "connectors/kafka/admin/commit_record.h"

#include <QtTest>

using namespace weir;
using namespace weir::kafka;

namespace {

using Kind = CommitRecord::Kind;

/// Blanks are for the reader.
std::string bytes(const char* hex) {
    return QByteArray::fromHex(hex).toStdString();
}

// What kcat committed as group g1 for t1/0 (offset 3), to Kafka 3.9.1 and to 4.1.0.
const std::string key_1 = bytes("0001 0002 6731 0002 7431 00000000");
const std::string value_3 = bytes("0003 0000000000000003 ffffffff 0000 000001a22cf1e793");
const std::string value_4 = bytes("0004 0000000000000003 ffffffff 01 000001a22cf3251a 00");
// What a group writes of itself when its last member has left.
const std::string group_key = bytes("0002 0002 6731");
const std::string group_value =
    bytes("0003 0008 636f6e73756d6572 00000002 ffff ffff 000001a22cf1e7b3 00000000");

} // namespace

class TestCommitRecord : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_kafka_3_9_and_4_1_write() {
        const CommitRecord old = parse_commit(key_1, value_3);
        QVERIFY(old.kind == Kind::Commit);
        QCOMPARE(std::string(old.group), std::string("g1"));
        QCOMPARE(std::string(old.topic), std::string("t1"));
        QCOMPARE(old.partition, PartitionId(0));
        QCOMPARE(old.offset, Offset(3));
        QCOMPARE(old.at.ms(), std::int64_t{1796050380691});
        const CommitRecord now = parse_commit(key_1, value_4);
        QVERIFY(now.kind == Kind::Commit);
        QCOMPARE(now.offset, Offset(3));
        QCOMPARE(now.at.ms(), std::int64_t{1796050461978});
        QVERIFY(parse_commit(group_key, group_value).kind == Kind::Other);
    }

    void every_version_data() {
        QTest::addColumn<QByteArray>("hex");
        const auto row = [](const char* name, const char* hex) {
            QTest::newRow(name) << QByteArray(hex);
        };
        row("0", "0000 0000000000001234 0003 616263 0000000000000457");
        row("1, which says when it expires",
            "0001 0000000000001234 0003 616263 0000000000000457 00000000000005dc");
        row("2", "0002 0000000000001234 0000 0000000000000457");
        row("3, which has the leader's epoch",
            "0003 0000000000001234 00000007 0003 616263 0000000000000457");
        row("4, with a field that is not known",
            "0004 0000000000001234 00000007 04 616263 0000000000000457 01 05 02 ffff");
    }

    void every_version() {
        QFETCH(QByteArray, hex);
        const std::string value = bytes(hex.constData());
        const CommitRecord record = parse_commit(bytes("0000 0001 67 0001 74 00000009"), value);
        QVERIFY(record.kind == Kind::Commit);
        QCOMPARE(record.partition, PartitionId(9));
        QCOMPARE(record.offset, Offset(0x1234));
        QCOMPARE(record.at.ms(), std::int64_t{1111});
        for (std::size_t cut = 0; cut < value.size(); ++cut)
            QVERIFY(parse_commit(key_1, value.substr(0, cut)).kind == Kind::Unreadable);
        QVERIFY(parse_commit(key_1, value + "x").kind == Kind::Unreadable);
    }

    void a_tombstone_is_a_deletion() {
        const CommitRecord record = parse_commit(key_1, std::nullopt);
        QVERIFY(record.kind == Kind::Deletion);
        QCOMPARE(std::string(record.group), std::string("g1"));
        QCOMPARE(record.offset, Offset(-1));
    }

    void what_is_no_commit_is_not_taken_for_one_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* name, const char* key, const char* value) {
            QTest::newRow(name) << QByteArray(key) << QByteArray(value);
        };
        const char* const key = "0001 0002 6731 0002 7431 00000000";
        row("an empty key", "", "0000 0000000000000003 0000 0000000000000001");
        row("a version below 0", "ffff 0002 6731 0002 7431 00000000", "0000");
        row("no text where one must be", "0001 ffff 0002 7431 00000000", "0000");
        row("a partition below 0", "0001 0002 6731 0002 7431 ffffffff",
            "0000 0000000000000003 0000 0000000000000001");
        row("a version to come", key, "0005 0000000000000003 0000 0000000000000001");
        row("an offset below 0", key, "0000 ffffffffffffffff 0000 0000000000000001");
        row("a time below 0", key, "0000 0000000000000003 0000 ffffffffffffffff");
        row("a time that no clock has", key, "0000 0000000000000003 0000 7fffffffffffffff");
        row("a length without end", key,
            "0004 0000000000000003 ffffffff ffffffffffff 0000000000000001 00");
        row("four billion fields", key,
            "0004 0000000000000003 ffffffff 01 0000000000000001 ffffffff0f");
    }

    void what_is_no_commit_is_not_taken_for_one() {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, value);
        QVERIFY(parse_commit(bytes(key.constData()), bytes(value.constData())).kind ==
                Kind::Unreadable);
    }

    /// As a broker of four partitions put them: g1 into 2. The others are Java's own hashes.
    void a_groups_commits_stand_in_one_partition() {
        QCOMPARE(commits_partition("g1", 4), PartitionId(2));
        QCOMPARE(commits_partition("", 50), PartitionId(0));
        QCOMPARE(commits_partition("hello", 50), PartitionId(99162322 % 50));
        QCOMPARE(commits_partition("polygenelubricants", 50), PartitionId(0)); // the least number
        QCOMPARE(commits_partition("\xc3\xa9", 50), PartitionId(0xe9 % 50));   // é, one unit
    }
};

QTEST_GUILESS_MAIN(TestCommitRecord)
#include "tst_commit_record.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <random>

#include <librdkafka/rdkafka.h>

#include "models/event/filter/partitioner.h"

using namespace weir;

class TestPartitioner : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void hashes_give_their_published_values() {
        QCOMPARE(static_cast<std::int32_t>(murmur2("21")), -973932308);
        QCOMPARE(static_cast<std::int32_t>(murmur2("foobar")), -790332482);
        QCOMPARE(static_cast<std::int32_t>(murmur2("a-little-bit-long-string")), -985981536);
        QCOMPARE(static_cast<std::int32_t>(murmur2("a-little-bit-longer-string")), -1486304829);
        QCOMPARE(static_cast<std::int32_t>(murmur2("abc")), 479470107);
        QCOMPARE(crc32("123456789"), 0xCBF43926U);
        QCOMPARE(fnv1a(""), 0x811C9DC5U);
        QCOMPARE(fnv1a("foobar"), 0xBF9CF968U);
    }

    void keys_go_where_librdkafka_sends_them() {
        std::mt19937_64 random(7);
        for (int i = 0; i < 20'000; ++i) {
            std::string key(1 + random() % 40, '\0');
            for (char& c : key)
                c = static_cast<char>(random());
            const auto n = static_cast<std::int32_t>(1 + random() % 64);
            const auto with = [&](auto partitioner) {
                return partitioner(nullptr, key.data(), key.size(), n, nullptr, nullptr);
            };
            QCOMPARE(partition_for(Partitioner::Murmur2, key, n)->value(),
                     with(rd_kafka_msg_partitioner_murmur2));
            QCOMPARE(partition_for(Partitioner::Crc32, key, n)->value(),
                     with(rd_kafka_msg_partitioner_consistent));
            QCOMPARE(partition_for(Partitioner::Fnv1a, key, n)->value(),
                     with(rd_kafka_msg_partitioner_fnv1a));
        }
    }

    void the_partitioner_in_use_is_found_from_a_few_keys() {
        for (const Partitioner used :
             {Partitioner::Murmur2, Partitioner::Crc32, Partitioner::Fnv1a}) {
            PartitionerDetector detector;
            for (int i = 0; i < 20; ++i) {
                const std::string key = "session-" + std::to_string(i);
                detector.add(key, *partition_for(used, key, 6), 6);
            }
            QVERIFY(detector.detected() == used);
        }
    }

    void too_little_evidence_detects_nothing() {
        PartitionerDetector detector;
        for (int i = 0; i < 1000; ++i)
            detector.add("always-the-same",
                         *partition_for(Partitioner::Crc32, "always-the-same", 6), 6);
        QCOMPARE(detector.samples(), 1u);
        QVERIFY(!detector.detected());
        PartitionerDetector one_partition;
        for (int i = 0; i < 1000; ++i)
            one_partition.add(std::to_string(i), PartitionId(0), 1);
        QVERIFY(!one_partition.detected());
        QCOMPARE(one_partition.agreeing().size(), 3u);
    }

    void records_from_before_partitions_were_added_disprove() {
        PartitionerDetector detector;
        for (int i = 0; i < 50; ++i) {
            const std::string key = std::to_string(i);
            detector.add(key, *partition_for(Partitioner::Murmur2, key, i < 10 ? 6 : 12), 12);
        }
        QVERIFY(!detector.detected());
        QVERIFY(detector.agreeing().empty());
    }

    void an_empty_key_is_spread_at_random() {
        QVERIFY(!partition_for(Partitioner::Crc32, "", 6));
        PartitionerDetector detector;
        detector.add("", PartitionId(5), 6);
        QCOMPARE(detector.agreeing().size(), 3u);
    }
};

QTEST_GUILESS_MAIN(TestPartitioner)
#include "tst_partitioner.moc"

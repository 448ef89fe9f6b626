// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include <QTemporaryDir>
#include <QtTest>

#include <set>

#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/search_ground.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// What a search says when a topic is not as simple as it was hoped to be.
class TestSearchBadDays : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};

    std::shared_ptr<kafka::Cluster> cluster(double budget_mb_s = 0) const {
        return observed(m_broker, budget_mb_s);
    }
    std::string filled(std::int64_t records, int partitions) const {
        return filled_topic(m_broker, records, partitions);
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }

    void what_an_open_transaction_hides_makes_the_answer_incomplete() {
        const std::string topic = filled(10, 1);
        TransactionalWriter writer(m_broker, unique_name("undecided"));
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, {{.key = "k", .value = page_view(10), .partition = 0}}));
        SearchRequest request = request_for(topic, "page_view");
        request.isolation = kafka::Isolation::ReadCommitted;
        const Found hidden = find(request, parts_for(cluster()));
        QCOMPARE(hidden.lines(),
                 std::vector<std::string>{"0: [0,11) read 10 matched 10 open_transaction"});
        QVERIFY(!hidden.coverage.complete());
        QVERIFY2(hidden.coverage.summary().find("a transaction is open from offset 10") !=
                     std::string::npos,
                 hidden.coverage.summary().c_str());
        VERIFY_OK(writer.commit());
        const Found shown = find(request, parts_for(cluster()));
        QCOMPARE(shown.coverage.matched(), std::uint64_t{11});
        QVERIFY2(shown.coverage.complete(), shown.coverage.summary().c_str());
    }

    void a_topic_made_again_in_mid_search_is_no_complete_answer() {
        const std::string topic = filled(60'000, 1);
        auto search = Search::prepare(request_for(topic, "page_view"), parts_for(cluster(0.8)));
        QVERIFY(search.ok());
        const auto hits = std::make_shared<KeptHits>();
        (*search)->start(hits);
        QVERIFY(wait_for([&] { return (*search)->progress().read > 5000; }));
        QVERIFY(!(*search)->finished());
        VERIFY_OK(m_tool.delete_topic(topic));
        VERIFY_OK(m_tool.create_topic(topic, 1));
        VERIFY_OK(m_tool.write(topic, {{.key = "k", .value = page_view(-1)}}));
        QVERIFY((*search)->wait_for(90s));
        const PartitionCoverage told = (*search)->coverage().partitions.at(0);
        QVERIFY(!(*search)->coverage().complete());
        QCOMPARE(told.stop, SearchStop::Gone);
        QVERIFY(!told.stop_text.empty());
        QCOMPARE(static_cast<std::uint64_t>(told.read_to.value()), told.read);
        QCOMPARE(hits->places.size(), static_cast<std::size_t>(told.matched));
    }

    void each_producers_partitioner_is_found_out_data() {
        QTest::addColumn<QString>("assumed");
        for (const auto& [partitioner, assumed] : {std::pair{"consistent", "crc32"},
                                                   {"consistent_random", "crc32"},
                                                   {"murmur2", "murmur2"},
                                                   {"murmur2_random", "murmur2"},
                                                   {"fnv1a", "fnv1a"},
                                                   {"fnv1a_random", "fnv1a"},
                                                   {"random", ""}})
            QTest::newRow(partitioner) << QString::fromLatin1(assumed);
    }
    void each_producers_partitioner_is_found_out() {
        QFETCH(QString, assumed);
        const std::string topic = unique_name("partitioned");
        VERIFY_OK(m_tool.create_topic(topic, 6));
        WriteOptions options;
        options.properties["partitioner"] = QTest::currentDataTag();
        VERIFY_OK(m_tool.write_many(
            topic, 1'200,
            [](std::int64_t i) {
                return TestRecord{.key = "session-" + std::to_string(i % 300),
                                  .value = page_view(i)};
            },
            options));
        SearchRequest request = request_for(topic, "key == \"session-77\"");
        const Found found = find(request, parts_for(cluster()));
        QCOMPARE(QString::fromStdString(found.coverage.assumed), assumed);
        QCOMPARE(found.hits->places.size(), std::size_t{4});
        QCOMPARE(found.coverage.complete(), assumed.isEmpty());
        QCOMPARE(found.plan.partitions, assumed.isEmpty() ? std::size_t{6} : std::size_t{1});
        request.exhaustive = true;
        const Found whole = find(request, parts_for(cluster()));
        QCOMPARE(whole.hits->places.size(), std::size_t{4});
        QVERIFY(whole.coverage.complete() && whole.coverage.assumed.empty());
    }
    void what_is_in_memory_comes_first_and_only_once() {
        const std::string topic = filled(40, 1);
        SearchParts parts = parts_for(cluster());
        parts.memory = {remembered(parts, topic, 10)};
        const Found found = find(request_for(topic, "page_view"), parts);
        QCOMPARE(found.hits->places.size(), std::size_t{40});
        QCOMPARE(found.hits->places.front(), topic + "/0@30");
        QCOMPARE(found.hits->places.at(10), topic + "/0@0");
        const std::set<std::string> places(found.hits->places.begin(), found.hits->places.end());
        QCOMPARE(places.size(), std::size_t{40});
        QCOMPARE(found.lines(), std::vector<std::string>{"0: [0,40) read 40 matched 40 complete"});
    }
};

QTEST_GUILESS_MAIN(TestSearchBadDays)
#include "tst_search_bad_days.moc"

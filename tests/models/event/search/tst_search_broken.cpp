// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads broker
#include <QTemporaryDir>
#include <QtTest>

#include <set>

#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/search_ground.h"

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

class TestSearchBroken : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;

    std::shared_ptr<kafka::Cluster> cluster(double budget_mb_s = 0) const {
        return observed(*m_broker, budget_mb_s);
    }
    std::string filled(std::int64_t records, int partitions) const {
        return filled_topic(*m_broker, records, partitions);
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        auto broker = KafkaBroker::start();
        if (!broker)
            qFatal("%s", broker.error().text().c_str());
        m_broker = std::move(broker).value();
    }
    void what_retention_deleted_before_is_not_part_of_the_range() {
        const std::string topic = filled(1000, 1);
        QVERIFY(KafkaTool(*m_broker).delete_records(topic, 0, 400).ok());
        const Found found = find(request_for(topic, "page_view"), parts_for(cluster()));
        QCOMPARE(found.lines(),
                 std::vector<std::string>{"0: [400,1000) read 600 matched 600 complete"});
        QVERIFY(found.coverage.complete());
    }
    void newest_first_reads_a_real_topic_in_slices_without_a_hole() {
        const std::string topic = filled(50'000, 2);
        SearchRequest request = request_for(topic, "page_view");
        request.order = SearchOrder::NewestFirst;
        const Found found = find(request, parts_for(cluster()));
        QVERIFY(found.coverage.complete());
        QCOMPARE(found.coverage.read(), std::uint64_t{50'000});
        const std::set<std::string> places(found.hits->places.begin(), found.hits->places.end());
        QCOMPARE(places.size(), std::size_t{50'000});
        QVERIFY(std::is_sorted(found.hits->times_ms.rbegin(), found.hits->times_ms.rend()));
    }
    void newest_first_goes_on_below_an_open_transaction() {
        for (const int open_records : {50, 30'000}) { // less and more than the first slice
            const std::string topic = filled(100, 1);
            TransactionalWriter writer(*m_broker, unique_name("open"));
            QVERIFY(writer.begin().ok());
            const std::vector<TestRecord> undecided(static_cast<std::size_t>(open_records),
                                                    TestRecord{.value = page_view(0)});
            QVERIFY(writer.write(topic, undecided).ok());
            SearchRequest request = request_for(topic, "page_view");
            request.order = SearchOrder::NewestFirst;
            request.isolation = kafka::Isolation::ReadCommitted;
            const Found found = find(request, parts_for(cluster()));
            QCOMPARE(found.hits->places.size(), std::size_t{100});
            QVERIFY(!found.coverage.complete());
            const PartitionCoverage& p = found.coverage.partitions.at(0);
            QCOMPARE(p.stop, SearchStop::OpenTransaction);
            QCOMPARE(p.read_from, Offset(0));
            QCOMPARE(p.read_to, Offset(100));
        }
    }
    void an_end_in_time_over_times_out_of_order_is_an_assumption() {
        const std::string topic = unique_name("late");
        KafkaTool tool(*m_broker);
        QVERIFY(tool.create_topic(topic, 1).ok());
        const std::int64_t base = Micros::now().ms() - 10000;
        std::vector<TestRecord> records;
        for (const std::int64_t at : {100, 300, 200})
            records.push_back({.value = page_view(at), .timestamp_ms = base + at});
        QVERIFY(tool.write(topic, records).ok());
        SearchRequest request = request_for(topic, "page_view");
        request.end = {kafka::EndAt::Kind::Time, 0, Micros::from_ms(base + 250)};
        const Found cut = find(request, parts_for(cluster()));
        QCOMPARE(cut.hits->places, std::vector<std::string>{topic + "/0@0"});
        QVERIFY(cut.coverage.times_assumed && !cut.coverage.complete());
        QVERIFY(cut.plan.times_assumed);
        QVERIFY2(cut.coverage.summary().find("assuming that record times are in order") !=
                     std::string::npos,
                 cut.coverage.summary().c_str());
        request.exhaustive = true;
        const Found whole = find(request, parts_for(cluster()));
        QCOMPARE(whole.hits->places, (std::vector<std::string>{topic + "/0@0", topic + "/0@2"}));
        QVERIFY(whole.coverage.complete() && !whole.coverage.times_assumed);
        QCOMPARE(whole.coverage.read(), std::uint64_t{3});
    }
    void an_end_in_time_behind_the_last_record_assumes_nothing() {
        const std::string topic = filled(10, 1);
        const std::int64_t last_ms = Micros::now().ms();
        SearchRequest request = request_for(topic, "page_view");
        for (const std::int64_t ahead_ms : {-1, 60'000}) {
            QVERIFY(wait_for([&] { return Micros::now().ms() > last_ms + 1; }));
            const std::int64_t to_ms = Micros::now().ms() + ahead_ms;
            request.end = {kafka::EndAt::Kind::Time, 0, Micros::from_ms(to_ms)};
            const Found found = find(request, parts_for(cluster()));
            QCOMPARE(found.hits->places.size(), std::size_t{10});
            QVERIFY2(found.coverage.complete(), found.coverage.summary().c_str());
            QCOMPARE(found.lines(),
                     std::vector<std::string>{"0: [0,10) read 10 matched 10 complete"});
        }
    }
    void a_broker_killed_in_mid_search_costs_nothing_but_time() {
        const std::string topic = filled(60'000, 2);
        auto search = Search::prepare(request_for(topic, "page_view"), parts_for(cluster(0.8)));
        QVERIFY(search.ok());
        const auto hits = std::make_shared<KeptHits>();
        (*search)->start(hits);
        QVERIFY(wait_for([&] { return (*search)->progress().read > 5000; }));
        QVERIFY(!(*search)->finished());
        m_broker->kill();
        QVERIFY(m_broker->restart().ok());
        QVERIFY((*search)->wait_for(90s));
        const SearchCoverage coverage = (*search)->coverage();
        QVERIFY2(coverage.complete(), coverage.summary().c_str());
        QCOMPARE(coverage.read(), std::uint64_t{60'000});
        const std::set<std::string> places(hits->places.begin(), hits->places.end());
        QCOMPARE(hits->places.size(), std::size_t{60'000}); // nothing twice
        QCOMPARE(places.size(), std::size_t{60'000});       // nothing skipped
    }
    void a_broker_that_stays_away_ends_the_search_with_the_reason() {
        // More than the client may have fetched ahead when the broker goes.
        const std::string topic = filled(400'000, 2);
        SearchRequest request = request_for(topic, "page_view");
        request.stall_limit = 3s;
        auto search = Search::prepare(request, parts_for(cluster(0.8)));
        QVERIFY(search.ok());
        const auto hits = std::make_shared<KeptHits>();
        (*search)->start(hits);
        QVERIFY(wait_for([&] { return (*search)->progress().read > 5000; }));
        m_broker->kill();
        QVERIFY((*search)->wait_for(60s));
        const SearchCoverage coverage = (*search)->coverage();
        QVERIFY(!coverage.complete());
        QVERIFY(!hits->places.empty());
        QCOMPARE(coverage.matched(), static_cast<std::uint64_t>(hits->places.size()));
        QCOMPARE(coverage.partitions.at(0).stop, SearchStop::Failed);
        const std::string& why = coverage.partitions.at(0).stop_text;
        QVERIFY2(why.find("reading is interrupted since ") != std::string::npos &&
                     why.find("; given up after 3 s without a record. Search again") !=
                         std::string::npos,
                 why.c_str());
        QVERIFY2(why.find("goes on") == std::string::npos &&
                     why.find("in state") == std::string::npos,
                 why.c_str());
        QVERIFY2(coverage.summary().rfind("NOT complete: ", 0) == 0 &&
                     coverage.summary().find(" read in 0 of 2 partitions") != std::string::npos,
                 coverage.summary().c_str());
    }
};

QTEST_GUILESS_MAIN(TestSearchBroken)
#include "tst_search_broken.moc"

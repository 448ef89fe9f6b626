// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads broker
#include <QTemporaryDir>
#include <QtTest>

#include <functional>
#include <set>
#include <utility>

#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/search_ground.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// Reads what another reader reads, and when that has come to its end does something else first.
class AtTheEnd final : public kafka::Reader {
  public:
    AtTheEnd(std::unique_ptr<kafka::Reader> inner, std::function<void()> then)
        : m_inner(std::move(inner))
        , m_then(std::move(then)) {}
    int stream_count() const override { return m_inner->stream_count(); }
    RecordBatch poll(int stream, std::chrono::milliseconds wait) override {
        return m_inner->poll(stream, wait);
    }
    bool finished() const override {
        if (!m_inner->finished())
            return false;
        if (!std::exchange(m_ended, true))
            m_then();
        return true;
    }
    void stop() override { m_inner->stop(); }
    std::vector<kafka::PartitionProgress> progress() const override { return m_inner->progress(); }
    std::vector<kafka::LogMark> marks() const override { return m_inner->marks(); }
    std::vector<kafka::LogFate> find_fates(const std::vector<kafka::LogMark>& marks,
                                           std::chrono::milliseconds timeout,
                                           const std::stop_token& stop) override {
        return m_inner->find_fates(marks, timeout, stop);
    }

  private:
    const std::unique_ptr<kafka::Reader> m_inner;
    const std::function<void()> m_then;
    mutable bool m_ended = false; // one stream: finished() is asked by one thread
};

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

    void make_again(const std::string& topic, std::int64_t records) {
        VERIFY_OK(m_tool.delete_topic(topic));
        VERIFY_OK(m_tool.create_topic(topic, 1));
        VERIFY_OK(m_tool.write_many(topic, records, [](std::int64_t i) {
            return TestRecord{.key = "again", .value = page_view(i)};
        }));
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

    /// Newest first, every slice is read by a reader of its own: none of them sees two logs.
    void a_topic_made_again_between_two_slices_is_no_complete_answer() {
        const std::string topic = filled(25'000, 1);
        SearchParts parts = parts_for(cluster());
        int opened = 0;
        parts.open_reader = [&, open = parts.open_reader](kafka::ReadRequest request) {
            if (++opened == 3) // after the one that fixes the ranges, and the first slice
                make_again(topic, 26'000);
            return open(std::move(request));
        };
        SearchRequest request = request_for(topic, "page_view");
        request.order = SearchOrder::NewestFirst;
        const Found found = find(request, parts);
        QCOMPARE(opened, 3);
        QCOMPARE(found.lines(),
                 std::vector<std::string>{"0: [0,25000) read 25000 matched 25000 gone"});
        QVERIFY(!found.coverage.complete());
        QCOMPARE(found.coverage.partitions.front().stop_text,
                 std::string("the topic was deleted and made again during the search"));
    }

    void what_became_of_a_topic_that_was_read_to_its_end_data() {
        QTest::addColumn<int>("made_again_with"); // records; -1: it was not
        QTest::addColumn<int>("deleted_below");   // offset; 0: nothing was
        QTest::addColumn<QString>("word");
        QTest::newRow("nothing") << -1 << 0 << QStringLiteral("complete");
        QTest::newRow("made again") << 300 << 0 << QStringLiteral("gone");
        QTest::newRow("made again, empty") << 0 << 0 << QStringLiteral("gone");
        QTest::newRow("what was read first is deleted: that proves nothing")
            << -1 << 150 << QStringLiteral("complete");
    }
    /// Between the last record and the answer.
    void what_became_of_a_topic_that_was_read_to_its_end() {
        QFETCH(int, made_again_with);
        QFETCH(int, deleted_below);
        QFETCH(QString, word);
        const std::string topic = filled(200, 1);
        SearchParts parts = parts_for(cluster());
        const auto then = [&] {
            if (made_again_with >= 0)
                make_again(topic, made_again_with);
            if (deleted_below > 0)
                VERIFY_OK(m_tool.delete_records(topic, 0, deleted_below));
        };
        parts.open_reader =
            [&, open = parts.open_reader](
                kafka::ReadRequest request) -> Result<std::unique_ptr<kafka::Reader>> {
            auto inner = open(std::move(request));
            if (!inner)
                return inner.error();
            return std::unique_ptr<kafka::Reader>(
                std::make_unique<AtTheEnd>(std::move(*inner), then));
        };
        const Found found = find(request_for(topic, "page_view"), parts);
        QCOMPARE(found.lines(),
                 std::vector<std::string>{"0: [0,200) read 200 matched 200 " + word.toStdString()});
        QCOMPARE(found.coverage.complete(), word == QStringLiteral("complete"));
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
    /// Memory is looked through beside the topic: which of both is first with an event is chance.
    void what_is_in_memory_is_found_only_once() {
        const std::string topic = filled(40, 1);
        SearchParts parts = parts_for(cluster());
        parts.memory = {remembered(parts, topic, 10)};
        const Found found = find(request_for(topic, "page_view"), parts);
        QCOMPARE(found.hits->places.size(), std::size_t{40});
        const std::set<std::string> places(found.hits->places.begin(), found.hits->places.end());
        QCOMPARE(places.size(), std::size_t{40});
        QCOMPARE(found.lines(), std::vector<std::string>{"0: [0,40) read 40 matched 40 complete"});
    }
};

QTEST_GUILESS_MAIN(TestSearchBadDays)
#include "tst_search_bad_days.moc"

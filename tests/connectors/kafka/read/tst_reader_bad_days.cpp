// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker threads
#include <QtTest>

#include <filesystem>

#include "connectors/kafka/read/reader.h"
#include "connectors/secrets/secrets.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

/// One private broker, killed, paused and emptied under the readers.
class TestReaderBadDays : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        auto started = KafkaBroker::start();
        VERIFY_OK(started);
        m_broker = std::move(started).value();
    }

    void init() {
        QVERIFY(m_broker->running());
        m_tool = std::make_unique<KafkaTool>(*m_broker);
        m_cluster = Cluster::open(m_broker->connection(), {}).value();
    }
    void cleanup() { m_cluster.reset(); }

    void reading_a_fresh_broker_leaves_no_trace() {
        QVERIFY(m_tool->topics()->empty());
        VERIFY_OK(m_tool->create_topic("first"));
        VERIFY_OK(m_tool->write("first", {{.value = "x"}}));
        Reading reading;
        const ReadRequest all = whole("first");
        QVERIFY(read_all(**Reader::open(m_cluster, all, 20s), reading));
        QCOMPARE(reading.records.size(), 1u);
        auto group = all;
        group.start = {StartAt::Kind::Group, 0, {}, "nobody"};
        VERIFY_ERROR(Reader::open(m_cluster, group, 20s), ErrorCode::NotFound);
        auto missing = all;
        missing.topics = {"second"};
        VERIFY_ERROR(Reader::open(m_cluster, missing, 20s), ErrorCode::NotFound);
        const auto follow =
            Reader::open(m_cluster, following("first", StartAt::Kind::Beginning), 20s);
        VERIFY_OK(follow);
        QVERIFY(read_until(**follow, reading, [&] { return reading.records.size() == 2; }));
        QCOMPARE(m_tool->topics().value(), (std::vector<std::string>{"first"}));
    }

    void a_broker_killed_in_mid_read_costs_no_record_and_repeats_none() {
        constexpr int total = 200'000;
        VERIFY_OK(m_tool->create_topic("crash", 4));
        VERIFY_OK(m_tool->write_many("crash", total, [](std::int64_t i) {
            return TestRecord{.value = "record " + std::to_string(i) + std::string(200, '.'),
                              .partition = static_cast<int>(i % 4)};
        }));
        // The log must be on disk before the crash, or the broker itself forgets records.
        m_broker->stop();
        VERIFY_OK(m_broker->restart());
        auto request = whole("crash");
        request.batch_records = 500;
        ConnectionOptions slow = m_broker->connection();
        slow.properties = {{"queued.max.messages.kbytes", "1024"}};
        const auto cluster = Cluster::open(slow, {}).value();
        const auto reader = Reader::open(cluster, request, 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() > 20'000; }));
        m_broker->kill();
        QVERIFY(read_until(**reader, reading,
                           [&] { return reading.count(PartitionNote::Failed) >= 4; }));
        QVERIFY(reading.records.size() < total);
        const Error told = reading.first(PartitionNote::Failed)->error;
        QVERIFY2(told.text().find("(while reading crash [") != std::string::npos,
                 told.text().c_str());
        VERIFY_OK(m_broker->restart());
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.count(PartitionNote::Recovered), reading.count(PartitionNote::Failed));
        QCOMPARE(reading.records.size(), static_cast<std::size_t>(total));
        for (int p = 0; p < 4; ++p)
            QVERIFY(reading.offsets(p) == run_of(0, total / 4));
    }

    void a_broker_killed_before_the_first_record_is_told_of_every_partition() {
        VERIFY_OK(m_tool->create_topic("early", 4));
        VERIFY_OK(m_tool->write_many("early", 400, [](std::int64_t i) {
            return TestRecord{.value = "record " + std::to_string(i),
                              .partition = static_cast<int>(i % 4)};
        }));
        m_broker->stop(); // the log must be on disk before the crash
        VERIFY_OK(m_broker->restart());
        const auto reader = Reader::open(m_cluster, whole("early"), 20s);
        VERIFY_OK(reader);
        m_broker->kill();
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] {
            return reading.count(PartitionNote::Failed) + reading.count(PartitionNote::Finished) >=
                   4;
        }));
        VERIFY_OK(m_broker->restart());
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.count(PartitionNote::Recovered), reading.count(PartitionNote::Failed));
        for (int p = 0; p < 4; ++p)
            QCOMPARE(reading.offsets(p).size(), 100u);
    }

    void a_broker_that_stops_answering_is_told_and_comes_back() {
        VERIFY_OK(m_tool->create_topic("paused"));
        VERIFY_OK(m_tool->write("paused", {{.value = "before"}}));
        const auto reader =
            Reader::open(m_cluster, following("paused", StartAt::Kind::Beginning), 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 1; }));
        m_broker->pause();
        const bool told =
            read_until(**reader, reading, [&] { return reading.count(PartitionNote::Failed) > 0; });
        m_broker->resume();
        QVERIFY(told);
        VERIFY_OK(m_tool->write("paused", {{.value = "after"}}));
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 2; }));
        QCOMPARE(reading.values(), (std::vector<std::string>{"before", "after"}));
        QVERIFY(read_until(**reader, reading,
                           [&] { return reading.count(PartitionNote::Recovered) > 0; }));
    }

    void a_topic_deleted_and_made_again_is_read_from_its_beginning() {
        VERIFY_OK(m_tool->create_topic("again"));
        VERIFY_OK(m_tool->write("again", values("old", 50)));
        const auto reader =
            Reader::open(m_cluster, following("again", StartAt::Kind::Beginning), 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 50; }));
        VERIFY_OK(m_tool->delete_topic("again"));
        QVERIFY(
            read_until(**reader, reading, [&] { return reading.count(PartitionNote::Gone) == 1; }));
        QCOMPARE((*reader)->progress()[0].state, ReadState::Gone);
        VERIFY_OK(m_tool->create_topic("again"));
        VERIFY_OK(m_tool->write("again", values("new", 5)));
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 55; }));
        QCOMPARE(reading.count(PartitionNote::Recreated), 1);
        QCOMPARE(reading.records.back().value, std::string("new-4"));
        QCOMPARE(reading.records.back().offset, 4);
    }

    void a_topic_made_again_at_once_is_noticed_by_its_records() {
        VERIFY_OK(m_tool->create_topic("swap"));
        VERIFY_OK(m_tool->write("swap", values("old", 5)));
        const auto reader =
            Reader::open(m_cluster, following("swap", StartAt::Kind::Beginning), 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 5; }));
        VERIFY_OK(m_tool->delete_topic("swap"));
        VERIFY_OK(m_tool->create_topic("swap"));
        VERIFY_OK(m_tool->write("swap", values("new", 3))); // fewer than were read
        QVERIFY(read_until(**reader, reading,
                           [&] { return reading.count(PartitionNote::Recreated) == 1; }));
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 8; }));
        QCOMPARE(reading.records.back().value, std::string("new-2"));
    }

    void a_topic_made_again_with_more_records_is_no_continuation() {
        VERIFY_OK(m_tool->create_topic("longer"));
        VERIFY_OK(m_tool->write("longer", values("old", 5)));
        const auto reader =
            Reader::open(m_cluster, following("longer", StartAt::Kind::Beginning), 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 5; }));
        VERIFY_OK(m_tool->delete_topic("longer"));
        VERIFY_OK(m_tool->create_topic("longer"));
        VERIFY_OK(m_tool->write("longer", values("new", 50)));
        QVERIFY(read_until(**reader, reading,
                           [&] { return reading.count(PartitionNote::Recreated) == 1; }));
        QVERIFY(read_until(**reader, reading, [&] {
            const auto read = reading.values();
            const auto fresh = numbered("new", 50);
            return read.size() >= 55 && std::equal(fresh.begin(), fresh.end(), read.end() - 50);
        }));
    }

    void a_quiet_topic_made_again_loses_nothing_data() {
        QTest::addColumn<int>("fresh");
        QTest::newRow("longer than before") << 50;
        QTest::newRow("as long as before") << 5;
        QTest::newRow("shorter than before") << 2;
    }
    /// Who follows from the end has read nothing by which the old topic could be known again.
    void a_quiet_topic_made_again_loses_nothing() {
        QFETCH(int, fresh);
        const std::string topic = unique_name("quiet");
        VERIFY_OK(m_tool->create_topic(topic));
        VERIFY_OK(m_tool->write(topic, values("old", 5)));
        const auto reader = Reader::open(m_cluster, following(topic), 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return !(*reader)->marks().empty(); }));
        QCOMPARE((*reader)->marks().front().record.offset, Offset(4));
        VERIFY_OK(m_tool->delete_topic(topic));
        VERIFY_OK(m_tool->create_topic(topic));
        VERIFY_OK(m_tool->write(topic, values("new", fresh)));
        QVERIFY(read_until(**reader, reading,
                           [&] { return reading.count(PartitionNote::Recreated) == 1; }));
        const auto all = numbered("new", fresh);
        QVERIFY(read_until(**reader, reading, [&] {
            const auto read = reading.values();
            return read.size() >= all.size() &&
                   std::equal(all.begin(), all.end(), read.end() - fresh);
        }));
    }

    void a_quiet_log_that_ends_with_a_transaction_is_known_by_a_record_before() {
        const std::string topic = unique_name("settled");
        VERIFY_OK(m_tool->create_topic(topic));
        TransactionalWriter writer(*m_broker, unique_name("writer"));
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, {{.value = "paid"}}));
        VERIFY_OK(writer.commit()); // its marker has offset 1, and holds no record
        const auto reader = Reader::open(m_cluster, following(topic), 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return !(*reader)->marks().empty(); }));
        QCOMPARE((*reader)->marks().front().record.offset, Offset(0));
        QVERIFY(reading.records.empty());
    }

    void what_has_become_of_a_log_is_told_by_a_record_of_it() {
        const std::string topic = unique_name("fate");
        VERIFY_OK(m_tool->create_topic(topic));
        VERIFY_OK(m_tool->write(topic, values("old", 5)));
        ReadRequest request = whole(topic);
        request.start = {StartAt::Kind::Offset, 3, {}, {}};
        const auto reader = Reader::open(m_cluster, request, 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_all(**reader, reading));
        const auto marks = (*reader)->marks();
        QCOMPARE(marks.size(), 1u);
        QCOMPARE(marks.front().record.offset, Offset(3));
        const auto fate = [&](std::stop_token stop = {}) {
            return (*reader)->find_fates(marks, 20s, stop).front();
        };
        QCOMPARE(fate(), LogFate::Same);
        std::stop_source stopped;
        stopped.request_stop();
        QCOMPARE(fate(stopped.get_token()), LogFate::Unanswered);
        VERIFY_OK(m_tool->delete_records(topic, 0, 4));
        QCOMPARE(fate(), LogFate::Unknown);
        const auto make_again = [&](int records) {
            VERIFY_OK(m_tool->delete_topic(topic));
            VERIFY_OK(m_tool->create_topic(topic));
            VERIFY_OK(m_tool->write(topic, values("new", records)));
        };
        make_again(2);
        QCOMPARE(fate(), LogFate::Shorter);
        make_again(3); // its end is where the record was
        QCOMPARE(fate(), LogFate::Shorter);
        make_again(4);
        QCOMPARE(fate(), LogFate::Other);
        VERIFY_OK(m_tool->delete_topic(topic));
        QVERIFY(wait_for([&] { return fate() == LogFate::Gone; }));
    }

    void a_topic_made_again_while_nothing_is_fetched_is_noticed() {
        VERIFY_OK(m_tool->create_topic("behind"));
        const std::string filler(20'000, '.');
        const auto long_values = [&](const std::string& word, int n) {
            auto all = values(word, n);
            for (TestRecord& record : all)
                *record.value += filler;
            return all;
        };
        VERIFY_OK(m_tool->write("behind", long_values("old", 200)));
        ConnectionOptions slow = m_broker->connection();
        slow.properties = {{"queued.max.messages.kbytes", "100"},
                           {"fetch.message.max.bytes", "100000"}};
        const auto cluster = Cluster::open(slow, {}).value();
        ReadRequest request = following("behind", StartAt::Kind::Beginning);
        request.batch_records = 1;
        const auto reader = Reader::open(cluster, request, 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 20; }));
        // Its queue is full now. The new topic is longer than the old one was.
        VERIFY_OK(m_tool->delete_topic("behind"));
        VERIFY_OK(m_tool->create_topic("behind"));
        VERIFY_OK(m_tool->write("behind", long_values("new", 300)));
        QVERIFY(read_until(**reader, reading,
                           [&] { return reading.count(PartitionNote::Recreated) == 1; }));
        // All of it, from its beginning, as the last that is read.
        const auto fresh = long_values("new", 300);
        QVERIFY(read_until(**reader, reading, [&] {
            const auto& read = reading.records;
            return read.size() >= fresh.size() &&
                   std::equal(fresh.begin(), fresh.end(), read.end() - 300,
                              [](const TestRecord& written, const Taken& taken) {
                                  return taken.value == *written.value;
                              });
        }));
        const std::size_t told = reading.records.size() - fresh.size();
        const PartitionEvent* again = reading.first(PartitionNote::Recreated);
        for (std::size_t i = 0; i < told; ++i) // what came before is told, or was the old topic's
            QVERIFY(reading.records[i].value.rfind("old", 0) == 0 ||
                    reading.records[i].offset < again->to.value());
    }

    void a_log_that_lost_its_tail_is_no_new_topic() {
        VERIFY_OK(m_tool->create_topic("cut"));
        VERIFY_OK(m_tool->write("cut", values("kept", 10)));
        const auto reader =
            Reader::open(m_cluster, following("cut", StartAt::Kind::Beginning), 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 10; }));
        const std::string file = m_broker->records_file("cut", 0);
        const auto kept_bytes = std::filesystem::file_size(file);
        VERIFY_OK(m_tool->write("cut", values("lost", 5)));
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 15; }));
        m_broker->kill(); // before it had written everything down
        std::filesystem::resize_file(file, kept_bytes);
        VERIFY_OK(m_broker->restart());
        VERIFY_OK(m_tool->write("cut", values("new", 3)));
        QVERIFY(
            read_until(**reader, reading, [&] { return reading.records.back().value == "new-2"; }));
        QCOMPARE(reading.count(PartitionNote::Recreated), 0);
        QCOMPARE(reading.count(PartitionNote::Cut), 1);
        const PartitionEvent* cut = reading.first(PartitionNote::Cut);
        QVERIFY(cut->from > Offset(0) && cut->from <= Offset(10));
        QCOMPARE(cut->to, Offset(15));
        const auto read = reading.values();
        QCOMPARE(std::vector<std::string>(read.end() - 3, read.end()), numbered("new", 3));
        QCOMPARE(reading.records.back().offset, 12);
        QCOMPARE(reading.records.size(), static_cast<std::size_t>(15 + 13 - cut->from.value()));
    }

    void a_search_in_a_topic_that_is_deleted_ends() {
        VERIFY_OK(m_tool->create_topic("doomed", 2));
        VERIFY_OK(m_tool->write("doomed", values("e", 10)));
        auto request = whole("doomed");
        request.end = {EndAt::Kind::Offset, 1000, {}}; // never reached
        const auto reader = Reader::open(m_cluster, request, 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 10; }));
        VERIFY_OK(m_tool->delete_topic("doomed"));
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.count(PartitionNote::Gone), 2);
        for (const PartitionProgress& at : (*reader)->progress()) {
            QCOMPARE(at.state, ReadState::Gone);
            QVERIFY(at.next < at.end);
        }
    }

    /// A broker leaves what one may not describe out of its list of topics, and refuses what is
    /// asked for by name.
    void a_topic_that_may_not_be_read_for_a_while_is_read_on_where_it_stopped_data() {
        QTest::addColumn<bool>("described");
        QTest::newRow("nor described") << false;
        QTest::newRow("but described") << true;
    }
    void a_topic_that_may_not_be_read_for_a_while_is_read_on_where_it_stopped() {
        QFETCH(bool, described);
        const std::string prefix = unique_name("right");
        const std::string kept = prefix + "-a";
        const std::string lost = prefix + "-b";
        for (const std::string& topic : {kept, lost}) {
            VERIFY_OK(m_tool->create_topic(topic));
            VERIFY_OK(m_tool->write(topic, values(topic, 5)));
            VERIFY_OK(m_tool->allow("reader", "READ", "TOPIC", topic));
        }
        const ConnectionOptions options = m_broker->connection(Listener::SaslPlaintext, "reader");
        const auto cluster = Cluster::open(options, secret_resolver(options.name)).value();
        ReadRequest request = following(kept, StartAt::Kind::Beginning);
        request.topics = {kept, lost};
        const auto by_name = Reader::open(cluster, request, 20s);
        VERIFY_OK(by_name);
        request.topics.clear();
        request.topic_patterns = {prefix + ".*"};
        const auto by_pattern = Reader::open(cluster, request, 20s);
        VERIFY_OK(by_pattern);
        std::map<Reader*, Reading> all{{by_name->get(), {}}, {by_pattern->get(), {}}};
        for (auto& [reader, reading] : all)
            QVERIFY(read_until(*reader, reading, [&] {
                return reading.records.size() == 10 && reading.count(PartitionNote::ReachedEnd) > 1;
            }));

        VERIFY_OK(m_tool->forbid("reader", lost));
        if (described)
            VERIFY_OK(m_tool->allow("reader", "DESCRIBE", "TOPIC", lost));
        VERIFY_OK(m_tool->write(kept, {{.value = "meanwhile"}}));
        auto patience = 6s; // more than it takes to tell of a topic that is deleted
        for (auto& [reader, reading] : all) {
            QVERIFY(read_until(*reader, reading, [&] {
                return reading.records.size() == 11 && reading.count(PartitionNote::Failed) == 1;
            }));
            const PartitionEvent* failed = reading.first(PartitionNote::Failed);
            QCOMPARE(failed->topic, lost);
            QCOMPARE(failed->error.code, ErrorCode::NotPermitted);
            const auto gone = [&] { return reading.count(PartitionNote::Gone) > 0; };
            QVERIFY(!read_until(*reader, reading, gone, patience));
            patience = 1s; // the other reader has had the time as well
            QCOMPARE(reader->progress()[1].state, ReadState::Failed);
        }
        VERIFY_OK(m_tool->allow("reader", "READ", "TOPIC", lost));
        for (auto& [reader, reading] : all)
            QVERIFY(read_until(*reader, reading,
                               [&] { return reading.count(PartitionNote::Recovered) == 1; }));
        VERIFY_OK(m_tool->write(lost, {{.value = "afterwards"}}));
        for (auto& [reader, reading] : all) {
            QVERIFY(read_until(*reader, reading, [&] { return reading.records.size() >= 12; }));
            QCOMPARE(reading.records.back().value, std::string("afterwards"));
            QCOMPARE(reading.records.size(), 12u);
            QCOMPARE(reading.count(PartitionNote::Recreated), 0);
            QCOMPARE(reading.count(PartitionNote::Failed), 1);
        }
    }

    void records_deleted_before_they_could_be_read_are_told_and_reading_goes_on() {
        VERIFY_OK(m_tool->create_topic("trimmed", 1, {{"max.message.bytes", "2000000"}}));
        ConnectionOptions slow = m_broker->connection();
        slow.properties = {{"queued.min.messages", "1"}, {"fetch.message.max.bytes", "1000"}};
        const auto cluster = Cluster::open(slow, {}).value();
        const auto reader =
            Reader::open(cluster, following("trimmed", StartAt::Kind::Beginning), 20s);
        VERIFY_OK(reader);
        VERIFY_OK(m_tool->write("trimmed", {{.value = "first"}}));
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() == 1; }));
        for (int i = 0; i < 10; ++i)
            VERIFY_OK(m_tool->write("trimmed", {{.value = std::string(500'000, 'x')}}));
        VERIFY_OK(m_tool->delete_records("trimmed", 0, 9));
        QVERIFY(read_until(**reader, reading,
                           [&] { return (*reader)->progress()[0].next == Offset(11); }));
        const PartitionEvent* lost = reading.first(PartitionNote::Truncated);
        QVERIFY(lost);
        QCOMPARE(lost->to, Offset(9));
        QCOMPARE(reading.offsets(0).size(),
                 static_cast<std::size_t>(11 - (lost->to.value() - lost->from.value())));
    }

    void an_advertised_name_that_does_not_resolve_is_named() {
        ConnectionOptions options = m_broker->connection(Listener::Unresolvable);
        const auto cluster = Cluster::open(options, {}).value();
        VERIFY_OK(m_tool->create_topic("unreachable"));
        VERIFY_OK(m_tool->write("unreachable", {{.value = "x"}}));
        const auto reader = Reader::open(cluster, whole("unreachable"), 5s);
        QVERIFY(!reader);
        const std::string text = reader.error().text();
        QVERIFY2(text.find("resolve") != std::string::npos, text.c_str());
    }

  private:
    static std::vector<TestRecord> values(const std::string& word, int n) {
        std::vector<TestRecord> all;
        for (const std::string& value : numbered(word, n))
            all.push_back({.value = value, .partition = 0});
        return all;
    }

    std::unique_ptr<KafkaBroker> m_broker;
    std::unique_ptr<KafkaTool> m_tool;
    std::shared_ptr<Cluster> m_cluster;
};

QTEST_GUILESS_MAIN(TestReaderBadDays)
#include "tst_reader_bad_days.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker threads
#include <QtTest>

#include <set>

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

namespace {

std::shared_ptr<Cluster> cluster_of(const KafkaBroker& broker,
                                    Listener listener = Listener::Plaintext,
                                    const std::string& user = "admin") {
    const ConnectionOptions options = broker.connection(listener, user);
    auto cluster = Cluster::open(options, secret_resolver(options.name));
    if (!cluster)
        qFatal("%s", cluster.error().text().c_str());
    return std::move(cluster).value();
}

Result<Reading> read(const std::shared_ptr<Cluster>& cluster, const ReadRequest& request) {
    auto reader = Reader::open(cluster, request, 20s);
    if (!reader)
        return reader.error();
    Reading reading;
    if (!read_all(**reader, reading))
        return Error{ErrorCode::Timeout, "the reading did not end", {}, {}, {}};
    return reading;
}

std::vector<TestRecord> records(const std::string& word, int n, int partition = 0) {
    std::vector<TestRecord> all;
    for (const std::string& value : numbered(word, n))
        all.push_back({.value = value, .partition = partition});
    return all;
}

std::int64_t holes(const Reading& reading, PartitionNote note) {
    std::int64_t sum = 0;
    for (const PartitionEvent& e : reading.events)
        if (e.note == note)
            sum += e.to.value() - e.from.value();
    return sum;
}

} // namespace

class TestReader : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        m_broker = &KafkaBroker::shared();
        m_tool = std::make_unique<KafkaTool>(*m_broker);
        m_cluster = cluster_of(*m_broker);
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void every_codec_is_read_data() {
        QTest::addColumn<QString>("codec");
        for (const char* codec : {"none", "gzip", "snappy", "lz4", "zstd"})
            QTest::newRow(codec) << QString::fromLatin1(codec);
    }
    void every_codec_is_read() {
        QFETCH(QString, codec);
        const std::string topic = made("codec", 2);
        VERIFY_OK(m_tool->write_many(topic, 2000,
                                     [](std::int64_t i) {
                                         return TestRecord{.value = "value " + std::to_string(i),
                                                           .partition = int(i % 2)};
                                     },
                                     {.codec = codec.toStdString()}));
        const auto reading = read(m_cluster, whole(topic));
        VERIFY_OK(reading);
        QCOMPARE(reading->offsets(0), run_of(0, 1000));
        QCOMPARE(reading->offsets(1), run_of(0, 1000));
        QVERIFY(std::any_of(reading->records.begin(), reading->records.end(),
                            [](const Taken& r) { return r.value == "value 1999"; }));
    }

    void a_reader_slower_than_the_broker_is_not_made_to_wait_data() {
        QTest::addColumn<int>("listener");
        QTest::newRow("without a login") << int(Listener::Plaintext);
        QTest::newRow("with one") << int(Listener::SaslPlaintext);
    }
    /// librdkafka looks at a queue that was full again after a second, unless it is woken.
    void a_reader_slower_than_the_broker_is_not_made_to_wait() {
        QFETCH(int, listener);
        const std::string topic = made("slow", 1);
        const std::string value(8000, 'v');
        constexpr std::int64_t count = 8000; // 64 MB: many times what is queued
        VERIFY_OK(m_tool->write_many(topic, count,
                                     [&](std::int64_t) { return TestRecord{.value = value}; }));
        const auto cluster = cluster_of(*m_broker, Listener(listener));
        auto reader = Reader::open(cluster, whole(topic), 20s);
        VERIFY_OK(reader);
        std::size_t records = 0;
        int long_waits = 0;
        while (!(*reader)->finished()) {
            QElapsedTimer timer;
            timer.start();
            records += (*reader)->poll(0, 5s).records.size();
            long_waits += timer.elapsed() > 800 ? 1 : 0;
            QTest::qSleep(10); // as one who is busy with the batch
        }
        QCOMPARE(records, std::size_t(count));
        QVERIFY2(long_waits < 4, qPrintable(QString::number(long_waits)));
    }

    void nulls_headers_and_times_come_as_they_were_written() {
        const std::string topic = made("shapes", 1, {{"retention.ms", "-1"}});
        VERIFY_OK(m_tool->write(
            topic, {{.key = "", .value = std::nullopt, .timestamp_ms = 1'700'000'000'123},
                    {.key = std::nullopt,
                     .value = "",
                     .headers = {{"a", "1"},
                                 {"a", std::string("\0\xff", 2)},
                                 {"b", std::nullopt},
                                 {"", "no name"}}}}));
        const auto reading = read(m_cluster, whole(topic));
        VERIFY_OK(reading);
        QCOMPARE(reading->records.size(), 2u);
        const Taken& tombstone = reading->records[0];
        QVERIFY(tombstone.value_null && !tombstone.key_null && tombstone.key.empty());
        QCOMPARE(tombstone.timestamp_ms, 1'700'000'000'123);
        const Taken& headed = reading->records[1];
        QVERIFY(headed.key_null && !headed.value_null && headed.value.empty());
        const std::vector<std::pair<std::string, std::string>> headers = {
            {"a", "1"}, {"a", std::string("\0\xff", 2)}, {"b", "<null>"}, {"", "no name"}};
        QVERIFY(headed.headers == headers);
    }

    void the_kind_of_a_timestamp_is_told() {
        const std::string topic = made("append", 1, {{"message.timestamp.type", "LogAppendTime"}});
        VERIFY_OK(m_tool->write(topic, {{.value = "x", .timestamp_ms = 1'700'000'000'123}}));
        const auto reader = Reader::open(m_cluster, whole(topic), 20s);
        VERIFY_OK(reader);
        bool seen = false;
        while (!(*reader)->finished()) {
            const RecordBatch batch = (*reader)->poll(0, 50ms);
            for (const Record& r : batch.records) {
                QCOMPARE(r.timestamp_type, TimestampType::LogAppendTime);
                QVERIFY(r.timestamp > Micros::from_ms(1'700'000'000'123));
                seen = true;
            }
        }
        QVERIFY(seen);
    }

    void an_empty_topic_answers_at_once() {
        const std::string topic = made("empty", 6);
        QVERIFY(m_cluster->cluster_id(20s)); // connected before the clock starts
        const auto began = std::chrono::steady_clock::now();
        const auto reading = read(m_cluster, whole(topic));
        VERIFY_OK(reading);
        QVERIFY(std::chrono::steady_clock::now() - began < 1s);
        QVERIFY(reading->records.empty());
        QCOMPARE(reading->count(PartitionNote::Finished), 6);
    }

    void a_topic_of_nothing_but_a_transaction_marker_finishes() {
        const std::string topic = made("marker");
        TransactionalWriter writer(*m_broker, unique_name("tx"));
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, records("aborted", 5)));
        VERIFY_OK(writer.abort());
        const auto reading = read(m_cluster, whole(topic, Isolation::ReadCommitted));
        VERIFY_OK(reading);
        QVERIFY(reading->records.empty());
        QCOMPARE(holes(*reading, PartitionNote::Gap), 6);
        QCOMPARE(reading->count(PartitionNote::Finished), 1);
    }

    void transactions_are_read_as_the_isolation_asks() {
        const std::string topic = made("tx");
        TransactionalWriter writer(*m_broker, unique_name("tx"));
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, records("kept", 3)));
        VERIFY_OK(writer.commit()); // 0 1 2, marker 3
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, records("aborted", 3)));
        VERIFY_OK(writer.abort());                            // 4 5 6, marker 7
        VERIFY_OK(m_tool->write(topic, records("plain", 2))); // 8 9
        const auto all = read(m_cluster, whole(topic));
        VERIFY_OK(all);
        QCOMPARE(all->offsets(0), (std::vector<std::int64_t>{0, 1, 2, 4, 5, 6, 8, 9}));
        QCOMPARE(holes(*all, PartitionNote::Gap), 2);
        const auto committed = read(m_cluster, whole(topic, Isolation::ReadCommitted));
        VERIFY_OK(committed);
        QCOMPARE(committed->offsets(0), (std::vector<std::int64_t>{0, 1, 2, 8, 9}));
        QCOMPARE(holes(*committed, PartitionNote::Gap), 5);
        QCOMPARE(committed->first(PartitionNote::Finished)->to, Offset(10));
    }

    void an_open_transaction_ends_a_committed_search_and_is_told() {
        const std::string topic = made("open");
        VERIFY_OK(m_tool->write(topic, records("before", 4)));
        TransactionalWriter writer(*m_broker, unique_name("tx"));
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, records("undecided", 3)));
        VERIFY_OK(m_tool->write(topic, records("after", 2)));
        const auto reading = read(m_cluster, whole(topic, Isolation::ReadCommitted));
        VERIFY_OK(reading);
        QCOMPARE(reading->offsets(0), run_of(0, 4));
        const PartitionEvent* open = reading->first(PartitionNote::OpenTransaction);
        QVERIFY(open);
        QCOMPARE(open->from, Offset(4));
        QCOMPARE(open->to, Offset(9));
        const auto all = read(m_cluster, whole(topic));
        VERIFY_OK(all);
        QCOMPARE(all->records.size(), 9u);
        VERIFY_OK(writer.commit());
    }

    void following_committed_records_waits_for_the_open_transaction() {
        const std::string topic = made("follow-tx");
        ReadRequest request = whole(topic, Isolation::ReadCommitted);
        request.end.kind = EndAt::Kind::Never;
        const auto reader = Reader::open(m_cluster, request, 20s);
        VERIFY_OK(reader);
        TransactionalWriter writer(*m_broker, unique_name("tx"));
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, records("undecided", 3)));
        Reading reading;
        QVERIFY(read_until(**reader, reading,
                           [&] { return reading.count(PartitionNote::OpenTransaction) > 0; }));
        QCOMPARE(reading.first(PartitionNote::OpenTransaction)->from, Offset(0));
        QVERIFY(reading.records.empty());
        VERIFY_OK(writer.commit());
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() >= 3; }));
        QCOMPARE(reading.values(), numbered("undecided", 3));
    }

    void an_end_to_come_is_waited_for_through_transactions() {
        const std::string topic = made("to-come");
        VERIFY_OK(m_tool->write(topic, records("plain", 5)));
        ReadRequest request = whole(topic, Isolation::ReadCommitted);
        request.end = {EndAt::Kind::Offset, 11, {}};
        const auto reader = Reader::open(m_cluster, request, 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, // and has seen the end as it is now
                           [&] { return (*reader)->progress()[0].last_stable == Offset(5); }));
        TransactionalWriter writer(*m_broker, unique_name("tx"));
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.write(topic, records("undecided", 3))); // 5 6 7
        QVERIFY(read_until(**reader, reading,
                           [&] { return reading.count(PartitionNote::OpenTransaction) > 0; }));
        const PartitionEvent* open = reading.first(PartitionNote::OpenTransaction);
        QVERIFY(open);
        QCOMPARE(open->from, Offset(5));
        QVERIFY(open->to > Offset(5) &&
                open->to <= Offset(8));                       // what is there, not what is to come
        VERIFY_OK(writer.commit());                           // marker 8
        VERIFY_OK(m_tool->write(topic, records("later", 4))); // 9 10 11 12
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.offsets(0), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 9, 10}));
        QCOMPARE(reading.first(PartitionNote::Finished)->to, Offset(11));
    }

    void reading_starts_where_it_is_asked_to() {
        const std::string topic = made("starts", 2, {{"retention.ms", "-1"}});
        for (int p = 0; p < 2; ++p)
            VERIFY_OK(m_tool->write_many(topic, 100, [p](std::int64_t i) {
                return TestRecord{.value = std::to_string(i),
                                  .timestamp_ms = 1'700'000'000'000 + i * 1000,
                                  .partition = p};
            }));
        ReadRequest request = whole(topic);
        request.start = {StartAt::Kind::LastN, 7, {}, {}};
        auto reading = read(m_cluster, request);
        VERIFY_OK(reading);
        QCOMPARE(reading->offsets(0), run_of(93, 100));
        QCOMPARE(reading->offsets(1), run_of(93, 100));

        request.start = {StartAt::Kind::Time, 0, Micros::from_ms(1'700'000'039'500), {}};
        request.end = {EndAt::Kind::Time, 0, Micros::from_ms(1'700'000'060'000)};
        reading = read(m_cluster, request);
        VERIFY_OK(reading);
        QCOMPARE(reading->offsets(0), run_of(40, 60));

        request.start = {StartAt::Kind::Time, 0, Micros::from_ms(1'800'000'000'000), {}};
        request.end.kind = EndAt::Kind::Snapshot;
        reading = read(m_cluster, request);
        VERIFY_OK(reading);
        QVERIFY(reading->records.empty());

        const std::string group = unique_name("group");
        VERIFY_OK(m_tool->commit(group, topic, {{0, 80}}));
        request.start = {StartAt::Kind::Group, 0, {}, group};
        reading = read(m_cluster, request);
        VERIFY_OK(reading);
        QCOMPARE(reading->offsets(0), run_of(80, 100));
        QCOMPARE(reading->offsets(1), run_of(0, 100)); // it has none there: nothing is skipped

        request.start.group = unique_name("nobody");
        VERIFY_ERROR(read(m_cluster, request), ErrorCode::NotFound);
    }

    void a_time_between_two_milliseconds_cuts_between_their_records() {
        const std::string topic = made("fractions", 1, {{"retention.ms", "-1"}});
        constexpr std::int64_t second_ms = 1'700'000'000'000;
        for (int i = 0; i < 4; ++i)
            VERIFY_OK(m_tool->write(topic, {{.value = "x", .timestamp_ms = second_ms + i}}));
        ReadRequest request = whole(topic);
        const auto offsets = [&](Micros from, Micros to) {
            request.start = {StartAt::Kind::Time, 0, from, {}};
            request.end = {EndAt::Kind::Time, 0, to};
            const auto reading = read(m_cluster, request);
            return reading ? reading->offsets(0) : std::vector<std::int64_t>{-1};
        };
        const Micros first = Micros::from_ms(second_ms);
        QCOMPARE(offsets(first, first + Micros(2'000)), run_of(0, 2));
        QCOMPARE(offsets(first, first + Micros(2'001)), run_of(0, 3)); // 2.000 is before 2.001
        QCOMPARE(offsets(first, first + Micros(2'999)), run_of(0, 3));
        QCOMPARE(offsets(first + Micros(1), first + Micros(3'000)), run_of(1, 3));
        QCOMPARE(offsets(first + Micros(1'000), first + Micros(9'000)), run_of(1, 4));
    }

    void what_compaction_removed_is_a_gap() {
        const std::string topic = made("compact", 1,
                                       {{"cleanup.policy", "compact"},
                                        {"segment.ms", "100"},
                                        {"min.cleanable.dirty.ratio", "0.01"},
                                        {"max.compaction.lag.ms", "100"}});
        for (int round = 0; round < 20; ++round)
            VERIFY_OK(m_tool->write(topic, {{.key = "a", .value = std::to_string(round)},
                                            {.key = "b", .value = std::nullopt}}));
        Reading reading;
        QVERIFY(wait_for([&] {
            // A segment is only closed by what is written after it.
            if (!m_tool->write(topic, {{.key = "last", .value = "x"}}))
                return false;
            auto read_now = read(m_cluster, whole(topic));
            if (!read_now || holes(*read_now, PartitionNote::Gap) < 20)
                return false;
            reading = std::move(read_now).value();
            return true;
        }));
        QCOMPARE(reading.count(PartitionNote::Finished), 1);
        const auto end = reading.first(PartitionNote::Finished)->to.value();
        QCOMPARE(holes(reading, PartitionNote::Gap) +
                     static_cast<std::int64_t>(reading.records.size()),
                 end);
        QCOMPARE(reading.first(PartitionNote::Truncated), nullptr);
    }

    void what_retention_deleted_before_the_start_is_told() {
        const std::string topic = made("short");
        VERIFY_OK(m_tool->write(topic, records("e", 100)));
        VERIFY_OK(m_tool->delete_records(topic, 0, 60));
        auto reading = read(m_cluster, whole(topic)); // from the beginning as it is now
        VERIFY_OK(reading);
        QCOMPARE(reading->offsets(0), run_of(60, 100));
        QCOMPARE(reading->first(PartitionNote::Truncated), nullptr);
        ReadRequest request = whole(topic);
        request.start = {StartAt::Kind::Offset, 10, {}, {}};
        reading = read(m_cluster, request);
        VERIFY_OK(reading);
        QCOMPARE(reading->offsets(0), run_of(60, 100));
        QCOMPARE(holes(*reading, PartitionNote::Truncated), 50);
        VERIFY_OK(m_tool->delete_records(topic, 0, 100));
        reading = read(m_cluster, request);
        VERIFY_OK(reading);
        QVERIFY(reading->records.empty());
        QCOMPARE(holes(*reading, PartitionNote::Truncated), 90);
    }

    void an_offset_past_the_end_is_waited_for() {
        const std::string topic = made("ahead");
        VERIFY_OK(m_tool->write(topic, records("e", 5)));
        ReadRequest request = whole(topic);
        request.start = {StartAt::Kind::Offset, 8, {}, {}};
        request.end = {EndAt::Kind::Offset, 10, {}};
        const auto reader = Reader::open(m_cluster, request, 20s);
        VERIFY_OK(reader);
        VERIFY_OK(m_tool->write(topic, records("later", 7)));
        Reading reading;
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.offsets(0), run_of(8, 10));
    }

    void a_record_of_20_mb_is_read() {
        const std::string topic = made("huge", 2, {{"max.message.bytes", "30000000"}});
        const std::string huge(20'000'000, 'h');
        VERIFY_OK(m_tool->write(topic, records("small", 3)));
        VERIFY_OK(m_tool->write(topic,
                                {{.value = huge, .partition = 0}, {.value = huge, .partition = 1}},
                                {.properties = {{"message.max.bytes", "30000000"}}}));
        VERIFY_OK(m_tool->write(topic, records("small", 3)));
        const auto reading = read(m_cluster, whole(topic));
        VERIFY_OK(reading);
        QCOMPARE(reading->offsets(0), run_of(0, 7));
        QVERIFY(reading->records.size() == 8);
        for (const Taken& r : reading->records)
            QVERIFY(r.value.size() < 100 || r.value == huge);
    }

    void new_partitions_and_topics_are_picked_up() {
        const std::string topic = made("grows");
        ReadRequest request;
        request.topic_patterns = {topic + ".*"};
        const auto reader = Reader::open(m_cluster, request, 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading,
                           [&] { return reading.count(PartitionNote::ReachedEnd) >= 1; }));
        VERIFY_OK(m_tool->add_partitions(topic, 3));
        VERIFY_OK(m_tool->write(topic, records("more", 5, 2)));
        VERIFY_OK(m_tool->create_topic(topic + "-too"));
        VERIFY_OK(m_tool->write(topic + "-too", records("too", 5)));
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() >= 10; }));
        const auto values = reading.values();
        const std::set<std::string> read_values(values.begin(), values.end());
        QCOMPARE(read_values.size(), 10u);
        QVERIFY(read_values.count("more-0") && read_values.count("too-0"));
        QVERIFY(wait_for([&] { return (*reader)->progress().size() == 4; }));
    }

    void read_on_one_topic_is_all_the_permission_it_takes() {
        const std::string topic = made("permitted", 2);
        const std::string other = made("forbidden");
        VERIFY_OK(m_tool->write(topic, records("e", 50, 1)));
        VERIFY_OK(m_tool->allow("reader", "READ", "TOPIC", topic));
        const auto cluster = cluster_of(*m_broker, Listener::SaslPlaintext, "reader");
        for (const StartAt::Kind kind :
             {StartAt::Kind::Beginning, StartAt::Kind::LastN, StartAt::Kind::Time}) {
            ReadRequest request = whole(topic);
            request.start.kind = kind;
            request.start.number = 50;
            const auto reading = read(cluster, request);
            VERIFY_OK(reading);
            QCOMPARE(reading->offsets(1), run_of(0, 50));
        }
        ReadRequest follow = whole(topic);
        follow.end.kind = EndAt::Kind::Never;
        const auto reader = Reader::open(cluster, follow, 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() >= 50; }));
        VERIFY_OK(m_tool->write(topic, records("more", 1, 1)));
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() >= 51; }));
        QCOMPARE(reading.count(PartitionNote::Failed), 0);
        QVERIFY(cluster->cluster_id(10s));
        QCOMPARE(cluster->health().state, Health::State::Up);

        const auto refused = read(cluster, whole(other));
        VERIFY_ERROR(refused, ErrorCode::NotPermitted);
        QVERIFY(refused.error().text().find(other) != std::string::npos);
    }

    void a_pattern_shows_what_may_be_read_and_no_more() {
        const std::string prefix = unique_name("pattern");
        VERIFY_OK(m_tool->create_topic(prefix + "-a"));
        VERIFY_OK(m_tool->create_topic(prefix + "-b"));
        VERIFY_OK(m_tool->write(prefix + "-a", records("a", 1)));
        VERIFY_OK(m_tool->write(prefix + "-b", records("b", 1)));
        VERIFY_OK(m_tool->allow("auditor", "READ", "TOPIC", prefix + "-a"));
        ReadRequest request = whole("x");
        request.topics.clear();
        request.topic_patterns = {prefix + "-.*"};
        const auto reading =
            read(cluster_of(*m_broker, Listener::SaslPlaintext, "auditor"), request);
        VERIFY_OK(reading);
        QCOMPARE(reading->values(), (std::vector<std::string>{"a-0"}));
    }

    void a_refused_login_is_told_as_such() {
        qputenv("WEIR_WRONG_PASSWORD", "wrong");
        ConnectionOptions options = m_broker->connection(Listener::SaslPlaintext, "reader");
        options.name = "prod-kafka";
        options.security.password.text = "env:WEIR_WRONG_PASSWORD";
        const auto cluster = Cluster::open(options, secret_resolver(options.name)).value();
        QVERIFY(wait_for(
            [&] { return cluster->health().state == Health::State::AuthenticationFailed; }));
        const auto refused = read(cluster, whole("whatever"));
        VERIFY_ERROR(refused, ErrorCode::Authentication);
        QVERIFY(refused.error().text().find("prod-kafka") == 0);
        QVERIFY(refused.error().text().find("wrong") == std::string::npos);
    }

    void nobody_at_the_address_is_an_error_within_the_timeout() {
        ConnectionOptions options;
        options.name = "nowhere";
        options.bootstrap = "127.0.0.1:1";
        const auto cluster = Cluster::open(options, {}).value();
        const auto began = std::chrono::steady_clock::now();
        const auto refused = Reader::open(cluster, whole("x"), 2s);
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::Connection ||
                refused.error().code == ErrorCode::Timeout);
        QVERIFY(std::chrono::steady_clock::now() - began < 6s);
        QVERIFY(wait_for([&] { return cluster->health().state == Health::State::Down; }));
        QVERIFY(cluster->health().trouble.find("nowhere: ") == 0);
    }

  private:
    std::string made(const std::string& prefix, int partitions = 1,
                     const std::map<std::string, std::string>& configs = {}) {
        const std::string name = unique_name(prefix);
        if (auto created = m_tool->create_topic(name, partitions, configs); !created)
            qFatal("%s", created.error().text().c_str());
        return name;
    }

    KafkaBroker* m_broker = nullptr;
    std::unique_ptr<KafkaTool> m_tool;
    std::shared_ptr<Cluster> m_cluster;
};

QTEST_GUILESS_MAIN(TestReader)
#include "tst_reader.moc"

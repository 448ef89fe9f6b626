// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include <future>
#include <set>

#include "connectors/kafka/admin/admin.h"
#include "connectors/kafka/read/read_budget.h"
#include "connectors/kafka/read/reader_stream.h"
#include "tests/support/kafka_embedded_ground.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/stranger.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

class TestReaderEmbedded : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everything_in_a_topic_is_read_once_and_in_order() {
        const EmbeddedGround ground({{"raw_events", 4}});
        for (int p = 0; p < 4; ++p)
            produce(*ground.producer, "raw_events", p, numbered("e" + std::to_string(p), 500));
        const auto reader = ground.open(whole("raw_events"));
        Reading reading;
        QVERIFY(read_all(*reader, reading));
        QCOMPARE(reading.records.size(), 2000u);
        for (int p = 0; p < 4; ++p)
            QCOMPARE(reading.offsets(p), run_of(0, 500));
        QCOMPARE(reading.count(PartitionNote::Finished), 4);
        for (const PartitionProgress& at : reader->progress()) {
            QCOMPARE(at.state, ReadState::Finished);
            QCOMPARE(at.next, at.end);
            QCOMPARE(at.records, 500);
        }
    }

    void an_empty_topic_answers_at_once() {
        const EmbeddedGround ground({{"quiet", 32}});
        const auto reader = ground.open(whole("quiet"));
        for (const PartitionProgress& at : reader->progress())
            QCOMPARE(at.state, ReadState::Finished);
        Reading reading;
        QVERIFY(read_all(*reader, reading, 1s));
        QVERIFY(reading.records.empty());
        QCOMPARE(reading.count(PartitionNote::Finished), 32);
    }

    void a_topic_that_does_not_exist_is_an_error_and_is_not_made() {
        const EmbeddedGround ground({{"raw_events", 1}});
        const auto reader = Reader::open(ground.cluster, whole("raw_evnets"), 10s);
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, ErrorCode::NotFound);
        QVERIFY(reader.error().text().find("raw_evnets") != std::string::npos);
        const auto again = Reader::open(ground.cluster, whole("raw_evnets"), 10s);
        QVERIFY(!again);
    }

    void a_wake_that_comes_before_the_wait_is_not_lost() {
        const EmbeddedGround ground({{"quiet", 1}});
        ReaderStream stream(*observed(*ground.cluster), following("quiet"));
        PartitionState at;
        at.progress.topic = "quiet";
        at.progress.begin = at.progress.from = at.progress.next = Offset(0);
        at.progress.end = at.progress.end_seen = Offset(-1);
        QVERIFY(stream.add(std::move(at), 10s).ok());
        QVERIFY(wait_for([&] { return !stream.poll(100ms).events.empty(); }));
        stream.wake();
        const QDeadlineTimer patience(20'000);
        QVERIFY(stream.poll(60s).empty());
        QVERIFY(!patience.hasExpired());
    }

    void one_of_another_process_is_read_by_time_as_well() {
        const EmbeddedGround ground({{"raw_events", 2}});
        const Micros now = Micros::now();
        std::vector<GroundRecord> records;
        for (int i = 0; i < 40; ++i) // one a minute
            records.push_back({.value = "e-" + std::to_string(i),
                               .partition = i % 2,
                               .time = now - Micros(60'000'000LL * (40 - i))});
        ground.write("raw_events", records);
        const auto outside = ground.from_outside();
        ReadRequest request = whole("raw_events");
        request.start = {StartAt::Kind::Time, 0, now - Micros(600'500'000), {}};
        const auto reader = Reader::open(outside, request, 10s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.records.size(), 10u);
        request.start = {StartAt::Kind::Beginning, 0, {}, {}};
        request.end = {EndAt::Kind::Time, 0, now - Micros(600'500'000)};
        const auto older = Reader::open(outside, request, 10s);
        VERIFY_OK(older);
        Reading before;
        QVERIFY(read_all(**older, before));
        QCOMPARE(before.records.size(), 30u);
        Admin admin(outside);
        const auto at =
            admin.offsets_at({{"raw_events", PartitionId(0)}}, now - Micros(600'500'000), 10s);
        QVERIFY(!at.front().error && at.front().offset == Offset(15));
        const QDeadlineTimer patience(5'000); // asked for its groups it would hang up
        const auto groups = admin.groups(20s);
        QVERIFY(!groups && !patience.hasExpired());
        QVERIFY(groups.error().code != ErrorCode::Timeout);
    }

    void opening_can_be_given_up() {
        const Stranger silent;
        ConnectionOptions options;
        options.name = "silent";
        options.bootstrap = silent.address();
        const auto cluster = Cluster::open(options, {}).value();
        std::stop_source stop;
        ReadRequest request = whole("raw_events");
        request.stop = stop.get_token();
        auto opening =
            std::async(std::launch::async, [&] { return Reader::open(cluster, request, 120s); });
        QTRY_VERIFY_WITH_TIMEOUT(silent.calls() > 0, 20'000);
        stop.request_stop();
        const QDeadlineTimer patience(60'000);
        const auto opened = opening.get();
        QVERIFY(!opened.ok() && !patience.hasExpired());
        QCOMPARE(opened.error().code, ErrorCode::Cancelled);
    }

    void what_is_written_while_following_arrives() {
        const EmbeddedGround ground({{"raw_events", 2}});
        produce(*ground.producer, "raw_events", 0, numbered("before", 10));
        const auto reader = ground.open(following("raw_events"));
        Reading reading;
        QVERIFY(read_until(*reader, reading,
                           [&] { return reading.count(PartitionNote::ReachedEnd) >= 2; }));
        produce(*ground.producer, "raw_events", 0, numbered("after", 10));
        QVERIFY(read_until(*reader, reading, [&] { return reading.records.size() >= 10; }));
        QCOMPARE(reading.values(), numbered("after", 10));
        QCOMPARE(reading.offsets(0), run_of(10, 20));
    }

    void an_idle_partition_is_told_to_be_at_its_end_again_and_again() {
        const EmbeddedGround ground({{"raw_events", 2}});
        produce(*ground.producer, "raw_events", 0, numbered("before", 10));
        const Micros opened = Micros::now();
        const auto reader = ground.open(following("raw_events"));
        Reading reading;
        const auto times = [&](int partition) {
            std::vector<Micros> all;
            for (const PartitionEvent& event : reading.events)
                if (event.note == PartitionNote::ReachedEnd && event.as_of &&
                    event.partition == PartitionId(partition))
                    all.push_back(*event.as_of);
            return all;
        };
        QVERIFY(read_until(*reader, reading,
                           [&] { return times(0).size() >= 2 && times(1).size() >= 2; }));
        QVERIFY(times(0)[0] > opened);
        QVERIFY(times(0)[1] > times(0)[0]);
        QCOMPARE(reading.count(PartitionNote::Started), 2);
        for (const PartitionEvent& event : reading.events) {
            if (event.note != PartitionNote::Started)
                continue;
            // Of what was written before, partition 0 will tell nothing; 1 has nothing.
            QVERIFY(event.as_of);
            QCOMPARE(*event.as_of == Micros(INT64_MIN), event.partition == PartitionId(1));
        }
    }

    void a_fixed_end_is_that_of_the_time_at_which_it_was_asked_for() {
        const EmbeddedGround ground({{"raw_events", 2}});
        produce(*ground.producer, "raw_events", 0, numbered("before", 10));
        const Micros opened = Micros::now();
        const auto reader = ground.open(whole("raw_events"));
        const Micros asked = Micros::now();
        Reading reading;
        QVERIFY(read_all(*reader, reading));
        QCOMPARE(reading.count(PartitionNote::Finished), 2);
        for (const PartitionEvent& event : reading.events) {
            if (event.note != PartitionNote::Finished)
                continue;
            QVERIFY(event.as_of);
            QVERIFY(*event.as_of >= opened && *event.as_of <= asked);
        }
    }

    void headers_keys_and_nulls_come_as_they_were_written() {
        const EmbeddedGround ground({{"raw_events", 1}});
        OutRecord record;
        record.topic = "raw_events";
        record.partition = 0;
        record.key_null = false;
        record.key = "";
        record.value_null = true;
        record.timestamp = Micros::from_ms(1'700'000'000'123);
        record.headers = {{"a", "1"}, {"a", std::string_view("\0\xff", 2)}, {"b", {}, true}};
        QVERIFY(ground.producer->send(record));
        OutRecord plain;
        plain.topic = "raw_events";
        plain.partition = 0;
        plain.value = "";
        QVERIFY(ground.producer->send(plain));
        QVERIFY(ground.producer->flush(10s));
        const auto reader = ground.open(whole("raw_events"));
        Reading reading;
        QVERIFY(read_all(*reader, reading));
        QCOMPARE(reading.records.size(), 2u);
        const Taken& first = reading.records[0];
        QVERIFY(!first.key_null && first.key.empty());
        QVERIFY(first.value_null);
        QCOMPARE(first.timestamp_ms, 1'700'000'000'123);
        const std::vector<std::pair<std::string, std::string>> headers = {
            {"a", "1"}, {"a", std::string("\0\xff", 2)}, {"b", "<null>"}};
        QVERIFY(first.headers == headers);
        const Taken& second = reading.records[1];
        QVERIFY(second.key_null);
        QVERIFY(!second.value_null && second.value.empty());
        QVERIFY(second.headers.empty());
    }

    void reading_can_start_at_an_offset_or_with_the_last_ones() {
        const EmbeddedGround ground({{"raw_events", 2}});
        produce(*ground.producer, "raw_events", 0, numbered("a", 100));
        produce(*ground.producer, "raw_events", 1, numbered("b", 3));
        ReadRequest request = whole("raw_events");
        request.start.kind = StartAt::Kind::LastN;
        request.start.number = 5;
        Reading last;
        QVERIFY(read_all(*ground.open(request), last));
        QCOMPARE(last.offsets(0), run_of(95, 100));
        QCOMPARE(last.offsets(1), run_of(0, 3));

        request.start = {StartAt::Kind::Offset, 90, {}, {}};
        request.only_partitions = {PartitionId(0)};
        request.end = {EndAt::Kind::Offset, 93, {}};
        Reading some;
        QVERIFY(read_all(*ground.open(request), some));
        QCOMPARE(some.offsets(0), run_of(90, 93));
        QVERIFY(some.offsets(1).empty());
    }

    void a_partition_without_the_offset_goes_on_from_its_end_if_that_is_asked_for() {
        const EmbeddedGround ground({{"raw_events", 3}});
        for (const auto& [partition, count] : {std::pair{0, 100}, {1, 100}, {2, 3}})
            produce(*ground.producer, "raw_events", partition, numbered("x", count));
        ReadRequest request = whole("raw_events");
        request.end = {};
        request.start.kind = StartAt::Kind::OffsetOrEnd;
        request.start.number = 90;
        for (const bool named : {false, true}) {
            if (named) {
                request.start.topic = "raw_events";
                request.start.partition = PartitionId(1);
            }
            const auto reader = ground.open(request);
            const auto at = reader->progress();
            QCOMPARE(at[0].next, Offset(named ? at[0].end_seen.value() : 90));
            QCOMPARE(at[1].next, Offset(90));
            QCOMPARE(at[2].next, at[2].end_seen);
            const std::int64_t end = at[2].end_seen.value();
            produce(*ground.producer, "raw_events", 2, {"comes now"});
            Reading reading;
            QVERIFY(read_until(*reader, reading, [&] { return !reading.offsets(2).empty(); }));
            QCOMPARE(reading.offsets(2), run_of(end, end + 1));
        }
    }

    void a_range_reads_exactly_that_range() {
        const EmbeddedGround ground({{"raw_events", 3}});
        for (int p = 0; p < 3; ++p)
            produce(*ground.producer, "raw_events", p, numbered("x", 50));
        ReadRequest request;
        request.ranges = {{"raw_events", PartitionId(2), Offset(10), Offset(20)}};
        Reading reading;
        QVERIFY(read_all(*ground.open(request), reading));
        QCOMPARE(reading.records.size(), 10u);
        QCOMPARE(reading.offsets(2), run_of(10, 20));
    }

    void reading_can_start_and_end_at_a_time() {
        const EmbeddedGround ground({{"raw_events", 1}});
        for (int i = 0; i < 100; ++i) {
            OutRecord record;
            record.topic = "raw_events";
            record.partition = 0;
            record.value = "x";
            record.timestamp = Micros::from_ms(1'700'000'000'000 + i * 1000);
            QVERIFY(ground.producer->send(record));
        }
        QVERIFY(ground.producer->flush(10s));
        ReadRequest request = whole("raw_events");
        request.start.kind = StartAt::Kind::Time;
        request.start.time = Micros::from_ms(1'700'000'040'000);
        request.end.kind = EndAt::Kind::Time;
        request.end.time = Micros::from_ms(1'700'000'060'000);
        Reading reading;
        QVERIFY(read_all(*ground.open(request), reading));
        QCOMPARE(reading.offsets(0), run_of(40, 60));
    }

    void a_pattern_made_to_take_for_ever_does_not() {
        const std::string name(60, 'a');
        EmbeddedGround ground({{name, 1}});
        ReadRequest request;
        request.topic_patterns = {"(a+)+b"};
        request.end.kind = EndAt::Kind::Snapshot;
        const auto reader = Reader::open(ground.cluster, request, 10s);
        QVERIFY(!reader.ok());
        QCOMPARE(reader.error().code, ErrorCode::NotFound);
    }

    void topics_are_found_by_pattern_whole_names_only() {
        const EmbeddedGround ground({{"raw_events", 1}, {"raw_events_dlq", 1}, {"orders", 1}});
        for (const char* topic : {"raw_events", "raw_events_dlq", "orders"})
            produce(*ground.producer, topic, 0, {topic});
        ReadRequest request = whole("orders");
        request.topic_patterns = {"raw_.*s"};
        Reading reading;
        QVERIFY(read_all(*ground.open(request), reading));
        const auto read = reading.values();
        QCOMPARE(std::set<std::string>(read.begin(), read.end()),
                 (std::set<std::string>{"orders", "raw_events"}));
        request.topic_patterns = {"raw_["};
        const auto refused = Reader::open(ground.cluster, request, 10s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Usage);
    }

    void new_topics_that_match_are_picked_up_from_their_beginning() {
        const EmbeddedGround ground({{"orders_eu", 1}});
        ReadRequest request;
        request.topic_patterns = {"orders_.*"};
        const auto reader = ground.open(request);
        Reading reading;
        QVERIFY(read_until(*reader, reading,
                           [&] { return reading.count(PartitionNote::ReachedEnd) >= 1; }));
        QVERIFY(ground.broker->create_topic({"orders_us", 2}));
        produce(*ground.producer, "orders_us", 1, numbered("new", 3));
        QVERIFY(read_until(*reader, reading, [&] { return reading.records.size() >= 3; }));
        QCOMPARE(reading.values(), numbered("new", 3));
        QVERIFY(wait_for([&] { return reader->progress().size() == 3; }));
    }

    void a_broker_that_goes_and_comes_back_is_told_and_nothing_is_lost() {
        const EmbeddedGround ground({{"raw_events", 2}});
        produce(*ground.producer, "raw_events", 0, numbered("e", 100));
        const auto reader = ground.open(following("raw_events", StartAt::Kind::Beginning));
        Reading reading;
        QVERIFY(read_until(*reader, reading, [&] { return reading.records.size() >= 100; }));
        ground.broker->set_broker_down(1);
        QVERIFY(read_until(*reader, reading,
                           [&] { return reading.count(PartitionNote::Failed) >= 2; }));
        const Error told = reading.first(PartitionNote::Failed)->error;
        QVERIFY2(told.text().find("embedded: reading is interrupted") == 0, told.text().c_str());
        QVERIFY2(told.what.find(" since ") != std::string::npos, told.text().c_str());
        QVERIFY2(told.advice.find("connects again") != std::string::npos, told.text().c_str());
        for (const PartitionProgress& at : reader->progress()) {
            QCOMPARE(at.state, ReadState::Failed);
            QVERIFY(at.failed_since.value() > 0);
            QVERIFY(!at.trouble.empty());
        }
        QVERIFY(wait_for([&] { return ground.cluster->health().state == Health::State::Down; }));
        QVERIFY(ground.cluster->health().trouble.find("embedded: ") == 0);

        ground.broker->set_broker_up(1);
        QVERIFY(read_until(*reader, reading,
                           [&] { return reading.count(PartitionNote::Recovered) >= 2; }));
        produce(*ground.producer, "raw_events", 0, numbered("e", 100, 100));
        QVERIFY(read_until(*reader, reading, [&] { return reading.records.size() >= 200; }));
        QCOMPARE(reading.values(), numbered("e", 200));
        QCOMPARE(reading.offsets(0), run_of(0, 200));
        QVERIFY(wait_for([&] { return ground.cluster->health().state == Health::State::Up; }));
    }

    void a_leader_that_moves_is_followed() {
        const EmbeddedGround ground({{"raw_events", 1}}, 2);
        produce(*ground.producer, "raw_events", 0, numbered("e", 100));
        const auto reader = ground.open(following("raw_events", StartAt::Kind::Beginning));
        Reading reading;
        QVERIFY(read_until(*reader, reading, [&] { return reading.records.size() >= 100; }));
        for (int round = 1; round <= 4; ++round) {
            ground.broker->move_leader("raw_events", 0, 1 + round % 2);
            produce(*ground.producer, "raw_events", 0, numbered("e", 100, round * 100));
        }
        QVERIFY(read_until(*reader, reading, [&] { return reading.records.size() >= 500; }));
        QCOMPARE(reading.values(), numbered("e", 500));
    }

    void records_dropped_before_they_could_be_read_are_told() {
        const EmbeddedGround ground({{"raw_events", 1}});
        const std::string big(100'000, 'x');
        for (int i = 0; i < 100; ++i) // twice of what a partition keeps
            produce(*ground.producer, "raw_events", 0, {big});
        ReadRequest request = whole("raw_events");
        request.start = {StartAt::Kind::Offset, 2, {}, {}};
        const auto reader = ground.open(request);
        Reading reading;
        QVERIFY(read_all(*reader, reading));
        const PartitionEvent* lost = reading.first(PartitionNote::Truncated);
        QVERIFY(lost);
        QCOMPARE(lost->from, Offset(2));
        QVERIFY(lost->to > Offset(30));
        QCOMPARE(reading.offsets(0), run_of(lost->to.value(), 100));
        QCOMPARE(reader->progress()[0].truncated_offsets, lost->to.value() - 2);
    }

    void records_dropped_while_reading_are_told_and_reading_goes_on() {
        const EmbeddedGround ground({{"raw_events", 1}});
        ConnectionOptions slow = ground.broker->connection();
        slow.properties = {{"queued.min.messages", "1"}, {"fetch.message.max.bytes", "1000"}};
        const auto cluster = Cluster::open(slow, {}).value();
        const auto reader = Reader::open(cluster, following("raw_events"), 10s).value();
        produce(*ground.producer, "raw_events", 0, {"first"});
        Reading reading;
        QVERIFY(read_until(*reader, reading, [&] { return reading.records.size() == 1; }));
        const std::string big(700'000, 'x');
        for (int i = 0; i < 14; ++i)
            produce(*ground.producer, "raw_events", 0, {big});
        QVERIFY(read_until(*reader, reading, [&] {
            return reader->progress()[0].next == Offset(15) &&
                   reading.count(PartitionNote::Truncated) >= 1;
        }));
        const std::int64_t lost = reader->progress()[0].truncated_offsets;
        QVERIFY(lost > 0);
        QCOMPARE(reading.records.size(), static_cast<std::size_t>(15 - lost));
        const auto offsets = reading.offsets(0);
        QVERIFY(std::is_sorted(offsets.begin(), offsets.end()));
        QCOMPARE(std::set<std::int64_t>(offsets.begin(), offsets.end()).size(), offsets.size());
    }

    void a_read_budget_slows_reading_down_and_can_be_lifted() {
        const EmbeddedGround ground({{"raw_events", 1}});
        const std::string big(50'000, 'x');
        for (int i = 0; i < 40; ++i) // 2 MB
            produce(*ground.producer, "raw_events", 0, {big});
        ground.cluster->budget().set_rate_mb_s(1);
        ReadRequest request = whole("raw_events");
        request.batch_records = 2;
        const auto reader = ground.open(request);
        Reading reading;
        const auto began = std::chrono::steady_clock::now();
        QVERIFY(read_until(*reader, reading, [&] { return reading.records.size() >= 22; }));
        // 20 records of 50 kB have been paid for before the 21st came: 1 s at 1 MB/s.
        QVERIFY(std::chrono::steady_clock::now() - began >= 900ms);
        ground.cluster->budget().set_rate_mb_s(0);
        const auto lifted = std::chrono::steady_clock::now();
        QVERIFY(read_all(*reader, reading));
        QVERIFY(std::chrono::steady_clock::now() - lifted < 500ms);
        QCOMPARE(reading.records.size(), 40u);
    }

    void a_batch_outlives_its_reader() {
        const EmbeddedGround ground({{"raw_events", 1}});
        produce(*ground.producer, "raw_events", 0, {"kept"});
        RecordBatch batch;
        {
            const auto reader = ground.open(whole("raw_events"));
            QVERIFY(wait_for([&] {
                RecordBatch got = reader->poll(0, 10ms);
                if (got.records.empty())
                    return false;
                batch = std::move(got);
                return true;
            }));
        }
        QCOMPARE(batch.records.front().value, std::string_view("kept"));
        QCOMPARE(batch.records.front().topic, std::string_view("raw_events"));
    }

    void stop_wakes_a_waiting_poll() {
        const EmbeddedGround ground({{"raw_events", 1}});
        const auto reader = ground.open(following("raw_events"));
        std::thread stopper([&] { reader->stop(); });
        const auto began = std::chrono::steady_clock::now();
        while (!reader->finished())
            (void)reader->poll(0, 20s);
        (void)reader->poll(0, 20s);
        stopper.join();
        QVERIFY(std::chrono::steady_clock::now() - began < 10s);
        QVERIFY(reader->poll(0, 20s).empty());
    }
};

QTEST_GUILESS_MAIN(TestReaderEmbedded)
#include "tst_reader_embedded.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "connectors/base/base64.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "models/event/json/json_tape.h"
#include "models/event/search/lane.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/scripted_source.h"
#include "tests/support/search_ground.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

struct Ground {
    std::unique_ptr<EmbeddedCluster> broker;
    std::shared_ptr<Cluster> cluster;
    std::unique_ptr<Producer> producer;

    explicit Ground(std::vector<EmbeddedTopic> topics) {
        broker = EmbeddedCluster::start(std::move(topics)).value();
        cluster = Cluster::open(broker->connection(), {}).value();
        const auto ticket = prove_sandbox(broker->connection(), {}, 10s);
        producer = Producer::open(ticket.value(), {}, 10s).value();
        m_parts = parts_for(cluster);
    }
    void write(const std::string& topic, int partition, const std::string& key,
               const std::string& value, std::int64_t time_ms = -1, bool tombstone = false) const {
        OutRecord record;
        record.topic = topic;
        record.partition = partition;
        record.key = key;
        record.key_null = key.empty();
        record.value = value;
        record.value_null = tombstone;
        if (time_ms >= 0)
            record.timestamp = Micros::from_ms(time_ms);
        QVERIFY(producer->send(record).ok());
    }
    void flush() const { QVERIFY(producer->flush(20s).ok()); }
    SearchParts parts() const { return m_parts; }

  private:
    SearchParts m_parts;
};

/// Two who decode at the same time meet; one alone waits, and goes on when the test has failed.
struct Meeting {
    std::mutex mutex;
    std::condition_variable changed;
    int came = 0;
    void meet() {
        std::unique_lock lock(mutex);
        ++came;
        changed.notify_all();
        QVERIFY(changed.wait_for(lock, 20s, [this] { return came >= 2; }));
    }
};

class MeetingDecoder : public Decoder {
  public:
    MeetingDecoder(std::unique_ptr<Decoder> decoder, std::shared_ptr<Meeting> meeting)
        : m_decoder(std::move(decoder))
        , m_meeting(std::move(meeting)) {}
    void decode(RecordBatch records, SightingBatch& out) override {
        if (const auto meeting = std::exchange(m_meeting, nullptr))
            meeting->meet();
        m_decoder->decode(std::move(records), out);
    }
    DecodeReport explain(const RecordBatch& batch, const Record& record) override {
        return m_decoder->explain(batch, record);
    }
    const FieldPaths* field_paths(PlaceId place, ValueId dialect) override {
        return m_decoder->field_paths(place, dialect);
    }

  private:
    const std::unique_ptr<Decoder> m_decoder;
    std::shared_ptr<Meeting> m_meeting;
};

std::string page_view(const std::string& id, const std::string& more = "") {
    return R"({"event_id":")" + id + R"(","event_type":"page_view","event_time":")" +
           R"(2026-05-01T12:00:00Z","source":"client")" + more + "}";
}

} // namespace

class TestSearchEmbedded : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void one_event_is_found_among_many_and_all_was_read() {
        const Ground ground({{"raw_events", 4}});
        for (int i = 0; i < 2000; ++i)
            ground.write("raw_events", i % 4, "s" + std::to_string(i),
                         page_view("id-" + std::to_string(i) + "-x"));
        ground.flush();
        const Found found = find(request_for("raw_events", "id == \"id-1234-x\""), ground.parts());
        QCOMPARE(found.hits->places, std::vector<std::string>{"raw_events/2@308"});
        QCOMPARE(found.hits->values, std::vector<std::string>{page_view("id-1234-x")});
        QVERIFY(found.coverage.complete());
        QCOMPARE(found.plan.offsets_at_most, std::uint64_t{2000});
        QCOMPARE(found.lines(),
                 (std::vector<std::string>{"0: [0,500) read 500 matched 0 complete",
                                           "1: [0,500) read 500 matched 0 complete",
                                           "2: [0,500) read 500 matched 1 complete",
                                           "3: [0,500) read 500 matched 0 complete"}));
    }
    void an_empty_topic_says_so_at_once() {
        const Ground ground({{"nothing", 3}});
        const Found found = find(request_for("nothing", "anything"), ground.parts());
        QVERIFY(found.coverage.complete());
        QCOMPARE(found.plan.offsets_at_most, std::uint64_t{0});
        QVERIFY(found.coverage.summary().find("empty") != std::string::npos);
        QCOMPARE(found.lines().front(), std::string("0: [0,0) read 0 matched 0 empty"));
    }
    void a_partition_without_a_leader_leaves_the_search_incomplete() {
        const Ground ground({{"raw_events", 2}});
        for (int i = 0; i < 100; ++i)
            ground.write("raw_events", i % 2, "k", page_view("id-" + std::to_string(i)));
        ground.flush();
        ground.broker->move_leader("raw_events", 1, -1);
        const Found found = find(request_for("raw_events", "id == \"id-42\""), ground.parts());
        QCOMPARE(found.hits->places, std::vector<std::string>{"raw_events/0@21"});
        QVERIFY(!found.coverage.complete());
        QCOMPARE(found.lines(), (std::vector<std::string>{"0: [0,50) read 50 matched 1 complete",
                                                          "1: [-1,-1) read 0 matched 0 failed"}));
        QVERIFY2(found.coverage.summary().rfind("NOT complete", 0) == 0,
                 found.coverage.summary().c_str());
    }
    void a_topic_that_is_not_there_is_an_error() {
        const Ground ground({{"raw_events", 1}});
        const Found found = find(request_for("raw_event", "x"), ground.parts());
        QVERIFY(found.error.find("raw_event") != std::string::npos);
    }
    void ids_of_64_bits_and_more_are_matched_digit_by_digit() {
        const Ground ground({{"raw_events", 1}});
        for (const char* number : {"-7210194211959421178", "-7210194211959421177",
                                   "23958446825181076828", "23958446825181076829"})
            ground.write("raw_events", 0, "k",
                         page_view("e", std::string(R"(,"properties":{"order":)") + number + "}"));
        ground.flush();
        for (const char* number : {"-7210194211959421178", "23958446825181076828"}) {
            const Found found =
                find(request_for("raw_events", std::string("properties.order == ") + number),
                     ground.parts());
            QCOMPARE(found.hits->values.size(), std::size_t{1});
            QVERIFY(found.hits->values[0].find(number) != std::string::npos);
        }
    }
    void what_hides_behind_an_escape_is_found_too() {
        const Ground ground({{"raw_events", 1}});
        ground.write("raw_events", 0, "k", R"({"event_id":"a","name":"M\u00fcller"})");
        ground.write("raw_events", 0, "k", R"({"event_id":"b","name":"Meier"})");
        ground.flush();
        const Found found = find(request_for("raw_events", "name == \"Müller\""), ground.parts());
        QCOMPARE(found.hits->places, std::vector<std::string>{"raw_events/0@0"});
    }
    void the_event_in_a_dead_letter_is_found_in_any_wrapping() {
        const Ground ground({{"invalid_events", 1}});
        const std::string uuid = "7f3c91ab-1111-4000-8000-00000000abcd";
        std::string event = R"({"event_id":"%","event_type":"purchase","user_id":"ulla77"})";
        event.replace(event.find('%'), 1, uuid);
        std::string text;
        append_json_string(event, text);
        for (const std::string& original :
             {"\"original\":" + event, "\"original\":" + text,
              "\"original_base64\":\"" + base64_encoded(event) + "\""})
            ground.write("invalid_events", 0, "k",
                         R"({"reason":"schema","stage":"collect","pointer":"/a","message":"m",)" +
                             original + "}");
        ground.flush();
        for (const std::string& expression :
             {"id == " + uuid, std::string("id == 7F3C91AB11114000800000000000ABCD"),
              std::string("id endsWith abcd"), std::string("user == ulla77"),
              std::string("user in (ulla77)"), std::string("user startsWith i\"ULLA\""),
              "user == ulla77 and reason == schema and id == " + uuid}) {
            const Found found = find(request_for("invalid_events", expression), ground.parts());
            QCOMPARE(found.hits->places,
                     (std::vector<std::string>{"invalid_events/0@0", "invalid_events/0@1",
                                               "invalid_events/0@2"}));
            QVERIFY(found.coverage.complete());
        }
        const Found none = find(request_for("invalid_events", "user == ulla7"), ground.parts());
        QVERIFY(none.hits->places.empty());
    }
    void what_is_masked_in_a_dead_letters_event_cannot_be_found_there() {
        const Ground ground({{"invalid_events", 1}});
        const std::string event =
            R"({"event_id":"e","event_type":"x","user_id":"ada@example.com"})";
        ground.write("invalid_events", 0, "k",
                     R"({"reason":"schema","stage":"collect","pointer":"/a","message":"m",)"
                     "\"original_base64\":\"" +
                         base64_encoded(event) + "\"}");
        ground.flush();
        const auto request = request_for("invalid_events", "user == \"ada@example.com\"");
        QCOMPARE(find(request, ground.parts()).hits->values.size(), std::size_t{1});
        const auto masked = parts_for(ground.cluster, DisclosurePolicy::built_in_detectors());
        QVERIFY(find(request, masked).hits->values.empty());
    }
    void json_of_a_thousand_levels_is_read_filtered_and_masked() {
        const auto levels = [](std::size_t count, const std::string& innermost) {
            std::string text = R"(,"deep":)";
            for (std::size_t i = 0; i < count; ++i)
                text += i % 2 == 0 ? R"({"a":)" : "[";
            text += innermost;
            for (std::size_t i = count; i-- > 0;)
                text += i % 2 == 0 ? '}' : ']';
            return text;
        };
        const Ground ground({{"raw_events", 1}});
        ground.write("raw_events", 0, "k",
                     page_view("deep", levels(1'000, R"("ada@example.com")")));
        ground.write("raw_events", 0, "k",
                     page_view("deeper", levels(1'024, R"("ada@example.com")")));
        ground.flush();
        const auto expression = request_for("raw_events", "$.deep.a[0].a exists and id == deep");
        for (const auto& parts :
             {ground.parts(), parts_for(ground.cluster, DisclosurePolicy::built_in_detectors())}) {
            const Found found = find(expression, parts);
            QCOMPARE(found.hits->places, std::vector<std::string>{"raw_events/0@0"});
            QCOMPARE(found.hits->values.front().find("ada@") == std::string::npos,
                     parts.disclosure->masks());
            QVERIFY(found.hits->values.front().find("page_view") != std::string::npos);
        }
        const Found deeper = find(request_for("raw_events", ""), ground.parts());
        QCOMPARE(deeper.coverage.undecodable(), std::uint64_t{1});
    }
    void a_path_that_no_event_has_is_told_where_nothing_matches() {
        const Ground ground({{"raw_events", 1}});
        for (int i = 0; i < 20; ++i)
            ground.write("raw_events", 0, "k",
                         page_view("e" + std::to_string(i),
                                   R"(,"properties":{"price":12,"items":[{"sku":"a"}]})"));
        ground.flush();
        const auto remarks = [&](const std::string& expression) {
            return find(request_for("raw_events", expression), ground.parts()).remarks;
        };
        using Remarks = std::vector<std::string>;
        const std::string nowhere = " is in none of the 20 events looked into for it; near: ";
        QCOMPARE(remarks("properties.pirce > 1"),
                 Remarks{"properties.pirce" + nowhere + "properties.price"});
        // A word that no record holds rules all of them out unread: they are looked into all the
        // same.
        QCOMPARE(remarks("properties.pirce == \"nowhere\""),
                 Remarks{"properties.pirce" + nowhere + "properties.price"});
        QCOMPARE(remarks("price > 1"), Remarks{"price" + nowhere + "properties.price"});
        QCOMPARE(remarks("properties.items[*].sky == \"a\""),
                 Remarks{"properties.items[*].sky" + nowhere + "properties.items[*].sku"});
        QCOMPARE(remarks("properties.price > 100"), Remarks{});   // it is there
        QCOMPARE(remarks("not properties.pirce > 1"), Remarks{}); // something matches
        QCOMPARE(remarks("type == \"signup\""), Remarks{});
    }
    void tombstones_and_garbage_are_read_counted_and_can_be_found() {
        const Ground ground({{"mixed", 1}});
        ground.write("mixed", 0, "gone", "", -1, true);
        ground.write("mixed", 0, "k1", "\xff\xfe not json needle");
        ground.write("mixed", 0, "k2", "{\"event_id\": \"cut off needle");
        ground.write("mixed", 0, "k3", page_view("good"));
        ground.flush();
        const Found tomb = find(request_for("mixed", "key == \"gone\""), ground.parts());
        QCOMPARE(tomb.hits->values, std::vector<std::string>{"<null>"});
        QVERIFY(tomb.coverage.complete());
        const Found garbage = find(request_for("mixed", "needle"), ground.parts());
        QCOMPARE(garbage.hits->places, (std::vector<std::string>{"mixed/0@1", "mixed/0@2"}));
        QCOMPARE(garbage.coverage.read(), std::uint64_t{4});
        QVERIFY(garbage.coverage.undecodable() >= 1);
    }
    void a_limit_ends_the_search_and_its_coverage_says_how_far_it_came() {
        const Ground ground({{"raw_events", 1}});
        for (int i = 0; i < 1000; ++i)
            ground.write("raw_events", 0, "k", page_view("e" + std::to_string(i)));
        ground.flush();
        SearchRequest request = request_for("raw_events", "page_view");
        request.limit = 7;
        const Found found = find(request, ground.parts());
        QCOMPARE(found.hits->values.size(), std::size_t{7});
        QVERIFY(!found.coverage.complete());
        const PartitionCoverage& p = found.coverage.partitions.at(0);
        QCOMPARE(p.stop, SearchStop::Limit);
        QCOMPARE(p.read_to, Offset(7));
        QCOMPARE(p.read, std::uint64_t{7});
    }
    void what_the_limit_cuts_off_makes_an_ordered_answer_incomplete() {
        const Ground ground({{"raw_events", 2}});
        for (int i = 0; i < 20; ++i)
            ground.write("raw_events", i % 2, "k", page_view("e" + std::to_string(i)),
                         1'700'000'000'000 + i * 1000);
        ground.flush();
        SearchRequest request = request_for("raw_events", "page_view");
        for (const SearchOrder order : {SearchOrder::OldestFirst, SearchOrder::NewestFirst}) {
            request.order = order;
            request.limit = 7;
            const Found cut = find(request, ground.parts());
            QCOMPARE(cut.hits->values.size(), std::size_t{7});
            QVERIFY2(!cut.coverage.complete(), cut.coverage.summary().c_str());
            request.limit = 20; // exactly as many as there are
            const Found all = find(request, ground.parts());
            QCOMPARE(all.hits->values.size(), std::size_t{20});
            QCOMPARE(all.coverage.left_out, std::uint64_t{0});
            QVERIFY2(all.coverage.complete(), all.coverage.summary().c_str());
        }
        request.order = SearchOrder::NewestFirst; // one slice holds the whole topic
        request.limit = 7;
        const Found newest = find(request, ground.parts());
        QCOMPARE(newest.coverage.read(), std::uint64_t{20});
        QCOMPARE(newest.coverage.left_out, std::uint64_t{13});
        QVERIFY2(newest.coverage.summary().find("13 matches left out by the limit") !=
                     std::string::npos,
                 newest.coverage.summary().c_str());
    }
    void a_match_that_was_refused_is_not_counted_as_read() {
        KeptHits hits;
        SearchOutlet outlet(hits, SearchOrder::AsRead, 1);
        SearchShared shared;
        for (const int partition : {0, 1})
            shared.slots.add(std::make_unique<SearchSlot>("raw_events", PartitionId(partition),
                                                          Offset(0), Offset(0), Offset(2)));
        ScriptedSource source(2); // one stream a partition: the second finds the outlet closed
        for (const int partition : {0, 0, 1, 1})
            source.add("raw_events", partition, native_event("e"));
        source.finish();
        const SearchParts parts = parts_for(nullptr);
        ScanParts scan{
            filter("page_view"), parts.vocabulary, parts.disclosure, parts.make_decoder, {}, {}};
        for (const int stream : {0, 1}) {
            shared.stop = false; // the lanes run at once: neither sees the other's in time
            SearchLane(scan, shared, outlet, SearchOrder::AsRead).run(source, stream, 10'000'000);
        }
        QCOMPARE(hits.places, std::vector<std::string>{"raw_events/0@0"});
        QCOMPARE(shared.slots.all()[0]->coverage().read, std::uint64_t{1});
        QCOMPARE(shared.slots.all()[1]->coverage().read, std::uint64_t{0});
        QCOMPARE(shared.slots.all()[1]->coverage().matched, std::uint64_t{0});
    }
    void a_limit_is_kept_whether_memory_or_the_topic_reaches_it() {
        const Ground ground({{"raw_events", 1}});
        for (int i = 0; i < 1000; ++i)
            ground.write("raw_events", 0, "k", page_view("e" + std::to_string(i)));
        ground.flush();
        SearchParts parts = ground.parts();
        parts.memory = {remembered(parts, "raw_events", 10)};
        SearchRequest request = request_for("raw_events", "page_view");
        request.limit = 5;
        request.order = SearchOrder::NewestFirst;
        const Found found = find(request, parts);
        QCOMPARE(found.hits->places.size(), std::size_t{5});
        QCOMPARE(found.hits->places.front(), std::string("raw_events/0@999"));
        QVERIFY(!found.coverage.complete());
    }
    void memory_is_looked_through_while_the_topic_is_read() {
        const Ground ground({{"raw_events", 1}});
        for (int i = 0; i < 1000; ++i)
            ground.write("raw_events", 0, "k", page_view("e" + std::to_string(i)));
        ground.flush();
        SearchParts parts = ground.parts();
        parts.memory = {remembered(parts, "raw_events", 10)};
        const auto meeting = std::make_shared<Meeting>();
        parts.make_decoder = [make = parts.make_decoder, meeting] {
            return std::make_unique<MeetingDecoder>(make(), meeting);
        };
        const Found found = find(request_for("raw_events", "page_view"), parts);
        QCOMPARE(found.hits->places.size(), std::size_t{1000}); // each once
        QVERIFY2(found.coverage.complete(), found.coverage.summary().c_str());
    }
    void memory_of_a_topic_that_was_made_anew_hides_nothing_of_it() {
        const Ground before({{"raw_events", 1}});
        const Ground after({{"raw_events", 1}});
        for (int i = 0; i < 10; ++i) {
            before.write("raw_events", 0, "k", page_view("old-" + std::to_string(i)));
            // Some records are the same to the byte, but for their time.
            after.write("raw_events", 0, "k",
                        page_view((i < 5 ? "old-" : "new-") + std::to_string(i)),
                        1'700'000'000'000);
        }
        before.flush();
        after.flush();
        SearchParts parts = before.parts();
        parts.memory = {remembered(parts, "raw_events", 10)};
        parts.open_reader = after.parts().open_reader;
        const Found found = find(request_for("raw_events", "page_view"), parts);
        QCOMPARE(found.coverage.read(), std::uint64_t{10});
        int of_the_topic = 0;
        for (const std::int64_t time : found.hits->times_ms)
            of_the_topic += time == 1'700'000'000'000 ? 1 : 0;
        QCOMPARE(of_the_topic, 10);
        QCOMPARE(found.coverage.vanished, std::uint64_t{10});
        QVERIFY2(found.coverage.summary().find("10 matches from memory no longer in the topic") !=
                     std::string::npos,
                 found.coverage.summary().c_str());
    }
    void what_was_not_looked_into_is_not_called_decodable() {
        const Ground ground({{"mixed", 1}});
        for (int i = 0; i < 50; ++i)
            ground.write("mixed", 0, "k", page_view("e" + std::to_string(i)));
        ground.write("mixed", 0, "k", "{\"event_id\": broken}");
        ground.write("mixed", 0, "k", "{\"event_id\": \"cut off");
        ground.flush();
        const Found all = find(request_for("mixed", ""), ground.parts());
        QCOMPARE(all.coverage.decoded(), std::uint64_t{52});
        const Found one = find(request_for("mixed", "id == \"e7\""), ground.parts());
        QCOMPARE(one.coverage.read(), std::uint64_t{52});
        QVERIFY(one.coverage.decoded() < 52);
        QVERIFY(one.coverage.undecodable() <= one.coverage.decoded());
        QVERIFY2(one.coverage.summary().find(" looked into") != std::string::npos,
                 one.coverage.summary().c_str());
    }
    void newest_first_and_oldest_first_are_in_the_order_of_time() {
        const Ground ground({{"raw_events", 3}});
        for (int i = 0; i < 300; ++i)
            ground.write("raw_events", i % 3, "k", page_view("e" + std::to_string(i)),
                         1'700'000'000'000 + i * 1000);
        ground.flush();
        SearchRequest request = request_for("raw_events", "page_view");
        request.order = SearchOrder::OldestFirst;
        const Found oldest = find(request, ground.parts());
        QCOMPARE(oldest.hits->times_ms.size(), std::size_t{300});
        QVERIFY(std::is_sorted(oldest.hits->times_ms.begin(), oldest.hits->times_ms.end()));
        QVERIFY(oldest.coverage.complete() && oldest.coverage.ordered);
        request.order = SearchOrder::NewestFirst;
        const Found newest = find(request, ground.parts());
        QCOMPARE(newest.hits->times_ms.size(), std::size_t{300});
        QVERIFY(std::is_sorted(newest.hits->times_ms.rbegin(), newest.hits->times_ms.rend()));
        QVERIFY(newest.coverage.complete() && newest.coverage.ordered);
        QCOMPARE(newest.coverage.read(), std::uint64_t{300});
        request.limit = 2;
        const Found two = find(request, ground.parts());
        QCOMPARE(two.hits->times_ms,
                 (std::vector<std::int64_t>{1'700'000'299'000, 1'700'000'298'000}));
    }
    void a_key_reads_one_partition_and_says_what_it_assumed() {
        const Ground ground({{"raw_events", 8}});
        for (int i = 0; i < 800; ++i) // by key: the producer partitions as Java clients do
            ground.write("raw_events", -1, "session-" + std::to_string(i % 200),
                         page_view("e" + std::to_string(i)));
        ground.flush();
        SearchRequest request = request_for("raw_events", "key == \"session-77\"");
        const Found pruned = find(request, ground.parts());
        QCOMPARE(pruned.hits->values.size(), std::size_t{4});
        QCOMPARE(pruned.coverage.assumed, std::string("murmur2"));
        QVERIFY(!pruned.coverage.complete());
        QCOMPARE(pruned.plan.partitions, std::size_t{1});
        QCOMPARE(pruned.plan.partitions_left_out, std::size_t{7});
        request.exhaustive = true;
        const Found whole = find(request, ground.parts());
        QCOMPARE(whole.hits->values.size(), std::size_t{4});
        QVERIFY(whole.coverage.assumed.empty() && whole.coverage.complete());
    }
    void keys_that_no_partitioner_explains_leave_nothing_out() {
        const Ground ground({{"raw_events", 4}});
        for (int i = 0; i < 400; ++i)
            ground.write("raw_events", i % 4, "session-" + std::to_string(i), page_view("e"));
        ground.flush();
        const Found found =
            find(request_for("raw_events", "key == \"session-78\""), ground.parts());
        QCOMPARE(found.hits->values.size(), std::size_t{1});
        QVERIFY(found.coverage.assumed.empty() && found.coverage.complete());
        QCOMPARE(found.coverage.read(), std::uint64_t{400});
    }
    void terms_on_partition_and_offset_leave_out_only_what_cannot_match() {
        const Ground ground({{"raw_events", 3}});
        for (int i = 0; i < 300; ++i)
            ground.write("raw_events", i % 3, "k", page_view("e" + std::to_string(i)));
        ground.flush();
        const Found found =
            find(request_for("raw_events", "partition == 1 and offset >= 40 and offset < 45"),
                 ground.parts());
        QCOMPARE(found.hits->values.size(), std::size_t{5});
        QCOMPARE(found.lines(), std::vector<std::string>{"1: [40,45) read 5 matched 5 complete"});
        const Found never =
            find(request_for("raw_events", "partition == 1 and partition == 2"), ground.parts());
        QVERIFY(never.coverage.contradictory && never.coverage.complete());
    }
    void cancelling_keeps_what_was_found_and_says_cancelled() {
        const Ground ground({{"raw_events", 1}});
        for (int i = 0; i < 5000; ++i)
            ground.write("raw_events", 0, "k", page_view("e" + std::to_string(i)));
        ground.flush();
        struct Hesitant : KeptHits { // cancels the search from within, after the first match
            Search* search = nullptr;
            bool take(const HitView& hit) override {
                search->cancel();
                return KeptHits::take(hit);
            }
        };
        auto search = Search::prepare(request_for("raw_events", "page_view"), ground.parts());
        QVERIFY(search.ok());
        auto sink = std::make_shared<Hesitant>();
        sink->search = search->get();
        (*search)->start(sink);
        QVERIFY((*search)->wait_for(20s));
        QVERIFY(!sink->values.empty());
        QVERIFY(sink->values.size() < 5000);
        QCOMPARE((*search)->coverage().partitions.at(0).stop, SearchStop::Cancelled);
        QVERIFY(!(*search)->coverage().complete());
    }
    void a_batch_is_as_many_matches_as_events_in_it_match() {
        const Ground ground({{"raw_events", 1}});
        ground.write("raw_events", 0, "k", segment_batch("a", {"signup", "purchase", "signup"}));
        ground.write("raw_events", 0, "k", segment_batch("b", {"signup"}));
        ground.write("raw_events", 0, "k", segment_batch("c", {"purchase", "purchase"}));
        ground.flush();
        const Found found = find(request_for("raw_events", "type == \"signup\""), ground.parts());
        QCOMPARE(
            found.hits->places,
            (std::vector<std::string>{"raw_events/0@0[0]", "raw_events/0@0[2]", "raw_events/0@1"}));
        // Its own bytes where there are several, the record's text where it is the only one.
        QCOMPARE(found.hits->values, (std::vector<std::string>{segment_call("a", 0, "signup"),
                                                               segment_call("a", 2, "signup"),
                                                               segment_batch("b", {"signup"})}));
        QCOMPARE(found.lines(), std::vector<std::string>{"0: [0,3) read 3 matched 3 complete"});
        const Found all = find(request_for("raw_events", ""), ground.parts());
        QCOMPARE(all.coverage.matched(), std::uint64_t{6});
        QCOMPARE(all.coverage.read(), std::uint64_t{3});
    }
    void a_limit_in_the_middle_of_a_batch_leaves_its_record_unread() {
        const Ground ground({{"raw_events", 1}});
        ground.write("raw_events", 0, "k", segment_batch("a", {"x", "x"}));
        ground.write("raw_events", 0, "k", segment_batch("b", {"x", "x", "x"}));
        ground.flush();
        SearchRequest request = request_for("raw_events", "type == \"x\"");
        request.limit = 3;
        const Found three = find(request, ground.parts());
        QCOMPARE(three.hits->places,
                 (std::vector<std::string>{"raw_events/0@0[0]", "raw_events/0@0[1]",
                                           "raw_events/0@1[0]"}));
        QCOMPARE(three.lines(), std::vector<std::string>{"0: [0,2) read 1 matched 3 limit"});
        request.limit = 5;
        QCOMPARE(find(request, ground.parts()).coverage.read(), std::uint64_t{2});
    }
    void events_of_a_batch_in_memory_come_once_and_in_order() {
        const Ground ground({{"raw_events", 1}});
        for (const char* name : {"a", "b"})
            ground.write("raw_events", 0, "k", segment_batch(name, {"x", "x"}), 1'000);
        ground.flush();
        SearchParts parts = ground.parts();
        parts.memory = {remembered(parts, "raw_events", 1)};
        SearchRequest request = request_for("raw_events", "type == \"x\"");
        request.order = SearchOrder::OldestFirst;
        std::vector<std::string> places{"raw_events/0@0[0]", "raw_events/0@0[1]",
                                        "raw_events/0@1[0]", "raw_events/0@1[1]"};
        const Found oldest = find(request, parts);
        QCOMPARE(oldest.hits->places, places);
        QVERIFY(oldest.coverage.complete());
        request.order = SearchOrder::NewestFirst;
        std::reverse(places.begin(), places.end());
        QCOMPARE(find(request, parts).hits->places, places);
    }
    void what_is_masked_in_a_batch_of_one_is_no_reason_to_lose_its_fields() {
        const Ground ground({{"raw_events", 1}});
        ground.write("raw_events", 0, "k", segment_batch("a", {"x"}));
        ground.flush();
        struct Bodies : KeptHits {
            std::vector<std::string> bodies;
            bool take(const HitView& hit) override {
                bodies.emplace_back(hit.body());
                return KeptHits::take(hit);
            }
        };
        const auto sink = std::make_shared<Bodies>();
        auto search =
            Search::prepare(request_for("raw_events", ""),
                            parts_for(ground.cluster, DisclosurePolicy::built_in_detectors()));
        (*search)->start(sink);
        QVERIFY((*search)->wait_for(20s));
        std::string call = segment_call("a", 0, "x");
        call.replace(call.find("u-0"), 3, "•-•");
        QCOMPARE(sink->bodies, std::vector<std::string>{call});
    }
    void what_is_masked_cannot_be_found_by_searching_for_it() {
        const Ground ground({{"raw_events", 1}});
        ground.write("raw_events", 0, "k",
                     page_view("a", R"(,"user":{"email":"ada@example.com"})"));
        ground.flush();
        const auto parts = parts_for(ground.cluster, DisclosurePolicy::built_in_detectors());
        const Found masked = find(request_for("raw_events", "ada@example.com"), parts);
        QVERIFY(masked.hits->values.empty() && masked.coverage.complete());
        const Found shown = find(request_for("raw_events", "page_view"), parts);
        QCOMPARE(shown.hits->values.size(), std::size_t{1});
        QVERIFY(shown.hits->values[0].find("ada@") == std::string::npos);
        const Found plain = find(request_for("raw_events", "ada@example.com"), ground.parts());
        QCOMPARE(plain.hits->values.size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestSearchEmbedded)
#include "tst_search_embedded.moc"

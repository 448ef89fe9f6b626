// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <set>

#include "tests/models/event/decode/decode_story.h"

using namespace weir;
using namespace weir::test;

namespace {

DecodeOptions of_place(PlaceDecoding place) {
    DecodeOptions options;
    options.places.push_back(std::move(place));
    return options;
}

std::string click(const std::string& id, const std::string& more = "") {
    return "{\"event_id\":\"" + id + "\",\"event_type\":\"click\",\"schema_version\":1" + more +
           "}";
}

PartitionEvent note(PartitionNote what, std::int64_t from, std::int64_t to) {
    PartitionEvent event;
    event.topic = "t";
    event.note = what;
    event.from = Offset(from);
    event.to = Offset(to);
    return event;
}

} // namespace

class TestDecoder : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_was_read_before_does_not_change_what_is_read() {
        // Keys in other orders, of the same name elsewhere, escaped, spaced, cut off or broken: a
        // decoder that has seen all of them reads each as one that has seen none.
        const std::string tail = ",\"properties\":{\"price\":1,\"platform\":\"none\"}}";
        const std::vector<std::string> values = {
            click("a", ",\"platform\":\"web\",\"context\":{\"app_version\":\"1\"}") + "",
            click("b", ",\"context\":{\"app_version\":\"2\",\"platform\":\"x\"}"),
            "{\"schema_version\":1,\"event_type\":\"view\",\"event_id\":\"c\"" + tail,
            "{\"event_id\":\"d\",\"event_type\":\"view\",\"context\":{\"context\":"
            "{\"app_version\":\"no\"},\"app_version\":\"3\"}" +
                tail,
            "{\"event_id\" : \"e\",\"event\\u005ftype\":\"view\",\"source\":\"client\"" + tail,
            "{\"event_id\":\"f\",\"event_type\":\"view\",\"event_type\":\"last\"" + tail,
            "{\"event_id\":\"g\",\"event_type\":\"v\",\"schema_version\":1}",
            "{\"event_id\":\"h\",\"event_type\":\"v\",\"schema_version\"",
            "{\"event_id\":\"h\",\"event_type\":\"v\",\"schema_version\":1,\"context\":[",
            "{\"event_id\":\"i\",\"event_type\":\"v\",\"context\":[{\"app_version\":\"4\"}]" + tail,
            "[" + click("j") + "," + click("k", ",\"platform\":\"ios\"") + "]"};
        DecodeStory old;
        for (std::size_t round = 0; round < 3 * values.size(); ++round)
            for (std::size_t i = 0; i < values.size(); ++i) {
                const std::string& value = values[(i * (1 + round % 7) + round) % values.size()];
                DecodeStory fresh;
                const std::vector<Sighting> wanted = fresh.read(value);
                const std::vector<Sighting> got = old.read(value);
                QCOMPARE(got.size(), wanted.size());
                for (std::size_t n = 0; n < got.size(); ++n) {
                    QCOMPARE(old.line(got[n]), fresh.line(wanted[n]));
                    QCOMPARE(old.reason(got[n]), fresh.reason(wanted[n]));
                }
            }
    }

    void an_id_is_the_same_however_it_is_written() {
        DecodeStory story;
        std::set<std::uint64_t> keys;
        for (const char* id :
             {"0190d4c1-7a2b-7c3d-8e4f-5a6b7c8d9e0f", "0190D4C1-7A2B-7C3D-8E4F-5A6B7C8D9E0F",
              "0190d4c17a2b7c3d8e4f5a6b7c8d9e0f", "{0190d4c1-7a2b-7c3d-8e4f-5a6b7c8d9e0f}",
              "\\u0030190d4c17a2b7c3d8e4f5a6b7c8d9e0f"})
            keys.insert(story.read(click(id)).front().key.value());
        QCOMPARE(keys.size(), 1U);
        QCOMPARE(*keys.begin(), hash_event_id("0190D4C17A2B7C3D8E4F5A6B7C8D9E0F").value());
        // Numbers are compared as they are written, to the last digit.
        const std::string number = R"({"event_id":23958446825181076828,"event_type":"a"})";
        QCOMPARE(story.read(number).front().key, hash_event_id("23958446825181076828"));
    }

    void without_an_id_there_is_the_origin_and_then_the_coordinates() {
        DecodeStory story;
        const std::string value = R"({"event_type":"click","schema_version":1,"event_id":null})";
        const Sighting plain = story.read(value).front();
        QCOMPARE(plain.key_source, KeySource::Coordinates);
        QCOMPARE(plain.key, hash_coordinates("t", PartitionId(0), Offset(0), 0));
        const Sighting moved = story.read(value, {{"weir-origin", "raw_events/3/77"}}).front();
        QCOMPARE(moved.key_source, KeySource::Origin);
        QCOMPARE(moved.key, hash_coordinates("raw_events", PartitionId(3), Offset(77), 0));
        QCOMPARE(story.vocabulary->places->name(moved.origin.place), std::string("raw_events"));
        QCOMPARE(story.vocabulary->places->name(moved.place), std::string("t"));
        for (const char* broken : {"", "raw_events", "raw_events/3", "/3/77", "t/x/7", "t/-1/7"})
            QCOMPARE(story.read(value, {{"weir-origin", broken}}).front().key_source,
                     KeySource::Coordinates);
    }

    void a_replayed_event_says_in_which_run() {
        DecodeStory story;
        const Sighting s =
            story.read(click("a"), {{"weir-replay-run", "run-7"}, {"weir-replay-count", "2"}})
                .front();
        QCOMPARE(story.vocabulary->replay_runs->text(s.replay_run), std::string("run-7"));
        QCOMPARE(int(s.replay_count), 2);
        QCOMPARE(story.read(click("a"), {{"weir-replay-count", "9999"}}).front().replay_count,
                 std::uint8_t(255));
    }

    void a_place_may_name_its_dialect_and_where_the_id_is() {
        PlaceDecoding orders;
        orders.place = "t";
        orders.dialect = "native";
        orders.id_paths = {"order.id", "header:order-id"};
        DecodeOptions options = of_place(orders);
        options.dimension_paths = {{"tenant", {"properties.tenant", "header[\"tenant\"]"}}};
        DecodeStory story(options, {"type", "tenant"});
        const Sighting body =
            story.read(R"({"order":{"id":"o-1"},"properties":{"tenant":"acme"}})").front();
        QCOMPARE(body.key, hash_event_id("o-1"));
        QCOMPARE(story.dimension(body, "tenant"), std::string("acme"));
        const Sighting header =
            story.read(click("e-1"), {{"order-id", "o-2"}, {"tenant", "zeta"}}).front();
        QCOMPARE(header.key, hash_event_id("o-2"));
        QCOMPARE(story.dimension(header, "tenant"), std::string("zeta"));
    }

    void json_that_is_no_event_of_the_named_dialect_is_undecodable() {
        PlaceDecoding place;
        place.place = "t";
        place.dialect = "native";
        DecodeStory story(of_place(place));
        QCOMPARE(story.line(story.read(R"({"a":1})").front()),
                 std::string("json undecodable coordinates reason=none of the dialect's fields"));
        QCOMPARE(story.line(story.read(R"({"event_type":"x"})").front()),
                 std::string("native seen coordinates type=x"));
        QCOMPARE(story.out.undecodable, 0U);
    }

    void a_named_dialect_brings_its_family_along() {
        DecodeOptions options;
        options.dialect = "native";
        DecodeStory native(options);
        QCOMPARE(native.dialect(native.read(fixture("native-dead-letter.json")).front()),
                 std::string("native-dead-letter"));
        QCOMPARE(native.dialect(native.read(fixture("native.json")).front()),
                 std::string("native"));
        QCOMPARE(native.dialect(native.read(fixture("segment.json")).front()), std::string("json"));
        options.dialect = "snowplow";
        DecodeStory snowplow(options);
        QCOMPARE(snowplow.dialect(snowplow.read(fixture("snowplow-enriched.tsv")).front()),
                 std::string("snowplow-enriched"));
        QCOMPARE(snowplow.dialect(snowplow.read(fixture("snowplow-bad-row.json")).front()),
                 std::string("snowplow-bad-row"));
        QVERIFY(DialectSet::built_in()->knows("auto"));
        QVERIFY(DialectSet::built_in()->knows("snowplow"));
        QVERIFY(!DialectSet::built_in()->knows("snow"));
        QVERIFY(!DialectSet::built_in()->knows("spring-kafka-dead-letter"));
    }

    void cloudevents_in_headers_are_read_with_any_body() {
        DecodeStory story;
        const DecodeStory::Headers headers = {{"ce_specversion", "1.0"},
                                              {"ce_id", "e-1"},
                                              {"ce_type", "order.placed"},
                                              {"ce_source", "/shop"},
                                              {"ce_time", "2026-11-20T10:15:30Z"}};
        QCOMPARE(story.line(story.read(R"({"platform":"ios"})", headers).front()),
                 std::string("cloudevents-binary seen id type=order.placed source=/shop "
                             "platform=ios event=30000ms"));
        QCOMPARE(story.line(story.read("\xFF\xFE not JSON", headers).front()),
                 std::string("cloudevents-binary seen id type=order.placed source=/shop "
                             "event=30000ms"));
    }

    void headers_of_a_failure_say_why_and_where_from_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<DecodeStory::Headers>("headers");
        QTest::addColumn<bool>("has_origin");
        QTest::newRow("native") << QByteArray("native failed id reason=schema_violation type=click "
                                              "schema_version=1")
                                << DecodeStory::Headers{{"weir-reason", "schema_violation"},
                                                        {"weir-stage", "collector"},
                                                        {"weir-origin", "raw/5/9"}}
                                << true;
        QTest::newRow("Kafka Connect")
            << QByteArray("native failed id reason=DataException type=click schema_version=1")
            << DecodeStory::Headers{{"__connect.errors.topic", "raw"},
                                    {"__connect.errors.partition", "5"},
                                    {"__connect.errors.offset", "9"},
                                    {"__connect.errors.exception.class.name",
                                     "org.apache.kafka.connect.errors.DataException"}}
            << true;
        QTest::newRow("Spring")
            << QByteArray("native failed id reason=BadEvent type=click schema_version=1")
            << DecodeStory::Headers{{"kafka_dlt-exception-fqcn",
                                     "org.springframework.ListenerFailed"},
                                    {"kafka_dlt-exception-cause-fqcn",
                                     "com.shop.Listener$BadEvent"},
                                    {"kafka_dlt-original-topic", "raw"},
                                    {"kafka_dlt-original-partition", std::string("\0\0\0\x05", 4)},
                                    {"kafka_dlt-original-offset",
                                     std::string("\0\0\0\0\0\0\0\x09", 8)}}
            << true;
        QTest::newRow("Spring, the least of it")
            << QByteArray("native failed id reason=unspecified type=click schema_version=1")
            << DecodeStory::Headers{{"kafka_dlt-exception-message", "no"}} << false;
    }
    void headers_of_a_failure_say_why_and_where_from() {
        QFETCH(QByteArray, line);
        QFETCH(DecodeStory::Headers, headers);
        QFETCH(bool, has_origin);
        DecodeStory story;
        const Sighting s = story.read(click("a"), headers).front();
        QCOMPARE(QByteArray::fromStdString(story.line(s)), line);
        QCOMPARE(s.origin.known(), has_origin);
        if (has_origin) {
            QCOMPARE(story.vocabulary->places->name(s.origin.place), std::string("raw"));
            QCOMPARE(s.origin.partition, PartitionId(5));
            QCOMPARE(s.origin.offset, Offset(9));
        }
        // A replayed event still carries the headers of its failure, and is none.
        headers.emplace_back("weir-replay-run", "run-1");
        QCOMPARE(story.read(click("a"), headers).front().outcome, Outcome::Seen);
    }

    void whatever_lies_in_a_dead_letter_place_has_failed() {
        PlaceDecoding place;
        place.place = "t";
        place.dead_letters = true;
        DecodeStory story(of_place(place));
        QCOMPARE(story.line(story.read(click("a")).front()),
                 std::string("native failed id reason=unspecified type=click schema_version=1"));
        QCOMPARE(story.line(story.read("{broken").front()),
                 std::string("text undecodable coordinates reason=not JSON: expected a key in "
                             "quotes"));
    }

    void the_event_in_a_dead_letter_keeps_its_key_in_any_wrapping() {
        DecodeStory story;
        const EventHash key = hash_event_id("e-1");
        const std::string head = R"({"reason":"late","stage":"load","message":"m",)";
        for (const std::string& original :
             {std::string("\"original\":{\"event_id\":\"e-1\",\"event_type\":\"click\"}"),
              std::string("\"original\":\"{\\\"event_id\\\":\\\"e-1\\\",\\\"event_type\\\":"
                          "\\\"click\\\"}\""),
              std::string(
                  "\"original\":{\"messageId\":\"e-1\",\"type\":\"click\",\"sentAt\":\"x\"}"),
              std::string("\"original_base64\":"
                          "\"eyJldmVudF9pZCI6ImUtMSIsImV2ZW50X3R5cGUiOiJjbGljayJ9\"")}) {
            const Sighting s = story.read(head + original + "}").front();
            QCOMPARE(s.key, key);
            QCOMPARE(story.dimension(s, "type"), std::string("click"));
            QCOMPARE(story.reason(s), std::string("late"));
            QCOMPARE(s.outcome, Outcome::Failed);
            QCOMPARE(story.dialect(s), std::string("native-dead-letter"));
        }
        const Sighting garbage = story.read(head + "\"original\":\"\\u0000 no JSON\"}").front();
        QCOMPARE(garbage.key_source, KeySource::Coordinates);
        QCOMPARE(garbage.outcome, Outcome::Failed);
    }

    void the_event_in_a_dead_letter_has_what_a_header_says_of_it() {
        DecodeOptions options;
        options.dimension_paths = {{"tenant", {"tenant", "header:x-tenant"}}};
        DecodeStory story(options, {"type", "tenant"});
        const std::string head = R"({"reason":"r","stage":"s","pointer":"/a","message":"m",)";
        const auto tenant = [&](const std::string& original) {
            const Sighting s = story.read(head + original + "}", {{"x-tenant", "acme"}}).front();
            return story.dimension(s, "tenant");
        };
        QCOMPARE(tenant("\"original\":" + click("a")), std::string("acme"));
        QCOMPARE(tenant("\"original\":" + click("a", ",\"tenant\":\"t-2\"")), std::string("t-2"));
        QCOMPARE(tenant("\"original\":\"no JSON\""), std::string("acme"));
    }

    void a_record_of_many_events_yields_each_with_its_own_bytes() {
        DecodeStory story;
        const std::string first = click("a");
        const std::string second = click("b", ",\"properties\":{\"x\":[1,{\"y\":\"]\"}]}");
        for (const std::string& value :
             {"[" + first + " , " + second + "]", first + "\n" + second + "\n",
              first + "\r\n\r\n" + second}) {
            const auto& sightings = story.read(value);
            QCOMPARE(sightings.size(), 2U);
            QCOMPARE(std::string(story.out.body(sightings[0])), first);
            QCOMPARE(std::string(story.out.body(sightings[1])), second);
            QCOMPARE(sightings[1].ordinal, std::uint16_t(1));
            QCOMPARE(sightings[1].key, hash_event_id("b"));
            QCOMPARE(story.out.value_hash(sightings[1]), hash_value(second));
        }
    }

    void a_bad_line_does_not_take_its_neighbours_along() {
        DecodeStory story;
        story.read(click("a") + "\n{\"event_id\":\n" + click("c"));
        QCOMPARE(story.lines(), std::string("native seen id type=click schema_version=1\n"
                                            "text undecodable coordinates reason=a line that is "
                                            "not JSON\n"
                                            "native seen id type=click schema_version=1\n"));
        QCOMPARE(story.out.undecodable, 1U);
    }

    void events_past_the_limit_of_a_record_are_counted() {
        DecodeOptions options;
        options.max_events_per_record = 2;
        options.max_payload_bytes = 1'000;
        DecodeStory story(options);
        QCOMPARE(story.read("[" + click("a") + "," + click("b") + "," + click("c") + "]").size(),
                 2U);
        QCOMPARE(story.out.cut.size(), std::size_t{1});
        QCOMPARE(story.out.cut[0].left_out, 1U);
        QCOMPARE(story.read(click("a") + "\n" + click("b") + "\n" + click("c")).size(), 2U);
        QCOMPARE(story.out.cut.size(), std::size_t{1});
        QCOMPARE(story.out.cut[0].left_out, 1U);
        const Sighting big = story.read(click(std::string(2'000, 'x'))).front();
        QCOMPARE(big.outcome, Outcome::Undecodable);
        QCOMPARE(story.reason(big), std::string("larger than the decoder's limit"));
    }

    void what_nobody_can_read_is_a_sighting_too_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("JSON of its own kind")
            << QByteArray(R"({"a":1})") << QByteArray("json seen coordinates");
        QTest::newRow("a number") << QByteArray("42") << QByteArray("json seen coordinates");
        QTest::newRow("an empty list") << QByteArray("[]") << QByteArray("json seen coordinates");
        QTest::newRow("a list of numbers")
            << QByteArray("[1,2]") << QByteArray("json seen coordinates");
        QTest::newRow("text") << QByteArray("hello") << QByteArray("text seen coordinates");
        QTest::newRow("nothing") << QByteArray("") << QByteArray("text seen coordinates");
        QTest::newRow("a line of a log")
            << QByteArray("[INFO] 12 ms: GET /cart") << QByteArray("text seen coordinates");
        QTest::newRow("a list cut off") << QByteArray("[ {\"a\":1},")
                                        << QByteArray("text undecodable coordinates reason=not "
                                                      "JSON: expected a value, found the end");
        QTest::newRow("bytes") << QByteArray("\x00\xFF\x80", 3)
                               << QByteArray("hex undecodable coordinates reason=not UTF-8");
        QTest::newRow("an event cut off")
            << QByteArray(R"({"event_id":"a","event_type":"b")")
            << QByteArray("text undecodable coordinates reason=not JSON: expected ',' or '}', "
                          "found the end");
        QTest::newRow("tru") << QByteArray(R"({"event_id":"a","event_type":"b","x":tru})")
                             << QByteArray("text undecodable coordinates reason=not JSON: "
                                           "expected a value");
        QTest::newRow("garbage behind")
            << QByteArray(R"({"event_id":"a","event_type":"b"} x)")
            << QByteArray("text undecodable coordinates reason=not JSON: text behind the value");
        QTest::newRow("not UTF-8 where nobody looks")
            << QByteArray("{\"event_id\":\"a\",\"event_type\":\"b\",\"x\":\"\xFF\"}")
            << QByteArray("hex undecodable coordinates reason=not UTF-8");
        QTest::newRow("1,025 levels")
            << QByteArray(1'025, '[')
            << QByteArray("text undecodable coordinates reason=nested too deep: Weir reads JSON of "
                          "up to 1,024 levels");
    }
    void what_nobody_can_read_is_a_sighting_too() {
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, line);
        DecodeStory story;
        QCOMPARE(story.read(value.toStdString()).size(), 1U);
        QCOMPARE(QByteArray::fromStdString(story.line(story.out.sightings.front())), line);
        QCOMPARE(story.out.body(story.out.sightings.front()),
                 std::string_view(value.toStdString()));
    }

    void a_tombstone_and_a_message_of_20_mb_are_sightings() {
        DecodeStory story;
        story.add("", {}, "t", true);
        story.add(click("big", ",\"properties\":{\"x\":\"" + std::string(20u << 20, 'x') + "\"}"));
        const auto& sightings = story.decode();
        QCOMPARE(sightings[0].outcome, Outcome::Tombstone);
        QCOMPARE(sightings[0].key_source, KeySource::Coordinates);
        QCOMPARE(sightings[1].key, hash_event_id("big"));
    }

    void times_are_kept_with_how_good_they_are() {
        DecodeStory story;
        const auto line = [&story](const std::string& time) {
            return story.line(story.read(click("a", ",\"event_time\":" + time)).front());
        };
        const std::string head = "native seen id type=click schema_version=1";
        QCOMPARE(line("\"2026-11-20T10:15:00.0019Z\""), head + " event=1ms");
        QCOMPARE(line("null"), head);
        QCOMPARE(line("\"yesterday\""), head + " event=unparsable");
        QCOMPARE(line("1795169730123"), head + " event=unparsable");
        QCOMPARE(line("{}"), head + " event=unparsable");
        QCOMPARE(line("\"1970-01-01T00:00:00Z\""), head + " event=implausible");
        QCOMPARE(line("\"2028-01-01T00:00:00Z\""), head + " event=implausible");
    }

    void explaining_tells_who_tried_and_why_not() {
        DecodeStory story;
        const DecodeReport native = story.explain(click("a"));
        QCOMPARE(native.decoder(), std::string("native"));
        const DecodeReport json = story.explain(R"({"a":1})");
        QCOMPARE(json.decoder(), std::string("json"));
        QVERIFY(json.attempts.size() > 5);
        for (std::size_t i = 0; i + 1 < json.attempts.size(); ++i)
            QVERIFY2(!json.attempts[i].why_not.empty(), json.attempts[i].decoder.c_str());
        const DecodeReport text = story.explain("{\"event_id\":\"a\" \"b\"}");
        QCOMPARE(text.decoder(), std::string("text"));
        QCOMPARE(text.attempts[text.attempts.size() - 2].why_not,
                 std::string("not JSON: expected ',' or '}' at byte 16"));
        const DecodeReport deep = story.explain(std::string(1'025, '[') + std::string(1'025, ']'));
        QCOMPARE(deep.attempts[deep.attempts.size() - 2].why_not,
                 std::string("nested too deep: Weir reads JSON of up to 1,024 levels at byte "
                             "1024"));
        const DecodeReport hex = story.explain("ab\xFF");
        QCOMPARE(hex.decoder(), std::string("hex"));
        QCOMPARE(hex.attempts[hex.attempts.size() - 2].why_not, std::string("not UTF-8 at byte 2"));
    }

    void a_filter_learns_where_a_dialect_keeps_its_fields() {
        DecodeStory story;
        const Sighting s = story.read(fixture("segment.json")).front();
        const FieldPaths* const paths = story.decoder->field_paths(s.place, s.dialect);
        QVERIFY(paths != nullptr);
        QCOMPARE(paths->paths("id").front(), std::string("messageId"));
        QCOMPARE(paths->paths("app_version").front(), std::string("context.app.version"));
        QVERIFY(paths->paths("no such field").empty());
        QVERIFY(story.decoder->field_paths(s.place, story.read("{}").front().dialect) == nullptr);
    }

    void watermarks_tell_how_far_each_partition_has_come() {
        DecodeStory story;
        story.read(click("a"));
        QCOMPARE(story.out.watermarks.size(), 1U);
        QCOMPARE(story.out.watermarks[0].next, Offset(1));
        QVERIFY(!story.out.watermarks[0].caught_up);
        story.decode({note(PartitionNote::Gap, 1, 5)});
        QCOMPARE(story.out.watermarks[0].next, Offset(5));
        QVERIFY(!story.out.watermarks[0].caught_up);
        PartitionEvent end = note(PartitionNote::ReachedEnd, 5, 5);
        end.as_of = observed - Micros(1'000);
        story.decode({end});
        QVERIFY(story.out.watermarks[0].caught_up);
        story.decode({note(PartitionNote::Gap, 5, 7)});
        QVERIFY(!story.out.watermarks[0].caught_up);
        story.decode({note(PartitionNote::Recreated, 0, 0)});
        QCOMPARE(story.out.watermarks[0].next, Offset(0));
        story.decode();
        QVERIFY(story.out.watermarks.empty());
    }

    void an_idle_partitions_watermark_goes_on_as_it_is_found_at_its_end_again() {
        DecodeStory story;
        PartitionEvent end = note(PartitionNote::ReachedEnd, 0, 0);
        story.decode({end}); // when that was is not told: nothing is known of time
        QCOMPARE(story.out.watermarks[0].record_time, Micros(-1));
        for (const std::int64_t ago_us : {3'000'000, 2'000'000, 1'000'000}) {
            end.as_of = observed - Micros(ago_us);
            story.decode({end});
            QVERIFY(story.out.watermarks[0].caught_up);
            QCOMPARE(story.out.watermarks[0].record_time, observed - Micros(ago_us));
        }
        end.as_of = observed + Micros(5'000'000); // no later than it was read
        story.decode({end});
        QCOMPARE(story.out.watermarks[0].record_time, observed);
    }

    void a_single_clock_that_is_ahead_does_not_move_the_watermark() {
        DecodeStory story;
        const Micros begun = observed - Micros(3'600'000'000);
        const auto at = [&](std::int64_t second) {
            story.add(click("e" + std::to_string(second)), {}, "t", false,
                      begun + Micros(second * 1'000'000));
        };
        for (std::int64_t second = 0; second < 8; ++second)
            at(second);
        story.decode();
        QCOMPARE(story.out.watermarks[0].record_time, begun);
        for (std::int64_t second = 8; second < 15; ++second)
            at(second);
        at(3'000); // an hour's clock is 50 minutes ahead
        story.decode();
        QCOMPARE(story.out.watermarks[0].record_time, begun + Micros(8'000'000));
        at(7'200); // even this one was written before it was read
        for (std::int64_t second = 16; second < 24; ++second)
            at(second);
        story.decode();
        QCOMPARE(story.out.watermarks[0].record_time, begun + Micros(16'000'000));
    }

    void since_when_a_place_is_read_is_known() {
        DecodeStory whole;
        whole.read(click("a"));
        QCOMPARE(whole.out.watermarks[0].since, Micros(INT64_MIN)); // its first offset of all
        DecodeStory later;
        PartitionEvent started = note(PartitionNote::Started, 7, 7);
        later.decode({started}); // where retention begins is known by the first record alone
        QCOMPARE(later.out.watermarks[0].since, Micros(INT64_MAX));
        started.as_of = observed - Micros(10);
        later.decode({started});
        QCOMPARE(later.out.watermarks[0].since, observed - Micros(10));
        later.decode({note(PartitionNote::Truncated, 7, 9)}); // begins anew behind the hole
        QCOMPARE(later.out.watermarks[0].since, Micros(INT64_MAX));
    }
};

QTEST_GUILESS_MAIN(TestDecoder)
#include "tst_decoder.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What filters take from the decoder: the id's hash, dimensions, outcome, reason and times.
#include <QtTest>

#include "models/event/filter/filter.h"

using namespace weir;

namespace {

constexpr const char* uuid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const Micros noon(1'777'636'800'000'000);

class Paths : public FieldPaths {
  public:
    const std::vector<std::string>& paths(std::string_view field) const override {
        static const std::vector<std::string> id{"event_id"};
        static const std::vector<std::string> platform{"platform"};
        static const std::vector<std::string> none;
        return field == "id" ? id : field == "platform" ? platform : none;
    }
    const std::vector<std::string>& placed(std::string_view field) const override {
        static const std::vector<std::string> tenant{"/context/the tenant", "header[\"x-tenant\"]"};
        static const std::vector<std::string> id{"order.id"};
        static const std::vector<std::string> none;
        return field == "tenant" ? tenant : field == "id" ? id : none;
    }
};

/// `text` with `part` in place of its %.
std::string with(std::string text, const std::string& part) {
    return text.replace(text.find('%'), 1, part);
}

/// One decoded event, and the vocabulary that its numbers are of.
struct Decoded {
    std::shared_ptr<Vocabulary> vocabulary =
        Vocabulary::create({"type", "platform", "schema_version", "tenant", "app_version"});
    Sighting sighting;
    std::string value = with("{\"event_id\":\"%\"}", uuid);
    std::vector<HeaderView> headers;

    Decoded() {
        sighting.key = hash_event_id(uuid);
        sighting.key_source = KeySource::EventId;
        set(0, "purchase");
        set(2, "3");
        set(3, "acme");
    }
    void set(std::size_t dimension, const std::string& text) {
        sighting.dimensions[dimension] = vocabulary->dimensions[dimension]->id(text);
    }
    bool matches(const std::string& text) const {
        static const Paths paths;
        const auto filter = Filter::parse(text, noon);
        if (!filter)
            throw std::runtime_error(filter.error().text());
        FilterInput input;
        input.topic = "raw_events";
        input.value = value;
        input.headers = headers.data();
        input.header_count = headers.size();
        input.sighting = &sighting;
        input.paths = &paths;
        const auto evaluator = FilterEvaluator::create(*filter, vocabulary);
        const bool fast = evaluator->matches(input);
        if (evaluator->matches(input) != fast || evaluator->matches_slowly(input) != fast)
            throw std::logic_error("asked again, or slowly, it answers otherwise: " + text);
        return fast;
    }
};

} // namespace

class TestDecodedFields : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void dimensions_are_fields_by_their_names() {
        Decoded event;
        QVERIFY(event.matches("type == purchase and tenant == acme"));
        QVERIFY(event.matches("tenant == i\"ACME\" and tenant matches \"^a\""));
        QVERIFY(event.matches("schema_version == 3 and schema_version >= 3.0"));
        QVERIFY(event.matches("schema_version == \"3\" and schema_version < 10"));
        QVERIFY(!event.matches("tenant in (other, \"\")"));
        QVERIFY(!event.matches("$.tenant exists")); // not in the payload
    }

    void a_blank_dimension_is_missing_null_or_empty_as_the_payload_has_it() {
        Decoded event;
        QVERIFY(!event.matches("platform exists or platform != web"));
        event.value = "{\"platform\":null}";
        QVERIFY(event.matches("platform exists and platform == null and platform != web"));
        event.value = "{\"platform\":\"\"}";
        QVERIFY(event.matches("platform == \"\" and platform != null"));
        event.value = "{\"platform\":{\"os\":\"x\"}}"; // has no number
        QVERIFY(event.matches("platform exists and platform != web and platform contains os"));
    }

    void a_value_too_long_for_a_dimension_is_compared_whole() {
        Decoded event;
        const std::string longer(300, 'x');
        event.set(1, longer + "a");
        event.value = with("{\"platform\":\"%b\"}", longer);
        QVERIFY(event.matches(with("platform == \"%b\"", longer)));
        QVERIFY(!event.matches(with("platform == \"%a\"", longer)));
        QVERIFY(event.matches("platform endsWith b"));
    }

    void values_beyond_what_a_dimension_holds_are_still_told_apart() {
        Decoded event;
        event.sighting.dimensions[1] = other_value;
        event.value = "{\"platform\":\"console\"}";
        QVERIFY(event.matches("platform == console"));
        QVERIFY(!event.matches("platform == web"));
    }

    void what_a_workspace_places_is_told_apart_at_its_place() {
        Decoded event;
        event.sighting.dimensions[3] = other_value;
        event.value = "{\"context\":{\"the tenant\":\"acme\"}}";
        QVERIFY(event.matches("tenant == acme and tenant exists and tenant != other"));
        event.value = "{}";
        event.headers = {{"x-tenant", "acme", false}};
        QVERIFY(event.matches("tenant == acme and tenant endsWith cme"));
        event.headers.clear(); // the batch around it had one: there is one, which is not known
        QVERIFY(event.matches("tenant exists and not tenant == acme and not tenant != acme"));
        event.sighting.dimensions[3] = no_value;
        event.value = "{\"context\":{\"the tenant\":null}}";
        QVERIFY(event.matches("tenant exists and tenant == null"));
    }

    void an_id_that_a_workspace_places_is_a_text_too() {
        Decoded event;
        event.sighting.key = hash_event_id("o-69999");
        event.value = "{\"event_id\":\"e\",\"order\":{\"id\":\"o-69999\"}}";
        QVERIFY(event.matches("id == \"o-69999\" and id == i\"O-69999\""));
        QVERIFY(event.matches("id contains \"o-6999\" and id startsWith o-"));
        QVERIFY(!event.matches("id contains e"));
    }

    void versions_are_no_numbers() {
        Decoded event;
        event.set(4, "5.1");
        QVERIFY(event.matches("app_version == 5.1 and app_version in (5.1, 5.2)"));
        QVERIFY(!event.matches("app_version == 5.10 or app_version in (5.10, 5.2)"));
        QVERIFY(event.matches("app_version != 5.10 and app_version < 5.10 and app_version >= 5.1"));
    }

    void an_id_is_found_by_its_hash_and_verified_on_the_record() {
        Decoded event;
        QVERIFY(event.matches(with("id == %", uuid)));
        QVERIFY(event.matches("id == 3F2504E04F8911D39A0C0305E82C3301"));
        QVERIFY(event.matches(with("id in (a, b, %)", uuid)));
        QVERIFY(!event.matches(with("id != %", uuid)));
        QVERIFY(event.matches("id != other and id exists"));
        event.value = "{\"elsewhere\":{\"uid\":\"3F2504E04F8911D39A0C0305E82C3301\"}}";
        QVERIFY(event.matches(with("id == %", uuid))); // the workspace moved the id
    }

    void a_masked_id_is_not_found_by_its_hash() {
        Decoded event;
        event.value = "{\"event_id\":\"•••\"}";
        QVERIFY(!event.matches(with("id == %", uuid)));
        QVERIFY(!event.matches(with("id in (a, %)", uuid)));
    }

    void a_record_without_an_id_has_none() {
        Decoded event;
        event.sighting.key_source = KeySource::Coordinates;
        QVERIFY(!event.matches(with("id == %", uuid)));
        QVERIFY(!event.matches("id exists or id != other"));
    }

    void outcome_reason_and_times_come_from_the_decoder() {
        Decoded event;
        event.sighting.outcome = Outcome::Failed;
        event.sighting.reason = event.vocabulary->reasons->id("schema_violations");
        event.sighting.event_time = noon - Micros(60'000'000);
        event.sighting.event_time_state = TimeState::Implausible; // shown and found, not hidden
        event.sighting.received_time_state = TimeState::Unparsable;
        QVERIFY(event.matches("outcome == failed and reason startsWith schema"));
        QVERIFY(event.matches("event_time > now-2m and event_time exists"));
        QVERIFY(!event.matches("received_time exists"));
        QVERIFY(!event.matches("replay_run exists"));
        QVERIFY(!event.matches("time exists or age > 0s")); // the record has no timestamp
    }

    void coordinates_bound_what_must_be_read() {
        const auto scope = [](const char* text) { return (*Filter::parse(text, noon))->scope(); };
        const FilterScope one = scope("topic == raw and partition in (2, 0) and key == k and "
                                      "offset >= 10 and offset < 20 and age <= 15m and x");
        QCOMPARE(one.topics->size(), 1u);
        QVERIFY((*one.partitions == std::vector{PartitionId(0), PartitionId(2)}));
        QCOMPARE(one.keys->front(), std::string("k"));
        QVERIFY(one.offset_from == Offset(10) && one.offset_to == Offset(20));
        QVERIFY(one.time_from == noon - Micros(900'000'000) && !one.time_to);
        const FilterScope either = scope("key == a and offset < 5 or key == b and offset > 90");
        QCOMPARE(either.keys->size(), 2u);
        QVERIFY(!either.offset_from && !either.offset_to);
        QVERIFY(!scope("key == a or x").keys);
        QVERIFY(!scope("not key == a").keys);
        QVERIFY(!scope("key == i\"a\"").keys);
        QVERIFY(scope("not (not key == a)").keys);
        QVERIFY(scope("key == a key == b").nothing);
        QVERIFY(scope("offset < 5 and offset > 5").nothing);
        QVERIFY(!scope("offset < 5 and offset > 5 or x").nothing);
        const auto dead = *Filter::parse("not topic == dead and topic startsWith raw", noon);
        QVERIFY(dead->may_match_in("raw_events", PartitionId(0)));
        QVERIFY(!dead->may_match_in("dead", PartitionId(0)));
        QVERIFY(!dead->may_match_in("other", PartitionId(0)));
    }

    void a_literal_is_promised_only_where_it_must_stand_in_the_bytes() {
        const auto literal = [](const char* text) {
            return (*Filter::parse(text, noon))->required_literal().bytes;
        };
        QCOMPARE(literal("Checkout"), std::string("Checkout"));
        QCOMPARE(literal("id == 3F2504E0-4F89-11D3-9A0C-0305E82C3301"),
                 std::string("0305E82C3301"));
        QCOMPARE(literal("a and properties.sku == \"long enough\""), std::string("long enough"));
        QCOMPARE(literal("properties.price == 100"), std::string("\"price\"")); // never a number
        QCOMPARE(literal("properties.note == i\"Grüße\""), std::string("Gr"));
        QCOMPARE(literal("a or b"), std::string());
        QCOMPARE(literal("not abc"), std::string());
        QCOMPARE(literal("type == purchase"), std::string()); // the decoder may have translated it
        QCOMPARE(literal("properties.a matches \"abc\""), std::string("\"a\""));
        QCOMPARE(literal("properties.a in (abc, abd)"), std::string("\"a\""));
    }
};

QTEST_GUILESS_MAIN(TestDecodedFields)
#include "tst_decoded_fields.moc"

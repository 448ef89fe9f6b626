// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Random filters over random events. The seed is printed; WEIR_SEED repeats a run.
#include <QtTest>

#include <random>

#include "models/event/filter/filter.h"
#include "models/event/filter/record_prefilter.h"

using namespace weir;

namespace {

const Micros noon(1'777'636'800'000'000);

class Dice {
  public:
    explicit Dice(std::uint64_t seed)
        : m_engine(seed) {}
    std::size_t below(std::size_t n) { return m_engine() % n; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <std::size_t N>
    std::string of(const char* const (&list)[N]) {
        return list[below(N)];
    }

  private:
    std::mt19937_64 m_engine;
};

const char* const texts[] = {"alpha",    "Alpha", "be ta",  "Grüße",   "GRÜSSE",
                             "ol\u00e9", "OLÉ",   "a\\\"b", "tab\\tx", "k",
                             "\u212a",   "100",   "",       "x/y",     "null"};
const char* const json_texts[] = {"alpha",
                                  "ALPHA",
                                  "be ta",
                                  "al\\u0070ha",
                                  "Gr\\u00fc\\u00dfe",
                                  "Grüße",
                                  "ol\\u00e9",
                                  "OLÉ",
                                  "a\\\"b",
                                  "tab\\tx",
                                  "K",
                                  "\u212a",
                                  "100",
                                  "",
                                  "x\\/y",
                                  "null",
                                  "\\ud83d\\ude00"};
const char* const numbers[] = {"0",
                               "-0",
                               "1",
                               "100",
                               "1e2",
                               "100.0",
                               "1.5",
                               "-7210194211959421178",
                               "23958446825181076828",
                               "23958446825181076829",
                               "1e-3",
                               "0.001"};
const char* const ids[] = {"3f2504e0-4f89-11d3-9a0c-0305e82c3301",
                           "3F2504E04F8911D39A0C0305E82C3301",
                           "3f2504e0-4f89-11d3-9a0c-0305e82c3302", "order-77", "alpha"};
const char* const types[] = {"purchase", "page_view", "alpha", "100"};
const char* const paths[] = {
    "a",      "a.b",     "a.b[0]",    "a.b[*]", "a.b[*].c", "a[\"odd key\"]",
    "$.type", "p.price", "p.list[1]", "p",      "tenant",   "$[\"caf\u00e9\"]"};
const char* const keys[] = {"a",    "b",    "c",      "odd key",    "p",       "price",
                            "list", "type", "tenant", "caf\\u00e9", "\\u0061", "café"};
const char* const text_fields[] = {"type",          "platform", "id",      "key",         "value",
                                   "topic",         "user",     "session", "app_version", "reason",
                                   "header[\"h\"]", "stage"};
const char* const text_operators[] = {"==", "!=", "contains", "startsWith", "endsWith"};
const char* const orders[] = {"==", "!=", "<", "<=", ">", ">="};

std::string random_json(Dice& dice, int depth) {
    switch (dice.below(depth > 0 ? 8 : 6)) {
    case 0:
    case 1:
        return '"' + dice.of(json_texts) + '"';
    case 2:
    case 3:
        return dice.of(numbers);
    case 4:
        return dice.one_in(2) ? "null" : "true";
    case 5:
        return dice.one_in(2) ? "false" : "{}";
    case 6: {
        std::string out = "[";
        for (std::size_t i = dice.below(4); i-- > 0;)
            out += random_json(dice, depth - 1) + (i > 0 ? ", " : "");
        return out + "]";
    }
    default: {
        std::string out = "{";
        for (std::size_t i = 1 + dice.below(5); i-- > 0;)
            out += '"' + dice.of(keys) + "\":" + random_json(dice, depth - 1) + (i > 0 ? "," : "");
        return out + "}";
    }
    }
}

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

std::string random_literal(Dice& dice) {
    if (dice.one_in(3))
        return dice.of(numbers);
    if (dice.one_in(8))
        return dice.one_in(2) ? "null" : "true";
    return (dice.one_in(3) ? "i" : "") + quoted(dice.of(texts));
}

std::string random_term(Dice& dice) {
    switch (dice.below(10)) {
    case 0:
    case 1:
        return quoted(dice.of(texts));
    case 2:
        return dice.of(paths) + " exists";
    case 3:
        return dice.of(paths) + ' ' + dice.of(orders) + ' ' + dice.of(numbers);
    case 4:
        return dice.of(paths) + ' ' + dice.of(text_operators) + ' ' + quoted(dice.of(texts));
    case 5:
        return dice.of(text_fields) + ' ' + dice.of(text_operators) + " i" + quoted(dice.of(texts));
    case 6:
        return "id " + std::string(dice.one_in(3) ? "!= " : "== ") + quoted(dice.of(ids));
    case 7:
        return (dice.one_in(2) ? "type" : "tenant") + std::string(" == ") + dice.of(types);
    case 8: {
        const std::string field = dice.one_in(2) ? dice.of(paths) : dice.of(text_fields);
        return field + " in (" + random_literal(dice) + ", " + random_literal(dice) + ")";
    }
    default: {
        static const char* const measures[] = {"partition == 1",
                                               "partition in (0, 2)",
                                               "offset < 500",
                                               "offset >= 250",
                                               "time > now-10m",
                                               "time <= now-5m",
                                               "age < 8m",
                                               "age >= 3m",
                                               "key == k1",
                                               "key in (k1, k2)",
                                               "topic == raw",
                                               "topic startsWith r",
                                               "topic != raw",
                                               "time exists",
                                               "key == 100",
                                               "size > 1kB",
                                               "event_size <= 1kB",
                                               "partition < 2",
                                               "event_time > now-1h",
                                               "offset == 700",
                                               "not topic == dead",
                                               "reason == \"bad\"",
                                               "outcome == failed",
                                               "key matches \"^k[12]$\""};
        return dice.of(measures);
    }
    }
}

std::string random_filter(Dice& dice, int depth) {
    if (depth == 0 || dice.one_in(3))
        return random_term(dice);
    const std::string left = random_filter(dice, depth - 1);
    if (dice.one_in(4))
        return "not (" + left + ')';
    static const char* const joins[] = {" and ", " or ", " ", " && ", " || "};
    return '(' + left + ')' + dice.of(joins) + '(' + random_filter(dice, depth - 1) + ')';
}

class Paths : public FieldPaths {
  public:
    const std::vector<std::string>& paths(std::string_view field) const override {
        static const std::vector<std::string> id{"id", "a.b"};
        static const std::vector<std::string> type{"type"};
        static const std::vector<std::string> user{"p.user", "a"};
        static const std::vector<std::string> none;
        return field == "id" ? id : field == "type" ? type : field == "user" ? user : none;
    }
};

/// An event with all that a filter may ask for; its views stay while it lives.
struct RandomEvent {
    std::string value, key;
    std::vector<HeaderView> headers;
    Sighting sighting;
    FilterInput input;
    Record record;
};

void roll(Dice& dice, Vocabulary& vocabulary, const FieldPaths& field_paths, RandomEvent& event) {
    const std::string id = dice.of(ids);
    const std::string type = dice.of(types);
    event.value = "{\"id\":\"" + id + "\",\"type\":\"" + type + "\",\"a\":" + random_json(dice, 3) +
                  ",\"p\":" + random_json(dice, 3) + ",\"tenant\":" + quoted(dice.of(types)) + "}";
    if (dice.one_in(10))
        event.value.resize(dice.below(event.value.size())); // cut off: not JSON any more
    if (dice.one_in(10))
        event.value = random_json(dice, 2);
    static const char* const record_keys[] = {"k1", "k2", "k3", "100", "alpha", ""};
    event.key = dice.of(record_keys);
    event.headers = {{"h", texts[dice.below(std::size(texts))], dice.one_in(4)},
                     {"h", "Alpha", false},
                     {"weir-stage", "be ta", false}};
    event.headers.resize(dice.below(4));
    Record& record = event.record;
    record = Record();
    record.topic = dice.one_in(2) ? "raw" : "dead";
    record.partition = PartitionId(static_cast<std::int32_t>(dice.below(3)));
    record.offset = Offset(static_cast<std::int64_t>(dice.below(1000)));
    if (!dice.one_in(10))
        record.timestamp = noon - Micros(static_cast<std::int64_t>(dice.below(1'200'000'000)));
    record.key_null = dice.one_in(8);
    record.key = record.key_null ? std::string_view() : event.key;
    record.value_null = dice.one_in(20);
    record.value = record.value_null ? std::string_view() : event.value;
    record.header_count = static_cast<std::uint16_t>(event.headers.size());

    Sighting& sighting = event.sighting;
    sighting = Sighting();
    sighting.key_source = dice.one_in(8) ? KeySource::Coordinates : KeySource::EventId;
    sighting.key = hash_event_id(id);
    sighting.event_time = noon - Micros(60'000'000);
    sighting.event_time_state = dice.one_in(3) ? TimeState::Missing : TimeState::Present;
    sighting.outcome = dice.one_in(3) ? Outcome::Failed : Outcome::Seen;
    sighting.reason = dice.one_in(2) ? no_value : vocabulary.reasons->id("bad");
    sighting.dimensions[0] = dice.one_in(8) ? no_value : vocabulary.dimensions[0]->id(type);
    sighting.dimensions[1] = vocabulary.dimensions[1]->id(dice.of(types));

    FilterInput& input = event.input;
    input = FilterInput();
    input.topic = record.topic;
    input.partition = record.partition;
    input.offset = record.offset;
    input.record_time = record.timestamp;
    input.key_null = record.key_null;
    input.key = record.key;
    input.value_null = record.value_null;
    input.value = record.value;
    input.headers = event.headers.data();
    input.header_count = event.headers.size();
    input.record_size = static_cast<std::uint32_t>(dice.below(2000));
    input.event_size = input.record_size / 2;
    input.sighting = dice.one_in(3) ? nullptr : &sighting;
    input.paths = dice.one_in(6) ? nullptr : &field_paths;
    input.raw_bytes_are_json = !dice.one_in(10);
}

std::uint64_t seed() {
    const QByteArray given = qgetenv("WEIR_SEED");
    return given.isEmpty() ? std::random_device()() : given.toULongLong();
}

} // namespace

class TestProperties : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void shortcuts_scope_and_canonical_text_never_change_an_answer();
};

void TestProperties::shortcuts_scope_and_canonical_text_never_change_an_answer() {
    const std::uint64_t start = seed();
    qInfo("seed %llu", static_cast<unsigned long long>(start));
    Dice dice(start);
    const auto vocabulary = Vocabulary::create({"type", "platform"});
    const Paths field_paths;
    int matched = 0;
    int left_out = 0;
    RandomEvent event;
    for (int round = 0; round < 4'000; ++round) {
        const std::string text = random_filter(dice, 3);
        const auto filter = Filter::parse(text, noon);
        QVERIFY2(filter.ok(), (text + " " + (filter.ok() ? "" : filter.error().text())).c_str());
        const auto again = Filter::parse((*filter)->canonical_text(), noon);
        QVERIFY2(again.ok(), (*filter)->canonical_text().c_str());
        QCOMPARE((*again)->canonical_text(), (*filter)->canonical_text());
        const auto evaluator = FilterEvaluator::create(*filter, vocabulary);
        const auto second = FilterEvaluator::create(*again, vocabulary);
        const RecordPrefilter prefilter(*filter);
        for (int i = 0; i < 25; ++i) {
            roll(dice, *vocabulary, field_paths, event);
            const bool slowly = evaluator->matches_slowly(event.input);
            const std::string story = text + "\n" + event.value + "\nseed " + std::to_string(start);
            QVERIFY2(evaluator->matches(event.input) == slowly, story.c_str());
            QVERIFY2(second->matches(event.input) == slowly, story.c_str());
            const bool kept = prefilter.may_match(event.record, event.headers.data(),
                                                  event.input.raw_bytes_are_json) &&
                              (*filter)->may_match_in(event.record.topic, event.record.partition);
            QVERIFY2(kept || !slowly, story.c_str());
            matched += slowly ? 1 : 0;
            left_out += kept ? 0 : 1;
        }
    }
    qInfo("%d of 100000 matched, %d were left out unread", matched, left_out);
    QVERIFY(matched > 5'000 && left_out > 5'000); // else the generator proves nothing
}

QTEST_GUILESS_MAIN(TestProperties)
#include "tst_properties.moc"

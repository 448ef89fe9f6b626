// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/event/filter/filter.h"

using namespace weir;

class TestLanguage : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void words_and_their_joining_data();
    void words_and_their_joining() { check(); }
    void named_fields_data();
    void named_fields() { check(); }
    void headers_and_json_paths_data();
    void headers_and_json_paths() { check(); }
    void types_numbers_and_text_data();
    void types_numbers_and_text() { check(); }
    void null_is_not_missing_data();
    void null_is_not_missing() { check(); }
    void a_word_finds_text_behind_escapes_only_where_the_payload_is_json();
    void tombstones_and_null_keys_are_told_from_empty_ones();
    void a_payload_that_is_not_json_has_text_but_no_fields();
    void nothing_matches_everything();

  private:
    static void check();
};

namespace {

const Micros noon(1'777'636'800'000'000); // 2026-05-01T12:00:00Z

class NativePaths : public FieldPaths {
  public:
    const std::vector<std::string>& paths(std::string_view field) const override {
        static const std::vector<std::string> id{"event_id"};
        static const std::vector<std::string> type{"event_type"};
        static const std::vector<std::string> user{"user_id", "anonymous_id"};
        static const std::vector<std::string> session{"header:ce_sessionid", "session_id"};
        static const std::vector<std::string> version{"context.app_version"};
        static const std::vector<std::string> time{"event_time"};
        static const std::vector<std::string> none;
        return field == "id"            ? id
               : field == "type"        ? type
               : field == "user"        ? user
               : field == "session"     ? session
               : field == "app_version" ? version
               : field == "event_time"  ? time
                                        : none;
    }
};

/// One record as a story tells it.
struct Event {
    std::string value;
    std::string key = "s-17";
    std::vector<HeaderView> headers = {
        {"x-app", "web beta 3", false}, {"x-app", "second", false}, {"trace", "", true}};
    bool key_null = false;
    bool value_null = false;
    bool json = true;
};

bool matches(const char* text, const Event& event) {
    static const NativePaths paths;
    const Result<std::shared_ptr<const Filter>> filter = Filter::parse(text, noon);
    if (!filter) {
        qWarning("%s", filter.error().text().c_str());
        throw std::runtime_error(text);
    }
    const std::unique_ptr<FilterEvaluator> evaluator = FilterEvaluator::create(*filter, nullptr);
    FilterInput input;
    input.topic = "raw_events";
    input.partition = PartitionId(3);
    input.offset = Offset(1000);
    input.record_time = noon - Micros(60'000'000);
    input.key = event.key;
    input.key_null = event.key_null;
    input.value = event.value;
    input.value_null = event.value_null;
    input.headers = event.headers.data();
    input.header_count = event.headers.size();
    input.record_size = 1500;
    input.event_size = 1200;
    input.paths = &paths;
    input.raw_bytes_are_json = event.json;
    const bool fast = evaluator->matches(input);
    if (fast != evaluator->matches_slowly(input))
        throw std::logic_error("the shortcut changed the answer");
    return fast;
}

const char* const purchase = R"({
  "event_id": "3F2504E0-4F89-11D3-9A0C-0305E82C3301", "event_type": "purchase",
  "user_id": null, "anonymous_id": 4711, "session_id": "s-17",
  "event_time": "2026-05-01T11:58:00.25Z",
  "context": {"app_version": "5.10.2", "odd key": "x", "caf\u00e9": "ol\u00e9",
              "a.b": 1, "": "empty", "type": "inner"},
  "properties": {"price": 100.50, "count": 1e2, "big": 23958446825181076828,
                 "low": -7210194211959421178, "coupon": null, "paid": true, "text": "100",
                 "note": "Gr\u00fc\u00dfe \"an\" Olé", "day": "2026-05-01",
                 "items": [{"sku": "A-1", "qty": 1}, {"sku": "b-2", "qty": 20}, {"qty": 3}]},
  "twice": 1, "twice": 2})";

/// Columns of a table of expressions, and two ways to add a row to it.
void begin_table() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("expected");
}
void yes(const char* text) {
    QTest::newRow(text) << QString::fromUtf8(text) << true;
}
void no(const char* text) {
    QTest::newRow(text) << QString::fromUtf8(text) << false;
}

} // namespace

void TestLanguage::words_and_their_joining_data() {
    begin_table();
    // Words and quoted text: key, value and headers, ignoring case; side by side means and.
    yes("PURCHASE");
    yes("purchase s-17");
    no("purchase refund");
    yes("\"web BETA\"");
    yes("x-app");
    yes("GRÜSSE or grüße");
    yes("GRÜßE");
    yes("\"OLÉ\"");
    yes("\"grüße \\\"an\\\" olé\"");
    no("not purchase");
    yes("!refund && (refund || purchase)");
    yes("refund or purchase and s-17");
    no("(refund or purchase) and s-18");
}

void TestLanguage::named_fields_data() {
    begin_table();
    // Named fields.
    yes("type == \"purchase\"");
    yes("type == purchase");
    no("type == \"Purchase\"");
    yes("type == i\"Purchase\"");
    yes("type in (refund, purchase)");
    yes("type not in (refund)");
    yes("type != refund");
    no("type != purchase");
    yes("id == 3f2504e04f8911d39a0c0305e82c3301");
    yes("id == \"{3f2504e0-4f89-11d3-9a0c-0305e82c3301}\"");
    no("id == 3f2504e0-4f89-11d3-9a0c-0305e82c3302");
    no("id != 3f2504e04f8911d39a0c0305e82c3301");
    yes("id startsWith i\"3f2504e0\"");
    yes("user == 4711"); // the first path is null, so the second one speaks
    yes("user == \"4711\"");
    no("user == 4711.0"); // identities are spelled, not numbers
    yes("session == s-17");
    yes("app_version > 5.9");
    yes("app_version >= \"5.10\" and app_version < 5.11");
    no("app_version > 5.10.2");
    yes("topic == raw_events");
    yes("topic startsWith raw");
    yes("partition in (1, 3)");
    yes("offset >= 1000 and offset < 1001");
    yes("key == s-17");
    yes("size > 1kB and size <= 1.5kB");
    no("size > 1.5KiB");
    yes("event_size < 1.5kB and event_size == 1200"); // the event's own bytes
    yes("time > now-5m");
    no("time > now-30s");
    yes("time == 2026-05-01T11:59:00Z");
    yes("time < \"2026-05-01T14:00:00+02:00\"");
    yes("age > 5s and age <= 1m");
    yes("event_time == 2026-05-01T11:58:00.250Z");
    no("received_time exists");
    yes("value contains \"olé\" and value startsWith \"{\"");
}

void TestLanguage::headers_and_json_paths_data() {
    begin_table();
    // Headers: every value of the name.
    yes("header[\"x-app\"] contains \"beta\"");
    yes("header[\"x-app\"] == second");
    yes("header[\"x-app\"] != second"); // the first one differs
    no("not header[\"x-app\"] contains \"beta\"");
    no("header[\"X-App\"] exists");
    yes("header[\"trace\"] == null");
    no("header[\"missing\"] == null");
    yes("properties.items[0].sku == A-1");
    yes("properties.items[*].sku == \"b-2\"");
    yes("properties.items[*].qty > 19");
    no("properties.items[2].sku exists");
    no("properties.items[9] exists");
    yes("properties.items contains \"b-2\"");
    yes("context[\"odd key\"] == x");
    yes("context[\"a.b\"] == 1");
    yes("context[\"\"] == empty");
    yes("context[\"café\"] == olé");
    yes("$.event_type == purchase");
    yes("context.type == inner");
    no("$.type exists");
    yes("twice == 2"); // of two members of one name the last
    no("twice == 1");
    yes("properties.day == 2026-05-01");
    yes("event_time < now and properties.day > 2026-04-30");
    yes("properties.note matches \"^Gr.{2}e\"");
    yes("properties.note matches i\"^gRÜ\"");
    no("properties.note matches \"\\d\"");
    yes("properties.note endsWith \"Olé\"");
}

void TestLanguage::types_numbers_and_text_data() {
    begin_table();
    // JSON paths and types.
    yes("properties.price == 100.5");
    yes("properties.price > 100 and properties.price < 100.51");
    yes("properties.count == 100");
    yes("properties.count == 100.0");
    no("properties.count == \"100\"");
    yes("properties.text == \"100\"");
    no("properties.text == 100");
    no("properties.text > 99");
    yes("properties.big == 23958446825181076828");
    no("properties.big == 23958446825181076829");
    yes("properties.low == -7210194211959421178");
    yes("properties.low < -7210194211959421177");
    yes("properties.paid == true");
    no("properties.paid == false");
    no("properties.paid == \"true\"");
}

void TestLanguage::null_is_not_missing_data() {
    begin_table();
    // Null is not missing.
    yes("properties.coupon == null");
    yes("properties.coupon exists");
    yes("exists properties.coupon");
    no("properties.coupon != null");
    yes("properties.coupon != \"x\"");
    no("properties.gone == null");
    no("properties.gone exists");
    no("properties.gone != \"x\"");
    yes("not properties.gone == \"x\"");
    no("properties.coupon > 0");
    no("properties.coupon < 0");
}

void TestLanguage::check() {
    QFETCH(QString, text);
    QFETCH(bool, expected);
    QCOMPARE(matches(text.toUtf8().constData(), Event{purchase}), expected);
}

void TestLanguage::a_word_finds_text_behind_escapes_only_where_the_payload_is_json() {
    Event event{R"({"city":"K\u00f6ln"})"};
    QVERIFY(matches("KÖLN", event));
    QVERIFY(matches("city == \"Köln\"", event));
    event.json = false;
    QVERIFY(!matches("KÖLN", event));
    QVERIFY(matches("\"k\\\\u00f6ln\"", event));
}

void TestLanguage::tombstones_and_null_keys_are_told_from_empty_ones() {
    const Event tombstone{"", "", {}, true, true};
    const Event empty{"", "", {}, false, false};
    QVERIFY(matches("value == null and key == null", tombstone));
    QVERIFY(!matches("value exists or key exists", tombstone));
    QVERIFY(matches("value exists and key exists", empty));
    QVERIFY(matches("value == \"\" and key == \"\"", empty));
    QVERIFY(!matches("value == null or key == null", empty));
    QVERIFY(!matches("value == \"\"", tombstone));
}

void TestLanguage::a_payload_that_is_not_json_has_text_but_no_fields() {
    const Event broken{R"({"price": 100, "text": "ab)"};
    QVERIFY(matches("100 ab", broken));
    QVERIFY(!matches("price exists", broken));
    QVERIFY(matches("not price == 100", broken));
}

void TestLanguage::nothing_matches_everything() {
    QVERIFY(matches("", Event{"{}"}));
    QVERIFY(matches("  \n ", Event{"not json"}));
    QVERIFY((*Filter::parse(" ", noon))->matches_everything());
    QVERIFY(!(*Filter::parse("a", noon))->matches_everything());
}

QTEST_GUILESS_MAIN(TestLanguage)
#include "tst_language.moc"

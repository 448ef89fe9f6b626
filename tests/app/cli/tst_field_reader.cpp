// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What --fields and count --by take for the value of a name: that by which a filter finds the
// event, whatever the dialect, and never more of it than is shown.
#include <QtTest>

#include <algorithm>
#include <map>

#include "app/cli/field_reader.h"
#include "models/event/decode/dialect.h"
#include "models/event/json/json_tape.h"
#include "models/event/search/scanner.h"

using namespace weir;
using namespace weir::cli;

namespace {

using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// Reads fields of a record's events, as a search hands them out.
class Reading : private Scanner::Verdicts {
  public:
    Reading(const std::string& fields, std::shared_ptr<const DisclosurePolicy> policy,
            DecodeOptions options = {})
        : m_reader(FieldReader::parse(fields).value())
        , m_vocabulary(Vocabulary::create({"source", "platform", "schema_version", "tenant"}))
        , m_policy(std::move(policy))
        , m_options(std::move(options)) {
        m_reader.know(m_vocabulary, m_policy);
    }
    /// "a|b" an event, "(missing)" what it lacks.
    std::vector<std::string> of(const std::string& value, const Headers& headers = {}) {
        m_lines.clear();
        RecordBatchBuilder one;
        RecordBatchBuilder::Fields fields;
        fields.topic = "raw_events";
        fields.headers = headers;
        fields.value = value;
        one.add(std::move(fields));
        ScanParts parts{Filter::parse("", Micros(0)).value(), m_vocabulary, m_policy, [this] {
                            return Decoder::create(DialectSet::built_in(), m_vocabulary, m_options);
                        }};
        Scanner scanner(parts);
        scanner.judge(one.take(), *this);
        return m_lines;
    }
    const FieldReader& reader() const { return m_reader; }

  private:
    bool matched(std::uint32_t, const HitView& hit, bool) override {
        FieldValues values;
        m_reader.read(hit, values);
        std::string line;
        for (const auto& value : values)
            line += (line.empty() ? "" : "|") + (value ? value->cell() : "(missing)");
        m_lines.push_back(line);
        return true;
    }
    void undecodable(std::uint32_t) override {}
    void cut(const Record&, std::uint64_t) override {}

    FieldReader m_reader;
    std::shared_ptr<Vocabulary> m_vocabulary;
    std::shared_ptr<const DisclosurePolicy> m_policy;
    DecodeOptions m_options;
    std::vector<std::string> m_lines;
};

std::string only(const std::string& fields, const std::string& value, const Headers& headers = {},
                 const std::shared_ptr<const DisclosurePolicy>& policy = DisclosurePolicy::none()) {
    const auto lines = Reading(fields, policy).of(value, headers);
    return lines.size() == 1 ? lines.front() : std::to_string(lines.size()) + " events";
}

std::string enriched() {
    const auto& all = std::static_pointer_cast<const LoadedDialects>(DialectSet::built_in())->all();
    const auto tsv = std::find_if(all.begin(), all.end(),
                                  [](const Dialect& d) { return d.name == "snowplow-enriched"; });
    const std::map<std::string, std::string> values{
        {"app_id", "shop"},        {"platform", "mob"},   {"event_name", "purchase"},
        {"event_id", "e-1"},       {"user_id", "u-4711"}, {"domain_sessionid", "s-1"},
        {"event_version", "1-0-2"}};
    std::string line;
    for (const std::string& column : tsv->column_names) {
        const auto value = values.find(column);
        line += (line.empty() && column == tsv->column_names.front() ? "" : "\t") +
                (value == values.end() ? std::string() : value->second);
    }
    return line;
}

constexpr const char* names = "type,id,source,user";
const Headers cloud_event{{"ce_specversion", "1.0"},
                          {"ce_id", "e-1"},
                          {"ce_type", "com.shop.sold"},
                          {"ce_source", "/shop"},
                          {"ce_userid", "u-4711"}};
const std::string native = "{\"event_id\":\"e-1\",\"event_type\":\"purchase\",\"source\":"
                           "\"client\",\"user_id\":\"u-4711\","
                           "\"session_id\":\"s-1\",\"schema_version\":2}";

} // namespace

class TestFieldReader : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void names_are_found_in_every_dialect() {
        QCOMPARE(only(names, native), std::string("purchase|e-1|client|u-4711"));
        QCOMPARE(only(names, "\x01\x02 binary", cloud_event),
                 std::string("com.shop.sold|e-1|/shop|u-4711"));
        QCOMPARE(only(names, "{\"n\":1}", cloud_event),
                 std::string("com.shop.sold|e-1|/shop|u-4711"));
        QCOMPARE(only(names, enriched()), std::string("purchase|e-1|shop|u-4711"));
        QCOMPARE(only("platform,session", enriched()), std::string("mobile|s-1"));
        QCOMPARE(
            only(names,
                 "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"type\":\"sold\",\"source\":\"/shop\"}"),
            std::string("sold|e-1|/shop|(missing)"));
    }
    void a_dead_letter_tells_of_the_event_in_it_however_it_holds_it() {
        const std::string head = "{\"reason\":\"missing_required\",\"stage\":\"collect\","
                                 "\"pointer\":\"/a\",\"message\":\"m\",";
        std::string quoted;
        append_json_string(native, quoted);
        const std::string base64 = QByteArray::fromStdString(native).toBase64().toStdString();
        for (const std::string& original : {"\"original\":" + native, "\"original\":" + quoted,
                                            "\"original_base64\":\"" + base64 + '"'})
            QCOMPARE(
                only(std::string(names) + ",session,reason,outcome,dialect", head + original + "}"),
                std::string("purchase|e-1|client|u-4711|s-1|missing_required|failed|"
                            "native-dead-letter"));
    }
    void a_header_is_named_as_a_filter_names_it() {
        const Headers headers{{"x-app", "shop"}, {"odd,name", "1"}};
        for (const char* spelling :
             {"header[\"x-app\"]", "header['x-app']", "headers[\"x-app\"]", "headers['x-app']"})
            QCOMPARE(only(std::string(spelling) + ",type", native, headers),
                     std::string("shop|purchase"));
        QCOMPARE(only("header['odd,name'],type", native, headers), std::string("1|purchase"));
        for (const char* wrong : {"header", "header[0]", "header[\"x-app\"].y", "header[\"x-app\""})
            QVERIFY2(!FieldReader::parse(wrong).ok(), wrong);
        QCOMPARE(only("$.header", "{\"header\":1}"), std::string("1"));
    }
    void what_a_workspace_places_is_read_at_its_place() {
        DecodeOptions options;
        options.dimension_paths = {{"tenant", {"context.tenant", "header[\"x-tenant\"]"}}};
        options.places = {{"raw_events", "", {"/order/id"}, false}};
        const auto read = [&](const std::string& context, const Headers& headers = {}) {
            const std::string event = "{\"event_id\":\"e\",\"event_type\":\"t\",\"order\":{\"id\":"
                                      "\"o-1\"},\"context\":{" +
                                      context + "}}";
            return Reading("tenant,id", DisclosurePolicy::none(), options)
                .of(event, headers)
                .front();
        };
        const std::string longer(300, 'x');
        QCOMPARE(read("\"tenant\":\"acme\""), std::string("acme|o-1"));
        QCOMPARE(read("\"tenant\":\"" + longer + "\""), longer + "|o-1");
        QCOMPARE(read("\"tenant\":null"), std::string("null|o-1"));
        QCOMPARE(read("\"tenant\":\"\""), std::string("\"\"|o-1"));
        QCOMPARE(read("", {{"x-tenant", "acme"}}), std::string("acme|o-1"));
        QCOMPARE(read(""), std::string("(missing)|o-1"));
    }
    void words_are_everybodys() {
        const std::string tracker =
            "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4\","
            "\"data\":[{\"e\":\"pv\",\"eid\":\"e-1\",\"p\":\"mob\",\"aid\":\"shop\"},"
            "{\"e\":\"se\",\"eid\":\"e-2\",\"p\":\"web\",\"aid\":\"shop\"}]}";
        QCOMPARE(Reading("type,platform,id", DisclosurePolicy::none()).of(tracker),
                 (std::vector<std::string>{"page_view|mobile|e-1", "struct|web|e-2"}));
    }
    void what_the_decoder_found_out_is_a_field() {
        const std::string fields = "outcome,dialect,stage,reason";
        QCOMPARE(only(fields, native, {{"weir-stage", "deduplicate"}}),
                 std::string("seen|native|deduplicate|(missing)"));
        QCOMPARE(only("outcome,dialect", "{\"a\": "), std::string("undecodable|text"));
    }
    void a_value_keeps_its_form_where_it_is_the_same() {
        QCOMPARE(only("schema_version", native), std::string("2")); // a number, not the text "2"
        QCOMPARE(only("schema_version,n,x", "{\"event_id\":\"e\",\"event_type\":\"t\",\"n\":null}"),
                 std::string("(missing)|null|(missing)"));
    }
    void what_is_masked_stays_so() {
        const auto policy = DisclosurePolicy::built_in_detectors();
        const std::string mail = "{\"event_id\":\"e-1\",\"event_type\":\"jane@example.com\",\"user_"
                                 "id\":\"jane@example.com\","
                                 "\"source\":\"client\",\"session_id\":\"s\"}";
        for (const auto& [value, headers] :
             {std::pair{mail, Headers{}},
              std::pair{std::string("x"), Headers{{"ce_specversion", "1.0"},
                                                  {"ce_id", "e-1"},
                                                  {"ce_type", "jane@example.com"},
                                                  {"ce_source", "/shop"},
                                                  {"ce_userid", "jane@example.com"}}}}) {
            const std::string line = only("type,user,id", value, headers, policy);
            QVERIFY2(line.find("jane") == std::string::npos, line.c_str());
            QVERIFY2(line.find("•") != std::string::npos, line.c_str());
        }
        const std::string tsv = only(names, enriched(), {}, policy);
        QVERIFY2(tsv.find("u-4711") == std::string::npos, tsv.c_str());
        QVERIFY2(tsv.find("purchase|") == 0, tsv.c_str()); // a type is nobody
    }
    void so_much_is_shown_of_a_replay_run_as_of_its_header() {
        const std::string fields = "header[\"weir-replay-run\"],replay_run";
        const Headers of_bob{{"weir-replay-run", "bob@example.com"}};
        const auto masking = DisclosurePolicy::built_in_detectors();
        QCOMPARE(only(fields, native, of_bob), std::string("bob@example.com|bob@example.com"));
        QCOMPARE(only(fields, native, of_bob, masking),
                 std::string("•••@•••••••.•••|•••@•••••••.•••"));
        // A name is anybody's, but not beside an event of that person.
        const Headers of_zuzanna{{"weir-replay-run", "Zuzanna"}};
        QCOMPARE(only("replay_run", native, of_zuzanna, masking), std::string("Zuzanna"));
        QCOMPARE(only("replay_run", "{\"event_id\":\"e\",\"first_name\":\"Zuzanna\"}", of_zuzanna,
                      masking),
                 std::string("•••••••"));
        QCOMPARE(only("replay_run", native), std::string("(missing)"));
        QCOMPARE(
            only("replay_run", native, {{"weir-replay-run", "run-1"}, {"weir-replay-run", ""}}),
            std::string("(missing)")); // the last one counts
    }
    void an_event_has_its_times_from_its_batch() {
        const std::string event = "{\"type\":\"track\",\"event\":\"a\",\"anonymousId\":\"x\","
                                  "\"messageId\":\"m";
        const std::string batch =
            "{\"batch\":[" + event + "1\"}," + event + "2\",\"sentAt\":null}," + event +
            "3\",\"sentAt\":\"2026-05-01T10:00:00+02:00\"}],"
            "\"sentAt\":\"2026-05-01T12:00:01Z\",\"receivedAt\":\"2026-05-01T12:00:02.5Z\"}";
        const std::string received = "|2026-05-01T12:00:02.500Z|(missing)";
        for (const auto& policy :
             {DisclosurePolicy::none(), DisclosurePolicy::built_in_detectors()})
            QCOMPARE(Reading("id,sent_time,received_time,event_time", policy).of(batch),
                     (std::vector<std::string>{"m1|2026-05-01T12:00:01.000Z" + received,
                                               "m2|2026-05-01T12:00:01.000Z" + received,
                                               "m3|2026-05-01T10:00:00+02:00" + received}));
        QCOMPARE(only("sent_time", "{\"event_id\":\"e\",\"event_type\":\"t\",\"sent_time\":"
                                   "\"yesterday\"}"),
                 std::string("yesterday")); // as it is written, if it is no time
    }
    void headers_of_one_name_all_stand_there() {
        QCOMPARE(only("header[\"h\"]", native,
                      {{"h", "1"}, {"g", "x"}, {"h", std::nullopt}, {"h", "a,b"}}),
                 std::string("1, null, \"a,b\""));
        QCOMPARE(only("header[\"h\"],header[\"i\"]", native, {{"h", "1"}}),
                 std::string("1|(missing)"));
    }
    void a_path_that_no_event_had_is_told() {
        Reading reading("type,bogus.path,properties.pirce,schema_version,session",
                        DisclosurePolicy::none());
        for (int i = 0; i < 3; ++i)
            reading.of("{\"event_id\":\"e\",\"event_type\":\"t\",\"properties\":{\"price\":1}}");
        QCOMPARE(reading.reader().absences(),
                 (std::vector<std::string>{
                     "bogus.path is in none of the 3 events looked into for it",
                     "properties.pirce is in none of the 3 events looked into for it; near: "
                     "properties.price"}));
        reading.of("{\"event_id\":\"e\",\"event_type\":\"t\",\"bogus\":{\"path\":null}}");
        QCOMPARE(reading.reader().absences().size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestFieldReader)
#include "tst_field_reader.moc"

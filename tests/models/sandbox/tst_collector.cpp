// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include <nlohmann/json.hpp>

#include "connectors/base/base64.h"
#include "tests/support/collector_world.h"
#include "tests/support/open_metrics_check.h"

using namespace weir;
using namespace weir::test;
using Json = nlohmann::json;

namespace {

std::string page_view(const std::string& id_end, const std::string& duration = "310") {
    return "{\"event_id\":\"7d4e1f0a-0000-4000-8000-0000000000" + id_end +
           "\",\"event_type\":\"page_view\",\"schema_version\":2,"
           "\"session_id\":\"00000000000000a1\",\"source\":\"client\",\"source_id\":\"wk_web\","
           "\"platform\":\"web\",\"event_time\":\"2026-05-28T20:26:39Z\",\"duration\":" +
           duration + "}";
}

} // namespace

/// What a client sees of the collector, and what the broker gets.
class TestCollector : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void an_event_reaches_the_broker_as_it_came_with_the_time_of_receipt() {
        World world;
        const std::string event = "{ \"event_type\": \"x\", \"session_id\":\"s1\", \"n\": "
                                  "23958446825181076828, \"u\":\"\\u00e9\" }";
        const auto answer = world.ask(post("/events", event));
        QCOMPARE(answer.status, 202);
        QCOMPARE(Json::parse(answer.body), Json::parse("{\"accepted\":1,\"rejected\":[]}"));
        QCOMPARE(world.outlet.written.size(), std::size_t{1});
        QCOMPARE(world.outlet.written[0].key, std::string("s1"));
        QCOMPARE(world.outlet.written[0].value,
                 event.substr(0, event.size() - 1) +
                     ",\"received_time\":\"2026-05-28T20:26:40.123456Z\"}");
    }

    void a_time_of_receipt_that_the_client_claims_is_exchanged() {
        World world;
        world.ask(post("/events", "{\"received_time\": null,\"a\":1}"));
        QCOMPARE(world.outlet.written[0].value,
                 std::string("{\"received_time\": \"2026-05-28T20:26:40.123456Z\",\"a\":1}"));
        world.ask(post("/events", "{}"));
        QCOMPARE(world.outlet.written[1].value,
                 std::string("{\"received_time\":\"2026-05-28T20:26:40.123456Z\"}"));
    }

    void objects_arrays_and_lines_are_the_same_events_data() {
        QTest::addColumn<QString>("body");
        QTest::addColumn<int>("events");
        QTest::newRow("object") << QStringLiteral("{\"a\":[1,2,{\"b\":\"]}\"}]}") << 1;
        QTest::newRow("object over lines") << QStringLiteral("{\n\"a\":1,\n\"b\":2\n}\n") << 1;
        QTest::newRow("array") << QStringLiteral("[{\"a\":1},{\"a\":2} , {\"a\":\"\\\"}]\"}]") << 3;
        QTest::newRow("lines") << QStringLiteral("{\"a\":1}\n{\"a\":2}\r\n\n{\"a\":3}") << 3;
    }
    void objects_arrays_and_lines_are_the_same_events() {
        QFETCH(QString, body);
        QFETCH(int, events);
        World world;
        QCOMPARE(world.ask(post("/events", body.toStdString())).status, 202);
        QCOMPARE(world.outlet.of(Topic::Raw).size(), static_cast<std::size_t>(events));
        QVERIFY(world.outlet.of(Topic::Invalid).empty());
    }

    void a_first_line_that_is_not_closed_does_not_take_the_others_along() {
        World world;
        const auto answer =
            world.ask(post("/events", "{\"event_id\":\"a\",\"event_type\":\"x\"\n"
                                      "{\"event_type\":\"y\"}\n{\"event_type\":\"z\"}"));
        QCOMPARE(answer.status, 202);
        const Json said = Json::parse(answer.body);
        QCOMPARE(said["accepted"].get<int>(), 2);
        QCOMPARE(said["rejected"][0]["index"].get<int>(), 0);
        QCOMPARE(Json::parse(world.outlet.of(Topic::Invalid).at(0).value)["original"],
                 Json("{\"event_id\":\"a\",\"event_type\":\"x\""));
    }

    void broken_events_of_a_batch_do_not_take_the_others_along() {
        World world;
        const auto answer =
            world.ask(post("/events", "[{\"event_type\":\"a\"},{\"event_type\":tru},7,{\"x\":1}]"));
        QCOMPARE(answer.status, 202);
        const Json said = Json::parse(answer.body);
        QCOMPARE(said["accepted"].get<int>(), 2);
        QCOMPARE(said["rejected"].size(), std::size_t{2});
        QCOMPARE(said["rejected"][0]["index"].get<int>(), 1);
        QCOMPARE(said["rejected"][0]["violations"][0]["reason"].get<std::string>(),
                 std::string("not_json"));
        QCOMPARE(said["rejected"][1]["violations"][0]["reason"].get<std::string>(),
                 std::string("wrong_type"));
        const auto dead = world.outlet.of(Topic::Invalid);
        QCOMPARE(dead.size(), std::size_t{2});
        QCOMPARE(Json::parse(dead[0].value)["original"].get<std::string>(),
                 std::string("{\"event_type\":tru}"));
    }

    void a_body_that_is_no_json_is_refused_and_kept_byte_for_byte() {
        World world;
        const std::string body = "not json \xff\x00 at all";
        const auto answer = world.ask(post("/events", body));
        QCOMPARE(answer.status, 400);
        const auto dead = world.outlet.of(Topic::Invalid);
        QCOMPARE(dead.size(), std::size_t{1});
        const Json letter = Json::parse(dead[0].value);
        QCOMPARE(letter["reason"].get<std::string>(), std::string("not_json"));
        QCOMPARE(*base64_decoded(letter["original_base64"].get<std::string>()), body);
        QCOMPARE(world.ask(post("/events", " \n ")).status, 400);
    }

    void contracts_refuse_with_every_violation_and_keep_the_original() {
        World world({}, by_contracts(ContractSet::built_in()));
        const auto answer = world.ask(post("/events", page_view("01")));
        QCOMPARE(answer.status, 400); // no properties, no context, a member that is not known
        const Json said = Json::parse(answer.body);
        QVERIFY(said["rejected"][0]["violations"].size() >= 3);
        const auto dead = world.outlet.of(Topic::Invalid);
        QCOMPARE(dead.size(), std::size_t{1});
        QCOMPARE(dead[0].key, std::string("00000000000000a1"));
        QVERIFY(dead[0].value.find("\"original\":" + page_view("01")) != std::string::npos);
        const auto counts = world.collector.counts();
        QCOMPARE(counts.invalid, std::uint64_t{1});
        QCOMPARE(counts.collected, std::uint64_t{0});
        QCOMPARE(world.ask(post("/events", "{\"event_type\":\"nobody knows it\"}")).status, 202);
    }

    void a_policy_says_what_becomes_of_events_without_a_contract() {
        for (const auto policy : {WithoutContract::Flag, WithoutContract::Refuse}) {
            World world({}, [policy] { return std::make_unique<PolicyJudge>(policy); });
            const auto answer = world.ask(post("/events", "{\"event_type\":\"x\"}"));
            const bool flag = policy == WithoutContract::Flag;
            QCOMPARE(answer.status, flag ? 202 : 400);
            const Json said = Json::parse(answer.body);
            QCOMPARE(said[flag ? "flagged" : "rejected"][0]["violations"][0]["reason"]
                         .get<std::string>(),
                     std::string("unknown_type"));
            QCOMPARE(world.outlet.of(Topic::Raw).size(), std::size_t{flag ? 1U : 0U});
        }
    }

    void without_room_or_broker_it_says_when_to_come_back() {
        World world;
        world.outlet.how = Written::NoRoom;
        const auto full = world.ask(post("/events", "{}"));
        QCOMPARE(full.status, 503);
        QCOMPARE(header(full, "Retry-After"), std::string("1"));
        world.outlet.how = Written::NoBroker;
        QCOMPARE(header(world.ask(post("/v1/track", "{}")), "Retry-After"), std::string("5"));
        QCOMPARE(world.collector.counts().collected, std::uint64_t{0});
        QCOMPARE(Json::parse(world.ask(get("/micro/all")).body)["total"].get<int>(), 0);
    }

    void a_flooding_source_is_told_to_wait_and_others_are_served() {
        CollectorOptions options;
        options.rate = {10, 20};
        World world(options);
        const auto event = [](const char* source) {
            return "{\"source_id\":\"" + std::string(source) + "\"}";
        };
        int taken = 0;
        http::Response last;
        for (int i = 0; i < 40; ++i) {
            last = world.ask(post("/events", event("loud")));
            taken += last.status == 202 ? 1 : 0;
        }
        QVERIFY(taken >= 20 && taken < 40);
        QCOMPARE(last.status, 429);
        QVERIFY(std::stoi(header(last, "Retry-After")) >= 1);
        QCOMPARE(world.outlet.written.size(), static_cast<std::size_t>(taken));
        QCOMPARE(world.ask(post("/events", event("quiet"))).status, 202);
        // One loud event makes the batch wait as a whole: nothing of it is written.
        const std::size_t before = world.outlet.written.size();
        const auto mixed =
            world.ask(post("/events", "[" + event("quiet") + "," + event("loud") + "]"));
        QCOMPARE(mixed.status, 429);
        QCOMPARE(world.outlet.written.size(), before);
    }

    void segment_calls_become_events_with_the_clients_clock_corrected() {
        World world;
        // The client's clock is an hour behind; it sent two seconds after the event happened.
        const auto answer = world.ask(
            post("/v1/batch",
                 "{\"batch\":[{\"type\":\"track\",\"event\":\"Signed Up\",\"anonymousId\":\"a1\","
                 "\"messageId\":\"m1\",\"timestamp\":\"2026-05-28T19:26:38Z\"}],"
                 "\"sentAt\":\"2026-05-28T19:26:40Z\"}",
                 {{"authorization", "Basic d3JpdGVrZXk6"}, {"content-type", "text/plain"}}));
        QCOMPARE(answer.status, 200);
        QCOMPARE(Json::parse(answer.body)["success"].get<bool>(), true);
        QCOMPARE(world.outlet.written[0].key, std::string("a1"));
        const Json event = Json::parse(world.outlet.written[0].value);
        QCOMPARE(event["originalTimestamp"].get<std::string>(),
                 std::string("2026-05-28T19:26:38Z"));
        QCOMPARE(event["timestamp"].get<std::string>(), std::string("2026-05-28T20:26:38.123456Z"));
        QCOMPARE(event["sentAt"].get<std::string>(), std::string("2026-05-28T19:26:40Z"));
        QCOMPARE(event["receivedAt"].get<std::string>(),
                 std::string("2026-05-28T20:26:40.123456Z"));
        QCOMPARE(event["writeKey"].get<std::string>(), std::string("writekey"));
    }

    void segment_single_calls_and_short_forms_say_what_they_are() {
        World world;
        for (const char* path : {"/v1/identify", "/v1/i"})
            QCOMPARE(world.ask(post(path, "{\"userId\":\"u\",\"writeKey\":\"k\"}")).status, 200);
        for (const auto& record : world.outlet.written) {
            const Json event = Json::parse(record.value);
            QCOMPARE(event["type"].get<std::string>(), std::string("identify"));
            QCOMPARE(event["messageId"].get<std::string>().size(), std::size_t{36});
        }
        QCOMPARE(world.collector.counts().collected_by_type.at("identify"), std::uint64_t{2});
    }

    void sdks_get_the_settings_that_they_ask_for_first() {
        World world;
        const Json segment = Json::parse(world.ask(get("/v1/projects/key/settings")).body);
        QCOMPARE(segment["integrations"]["Segment.io"]["apiKey"], Json("key"));
        for (const char* path : {"/sourceConfig", "/sourceConfig/"}) {
            auto asked = get(path);
            asked.headers = {{"authorization", "Basic " + base64_encoded("key:")},
                             {"origin", "https://shop.example"}};
            const auto answer = world.ask(std::move(asked));
            QCOMPARE(header(answer, "Access-Control-Allow-Origin"),
                     std::string("https://shop.example"));
            const Json source = Json::parse(answer.body)["source"];
            QCOMPARE(source["writeKey"], Json("key"));
            QCOMPARE(source["enabled"], Json(true));
            QCOMPARE(source["destinations"], Json::array());
        }
        QCOMPARE(world.ask(get("/sourceConfig")).status, 400);
        QCOMPARE(world.ask(post("/sourceConfig?writeKey=key", "{}")).status, 405);
        // A page that is being left sends what it has as text, with the key in the query.
        QCOMPARE(world
                     .ask(post("/beacon/v1/batch?writeKey=key",
                               "{\"batch\":[{\"type\":\"page\",\"userId\":\"u\"}]}",
                               {{"content-type", "text/plain;charset=UTF-8"}}))
                     .status,
                 200);
        QCOMPARE(Json::parse(world.outlet.written.at(0).value)["writeKey"], Json("key"));
    }

    void snowplow_payloads_and_pixels_are_taken_in_their_own_words() {
        World world;
        const std::string payload =
            "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4\","
            "\"data\":[{\"e\":\"pv\",\"sid\":\"s9\",\"aid\":\"shop\",\"eid\":\"e1\"},"
            "{\"e\":\"se\",\"sid\":\"s9\",\"aid\":\"shop\"}]}";
        const auto answer = world.ask(post("/com.snowplowanalytics.snowplow/tp2", payload));
        QCOMPARE(answer.status, 200);
        QCOMPARE(world.outlet.written.size(), std::size_t{2});
        QCOMPARE(world.outlet.written[1].key, std::string("s9"));
        QCOMPARE(Json::parse(world.outlet.written[0].value)["data"][0]["eid"].get<std::string>(),
                 std::string("e1"));
        const auto gif = world.ask(get("/i?e=pv&aid=shop&url=http%3A%2F%2Fa%2F&page=A+b"));
        QCOMPARE(gif.status, 200);
        QCOMPARE(gif.content_type, std::string("image/gif"));
        QCOMPARE(gif.body.size(), std::size_t{43});
        const Json event = Json::parse(world.outlet.written[2].value)["data"][0];
        QCOMPARE(event["page"].get<std::string>(), std::string("A b"));
        const Json good = Json::parse(world.ask(get("/micro/good")).body);
        QCOMPARE(good.size(), std::size_t{3});
        QCOMPARE(good[2]["eventType"].get<std::string>(), std::string("page_view"));
        QCOMPARE(good[2]["rawEvent"]["parameters"]["eid"].get<std::string>(), std::string("e1"));
        QCOMPARE(good[2]["event"]["app_id"].get<std::string>(), std::string("shop"));
        const Json struct_only =
            Json::parse(world.ask(post("/micro/good", "{\"event_type\":\"se\"}")).body);
        QCOMPARE(struct_only.size(), std::size_t{1});
    }

    void tests_that_share_a_collector_see_their_own_events() {
        World world;
        world.ask(post("/events", "{\"event_type\":\"a\"}", {{"x-weir-scope", "job-1"}}));
        world.ask(post("/events", "[{\"event_type\":\"a\"},3]", {{"x-weir-scope", "job-2"}}));
        const auto all = [&](const char* scope) {
            return Json::parse(world.ask(get(std::string("/micro/all?scope=") + scope)).body);
        };
        QCOMPARE(all("job-1"), Json::parse("{\"total\":1,\"good\":1,\"bad\":0}"));
        QCOMPARE(all("job-2"), Json::parse("{\"total\":2,\"good\":1,\"bad\":1}"));
        const Json bad = Json::parse(world.ask(get("/micro/bad?scope=job-2")).body);
        QCOMPARE(bad.size(), std::size_t{1});
        QCOMPARE(bad[0]["rawEvent"]["parameters"].get<std::string>(), std::string("3"));
        QVERIFY(!bad[0]["errors"].empty());
        world.ask(get("/micro/reset?scope=job-1"));
        QCOMPARE(all("job-1")["total"].get<int>(), 0);
        QCOMPARE(Json::parse(world.ask(get("/micro/all")).body)["total"].get<int>(), 2);
        world.ask(get("/micro/reset"));
        QCOMPARE(Json::parse(world.ask(get("/micro/all")).body)["total"].get<int>(), 0);
    }

    void a_request_that_no_event_can_be_read_from_is_counted_and_kept_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("reason");
        const QString tp2 = QStringLiteral("/com.snowplowanalytics.snowplow/tp2");
        const auto many = [](const QString& before, const QString& event, const QString& after) {
            return QString(before + event + QString(u',' + event).repeated(10'000) + after);
        };
        QTest::newRow("no payload_data")
            << tp2 << QStringLiteral("{\"foo\":1}") << 400 << QStringLiteral("wrong_type");
        QTest::newRow("no list of Segment's")
            << QStringLiteral("/v1/batch") << QStringLiteral("{\"batch\":{\"a\":1}}") << 400
            << QStringLiteral("wrong_type");
        QTest::newRow("too many of Segment's")
            << QStringLiteral("/v1/batch")
            << many(QStringLiteral("{\"batch\":["), QStringLiteral("{}"), QStringLiteral("]}"))
            << 413 << QStringLiteral("too_large");
        QTest::newRow("too many") << QStringLiteral("/events")
                                  << many(QStringLiteral("["), QStringLiteral("{}"),
                                          QStringLiteral("]"))
                                  << 413 << QStringLiteral("too_large");
    }
    void a_request_that_no_event_can_be_read_from_is_counted_and_kept() {
        QFETCH(QString, path);
        QFETCH(QString, body);
        QFETCH(int, status);
        QFETCH(QString, reason);
        World world;
        const std::string sent = body.toStdString();
        const auto answer = world.ask(post(path.toStdString(), sent, {{"x-weir-scope", "job"}}));
        QCOMPARE(answer.status, status);
        QVERIFY(!Json::parse(answer.body)["message"].get<std::string>().empty());
        const auto dead = world.outlet.of(Topic::Invalid);
        QCOMPARE(dead.size(), std::size_t{1});
        const Json letter = Json::parse(dead[0].value);
        QCOMPARE(letter["reason"], Json(reason.toStdString()));
        const Json& original = letter["original"];
        QCOMPARE(original.is_string() ? original.get<std::string>() : original.dump(), sent);
        QCOMPARE(world.collector.counts().invalid, std::uint64_t{1});
        QVERIFY(world.ask(get("/metrics"))
                    .body.find("events_invalid_total{reason=\"" + reason.toStdString() +
                               "\"} 1\n") != std::string::npos);
        const Json bad = Json::parse(world.ask(get("/micro/bad?scope=job")).body);
        QCOMPARE(bad.size(), std::size_t{1});
        QCOMPARE(bad[0]["collectorPayload"]["body"], Json(sent));
        // With nothing in it there is nothing to keep.
        QCOMPARE(world.ask(post("/events", "")).status, 400);
        QCOMPARE(world.collector.counts().invalid, std::uint64_t{1});
    }

    void many_sources_in_a_batch_cost_no_more_than_one() {
        CollectorOptions options;
        options.rate = {1e6, 1e7};
        World world(options);
        const auto batch = [](int sources) {
            std::string body = "[";
            for (int i = 0; i < 10'000; ++i)
                body += (i > 0 ? ",{\"source_id\":\"" : "{\"source_id\":\"") +
                        std::string(200, 's') + std::to_string(100'000 + i % sources) + "\"}";
            return body + "]";
        };
        const auto took_ms = [&](int sources) {
            const std::string body = batch(sources);
            QElapsedTimer timer;
            timer.start();
            const int status = world.ask(post("/events", body)).status;
            return status == 202 ? timer.elapsed() : -1;
        };
        const qint64 one = took_ms(1);
        const qint64 many = took_ms(10'000);
        QVERIFY(one >= 0 && many >= 0);
        QVERIFY2(many < 4 * one + 300,
                 qPrintable(QStringLiteral("%1 ms, of one source %2 ms").arg(many).arg(one)));
    }

    void a_look_at_the_pixel_is_no_event() {
        World world;
        auto look = get("/i?e=pv&p=web");
        look.method = "HEAD";
        const auto answer = world.ask(std::move(look));
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.content_type, std::string("image/gif"));
        QVERIFY(world.outlet.written.empty());
        QCOMPARE(world.collector.counts().collected, std::uint64_t{0});
    }

    void the_write_key_is_found_however_its_scheme_is_written() {
        for (const char* scheme : {"Basic ", "basic ", "BASIC "}) {
            World world;
            world.ask(post("/v1/track", R"({"event":"a","userId":"u"})",
                           {{"authorization", scheme + base64_encoded("key-1:")}}));
            QCOMPARE(Json::parse(world.outlet.written.at(0).value)["writeKey"], Json("key-1"));
        }
    }

    void counters_are_open_metrics() {
        World world;
        world.ask(post("/events", "[{\"event_type\":\"a \\\"b\\\"\"},{\"event_type\":\"c\"},3]"));
        const auto metrics = world.ask(get("/metrics"));
        QVERIFY(metrics.body.find("events_collected_total{type=\"a \\\"b\\\"\"} 1\n") !=
                std::string::npos);
        QVERIFY(metrics.body.find("events_invalid_total{reason=\"wrong_type\"} 1\n") !=
                std::string::npos);
        const OpenMetricsCheck check(metrics.body);
        QVERIFY2(check.mistake().empty(), check.mistake().c_str());
    }

    void pages_of_any_origin_may_send_but_not_read() {
        World world;
        auto question = post("/v1/track", {},
                             {{"origin", "https://shop.example"},
                              {"access-control-request-headers", "content-type"}});
        question.method = "OPTIONS";
        const auto may = world.ask(std::move(question));
        QCOMPARE(may.status, 204);
        QCOMPARE(header(may, "Access-Control-Allow-Origin"), std::string("https://shop.example"));
        auto curious = get("/micro/good");
        curious.headers.push_back({"origin", "https://shop.example"});
        QCOMPARE(header(world.ask(std::move(curious)), "Access-Control-Allow-Origin"),
                 std::string());
        QCOMPARE(world.ask(get("/events")).status, 405);
        QCOMPARE(world.ask(get("/nothing")).status, 404);
    }

    void what_the_topics_do_not_take_is_refused_before_anything_is_written() {
        World world({}, [] { return std::make_unique<PolicyJudge>(WithoutContract::Pass); },
                    {.raw_bytes = 100'000, .invalid_bytes = 40'000});
        const std::string large = "{\"a\":\"" + std::string(150'000, 'x') + "\"}";
        const std::string grown = "{\"a\":\"" + std::string(99'960, 'x') + "\"}";
        const auto answer = world.ask(post("/events", "[" + large + "," + grown + ",{\"b\":1}]"));
        QCOMPARE(answer.status, 202);
        const Json said = Json::parse(answer.body);
        QCOMPARE(said["accepted"], Json(1));
        for (const Json& rejected : said["rejected"])
            QCOMPARE(rejected["violations"][0]["reason"], Json("too_large"));
        for (const auto& letter : world.outlet.of(Topic::Invalid)) {
            QVERIFY(letter.key.size() + letter.value.size() <= 40'000);
            QCOMPARE(Json::parse(letter.value)["cut"], Json(true));
        }
    }

    void an_event_that_the_broker_never_takes_is_not_sent_for_ever() {
        World world;
        world.outlet.taken_bytes_max = 50'000; // its topics take less than they did
        const std::string event =
            "{\"event_type\":\"a\",\"text\":\"" + std::string(49'800, 'x') + "\"";
        const auto answer =
            world.ask(post("/events", "[{\"event_type\":\"b\"}," + event + ",\"y\":\"" +
                                          std::string(200, 'y') + "\"},3]"));
        QCOMPARE(answer.status, 202);
        const Json said = Json::parse(answer.body);
        QCOMPARE(said["accepted"], Json(1));
        QCOMPARE(said["rejected"].size(), std::size_t{2});
        QCOMPARE(said["rejected"][0]["index"], Json(1));
        QCOMPARE(said["rejected"][0]["violations"][0]["reason"], Json("too_large"));
        const auto counts = world.collector.counts();
        QCOMPARE(counts.collected, std::uint64_t{1});
        QCOMPARE(counts.invalid, std::uint64_t{2});
        QCOMPARE(world.outlet.of(Topic::Raw).size(), std::size_t{1}); // and not twice
        QCOMPARE(Json::parse(world.ask(get("/micro/all")).body)["bad"], Json(2));
        // All of it: 400, as with any other reason.
        QCOMPARE(
            world.ask(post("/events", event + ",\"y\":\"" + std::string(200, 'y') + "\"}")).status,
            400);
    }

    void too_large_and_too_deep_events_are_refused_alone() {
        World world;
        const std::string large = "{\"a\":\"" + std::string(1'000'000, 'x') + "\"}";
        const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
        const auto answer = world.ask(post("/events", "[" + large + ",{\"a\":" + deep + "},{}]"));
        QCOMPARE(answer.status, 202);
        const Json said = Json::parse(answer.body);
        QCOMPARE(said["accepted"].get<int>(), 1);
        for (const Json& rejected : said["rejected"])
            QCOMPARE(rejected["violations"][0]["reason"].get<std::string>(),
                     std::string("too_large"));
        for (const auto& letter : world.outlet.of(Topic::Invalid))
            QVERIFY(letter.value.size() < 1'000'000 && Json::accept(letter.value));
    }
};

QTEST_GUILESS_MAIN(TestCollector)
#include "connectors/base/base64.h"
#include "tst_collector.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <nlohmann/json.hpp>

#include "connectors/base/base64.h"
#include "tests/support/collector_world.h"

using namespace weir;
using namespace weir::test;
using Json = nlohmann::json;

namespace {

constexpr const char* tp2 = "/com.snowplowanalytics.snowplow/tp2";
constexpr const char* product = "iglu:com.acme/product/jsonschema/1-0-0";
constexpr const char* buy = "iglu:com.acme/buy/jsonschema/1-0-0";

/// What a browser's tracker sends: a page view with an entity, and an event that describes itself.
std::string payload() {
    const Json entities = {
        {"schema", "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0"},
        {"data", Json::array({{{"schema", product}, {"data", {{"sku", "a"}}}}})}};
    const Json event = {
        {"schema", "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0"},
        {"data", {{"schema", buy}, {"data", {{"price", 9.5}}}}}};
    const Json page_view = {{"e", "pv"},
                            {"eid", "e1"},
                            {"aid", "shop"},
                            {"p", "web"},
                            {"vp", "1000x660"},
                            {"vid", "3"},
                            {"cookie", "1"},
                            {"dtm", "1630238465748"},
                            {"url", "http://shop.example/a"},
                            {"co", entities.dump()}};
    const Json bought = {
        {"e", "ue"}, {"eid", "e2"}, {"aid", "shop"}, {"ue_px", base64_encoded(event.dump())}};
    const Json whole = {
        {"schema", "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"},
        {"data", Json::array({page_view, bought})}};
    return whole.dump();
}

Json ask(World& world, http::Request&& request) {
    return Json::parse(world.ask(std::move(request)).body);
}

std::vector<std::string> names(const Json& object) {
    std::vector<std::string> all;
    for (const auto& [name, value] : object.items())
        all.push_back(name);
    return all;
}
using Names = std::vector<std::string>; // in the alphabet's order

} // namespace

/// The QA end points in the shapes that Snowplow Micro's users know.
class TestMicro : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_good_event_has_micros_members() {
        World world;
        world.ask(post(tp2, payload(),
                       {{"host", "127.0.0.1:9090"},
                        {"user-agent", "Browser 1"},
                        {"content-type", "application/json"}}));
        const Json good = ask(world, get("/micro/good"));
        QCOMPARE(good.size(), std::size_t{2});
        const Json& page_view = good[1];
        QCOMPARE(names(page_view), (Names{"contexts", "event", "eventType", "rawEvent", "schema"}));
        QCOMPARE(names(page_view["rawEvent"]),
                 (Names{"api", "contentType", "context", "parameters", "source"}));
        QCOMPARE(page_view["rawEvent"]["api"],
                 Json::parse(R"({"vendor":"com.snowplowanalytics.snowplow","version":"tp2"})"));
        QCOMPARE(page_view["rawEvent"]["contentType"], Json("application/json"));
        QCOMPARE(names(page_view["rawEvent"]["source"]), (Names{"encoding", "hostname", "name"}));
        QCOMPARE(names(page_view["rawEvent"]["context"]),
                 (Names{"headers", "ipAddress", "refererUri", "timestamp", "userId", "useragent"}));
        QCOMPARE(page_view["eventType"], Json("page_view"));
        QCOMPARE(page_view["schema"],
                 Json("iglu:com.snowplowanalytics.snowplow/page_view/jsonschema/1-0-0"));
        QCOMPARE(page_view["contexts"], Json::array({product}));
    }

    void the_canonical_event_has_snowplows_columns_and_types() {
        World world;
        world.ask(post(tp2, payload()));
        const Json good = ask(world, get("/micro/good"));
        const Json& page_view = good[1]["event"];
        QCOMPARE(page_view["event_id"], Json("e1"));
        QCOMPARE(page_view["event_name"], Json("page_view"));
        QCOMPARE(page_view["event_vendor"], Json("com.snowplowanalytics.snowplow"));
        QCOMPARE(page_view["page_url"], Json("http://shop.example/a"));
        QCOMPARE(page_view["br_viewwidth"], Json(1000));
        QCOMPARE(page_view["br_viewheight"], Json(660));
        QCOMPARE(page_view["br_cookies"], Json(true));
        QCOMPARE(page_view["domain_sessionidx"], Json(3));
        QCOMPARE(page_view["dvce_created_tstamp"], Json("2021-08-29T12:01:05.748Z"));
        QCOMPARE(page_view["user_id"], Json());
        QCOMPARE(page_view["unstruct_event"], Json());
        QCOMPARE(page_view["contexts"]["data"][0]["data"]["sku"], Json("a"));
        const Json& bought = good[0]["event"];
        QCOMPARE(bought["event"], Json("unstruct"));
        QCOMPARE(bought["event_name"], Json("buy"));
        QCOMPARE(bought["event_version"], Json("1-0-0"));
        QCOMPARE(bought["unstruct_event"]["data"]["schema"], Json(buy));
        QCOMPARE(bought["unstruct_event"]["data"]["data"]["price"], Json(9.5));
        QCOMPARE(bought["contexts"], Json::object());
    }

    void numbers_that_are_none_do_not_break_the_answer() {
        World world;
        world.ask(get("/i?e=se&aid=shop&se_va=007&vid=%2B1&vp=x&res=12&ds=1x2x3&se_ca=a%22b"));
        const Json event = ask(world, get("/micro/good"))[0]["event"];
        for (const char* column : {"se_value", "domain_sessionidx", "br_viewwidth", "br_viewheight",
                                   "dvce_screenheight", "doc_height"})
            QCOMPARE(event[column], Json());
        QCOMPARE(event["se_category"], Json("a\"b"));
        QCOMPARE(event["dvce_screenwidth"], Json(12));
    }

    void a_bad_event_has_micros_members() {
        World world({}, [] { return std::make_unique<PolicyJudge>(WithoutContract::Refuse); });
        world.ask(get("/i?e=pv&aid=shop"));
        const Json bad = ask(world, get("/micro/bad"));
        QCOMPARE(names(bad[0]), (Names{"collectorPayload", "errors", "rawEvent"}));
        QCOMPARE(names(bad[0]["collectorPayload"]),
                 (Names{"api", "body", "contentType", "context", "querystring", "source"}));
        QCOMPARE(bad[0]["collectorPayload"]["querystring"], Json::parse(R"(["e=pv","aid=shop"])"));
        QCOMPARE(bad[0]["collectorPayload"]["api"]["version"], Json("tp1"));
        QVERIFY(bad[0]["errors"][0].is_string());
    }

    void filters_are_micros() {
        World world;
        world.ask(post(tp2, payload()));
        const auto found = [&](const char* filters) {
            return ask(world, post("/micro/good", filters)).size();
        };
        QCOMPARE(found(R"({"event_type":"page_view"})"), std::size_t{1});
        QCOMPARE(found(R"({"schema":"iglu:com.acme/buy/jsonschema/1-0-0"})"), std::size_t{1});
        QCOMPARE(found(R"({"contexts":["iglu:com.acme/product/jsonschema/1-0-0"]})"),
                 std::size_t{1});
        QCOMPARE(found(R"({"limit":1})"), std::size_t{1});
        QCOMPARE(found(R"({"schema":null,"limit":10})"), std::size_t{2});
        QCOMPARE(found(R"({"event_type":"struct"})"), std::size_t{0});
        QCOMPARE(world.ask(post("/micro/good", "[]")).status, 400);
        // A slip would have every event for its match.
        const auto slip = world.ask(post("/micro/good", R"({"evnt_type":"struct"})"));
        QCOMPARE(slip.status, 400);
        QVERIFY(slip.body.find("no filter \\\"evnt_type\\\"") != std::string::npos);
        QCOMPARE(world.ask(post("/micro/good", R"({"contexts":"iglu:a/b/c/1"})")).status, 400);
        QCOMPARE(ask(world, post("/micro/bad", R"({"vendor":"com.snowplowanalytics.snowplow"})")),
                 Json::array());
    }

    void a_scope_is_a_write_key_or_what_the_test_calls_itself() {
        World world;
        world.ask(post("/v1/track", R"({"event":"a","userId":"u"})",
                       {{"authorization", "Basic " + base64_encoded("key-1:")}}));
        world.ask(post("/v1/track", R"({"event":"b","userId":"u","writeKey":"key-2"})",
                       {{"x-weir-scope", "job 7"}}));
        for (const char* scope : {"key-1", "key-2", "job%207"}) {
            const std::string query = std::string("?scope=") + scope;
            QCOMPARE(ask(world, get("/micro/all" + query)),
                     Json::parse(R"({"total":1,"good":1,"bad":0})"));
            QCOMPARE(ask(world, get("/micro/good" + query)).size(), std::size_t{1});
        }
        QCOMPARE(ask(world, get("/micro/all?scope=nobody"))["total"], Json(0));
    }

    void an_event_in_two_scopes_counts_once_and_goes_with_either() {
        World world;
        const auto send = [&](const char* source, const char* test) {
            std::vector<http::Header> headers;
            if (*test != '\0')
                headers.push_back({"x-weir-scope", test});
            for (int i = 0; i < 4; ++i)
                world.ask(
                    post("/events", "{\"source_id\":\"" + std::string(source) + "\"}", headers));
        };
        send("A", "T");
        send("A", "");
        send("C", "");
        const auto total = [&](const char* scope) {
            const std::string query = *scope == '\0' ? "" : std::string("?scope=") + scope;
            const int counted = ask(world, get("/micro/all" + query))["total"].get<int>();
            return ask(world, get("/micro/good" + query)).size() == std::size_t(counted) ? counted
                                                                                         : -1;
        };
        QCOMPARE(total("A"), 8);
        world.ask(get("/micro/reset?scope=T"));
        QCOMPARE(total("A"), 4);
        QCOMPARE(total("T"), 0);
        QCOMPARE(total(""), 8);
        world.ask(get("/micro/reset?scope=A"));
        QCOMPARE(total(""), 4);
        QCOMPARE(total("C"), 4);
    }

    void what_is_kept_counts_with_headers_and_violations() {
        CollectorOptions options;
        options.micro.bytes = 1u << 20;
        World world(options);
        const std::vector<http::Header> headers = {{"x-pad", std::string(16'000, 'p')}};
        for (int i = 0; i < 200; ++i)
            world.ask(post("/events", R"({"event_type":"q"})", headers));
        const auto kept = ask(world, get("/micro/good")).size();
        QVERIFY2(kept > 30 && kept < 66, qPrintable(QString::number(kept)));
        QCOMPARE(ask(world, get("/micro/all"))["good"], Json(200));
    }

    void a_bad_event_does_not_keep_the_good_ones_beside_it() {
        CollectorOptions options;
        options.micro.bytes = 1u << 20;
        World world(options);
        const std::string good = "{\"pad\":\"" + std::string(100'000, 'g') + "\"}";
        for (int i = 0; i < 50; ++i)
            world.ask(post("/events", "[" + good + ",{\"bad\":" + std::to_string(i) + "x}]"));
        const Json bad = ask(world, get("/micro/bad"));
        QCOMPARE(bad.size(), std::size_t{50}); // together they are small
        QCOMPARE(bad[0]["rawEvent"]["parameters"], Json("{\"bad\":49x}"));
        QCOMPARE(bad[0]["collectorPayload"]["body"], Json("{\"bad\":49x}"));
        const auto kept = ask(world, get("/micro/good")).size();
        QVERIFY2(kept >= 1 && kept < 6, qPrintable(QString::number(kept)));
    }

    void what_there_is_not_is_told_with_what_there_is() {
        World world;
        const auto nothing = world.ask(get("/micro/events"));
        QCOMPARE(nothing.status, 404);
        QVERIFY(nothing.body.find("/micro/good") != std::string::npos);
        auto wrong = get("/micro/all");
        wrong.method = "DELETE";
        const auto refused = world.ask(std::move(wrong));
        QCOMPARE(refused.status, 405);
        QCOMPARE(header(refused, "Allow"), std::string("GET, HEAD, POST, OPTIONS"));
        auto question = get("/micro/good");
        question.method = "OPTIONS";
        question.headers.push_back({"origin", "https://shop.example"});
        const auto options = world.ask(std::move(question));
        QCOMPARE(options.status, 204);
        QCOMPARE(header(options, "Access-Control-Allow-Origin"), std::string());
        QCOMPARE(world.ask(get("/v1/tracks")).status, 404);
    }
};

QTEST_GUILESS_MAIN(TestMicro)
#include "tst_micro.moc"

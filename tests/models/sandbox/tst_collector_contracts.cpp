// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

#include "connectors/base/base64.h"
#include "tests/support/collector_world.h"

using namespace weir;
using namespace weir::test;
using Json = nlohmann::json;

namespace {

/// A folder of contracts, each given by its members.
std::shared_ptr<const ContractSet> contracts(const std::vector<std::string>& all) {
    const QTemporaryDir folder;
    int number = 0;
    for (const std::string& members : all) {
        QFile file(folder.filePath(QString::number(number++) + QStringLiteral(".json")));
        const std::string text =
            "{\"weir_contract\":1,\"owner\":\"checkout team\"," + members + "}";
        if (!file.open(QIODevice::WriteOnly) || file.write(text.c_str()) < 0)
            qFatal("a contract cannot be written");
    }
    const auto set = ContractSet::load(folder.path().toStdString()).value();
    for (const Error& problem : set->problems())
        qWarning("%s", problem.text().c_str());
    return set;
}

const std::string order = R"("type":"order","version":1,"effects":{"missing_required":"flag"},
    "schema":{"type":"object","required":["currency"],"properties":{
        "event_type":{"const":"order"},
        "currency":{"enum":["EUR","USD"],"default":"EUR"},
        "received_time":{"type":"string","default":"never"},
        "note":{"type":["string","null"],"default":"none"},
        "gift":{"type":"object","default":{"wrap":true},
            "properties":{"wrap":{"type":"boolean"},"card":{"type":"string","default":"plain"}}},
        "items":{"type":"array","items":{"$ref":"#/definitions/item"}}},
        "anyOf":[{"properties":{"guess":{"default":1}}},true],
        "definitions":{"item":{"type":"object","properties":{
            "sku":{"type":"string"},"quantity":{"type":"integer","default":1}}}}})";

std::string snowplow(const std::string& parameters) {
    return "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4\","
           "\"data\":[{\"e\":\"ue\",\"aid\":\"shop\"," +
           parameters + "}]}";
}

std::string said(const char* schema, const char* data) {
    return std::string(R"({"schema":")") + schema + R"(","data":)" + data + "}";
}

/// A self-describing event as a tracker sends it, in plain text or in base64.
std::string unstruct(const char* schema, const char* data, bool base64 = false) {
    const std::string text =
        R"({"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0","data":)" +
        said(schema, data) + "}";
    return base64 ? "\"ue_px\":\"" + base64_encoded(text) + "\"" : "\"ue_pr\":" + Json(text).dump();
}

constexpr const char* tp2 = "/com.snowplowanalytics.snowplow/tp2";

/// The one letter that is written since the last time.
Json dead_letter(World& world) {
    const auto letters = world.outlet.of(Topic::Invalid);
    world.outlet.written.clear();
    return letters.size() == 1 ? Json::parse(letters[0].value) : Json();
}

} // namespace

/// Events of every dialect held against contracts, and what contracts fill in.
class TestCollectorContracts : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void defaults_are_spliced_into_what_an_event_leaves_out() {
        World world({}, by_contracts(contracts({order})));
        const std::string event = R"({ "event_type":"order", "n":1.50, "note":null,)"
                                  R"( "items":[{"sku":"a","quantity":2},{"sku":"b"},{}] })";
        const auto answer = world.ask(post("/events", event));
        QCOMPARE(answer.status, 202);
        // A required member that is missing is filled in where the contract lets it pass, and told.
        QCOMPARE(Json::parse(answer.body)["flagged"][0]["violations"][0]["pointer"],
                 Json("/currency"));
        QCOMPARE(world.outlet.written.at(0).value,
                 std::string(R"({ "event_type":"order", "n":1.50, "note":null,)"
                             R"( "items":[{"sku":"a","quantity":2},{"sku":"b","quantity":1},)"
                             R"({"quantity":1}] ,"received_time":"2026-05-28T20:26:40.123456Z",)"
                             R"("currency":"EUR","gift":{"wrap":true}})"));
    }

    void a_default_below_a_member_that_is_there_is_filled_in() {
        World world({}, by_contracts(contracts({order})));
        world.ask(
            post("/events", R"({"event_type":"order","currency":"USD","note":"","gift":{}})"));
        const Json event = Json::parse(world.outlet.written.at(0).value);
        QCOMPARE(event["gift"], Json::parse(R"({"card":"plain"})"));
        QCOMPARE(event["currency"], Json("USD"));
        QCOMPARE(event["received_time"], Json("2026-05-28T20:26:40.123456Z"));
        QVERIFY(!event.contains("guess")); // of one branch only
    }

    void an_event_that_is_refused_is_kept_as_it_came() {
        World world({}, by_contracts(contracts({order})));
        const std::string event = R"({"event_type":"order","currency":"GBP"})";
        QCOMPARE(world.ask(post("/events", event)).status, 400);
        QCOMPARE(dead_letter(world)["original"], Json::parse(event));
    }

    void violations_that_are_not_listed_are_counted_by_reason() {
        World world({}, by_contracts(contracts(
                            {R"("type":"list","version":1,"schema":{"additionalProperties":false,)"
                             R"("properties":{"event_type":{},"n":{"items":{"type":"number"}},)"
                             R"("s":{"items":{"maxLength":1}}}})"})));
        const auto items = [](int count, const std::string& item) {
            std::string text = "[" + item;
            for (int i = 1; i < count; ++i)
                text += "," + item;
            return text + "]";
        };
        const auto told =
            [&](const std::string& event) { // by reason, those that are not listed too
                const Json said = Json::parse(world.ask(post("/events", event)).body);
                const Json& listed = said["rejected"][0]["violations"];
                std::map<std::string, int> counts;
                if (listed.size() > 100)
                    qFatal("too many are listed");
                for (const Json& one : listed) {
                    const std::string reason = one["reason"].get<std::string>();
                    ++counts[reason];
                    const QString remedy =
                        QString::fromStdString(one.value("remedy", std::string()));
                    const auto more =
                        QRegularExpression(
                            QStringLiteral("(\\d+) (more )?of (this reason|reason (\\w+)) "
                                           "are not listed"))
                            .globalMatch(remedy);
                    for (auto at = more; at.hasNext();) {
                        const auto found = at.next();
                        counts[found.captured(4).isEmpty() ? reason
                                                           : found.captured(4).toStdString()] +=
                            found.captured(1).toInt();
                    }
                }
                return counts;
            };
        using Counts = std::map<std::string, int>;
        QCOMPARE(told(R"({"event_type":"list","n":)" + items(70, "\"x\"") + R"(,"s":)" +
                      items(60, "\"long\"") + "}"),
                 (Counts{{"wrong_type", 70}, {"wrong_length", 60}}));
        // Of the last reason none is listed.
        QCOMPARE(told(R"({"event_type":"list","n":)" + items(100, "\"x\"") + R"(,"s":)" +
                      items(60, "\"long\"") + R"(,"a":1,"b":2})"),
                 (Counts{{"wrong_type", 100}, {"wrong_length", 60}, {"unexpected_property", 2}}));
        QCOMPARE(told(R"({"event_type":"list","n":)" + items(100, "\"x\"") + "}"),
                 (Counts{{"wrong_type", 100}}));
        // What the validator did not list counts, whichever of those that it did list are.
        std::string many = R"({"event_type":"list","n":["x"])";
        for (int i = 0; i < 300; ++i)
            many += ",\"m" + std::to_string(i) + "\":1";
        QCOMPARE(told(many + "}"), (Counts{{"wrong_type", 1}, {"unexpected_property", 300}}));
    }

    void segments_events_are_held_against_the_contract_of_their_name() {
        const auto version = [](const char* number, const char* more) {
            return std::string(R"("type":"Signed Up","version":)") + number +
                   R"(,"schema":{"type":"object","properties":{"properties":{"type":"object",)" +
                   R"("required":["plan")" + more +
                   R"(],"properties":{"trial":{"type":"boolean","default":false}}}}})";
        };
        World world({}, by_contracts(contracts({version("1", ""), version("2", ",\"seats\"")})));
        const auto track = [&](const char* properties, const char* context = "{}") {
            return world.ask(
                post("/v1/track", std::string(R"({"event":"Signed Up","userId":"u",)") +
                                      R"("context":)" + context + R"(,"properties":)" + properties +
                                      "}"));
        };
        QCOMPARE(track(R"({"plan":"pro","seats":3})").status, 200);
        QCOMPARE(Json::parse(world.outlet.written.at(0).value)["properties"],
                 Json::parse(R"({"plan":"pro","seats":3,"trial":false})"));
        world.outlet.written.clear();
        QCOMPARE(track(R"({"plan":"pro"})").status, 200); // as the vendor answers; kept as invalid
        const Json letter = dead_letter(world);
        QCOMPARE(letter["reason"], Json("missing_required"));
        QCOMPARE(letter["pointer"], Json("/properties/seats"));
        QCOMPARE(letter["dialect"], Json("segment"));
        track(R"({"plan":"pro"})", R"({"protocols":{"event_version":1}})");
        QCOMPARE(world.outlet.of(Topic::Raw).size(), std::size_t{1});
        world.outlet.written.clear();
        track(R"({"plan":"pro"})", R"({"protocols":{"event_version":7}})");
        const Json unknown = dead_letter(world);
        QCOMPARE(unknown["reason"], Json("unknown_version"));
        QCOMPARE(unknown["pointer"], Json("/context/protocols/event_version"));
        // Segment's own `version` is of its interface, not of the event.
        world.ask(post("/v1/track", R"({"event":"Signed Up","version":9,"userId":"u",)"
                                    R"("properties":{"plan":"pro","seats":1}})"));
        QCOMPARE(world.outlet.of(Topic::Raw).size(), std::size_t{1});
    }

    void snowplows_events_are_held_against_vendor_name_and_version_data() {
        QTest::addColumn<bool>("base64");
        QTest::newRow("plain") << false;
        QTest::newRow("base64") << true;
    }
    void snowplows_events_are_held_against_vendor_name_and_version() {
        QFETCH(bool, base64);
        const std::string with_price =
            R"("schema":{"type":"object","required":["price"],"additionalProperties":false,)"
            R"("properties":{"price":{"type":"number"}}})";
        const std::string with_id = R"("schema":{"type":"object","required":["id"]})";
        World world({}, by_contracts(contracts({R"("type":"com.acme/buy","version":2,)"
                                                R"("effects":{"unexpected_property":"strip"},)" +
                                                    with_price,
                                                R"("type":"buy","version":1,)" + with_id})));
        const auto ask = [&](const char* schema, const char* data, const std::string& more = {}) {
            world.outlet.written.clear();
            return world.ask(post(tp2, snowplow(unstruct(schema, data, base64) + more)));
        };
        const std::string member = base64 ? "/ue_px" : "/ue_pr";
        const char* const of_acme = "iglu:com.acme/buy/jsonschema/2-1-0";
        QCOMPARE(ask(of_acme, "{\"price\":1}").status, 200);
        QCOMPARE(world.outlet.of(Topic::Raw).size(), std::size_t{1});
        ask(of_acme, "{\"price\":\"1\"}");
        const Json wrong = dead_letter(world);
        QCOMPARE(wrong["reason"], Json("wrong_type"));
        QCOMPARE(wrong["pointer"], Json(member + "/data/data/price"));
        ask("iglu:com.acme/buy/jsonschema/3-0-0", "{\"price\":1}");
        const Json unknown = dead_letter(world);
        QCOMPARE(unknown["reason"], Json("unknown_version"));
        QCOMPARE(unknown["pointer"], Json(member + "/data/schema"));
        QCOMPARE(unknown["violations"][0]["found"], Json("3-0-0"));
        // Another vendor's event of that name: the contract that names no vendor.
        ask("iglu:org.other/buy/jsonschema/1-0-0", "{\"price\":1}");
        QCOMPARE(dead_letter(world)["pointer"], Json(member + "/data/data/id"));
        // What would be stripped is only flagged: a text within the event's is not written anew.
        ask(of_acme, "{\"price\":1,\"colour\":\"red\"}");
        QCOMPARE(world.outlet.of(Topic::Raw).size(), std::size_t{1});
        QCOMPARE(world.collector.counts().flagged, std::uint64_t{1});
    }

    void what_describes_itself_illegibly_does_not_escape_its_contract_data() {
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<QByteArray>("pointer");
        const auto row = [](const char* name, const std::string& parameters, const char* reason,
                            const char* pointer) {
            QTest::newRow(name) << QByteArray::fromStdString(parameters) << QByteArray(reason)
                                << QByteArray(pointer);
        };
        const char* const item = "iglu:com.acme/item/jsonschema/1-0-0";
        const auto nested = [](int levels) {
            std::string text = "{\"n\":\"bad\",\"d\":";
            for (int i = 0; i < levels; ++i)
                text += "{\"d\":";
            return text + "1" + std::string(static_cast<std::size_t>(levels), '}') + "}";
        };
        std::string list = "{\"n\":\"bad\",\"l\":[0";
        for (int i = 0; i < 100'001; ++i)
            list += ",0";
        row("plain", unstruct(item, "{\"n\":\"bad\"}"), "wrong_type", "/ue_pr/data/data/n");
        row("deep", unstruct(item, nested(140).c_str()), "too_large", "/ue_pr");
        row("long", unstruct(item, (list + "]}").c_str()), "too_large", "/ue_pr");
        const auto text = [](const char* name, const char* value) {
            return "\"" + std::string(name) + "\":" + Json(value).dump();
        };
        row("no JSON", text("ue_pr", "{\"broken"), "not_json", "/ue_pr");
        row("no text", "\"ue_pr\":{\"data\":1}", "wrong_type", "/ue_pr");
        row("no base64", text("ue_px", "!!!"), "format", "/ue_px");
        row("no data", text("ue_pr", "{}"), "missing_required", "/ue_pr/data");
        row("no schema", text("ue_pr", "{\"data\":{\"data\":{}}}"), "missing_required",
            "/ue_pr/data/schema");
        row("no such schema", unstruct("iglu:com.acme/item", "{\"n\":\"bad\"}"), "format",
            "/ue_pr/data/schema");
        row("no inner data", text("ue_pr", "{\"data\":{\"schema\":\"iglu:a/b/c/1\"}}"),
            "missing_required", "/ue_pr/data/data");
        row("entities, no list", text("co", "{\"data\":{}}"), "wrong_type", "/co/data");
        row("entities, no JSON", text("cx", "AAAA"), "not_json", "/cx");
        row("an entity, no schema", text("co", "{\"data\":[{}]}"), "missing_required",
            "/co/data/0/schema");
    }
    void what_describes_itself_illegibly_does_not_escape_its_contract() {
        QFETCH(QByteArray, parameters);
        QFETCH(QByteArray, reason);
        QFETCH(QByteArray, pointer);
        World world({}, by_contracts(contracts(
                            {R"("type":"com.acme/item","version":1,"schema":{"properties":{)"
                             R"("n":{"type":"integer"}}})"})));
        // As the vendor answers; kept as invalid.
        QCOMPARE(world.ask(post(tp2, snowplow(parameters.toStdString()))).status, 200);
        QVERIFY(world.outlet.of(Topic::Raw).empty());
        const Json letter = dead_letter(world);
        QCOMPARE(letter["reason"], Json(reason.toStdString()));
        QCOMPARE(letter["pointer"], Json(pointer.toStdString()));
        QCOMPARE(Json::parse(world.ask(get("/micro/all")).body)["bad"], Json(1));
    }

    void an_event_that_its_defaults_make_too_large_is_refused_alone() {
        World world({}, by_contracts(contracts({order})));
        const auto event = [](int items) {
            std::string text = R"({"event_type":"order","currency":"EUR","items":[{})";
            for (int i = 1; i < items; ++i)
                text += ",{}";
            return text + "]}";
        };
        const auto answer = world.ask(post("/events", "[" + event(70'000) + "," + event(2) + "]"));
        QCOMPARE(answer.status, 202); // 12 bytes more for each item
        const auto good = world.outlet.of(Topic::Raw);
        QCOMPARE(good.size(), std::size_t{1});
        QCOMPARE(Json::parse(good[0].value)["items"],
                 Json::parse(R"([{"quantity":1},{"quantity":1}])"));
        const Json letter = dead_letter(world);
        QCOMPARE(letter["reason"], Json("too_large"));
        QCOMPARE(letter["original"]["items"].size(), std::size_t{70'000});
        QCOMPARE(world.ask(post("/events", event(40'000))).status, 202);
        QVERIFY(world.outlet.of(Topic::Raw).at(0).value.size() > 500'000);
    }

    void snowplows_entities_are_judged_where_a_contract_knows_them() {
        World world({},
                    by_contracts(contracts({R"("type":"com.acme/product","version":1,)"
                                            R"("schema":{"type":"object","required":["sku"]})"})));
        const auto entities = [&](const char* product) {
            const std::string text =
                said("iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0",
                     ("[" + said("iglu:com.acme/unknown/jsonschema/1-0-0", "{}") + "," +
                      said("iglu:com.acme/product/jsonschema/1-0-0", product) + "]")
                         .c_str());
            return world.ask(post(tp2, snowplow("\"co\":" + Json(text).dump())));
        };
        entities("{\"sku\":\"a\"}");
        QCOMPARE(world.outlet.of(Topic::Raw).size(), std::size_t{1});
        entities("{}");
        QCOMPARE(dead_letter(world)["pointer"], Json("/co/data/1/data/sku"));
    }

    void contracts_of_native_events_judge_no_others() {
        World world({}, by_contracts(contracts({order})));
        QCOMPARE(world.ask(post("/v1/track", R"({"event":"order","userId":"u"})")).status, 200);
        QCOMPARE(world.outlet.of(Topic::Raw).size(), std::size_t{1});
    }

    void a_default_that_its_schema_refuses_is_a_mistake_in_the_contract() {
        const auto set = contracts({R"("type":"x","version":1,"schema":{"properties":{)"
                                    R"("n":{"$ref":"#/definitions/n","default":-1}},)"
                                    R"("definitions":{"n":{"type":"integer","minimum":0}}})"});
        QCOMPARE(set->contracts().size(), std::size_t{0});
        QCOMPARE(set->problems().size(), std::size_t{1});
        QCOMPARE(set->problems()[0].what,
                 std::string("the default of /n does not fit its own schema"));
        QVERIFY(set->problems()[0].where.find("0.json:1: #/") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestCollectorContracts)
#include "tst_collector_contracts.moc"

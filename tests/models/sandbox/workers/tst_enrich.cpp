// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <fstream>
#include <map>

#include <nlohmann/json.hpp>

#include "models/sandbox/workers/enrich.h"
#include "models/synth/generator.h"
#include "tests/models/sandbox/workers/stage_story.h"

using namespace weir;
using sandbox::Enrich;
using test::StageStory;
using Json = nlohmann::json;
using Lines = std::vector<std::string>;
using namespace std::string_literals;

namespace {

std::shared_ptr<const Tokeniser> tokens() {
    return Tokeniser::create("a key of this test's own").value();
}

std::shared_ptr<const sandbox::ContractShelf> demo_contracts() {
    return std::make_shared<sandbox::ContractShelf>(ContractSet::built_in());
}

/// With double quotes in the place of single ones.
std::string json_text(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

/// An event with these members beside the usual ones.
std::string holding(const std::string& more, const std::string& id = "e1") {
    return json_text("{'event_id':'") + id + json_text("','event_type':'t','session_id':'s1'") +
           (more.empty() ? "" : "," + more) + "}";
}

std::string value_of(const Lines& lines) {
    const std::string begin = "enriched_events s1 ";
    return lines.front().rfind(begin, 0) == 0 ? lines.front().substr(begin.size()) : "";
}
Json added_to(const Lines& lines) {
    return Json::parse(value_of(lines))["enrichment"];
}
Json audit_of(const Lines& lines) {
    return Json::parse(lines.at(1).substr("weir-audit: "s.size()));
}

/// An event with its session and, if it has one, its user.
struct Visit {
    std::string key, value;
};
std::vector<Visit> visits(std::size_t count) {
    synth::Generator generator(11, {.malformed_share = 0});
    std::vector<Visit> all;
    synth::Event made;
    while (all.size() < count) {
        generator.next(made);
        all.push_back({std::string(made.key), std::string(made.value)});
    }
    return all;
}

} // namespace

/// What enrichment writes into an event, and what it leaves as it came.
class TestEnrich : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void nothing_but_the_new_member_is_touched() {
        Enrich stage(nullptr, tokens());
        StageStory story(stage);
        const std::string value =
            json_text("{ 'event_id':'e1', 'event_type':'t','session_id':'s1',  "
                      "'n':1e2,'big':23958446825181076828,'a':'\\u0041','a':null }");
        const Lines lines = story.give("s1", value);
        QCOMPARE(value_of(lines),
                 value.substr(0, value.size() - 1) + json_text(",'enrichment':{'version':1}}"));
        QCOMPARE(audit_of(lines),
                 Json::parse(json_text("{'rule':'enrichment','version':1,'before':{},'after':{'/"
                                       "enrichment':{'version':1}}}")));
    }

    void personal_values_become_tokens_and_the_audit_does_not_tell_them() {
        Enrich stage(demo_contracts(), tokens());
        StageStory story(stage);
        const std::string value = holding(
            json_text("'user_id':'u-1000001','context':{'ip':'203.0.113.9','page':{'path':'/"
                      "'}},'properties':{'email':'jane@corp.test','user':{'name':'Jane "
                      "Roe','plan':'gold'},'product_name':'Lamp','note':''}"));
        const Lines lines = story.give("s1", value);
        const std::string text = value_of(lines);
        for (const char* personal : {"jane@corp.test", "Jane Roe", "203.0.113.9"})
            for (const std::string& line : lines)
                QVERIFY2(line.find(personal) == std::string::npos, line.c_str());
        const Json made = Json::parse(text);
        QCOMPARE(made["user_id"], Json("u-1000001"));
        QCOMPARE(made["properties"]["user"]["plan"], Json("gold"));
        QCOMPARE(made["properties"]["product_name"], Json("Lamp"));
        QCOMPARE(audit_of(lines)["before"]["/properties/email"], Json({{"personal", "email"}}));
        QCOMPARE(audit_of(lines)["after"]["/properties/email"], made["properties"]["email"]);
        StageStory again(stage);
        QCOMPARE(Json::parse(value_of(again.give("s1", value)))["context"]["ip"],
                 made["context"]["ip"]);
    }

    void a_contract_says_what_is_personal_and_what_is_not() {
        Enrich stage(demo_contracts(), tokens());
        StageStory story(stage);
        const std::string search =
            json_text("{'event_id':'e1','event_type':'search','schema_version':1,'session_id':'s1',"
                      "'properties':{'query':'the house of my aunt','results':3}}");
        const Json made = Json::parse(value_of(story.give("s1", search)));
        QVERIFY(made["properties"]["query"] != Json("the house of my aunt"));
        QCOMPARE(made["properties"]["results"], Json(3));
        QCOMPARE(made["session_id"], Json("s1"));
    }

    void what_is_personal_is_so_at_every_depth() {
        const QTemporaryDir folder;
        std::ofstream(folder.filePath(QStringLiteral("1.json")).toStdString())
            << R"({"weir_contract":1,"type":"t","version":1,"owner":"o","schema":{
                "properties":{"event_type":{},"tree":{"$ref":"#/definitions/node"}},
                "definitions":{"node":{"properties":{
                    "alias":{"pii":"name"},
                    "seen":{"pii":"none","properties":{"by":{"pii":"name"}}},
                    "below":{"items":{"$ref":"#/definitions/node"}}}}}}})";
        Enrich stage(std::make_shared<sandbox::ContractShelf>(
                         *ContractSet::load(folder.path().toStdString())),
                     tokens());
        StageStory story(stage);
        const Json made = Json::parse(value_of(story.give(
            "s1", holding(json_text("'schema_version':1,'tree':{'alias':'Jane','below':[{'below':["
                                    "{'alias':'Jane','seen':{'by':'Jane','count':3}}]}]}")))));
        const Json& inner = made["tree"]["below"][0]["below"][0];
        for (const Json& hidden : {made["tree"]["alias"], inner["alias"], inner["seen"]["by"]})
            QVERIFY2(hidden.is_string() && hidden != Json("Jane"), hidden.dump().c_str());
        QCOMPARE(inner["seen"]["count"], Json(3));
    }

    void the_device_is_told_by_the_user_agent() {
        Enrich stage(nullptr, tokens());
        StageStory story(stage);
        const Lines lines = story.give(
            "s1", holding(json_text(
                      "'context':{'user_agent':'Mozilla/5.0 (X11; Linux x86_64) Firefox/132.0'}")));
        QCOMPARE(added_to(lines)["device"],
                 Json::parse(json_text(
                     "{'type':'desktop','system':'Linux','browser':'Firefox','version':'132'}")));
        QVERIFY(!added_to(story.give("s1", holding("\"x\":1", "e2"))).contains("device"));
    }

    void amounts_and_measures_are_told_once_more_in_one_unit() {
        Enrich stage(nullptr, tokens());
        StageStory story(stage);
        const std::string value = holding(
            json_text("'properties':{'price':10.10,'currency':'usd','wait_s':1.5,'load_s':1,'"
                      "load_ms':1000,'value':'7','order_id':4711}"));
        const Lines lines = story.give("s1", value);
        const std::string text = value_of(lines);
        QVERIFY2(text.find(json_text("'money':{'currency':'EUR','price':9.29}")) !=
                     std::string::npos,
                 text.c_str());
        QVERIFY2(text.find(json_text("'units':{'wait_ms':1500}")) != std::string::npos,
                 text.c_str());
        QVERIFY(text.find(json_text("'price':10.10,'currency':'USD','wait_s':1.5")) !=
                std::string::npos);
        QCOMPARE(audit_of(lines)["before"],
                 Json::parse(json_text("{'/properties/currency':'usd'}")));
        QCOMPARE(audit_of(lines)["after"]["/properties/currency"], Json("USD"));
    }

    void the_first_event_with_a_user_carries_where_the_session_came_from() {
        Enrich stage(nullptr, tokens());
        StageStory story(stage);
        story.give(
            "s1",
            holding(json_text(
                "'context':{'page':{'path':'/sale?q=x'},'referrer':'https://search.example.com/"
                "?q=secret','campaign':{'source':'newsletter','medium':'email'}}")));
        story.give("s1",
                   holding(json_text("'context':{'page':{'path':'/"
                                     "other'},'campaign':{'source':'social','campaign':'c2'}}"),
                           "e2"));
        story.restart();
        const std::string login = holding(json_text("'user_id':'u1'"), "e3");
        const Lines lines = story.give("s1", login);
        QCOMPARE(added_to(lines)["touch"],
                 Json::parse(
                     json_text("{'source':'newsletter','medium':'email','campaign':null,'referrer':"
                               "'https://search.example.com/','landing_page':'/sale'}")));
        QCOMPARE(lines.at(2), "events_by_user u1 " + value_of(lines));
        const Lines next = story.give("s1", holding(json_text("'user_id':'u1'"), "e4"));
        QVERIFY(!added_to(next).contains("touch"));
        QCOMPARE(next.size(), std::size_t{3});
        QVERIFY(added_to(story.give("s1", holding(json_text("'user_id':'u2'"), "e5")))
                    .contains("touch"));
    }

    void a_campaign_may_stand_in_the_landing_pages_address() {
        Enrich stage(nullptr, tokens());
        StageStory story(stage);
        const Lines lines = story.give(
            "s1", holding(json_text(
                      "'user_id':'u1','context':{'page':{'url':'https://shop.test/"
                      "a?utm_source=x%20y&utm_campaign=c+d&utm_medium=%ff#utm_source=no'}}")));
        QCOMPARE(
            added_to(lines)["touch"],
            Json::parse(json_text("{'source':'x y','medium':null,'campaign':'c "
                                  "d','referrer':null,'landing_page':'https://shop.test/a'}")));
    }

    void what_was_not_told_stays_unknown() {
        Enrich stage(nullptr, tokens());
        StageStory story(stage);
        const Lines lines = story.give("s1", holding(json_text("'user_id':'u1'")));
        QCOMPARE(added_to(lines)["touch"],
                 Json::parse(json_text("{'source':null,'medium':null,'campaign':null,'referrer':"
                                       "null,'landing_page':null}")));
    }

    void a_purpose_that_is_refused_is_not_served() {
        Enrich stage(nullptr, tokens());
        StageStory story(stage);
        QCOMPARE(story.give("s1", holding(json_text("'context':{'consent':{'analytics':false}}"))),
                 Lines{"filtered: consent"});
        const Lines lines = story.give(
            "s1",
            holding(json_text(
                "'user_id':'u1','context':{'consent':{'ads':false},'ip':'203.0.113.9','campaign':{'"
                "source':'x'},'page':{'path':'/'}},'properties':{'gclid':'abc'}")));
        const Json added = added_to(lines);
        QCOMPARE(added["refused"], Json::parse(json_text("['ads']")));
        QCOMPARE(added["touch"]["source"], Json());
        QCOMPARE(added["touch"]["landing_page"], Json());
        QVERIFY(!added.contains("signal"));
        QCOMPARE(Json::parse(value_of(lines))["properties"]["gclid"], Json());
        QCOMPARE(audit_of(lines)["before"]["/properties/gclid"], Json({{"refused", "ads"}}));
    }

    void a_client_cannot_say_what_was_found_out() {
        Enrich stage(nullptr, tokens());
        StageStory story(stage);
        const Lines lines = story.give(
            "s1", holding(json_text("'enrichment':{'touch':{'source':'me','email':'a@b.test'}}")));
        QCOMPARE(added_to(lines), Json::parse(json_text("{'version':1}")));
        QCOMPARE(audit_of(lines)["before"]["/enrichment"], Json({{"dropped", true}}));
    }

    void an_audit_has_a_bound() {
        Enrich stage(nullptr, tokens());
        StageStory story(stage);
        std::string members;
        for (int i = 0; i < 500; ++i)
            members += (i ? ",{" : "{") + "\"email\":\"someone-"s + std::to_string(i) +
                       "@a-rather-long-name.example\"}";
        const Lines lines = story.give("s1", holding("\"people\":[" + members + "]"));
        QVERIFY(lines.at(1).size() < sandbox::Enrichment::audit_bytes_max + 200);
        QCOMPARE(audit_of(lines)["after"], Json({{"cut", true}}));
        QVERIFY(value_of(lines).find("a-rather-long-name") == std::string::npos);
    }

    void sessions_are_forgotten_after_their_window_and_past_the_bound() {
        Enrich stage(nullptr, tokens(), {.window = Micros(60'000'000), .sessions_max = 10});
        StageStory story(stage);
        const std::string landing = holding(json_text("'context':{'page':{'path':'/sale'}}"));
        for (int i = 0; i < 100; ++i)
            story.give("k" + std::to_string(i), landing, 1'000);
        QCOMPARE(stage.remembered(PartitionId(0)), std::size_t{10});
        story.restart();
        QCOMPARE(stage.remembered(PartitionId(0)), std::size_t{10});
        story.give("s1", landing, 1'000);
        const Json touch =
            added_to(story.give("s1", holding(json_text("'user_id':'u1'")), 1'061))["touch"];
        QCOMPARE(touch["landing_page"], Json());
        QCOMPARE(stage.remembered(PartitionId(0)), std::size_t{1});
    }

    void per_key_the_same_events_in_the_same_order_give_the_same_bytes() {
        const std::vector<Visit> all = visits(20'000);
        const auto enriched = [&](bool by_key, std::size_t restart_every) {
            Enrich stage(demo_contracts(), tokens());
            StageStory story(stage);
            std::vector<Visit> order = all;
            if (by_key)
                std::stable_sort(order.begin(), order.end(),
                                 [](const Visit& a, const Visit& b) { return a.key < b.key; });
            std::map<std::string, std::string> bytes; // by key
            for (std::size_t i = 0; i < order.size(); ++i) {
                for (const std::string& line : story.give(order[i].key, order[i].value))
                    bytes[order[i].key] += line + "\n";
                if (restart_every > 0 && i % restart_every == 0)
                    story.restart();
            }
            return bytes;
        };
        const auto once = enriched(false, 0);
        QVERIFY(once.size() > 100);
        QVERIFY(once == enriched(false, 1'713));
        QVERIFY(once == enriched(true, 0));
    }

    void the_audit_accounts_for_every_difference() {
        Enrich stage(demo_contracts(), tokens());
        StageStory story(stage);
        int changed = 0;
        for (const Visit& visit : visits(3'000)) {
            const Lines lines = story.give(visit.key, visit.value);
            Json expected = Json::parse(visit.value);
            const Json after = audit_of(lines)["after"];
            for (const auto& [pointer, value] : after.items()) {
                expected[Json::json_pointer(pointer)] = value;
                changed += pointer != "/enrichment" ? 1 : 0;
            }
            const std::string begin = "enriched_events " + visit.key + " ";
            const Json made = Json::parse(lines.front().substr(begin.size()));
            QVERIFY2(made == expected, Json::diff(expected, made).dump().c_str());
        }
        QVERIFY(changed > 2'000);
    }
};

QTEST_GUILESS_MAIN(TestEnrich)
#include "tst_enrich.moc"

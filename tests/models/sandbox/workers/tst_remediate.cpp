// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <algorithm>

#include "models/sandbox/workers/deduplicate.h"
#include "models/sandbox/workers/remediate.h"
#include "tests/models/sandbox/workers/stage_story.h"

using namespace weir;
using sandbox::Remediate;
using sandbox::Remedies;
using test::StageStory;
using Lines = std::vector<std::string>;

namespace {

/// With quotes instead of apostrophes.
std::string json(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::shared_ptr<const Remedies> price_rules() {
    auto read = Remedies::parse(json("{'weir_remedies':1,'rounds_max':2,'rules':[{'name':'price',"
                                     "'reason':'wrong_type','at':'/properties/price',"
                                     "'do':'cast','to':'number'}]}"),
                                "test.json");
    if (!read)
        qFatal("%s", read.error().text().c_str());
    return std::make_shared<const Remedies>(*std::move(read));
}

std::shared_ptr<const sandbox::ContractShelf> shop() {
    return std::make_shared<sandbox::ContractShelf>(ContractSet::built_in());
}

std::string letter(const std::string& original, const std::string& dialect = "native") {
    return json("{'reason':'wrong_type','stage':'collect','pointer':'/properties/price',"
                "'message':'','received_time':'2026-01-01T00:00:00Z','dialect':'" +
                dialect +
                "','violations':[{'reason':'wrong_type','pointer':'/properties/price'}],"
                "'original':") +
           original + "}";
}

std::string sold(const std::string& price, const std::string& more = "") {
    return json("{'event_id':'e1','event_type':'x','session_id':'s1','properties':{'price':") +
           price + "}" + more + "}";
}

std::string purchase(const std::string& id, const std::string& properties) {
    return json("{'event_id':'" + id +
                "','event_type':'purchase','schema_version':3,'session_id':'s1','properties':" +
                properties + "}");
}

const std::string received = json(",'received_time':'2026-01-01T00:00:00Z'");

} // namespace

/// Dead letters that go in again, and those that do not.
class TestRemediate : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_repaired_event_goes_in_again_and_says_so() {
        Remediate stage(price_rules(), nullptr);
        StageStory story(stage);
        QCOMPARE(story.give("k", letter(sold("\"12.50\""))),
                 (Lines{"raw_events s1 " + sold("12.50", received), "weir-replay-count: 1",
                        "weir-remedy: price"}));
        QCOMPARE(story.give("k", letter(sold("\"12.50\"")), 0, 0, "1"),
                 (Lines{"raw_events s1 " + sold("12.50", received), "weir-replay-count: 2",
                        "weir-remedy: price"}));
    }

    void what_comes_back_too_often_is_put_into_quarantine() {
        Remediate stage(price_rules(), nullptr);
        StageStory story(stage);
        const std::string came = letter(sold("\"1\""));
        QCOMPARE(story.give("k", came, 0, 0, "2"),
                 (Lines{"quarantined_events k " + came,
                        "weir-quarantine: it went in again 2 times and came back"}));
        QCOMPARE(story.give("k", came, 0, 0, "nonsense").front().substr(0, 13),
                 std::string("raw_events s1"));
    }

    void what_no_rule_is_about_stays() {
        Remediate stage(price_rules(), nullptr);
        StageStory story(stage);
        const Lines stays = {"filtered: not_for_us"};
        QCOMPARE(story.give("k", letter(sold("\"dear\""))), stays);
        QCOMPARE(story.give("k", letter(sold("\"1\""), "segment")), stays);
        QCOMPARE(story.give("k", letter("\"cut off\"")), stays);
        QCOMPARE(story.give("k", json("{'original':{'properties':{'price':'1'}}}")), stays);
        QCOMPARE(story.give("k", sold("\"1\"")), stays); // no dead letter at all
        Remediate without(nullptr, nullptr);
        StageStory none(without);
        QCOMPARE(none.give("k", letter(sold("\"1\""))), stays);
    }

    void what_still_breaks_its_contract_does_not_go_in() {
        Remediate stage(price_rules(), shop());
        StageStory story(stage);
        const Lines told = story.give("k", letter(purchase("e1", "{'price':'12.50'}")));
        QCOMPARE(told.size(), std::size_t{3});
        QVERIFY2(told[0].find(json("quarantined_events k {'reason':'missing_required'")) == 0,
                 told[0].c_str());
        QVERIFY(told[0].find(json("'price':12.50")) != std::string::npos);
        QCOMPARE(told[1], std::string("weir-quarantine: repaired, it still breaks its contract"));
        QCOMPARE(told[2], std::string("weir-remedy: price"));
    }

    void deduplication_lets_a_repaired_event_pass_once_more() {
        sandbox::Deduplicate stage(shop());
        StageStory story(stage);
        const std::string first = purchase("e1", "{'order_id':7}");
        const std::string repaired = purchase("e1", "{'order_id':7,'price':1}");
        const std::string other = purchase("e2", "{'order_id':7}");
        QCOMPARE(story.give("s1", first), Lines{"unique_events s1 " + first});
        QCOMPARE(story.give("s1", repaired), Lines{"filtered: duplicate_same_id"});
        QCOMPARE(story.give("s1", repaired, 1, 0, "1"), Lines{"unique_events s1 " + repaired});
        QCOMPARE(story.give("s1", repaired, 2, 0, "1"), Lines{"filtered: duplicate_same_bytes"});
        QCOMPARE(story.give("s1", other, 3, 0, "1"), Lines{"filtered: duplicate_business_key"});
        story.restart();
        QCOMPARE(story.give("s1", repaired, 4, 0, "1"), Lines{"filtered: duplicate_same_bytes"});
        QCOMPARE(story.give("s1", repaired, 5, 0, "2"), Lines{"unique_events s1 " + repaired});
    }
};

QTEST_GUILESS_MAIN(TestRemediate)
#include "tst_remediate.moc"

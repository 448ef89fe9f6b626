// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "models/sandbox/workers/deduplicate.h"
#include "models/sandbox/workers/enrich.h"
#include "models/synth/scenario_stream.h"
#include "tests/models/sandbox/workers/stage_story.h"
#include "tests/support/collector_world.h"

using namespace weir;
using namespace weir::synth;
using Json = nlohmann::json;

namespace {

std::shared_ptr<const Scenario> scenario_of(const std::string& duration,
                                            const std::string& faults) {
    auto scenario = Scenario::parse(
        R"({"weir_scenario": 1, "name": "s", "events_per_s": 1000,
            "population": {"users": 5000, "sessions": 300}, "duration": )" +
            ('"' + duration) + "\", \"faults\": [" + faults + "]}",
        "s.json");
    if (!scenario)
        qFatal("%s", scenario.error().text().c_str());
    return std::make_shared<const Scenario>(std::move(*scenario));
}

/// `loser`: the stage that loses a third of the events of a minute; "": that of the file does, a
/// few.
std::shared_ptr<const Scenario> bad_day(double events_per_s = 50, const std::string& loser = {}) {
    auto scenario = Scenario::load("bad-day");
    if (!scenario)
        qFatal("%s", scenario.error().text().c_str());
    scenario->events_per_s = events_per_s;
    for (PlannedTrouble& plan : scenario->troubles) {
        if (plan.trouble == Trouble::Oversize)
            plan.per_million = 500;
        if (plan.trouble == Trouble::SilentDrop && !loser.empty()) {
            plan.stage = loser;
            plan.per_million = 333'333;
        }
    }
    return std::make_shared<const Scenario>(std::move(*scenario));
}

/// What was told of one event, kept.
struct Told {
    std::string id, type, value, of, order, reason, pointer, platform, app_version;
    Fate fate{};
    TroubleSet troubles = 0;
    Micros at, event_time;
    bool has(Trouble trouble) const { return (troubles & bit_of(trouble)) != 0; }
};

struct Story {
    std::vector<Told> events;
    std::map<std::string, std::string> orders; // user by id
    std::set<std::string> users;
    std::map<std::string, Json> touches; // {"event","touch"} by user
    std::string bytes;                   // all of it
};

Story play(const std::shared_ptr<const Scenario>& scenario, std::uint64_t seed,
           const std::shared_ptr<IncidentPlan>& incidents = nullptr) {
    ScenarioStream stream(scenario, seed, scenario->events_per_s, scenario->start, incidents);
    TruthWriter writer;
    Story story;
    Happening now;
    while (stream.next(now)) {
        if (now.order != nullptr) {
            story.orders[std::string(now.order->id)] = now.order->user;
            story.bytes += writer.line(*now.order);
        }
        if (now.user != nullptr) {
            story.users.insert(std::string(now.user->id));
            story.bytes += writer.line(*now.user);
        }
        if (now.attribution != nullptr) {
            const std::string line(writer.line(*now.attribution));
            const Json told = Json::parse(line);
            Json touch = told["campaign"].is_null() ? Json::object() : told["campaign"];
            for (const char* member : {"source", "medium", "campaign"})
                touch.emplace(member, nullptr);
            touch["referrer"] = told["referrer"];
            touch["landing_page"] = told["landing_page"];
            story.touches[told["attribution"].get<std::string>()] = {{"event", told["at_event"]},
                                                                     {"touch", touch}};
            story.bytes += line;
        }
        if (now.event == nullptr)
            continue;
        const EventTruth& e = *now.event;
        story.events.push_back({std::string(e.id), std::string(e.type), std::string(now.value),
                                std::string(e.of), std::string(e.order),
                                std::string(weir::to_word(e.reason)), std::string(e.pointer),
                                std::string(e.platform), std::string(e.app_version), e.fate,
                                e.troubles, now.at, e.event_time});
        story.bytes.append(now.value).append(writer.line(e));
    }
    return story;
}

int count(const Story& story, Trouble trouble) {
    return static_cast<int>(std::count_if(story.events.begin(), story.events.end(),
                                          [=](const Told& told) { return told.has(trouble); }));
}

/// One that events of a bad day come to, and none of these did; "": there is none.
std::string end_that_lacks(const std::map<std::string, int>& ends) {
    for (const char* end :
         {"warehouse", "filtered: duplicate_same_bytes", "filtered: duplicate_business_key",
          "missing_required", "wrong_type", "out_of_range", "unknown_type", "unknown_version",
          "format", "not_json", "too_large"})
        if (ends.count(end) == 0)
            return end;
    return {};
}

} // namespace

class TestScenarioStream : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_seed_gives_the_same_story_every_time() {
        const auto scenario = bad_day();
        const Story once = play(scenario, 42);
        QVERIFY(once.bytes == play(scenario, 42).bytes);
        QVERIFY(once.bytes != play(scenario, 43).bytes);
        QVERIFY(once.events.size() > 20'000);
    }

    void the_stages_do_with_each_event_what_the_truth_says_data() {
        QTest::addColumn<QString>("loser");
        for (const char* stage : {"", "deduplicate", "enrich", "load"})
            QTest::newRow(stage) << QString::fromUtf8(stage);
    }
    void the_stages_do_with_each_event_what_the_truth_says() {
        QFETCH(QString, loser);
        // The whole day is for the row without a loser; for the others a thinner one is enough.
        const auto scenario = bad_day(loser.isEmpty() ? 25 : 10, loser.toStdString());
        const auto incidents = std::make_shared<IncidentPlan>(
            *scenario, loser.isEmpty() ? TroubleSet{} : all_incidents());
        const auto shelf = std::make_shared<sandbox::ContractShelf>(ContractSet::built_in());
        test::World world({}, [shelf] {
            return std::make_unique<sandbox::ContractJudge>(shelf,
                                                            sandbox::WithoutContract::Refuse);
        });
        sandbox::Deduplicate deduplicate(shelf);
        test::StageStory stage(deduplicate);
        sandbox::Enrich enrich(shelf, nullptr);
        test::StageStory enriching(enrich);
        std::map<std::string, Json> touches; // each user's first
        const Story story = play(scenario, 5, incidents);
        std::map<std::string, int> ends;
        for (const Told& told : story.events) {
            if (told.fate == Fate::NeverSent) {
                QVERIFY(told.value.empty());
                continue;
            }
            world.outlet.written.clear();
            world.ask(test::post("/events", told.value));
            const std::string what = told.id + " " + told.value.substr(0, 1000);
            QVERIFY2(world.outlet.written.size() == 1, what.c_str());
            const test::FakeOutlet::Record& record = world.outlet.written.front();
            const bool refused = record.topic == sandbox::Topic::Invalid;
            QVERIFY2(refused == (told.fate == Fate::Invalid), what.c_str());
            if (refused) {
                const Json letter = Json::parse(record.value);
                QCOMPARE(letter["reason"].get<std::string>(), told.reason);
                QVERIFY2(letter["pointer"] == told.pointer, what.c_str());
                ++ends[told.reason];
                continue;
            }
            const auto lost_by = [&](const char* name) {
                return incidents->loses(name, hash_event_id(told.id));
            };
            if (lost_by("deduplicate")) {
                QVERIFY2(told.fate == Fate::Lost || told.fate == Fate::Duplicate, what.c_str());
                ++ends["lost"];
                continue;
            }
            const auto came = stage.give(record.key, record.value, told.at.value() / 1'000'000);
            const bool dropped = came.front().rfind("filtered: duplicate", 0) == 0;
            QVERIFY2(dropped == (told.fate == Fate::Duplicate), (what + came.front()).c_str());
            ++ends[dropped ? came.front() : "warehouse"];
            if (dropped)
                continue;
            QCOMPARE(told.fate == Fate::Lost, lost_by("enrich") || lost_by("load"));
            ends["lost"] += told.fate == Fate::Lost ? 1 : 0;
            if (lost_by("enrich"))
                continue;
            const auto enriched = enriching.give(record.key, record.value);
            const Json made = Json::parse(enriched.front().substr(enriched.front().find('{')));
            if (made["enrichment"].contains("touch"))
                touches.try_emplace(
                    made["user_id"].get<std::string>(),
                    Json{{"event", made["event_id"]}, {"touch", made["enrichment"]["touch"]}});
        }
        QVERIFY(touches.size() > (loser.isEmpty() ? 100u : 30u));
        QCOMPARE(touches, story.touches);
        QCOMPARE(ends["lost"] > 100, !loser.isEmpty());
        if (!loser.isEmpty())
            return;
        QCOMPARE(end_that_lacks(ends), std::string());
    }

    void what_a_stage_loses_is_a_share_of_its_time_and_changes_nothing_else() {
        const auto scenario = scenario_of(
            "60 s", R"({"fault": "silent_drop", "stage": "load", "share": 0.1, "from": "20 s",
                        "until": "40 s", "where": {"platform": ["ios"]}},
                       {"fault": "retry_same_id", "share": 0.05, "after": "2 s"})");
        const auto incidents = std::make_shared<IncidentPlan>(*scenario, all_incidents());
        const Story lost = play(scenario, 8, incidents);
        const Story kept = play(scenario, 8);
        QCOMPARE(lost.events.size(), kept.events.size());
        int due = 0;
        for (std::size_t i = 0; i < lost.events.size(); ++i) {
            const Told& told = lost.events[i];
            QCOMPARE(told.value, kept.events[i].value);
            const std::int64_t s = (told.at - scenario->start).value() / 1'000'000;
            const bool in_time = told.platform == "ios" && s >= 20 && s < 40;
            due += in_time && kept.events[i].fate == Fate::Warehouse ? 1 : 0;
            QVERIFY(in_time || told.fate != Fate::Lost);
            QCOMPARE(told.has(Trouble::SilentDrop), told.fate == Fate::Lost);
        }
        QVERIFY(due > 2'000);
        QVERIFY(std::abs(count(lost, Trouble::SilentDrop) - due / 10) < due / 40);
        QCOMPARE(count(kept, Trouble::SilentDrop), 0);
    }

    void the_truth_says_of_an_event_what_is_in_it() {
        for (const Told& told : play(bad_day(), 6).events) {
            if (told.fate != Fate::Warehouse && told.fate != Fate::Duplicate)
                continue;
            const Json event = Json::parse(told.value);
            QCOMPARE(event["event_id"].get<std::string>(), told.id);
            QCOMPARE(event["event_type"].get<std::string>(), told.type);
            QCOMPARE(event["platform"].get<std::string>(), told.platform);
            QCOMPARE(event["context"]["app_version"].get<std::string>(), told.app_version);
            if (!told.order.empty())
                QVERIFY(told.value.find("\"order_id\":" + told.order) != std::string::npos);
        }
    }

    void faults_come_at_their_rate_where_and_when_they_should() {
        const Story story =
            play(scenario_of("60 s", R"({"fault": "bad_time", "share": 0.1, "from": "20 s",
                                    "until": "40 s", "where": {"type": ["page_view"]}},
                                   {"fault": "silent_client", "from": "50 s",
                                    "where": {"platform": ["android"]}})"),
                 1);
        const Micros start = Scenario().start;
        int page_views = 0;
        for (const Told& told : story.events) {
            const std::int64_t s = (told.at - start).value() / 1'000'000;
            page_views += told.type == "page_view" && s >= 20 && s < 40 ? 1 : 0;
            if (told.has(Trouble::BadTime))
                QVERIFY(told.type == "page_view" && s >= 20 && s < 40);
            QCOMPARE(told.fate == Fate::NeverSent, told.platform == "android" && s >= 50);
        }
        QVERIFY(page_views > 5'000);
        QVERIFY(std::abs(count(story, Trouble::BadTime) - page_views / 10) < page_views / 50);
    }

    void an_ad_blocker_blocks_all_that_its_client_does() {
        const Story story = play(scenario_of("60 s", R"({"fault": "ad_blocker", "share": 0.2,
                                    "where": {"platform": ["web"]}})"),
                                 2);
        std::map<std::string, int> fates;
        for (const Told& told : story.events)
            ++fates[told.platform + " " + std::string(to_word(told.fate))];
        QCOMPARE(fates["ios never_sent"] + fates["android never_sent"] + fates["server never_sent"],
                 0);
        const double share =
            1.0 * fates["web never_sent"] / (fates["web never_sent"] + fates["web warehouse"]);
        QVERIFY2(share > 0.15 && share < 0.25, std::to_string(share).c_str());
    }

    void a_new_app_version_appears_and_its_faults_are_its_own() {
        const Story story = play(
            scenario_of("60 s", R"({"fault": "new_app_version", "app_version": "9.0", "share": 0.5,
                                    "from": "10 s", "where": {"platform": ["ios"]}},
                                   {"fault": "wrong_type", "where": {"app_version": ["9.0"]}})"),
            3);
        int new_ones = 0;
        for (const Told& told : story.events) {
            const bool is_new = told.app_version == "9.0";
            QCOMPARE(told.has(Trouble::NewAppVersion), is_new);
            QCOMPARE(told.fate == Fate::Invalid, is_new);
            new_ones += is_new ? 1 : 0;
        }
        QVERIFY(new_ones > 1'000);
    }

    void a_late_batch_arrives_at_once_and_in_order() {
        const Story story =
            play(scenario_of("60 s", R"({"fault": "late_batch", "share": 0.3, "from": "10 s",
                                    "until": "30 s"})"),
                 4);
        const Micros release = Scenario().start + Micros(30'000'000);
        int late = 0;
        int early = 0; // by the client's clock
        Micros before(0);
        for (const Told& told : story.events) {
            QVERIFY(told.at >= before);
            before = told.at;
            if (!told.has(Trouble::LateBatch))
                continue;
            ++late;
            QCOMPARE(told.at.value(), release.value());
            early += told.event_time < release ? 1 : 0;
            QVERIFY(told.value.find("\"received_time\":\"2026-01-01T00:00:30.000Z\"") !=
                    std::string::npos);
        }
        QVERIFY(late > 2'000);
        QVERIFY(early > late * 9 / 10); // some clocks are off by themselves
    }

    void a_retry_follows_what_it_repeats() {
        const Story story =
            play(scenario_of("60 s", R"({"fault": "retry_same_id", "share": 0.05, "after": "2 s"},
                                   {"fault": "retry_new_id", "share": 0.05, "after": "2 s"})"),
                 5);
        std::map<std::string, const Told*> first;
        std::map<std::string, int> retries;
        for (const Told& told : story.events) {
            if (told.of.empty()) {
                QVERIFY(first.emplace(told.id, &told).second);
                continue;
            }
            const Told& original = *first.at(told.of);
            QCOMPARE((told.at - original.at).value(), 2'000'000LL);
            Json again = Json::parse(told.value);
            Json once = Json::parse(original.value);
            QVERIFY(again["received_time"] != once["received_time"]);
            again.erase("received_time");
            once.erase("received_time");
            const bool same = told.has(Trouble::RetrySameId);
            QCOMPARE(told.id == told.of, same);
            QVERIFY((again == once) == same);
            ++retries[std::string(same ? "same " : "new ") + std::string(to_word(told.fate))];
        }
        QVERIFY(retries["same duplicate"] > 2'000);
        QVERIFY(retries["new duplicate"] > 10); // purchases, orders, sign-ups
        QVERIFY(retries["new warehouse"] > 2'000);
        QCOMPARE(retries["same warehouse"], 0);
    }

    void every_order_is_recorded_once_whether_its_events_are_sent_or_not() {
        const Story story = play(scenario_of("120 s", R"({"fault": "ad_blocker", "share": 0.3},
                                    {"fault": "missing_field", "share": 0.05})"),
                                 6);
        std::map<std::string, int> of_client, of_server;
        for (const Told& told : story.events) {
            if (told.type == "purchase")
                ++of_client[told.order];
            else if (told.type == "order_completed")
                ++of_server[told.order];
            else
                QVERIFY(told.order.empty());
        }
        QVERIFY(story.orders.size() > 200);
        QVERIFY(story.users.size() > 200);
        bool beyond_64_bits = false;
        for (const auto& [order, n] : of_client) {
            QCOMPARE(n, 1);
            QCOMPARE(story.orders.count(order), std::size_t(1));
            beyond_64_bits = beyond_64_bits || order.size() == 20;
        }
        for (const auto& [order, n] : of_server) {
            QCOMPARE(n, 1);
            QCOMPARE(story.orders.count(order), std::size_t(1));
        }
        QVERIFY(beyond_64_bits);
    }

    void a_clock_that_is_off_is_off_by_what_was_said() {
        const Story right = play(scenario_of("20 s", ""), 7);
        const Story wrong = play(
            scenario_of("20 s", R"({"fault": "skewed_clock", "share": 0.5, "ahead": "1 h"})"), 7);
        QCOMPARE(right.events.size(), wrong.events.size());
        int off = 0;
        for (std::size_t i = 0; i < right.events.size(); ++i) {
            QCOMPARE(right.events[i].id, wrong.events[i].id); // the same people do the same
            const bool skewed = wrong.events[i].has(Trouble::SkewedClock);
            QCOMPARE((wrong.events[i].event_time - right.events[i].event_time).value(),
                     skewed ? 3'600'000'000LL : 0LL);
            off += skewed ? 1 : 0;
        }
        QVERIFY(off > 5'000);
    }
};

QTEST_GUILESS_MAIN(TestScenarioStream)
#include "tst_scenario_stream.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a scenario made is learnt from, and the scenario that was learnt makes the like of it.
#include <QtTest>

#include <map>
#include <numeric>

#include <nlohmann/json.hpp>

#include "models/event/decode/decoder.h"
#include "models/synth/fit.h"
#include "models/synth/scenario_stream.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::synth;

namespace {

struct Seen {
    std::map<std::string, double> types, platforms, versions; // shares
    double events = 0;
};

/// Plays the scenario; each event goes to `each`, too.
template <class Each>
Seen play(const Scenario& scenario, Each each) {
    ScenarioStream stream(std::make_shared<const Scenario>(scenario), 1, scenario.events_per_s,
                          scenario.start);
    Happening now;
    Seen seen;
    while (stream.next(now)) {
        if (now.headers == nullptr)
            continue;
        each(now.value);
        ++seen.events;
        ++seen.types[std::string(now.event->type)];
        ++seen.platforms[std::string(now.event->platform)];
        ++seen.versions[std::string(now.event->platform) + " " +
                        std::string(now.event->app_version)];
    }
    for (auto* shares : {&seen.types, &seen.platforms, &seen.versions})
        for (auto& [word, share] : *shares)
            share /= seen.events;
    return seen;
}

Scenario parsed(const std::string& text) {
    auto scenario = Scenario::parse(text, "s.json");
    if (!scenario)
        qFatal("%s", scenario.error().text().c_str());
    return *scenario;
}

/// A small shop of its own: few phones, an odd mix of types, nights without anybody.
Scenario odd_shop() {
    return parsed(R"({"weir_scenario": 1, "name": "odd", "events_per_s": 0.5, "duration": "8 d",
        "start": "2026-01-05T00:00:00Z",
        "population": {
          "users": 20000, "sessions": 100,
          "rhythm": {"hours": [10, 10, 10, 10, 10, 10, 100, 100, 100, 100, 200, 200,
                               100, 100, 100, 100, 100, 100, 200, 200, 100, 100, 10, 10]},
          "platforms": [{"platform": "web", "weight": 80,
                         "app_versions": [{"app_version": "9.1", "weight": 3},
                                          {"app_version": "9.2", "weight": 1}]},
                        {"platform": "ios", "weight": 20}],
          "types": [{"type": "page_view", "keep": 0.3}, {"type": "search", "keep": 0}]}})");
}

} // namespace

class TestFit : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_fitted_scenario_makes_the_like_of_what_was_seen() {
        Fit fit;
        const auto vocabulary = Fit::vocabulary();
        const auto decoder = Decoder::create(DialectSet::built_in(), vocabulary, {});
        SightingBatch batch;
        const Seen before = play(odd_shop(), [&](std::string_view value) {
            RecordBatchBuilder builder;
            builder.add({.topic = "t", .value = std::string(value)});
            decoder->decode(builder.take(), batch);
            fit.add(batch, *vocabulary);
        });
        QCOMPARE(double(fit.counts().events), before.events);
        const auto text = fit.scenario("fitted");
        VERIFY_OK(text);
        Scenario fitted = parsed(*text);
        const double rate = before.events / (8 * 86'400);
        QVERIFY(std::abs(fitted.events_per_s - rate) < rate / 50);
        const auto hours = odd_shop().rhythm.hours;
        const int mean = std::accumulate(hours.begin(), hours.end(), 0) / 24;
        for (std::size_t i = 0; i < 24; ++i) {
            const int hour = hours[i];
            const int found = fitted.rhythm.hours[i] * mean / 100;
            QVERIFY2(std::abs(found - hour) <= 5 + hour / 10, std::to_string(found).c_str());
        }
        fitted.duration = Micros(8LL * 86'400'000'000);
        fitted.start = odd_shop().start;
        const Seen after = play(fitted, [](std::string_view) {});
        for (const auto& [one, other] : {std::pair(&before.types, &after.types),
                                         std::pair(&before.platforms, &after.platforms)})
            for (const auto& [word, share] : *one) {
                const auto found = other->find(word);
                const double now = found == other->end() ? 0 : found->second;
                QVERIFY2(std::abs(now - share) < 0.03,
                         (word + " " + std::to_string(share) + " " + std::to_string(now)).c_str());
            }
        QCOMPARE(after.types.count("search"), std::size_t(0));
        QVERIFY(std::abs(after.versions.at("web 9.1") / after.versions.at("web 9.2") - 3) < 0.6);
    }

    void what_few_had_is_dropped() {
        const auto vocabulary = Fit::vocabulary();
        const auto decoder = Decoder::create(DialectSet::built_in(), vocabulary, {});
        RecordBatchBuilder builder;
        const auto add = [&](int session, const std::string& version) {
            const std::string id = std::to_string(session);
            const nlohmann::json event = {
                {"event_id", "e" + id},
                {"event_type", "page_view"},
                {"platform", "web"},
                {"session_id", "s" + id},
                {"event_time", "2026-01-01T00:00:0" + id.substr(0, 1) + "Z"},
                {"context", {{"app_version", version}}}};
            builder.add({.topic = "t", .value = event.dump()});
        };
        for (int i = 0; i < 50; ++i) {
            add(i, "common");
            add(7, "jane-doe-private-build"); // often, but one session's
        }
        SightingBatch batch;
        decoder->decode(builder.take(), batch);
        Fit fit;
        fit.add(batch, *vocabulary);
        const auto text = fit.scenario("fitted");
        VERIFY_OK(text);
        QVERIFY2(text->find("common") != std::string::npos, text->c_str());
        QVERIFY(text->find("jane") == std::string::npos);
        QCOMPARE(fit.counts().rare_versions, std::uint64_t(50));
    }

    void of_nothing_nothing_is_learnt() {
        Fit fit;
        VERIFY_ERROR(fit.scenario("fitted"), ErrorCode::Config);
    }
};

QTEST_GUILESS_MAIN(TestFit)
#include "tst_fit.moc"

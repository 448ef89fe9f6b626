// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The book's past: what is kept of it is what it said, for another process with other numbers, too.
#include <QtTest>

#include <random>

#include "connectors/base/time_units.h"
#include "models/latency/latency_history.h"
#include "tests/support/kept_past.h"
#include "tests/support/latency_world.h"

using namespace weir;
using namespace weir::test;

namespace {

/// What each way says, by stretches and by app version, in words.
std::string ways_of(const LatencySeen& seen, const Vocabulary& words) {
    std::string text;
    for (const LatencyPath& path : latency_paths(seen, words, ClockPolicy::Raw)) {
        text += path.title() + ":";
        for (const LatencySlice& slice : latency_slices(seen, path, {}, minute_us))
            text += " " + std::to_string(slice.begin_us) + "=" +
                    std::to_string(slice.durations.count()) + "/" +
                    std::to_string(slice.durations.quantile(0.99));
        std::map<std::string, std::uint64_t> versions;
        for (const ValueLatency& value : latency_by_value(seen, path, 3, {}))
            versions[words.dimensions[3]->text(value.value)] += value.durations.count();
        for (const auto& [version, count] : versions)
            text += " " + version + "=" + std::to_string(count);
        text += "\n";
    }
    for (const LatencyPlace& place : latency_places(seen))
        text += words.places->name(place.place) + " " + std::to_string(place.events) + " " +
                std::to_string(place.untimed) + " " + std::to_string(place.newest_event_us) + "\n";
    return text;
}

} // namespace

class TestLatencyHistory : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void another_process_says_what_this_one_said() {
        std::mt19937 random(5);
        LatencyWorld world;
        LatencyWorld other; // whose words have other numbers
        other.words->dimensions[3]->id("5.0.0");
        (void)other.place("somewhere");
        LatencyHistory history(*other.words, other.options);
        KeptPast past(history.folds());
        for (int i = 0; i < 3'000; ++i) {
            const auto at_us =
                LatencyWorld::noon_us + static_cast<std::int64_t>(random() % 5'000) * second_us;
            world.pass(std::to_string(i), at_us, static_cast<std::int64_t>(random() % 3'000'000),
                       random() % 4 == 0 ? "4.7.1" : "4.7.0");
            if (random() % 200 == 0) // handed in now and then
                for (const auto& lane : world.lanes)
                    lane->drain(past);
            if (random() % 100 == 0)
                (void)world.seen();
        }
        for (const auto& lane : world.lanes)
            lane->drain(past);
        past.publish();
        const LatencySeen seen{{history.snapshot()}};
        QCOMPARE(ways_of(seen, *other.words), ways_of(world.seen(), *world.words));
    }

    void nothing_is_handed_in_twice() {
        LatencyWorld world;
        world.pass("a", LatencyWorld::noon_us, second_us);
        LatencyHistory history(*world.words, world.options);
        KeptPast past(history.folds());
        for (int i = 0; i < 5; ++i)
            for (const auto& lane : world.lanes)
                lane->drain(past);
        past.publish();
        QCOMPARE(ways_of({{history.snapshot()}}, *world.words),
                 ways_of(world.seen(), *world.words));
    }

    void what_is_about_nothing_that_is_there_is_left_out() {
        LatencyWorld world;
        world.pass("a", LatencyWorld::noon_us, second_us);
        LatencyWorld other(false); // without that stage
        LatencyHistory history(*other.words, other.options);
        KeptPast past(history.folds());
        for (const auto& lane : world.lanes)
            lane->drain(past);
        past.emit(LatencyKeys::whole, {Micros(0), "\xFF\xFF", "\xFF", minute_us});
        past.publish();
        for (const auto& bucket : history.snapshot()->whole)
            for (const auto& scope : bucket->scopes)
                QCOMPARE(scope.scope.from, no_place);
        QCOMPARE(latency_places({{history.snapshot()}}).size(), std::size_t(2));
    }
};

QTEST_GUILESS_MAIN(TestLatencyHistory)
#include "tst_latency_history.moc"

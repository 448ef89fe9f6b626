// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Events under way between places, against a plain oracle: every order of reading, duplicates, and
// more of them than there is room for.
#include <QtTest>

#include <map>
#include <random>

#include "models/event/sighting.h"
#include "models/latency/open_events.h"

using namespace weir;

namespace {

const PlaceId raw(1), unique(2), enriched(3), invalid(4);

JoinEntry entry(PlaceId place, const std::string& id, std::int64_t time_us) {
    JoinEntry made{};
    made.key = hash_event_id(id);
    made.place = place;
    made.record_time = Micros(time_us);
    made.partition = PartitionId(place.value());
    made.timestamp_type = TimestampType::CreateTime;
    return made;
}

std::vector<StageWay> chain() {
    return {{0, raw, unique}, {1, unique, enriched}, {2, invalid, raw, true}};
}

/// What was told, by way.
using Told = std::map<std::uint16_t, std::vector<std::int64_t>>;

Told told_by(OpenEvents& open, const std::vector<JoinEntry>& entries) {
    Told told;
    for (const JoinEntry& one : entries)
        open.take(one, [&](const OpenEvents::Passage& passage) {
            told[passage.way].push_back(passage.taken_us);
        });
    for (auto& [way, times] : told)
        std::sort(times.begin(), times.end());
    return told;
}

} // namespace

class TestOpenEvents : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void an_event_is_followed_from_place_to_place() {
        OpenEvents open(chain(), {});
        const Told told = told_by(
            open, {entry(raw, "a", 100), entry(unique, "a", 130), entry(enriched, "a", 137)});
        QCOMPARE(told, (Told{{0, {30}}, {1, {7}}}));
        QCOMPARE(open.size(), std::size_t(0)); // nothing waits any more
    }

    void in_whichever_order_its_places_are_read() {
        std::vector<JoinEntry> entries{entry(raw, "a", 100), entry(unique, "a", 130),
                                       entry(enriched, "a", 137)};
        std::vector<int> order{0, 1, 2};
        do {
            OpenEvents open(chain(), {});
            std::vector<JoinEntry> mixed;
            for (const int i : order)
                mixed.push_back(entries[static_cast<std::size_t>(i)]);
            QCOMPARE(told_by(open, mixed), (Told{{0, {30}}, {1, {7}}}));
            QCOMPARE(open.size(), std::size_t(0));
        } while (std::next_permutation(order.begin(), order.end()));
    }

    void the_clock_of_a_place_may_be_behind() {
        OpenEvents open(chain(), {});
        QCOMPARE(told_by(open, {entry(raw, "a", 100), entry(unique, "a", 60)}), (Told{{0, {-40}}}));
    }

    void duplicates_are_told_once() {
        OpenEvents open(chain(), {});
        const Told told =
            told_by(open, {entry(raw, "a", 100), entry(raw, "a", 105), entry(unique, "a", 130),
                           entry(raw, "a", 140), entry(unique, "a", 150)});
        QCOMPARE(told, (Told{{0, {30}}}));
    }

    void a_repaired_event_is_followed_too_and_nobody_waits_for_it() {
        OpenEvents open(chain(), {});
        const Told told = told_by(open, {entry(invalid, "b", 50), entry(raw, "b", 90),
                                         entry(unique, "b", 95), entry(enriched, "b", 96)});
        QCOMPARE(told, (Told{{0, {5}}, {1, {1}}, {2, {40}}}));
        QCOMPARE(open.size(), std::size_t(0));
    }

    void outputs_may_be_several_or_one_of_several() {
        OpenEvents all({{0, raw, unique}, {0, raw, enriched}}, {});
        QCOMPARE(told_by(all, {entry(raw, "a", 1), entry(unique, "a", 2)}), (Told{{0, {1}}}));
        QCOMPARE(all.size(), std::size_t(1)); // the other output is still awaited
        QCOMPARE(told_by(all, {entry(enriched, "a", 4)}), (Told{{1, {3}}}));
        QCOMPARE(all.size(), std::size_t(0));
        OpenEvents any({{0, raw, unique, false, false}, {0, raw, enriched, false, false}}, {});
        told_by(any, {entry(raw, "a", 1), entry(unique, "a", 2)});
        QCOMPARE(any.size(), std::size_t(0));
    }

    void a_long_random_history_against_an_oracle() {
        std::mt19937_64 random(17);
        for (int round = 0; round < 20; ++round) {
            std::vector<JoinEntry> entries;
            Told wanted;
            for (int i = 0; i < 3'000; ++i) {
                const std::string id = "event-" + std::to_string(round) + "-" + std::to_string(i);
                const auto at = static_cast<std::int64_t>(random() % 1'000'000);
                const auto first = static_cast<std::int64_t>(random() % 5'000) - 500;
                const auto second = static_cast<std::int64_t>(random() % 5'000);
                const auto seen = random() % 8; // which places the event gets to
                if (seen != 0)
                    entries.push_back(entry(raw, id, at));
                if (seen != 1)
                    entries.push_back(entry(unique, id, at + first));
                if (seen != 2)
                    entries.push_back(entry(enriched, id, at + first + second));
                if (seen > 1)
                    wanted[0].push_back(first);
                if (seen != 1 && seen != 2)
                    wanted[1].push_back(second);
            }
            std::shuffle(entries.begin(), entries.end(), random);
            for (auto& [way, times] : wanted)
                std::sort(times.begin(), times.end());
            OpenEvents open(chain(), {});
            QCOMPARE(told_by(open, entries), wanted);
            QCOMPARE(open.sampled(), std::uint64_t(1));
        }
    }

    void past_the_bound_the_same_ids_are_joined_everywhere_and_count_for_more() {
        OpenEvents open({{0, raw, unique}}, {.entries_max = 4'096});
        constexpr int count = 200'000;
        for (int i = 0; i < count; ++i) // nothing arrives while they are read: all stay open
            open.take(entry(raw, std::to_string(i), i), [](const auto&) {});
        QVERIFY(open.size() <= 4'096);
        QVERIFY(open.sampled() >= count / 4'096);
        std::uint64_t found = 0;
        for (int i = 0; i < count; ++i)
            open.take(entry(unique, std::to_string(i), i + 10),
                      [&](const OpenEvents::Passage& passage) {
                          QCOMPARE(passage.taken_us, std::int64_t(10));
                          found += passage.times;
                      });
        const double share = static_cast<double>(found) / count;
        QVERIFY2(share > 0.7 && share < 1.3, qPrintable(QString::number(share)));
    }

    void what_never_arrives_is_let_go_after_its_time() {
        OpenEvents open({{0, raw, unique}}, {.entries_max = 1'024, .wait_us_max = 1'000});
        for (int i = 0; i < 100'000; ++i)
            open.take(entry(raw, std::to_string(i), i * 10), [](const auto&) {});
        QCOMPARE(open.sampled(), std::uint64_t(1));
        QVERIFY(open.expired() > 90'000);
        QVERIFY(open.size() <= 1'024);
    }
};

QTEST_GUILESS_MAIN(TestOpenEvents)
#include "tst_open_events.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
//
// What is counted of types and versions: by hand, against a naive count of many events, at its
// bound, and through the loop that feeds it.
#include <QtTest>

#include <map>
#include <random>

#include "models/event/ingest/ingest_loop.h"
#include "tests/support/catalogue_world.h"
#include "tests/support/scripted_source.h"

using namespace weir;
using namespace weir::test;

namespace {

/// "raw_events purchase 2 client: 3 events, 0 failed, 100 to 300", a line a cell, sorted.
QStringList lines_of(const CatalogueWorld& world) {
    const Vocabulary& words = *world.vocabulary;
    QStringList lines;
    for (const VersionCount& c : world.counts->snapshot()->counts) {
        const auto text = [&](const char* name, ValueId id) {
            const int dimension = words.dimension(name);
            return dimension < 0 ? std::string()
                                 : words.dimensions[static_cast<std::size_t>(dimension)]->text(id);
        };
        lines.append(QString::fromStdString(
            words.places->name(c.place) + " " + text("type", c.type) + " " +
            text("schema_version", c.version) + " " + text("source", c.source) + ": " +
            std::to_string(c.events) + " events, " + std::to_string(c.failed) + " failed, " +
            std::to_string(c.first_seen.value() / 1'000'000) + " to " +
            std::to_string(c.last_seen.value() / 1'000'000)));
    }
    lines.sort();
    return lines;
}

} // namespace

class TestVersionCounts : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void each_combination_has_its_count_with_the_first_and_the_last() {
        CatalogueWorld world;
        world.see({.time_s = 200});
        world.see({.time_s = 100}); // late
        world.see({.time_s = 300});
        world.see({.version = "3", .time_s = 150}, 2);
        world.see({.source = "server", .time_s = 170});
        world.see({.topic = "invalid_events", .time_s = 180, .outcome = Outcome::Failed});
        const QStringList expected{
            QStringLiteral("invalid_events purchase 2 client: 1 events, 1 failed, 180 to 180"),
            QStringLiteral("raw_events purchase 2 client: 3 events, 0 failed, 100 to 300"),
            QStringLiteral("raw_events purchase 2 server: 1 events, 0 failed, 170 to 170"),
            QStringLiteral("raw_events purchase 3 client: 2 events, 0 failed, 150 to 150")};
        QCOMPARE(lines_of(world), expected);
    }

    void what_is_no_event_is_not_counted() {
        CatalogueWorld world;
        world.see({.outcome = Outcome::Tombstone});
        world.see({.outcome = Outcome::Undecodable});
        QCOMPARE(lines_of(world), QStringList());
        QCOMPARE(world.counts->snapshot()->left_out, 0u);
    }

    void a_record_without_a_time_counts_by_the_clock_that_saw_it() {
        CatalogueWorld world;
        Sighting s = world.sighting({});
        s.timestamp_type = TimestampType::None;
        s.observed_time = Micros(42'000'000);
        SightingBatch batch;
        batch.sightings = {s};
        world.counts->absorb(batch);
        world.counts->publish();
        QVERIFY(lines_of(world).front().endsWith(QStringLiteral("42 to 42")));
    }

    void a_workspace_that_keeps_no_versions_counts_types() {
        CatalogueWorld world({"type"});
        world.see({.version = "2"});
        world.see({.version = "3"});
        QCOMPARE(lines_of(world).size(), 1);
        QVERIFY(
            lines_of(world).front().startsWith(QStringLiteral("raw_events purchase  : 2 events")));
    }

    void nothing_new_publishes_nothing_new() {
        CatalogueWorld world;
        world.see({});
        const auto before = world.counts->snapshot();
        world.counts->publish();
        QCOMPARE(world.counts->snapshot(), before);
        world.see({});
        QVERIFY(world.counts->snapshot() != before);
        QCOMPARE(before->counts.front().events, 1u); // what was handed out does not change
    }

    void many_events_are_counted_as_one_would_by_hand() {
        CatalogueWorld world;
        std::mt19937 random(7);
        const auto pick = [&](int below) {
            return std::uniform_int_distribution<int>(0, below - 1)(random);
        };
        struct Cell {
            std::uint64_t events = 0, failed = 0;
            std::int64_t first = INT64_MAX, last = INT64_MIN;
        };
        std::map<std::string, Cell> naive;
        for (int round = 0; round < 200; ++round) {
            SightingBatch batch;
            for (int i = pick(100); i > 0; --i) {
                SeenEvent event;
                event.type = "type" + std::to_string(pick(12));
                event.version = pick(10) == 0 ? "" : std::to_string(pick(4));
                event.source = pick(2) == 0 ? "client" : "server";
                event.topic = "topic" + std::to_string(pick(3));
                event.time_s = 1'000'000 + pick(100'000);
                event.outcome = pick(8) == 0 ? Outcome::Failed : Outcome::Seen;
                batch.sightings.push_back(world.sighting(event));
                Cell& cell = naive[event.topic + " " + event.type + " " + event.version + " " +
                                   event.source];
                ++cell.events;
                cell.failed += event.outcome == Outcome::Failed ? 1 : 0;
                cell.first = std::min(cell.first, event.time_s);
                cell.last = std::max(cell.last, event.time_s);
            }
            world.counts->absorb(batch);
        }
        world.counts->publish();
        QStringList expected;
        for (const auto& [key, cell] : naive)
            expected.append(QString::fromStdString(key + ": " + std::to_string(cell.events) +
                                                   " events, " + std::to_string(cell.failed) +
                                                   " failed, " + std::to_string(cell.first) +
                                                   " to " + std::to_string(cell.last)));
        expected.sort();
        QCOMPARE(lines_of(world), expected);
    }

    void beyond_its_bound_events_are_counted_as_left_out() {
        CatalogueWorld world;
        SightingBatch batch;
        const std::size_t kinds = VersionCounts::cells_max + 10;
        for (std::size_t i = 0; i < kinds; ++i)
            batch.sightings.push_back(world.sighting({.type = "type" + std::to_string(i)}));
        batch.sightings.push_back(world.sighting({.type = "type0"})); // known: still counted
        world.counts->absorb(batch);
        world.counts->publish();
        QCOMPARE(world.counts->snapshot()->counts.size(), VersionCounts::cells_max);
        QCOMPARE(world.counts->snapshot()->left_out, 10u);
        QCOMPARE(world.counts->snapshot()->counts.front().events, 2u);
    }

    void the_loop_feeds_one_in_each_lane() {
        const auto words = Vocabulary::create({"type", "source", "schema_version"});
        auto source = std::make_shared<ScriptedSource>(2);
        for (int i = 0; i < 100; ++i)
            source->add("raw_events", i % 4,
                        native_event(std::to_string(i), "purchase",
                                     "\"schema_version\":" + std::to_string(2 + i % 2)));
        source->finish();
        const auto loop = IngestLoop::start(
            source, [&] { return Decoder::create(DialectSet::built_in(), words, {}); },
            {[&](int) { return std::make_unique<VersionCounts>(*words); }}, {});
        QTRY_VERIFY(loop->finished());
        std::map<std::string, std::uint64_t> by_version;
        for (int lane = 0; lane < loop->lanes(); ++lane)
            for (const VersionCount& c :
                 static_cast<const VersionCounts&>(loop->fold(lane, 0)).snapshot()->counts)
                by_version[words->dimensions[2]->text(c.version)] += c.events;
        QCOMPARE(by_version["2"], 50u);
        QCOMPARE(by_version["3"], 50u);
        QCOMPARE(by_version.size(), 2u);
    }
};

QTEST_GUILESS_MAIN(TestVersionCounts)
#include "tst_version_counts.moc"

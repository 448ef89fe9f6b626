// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
// A history over restarts: what one run after the other saw, and what the last one sees, are what
// one uninterrupted run would have seen; whatever happens to the file, what is live goes on.
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <map>
#include <random>

#include <sqlite3.h>

#include "connectors/base/time_units.h"
#include "models/event/history/history_retention.h"
#include "models/event/history/watched_time.h"
#include "tests/support/history_world.h"

using namespace weir;
using namespace weir::test;

namespace {

/// Stops keeping after so many checkpoints: the process was killed.
class Killed : public CheckpointSink {
  public:
    Killed(CheckpointSink* inner, int after)
        : m_inner(inner)
        , m_left(after) {}
    Result<void> commit(const Checkpoint& checkpoint) override {
        if (m_left-- > 0)
            (void)m_inner->commit(checkpoint);
        return {};
    }

  private:
    CheckpointSink* const m_inner;
    std::atomic<int> m_left;
};

/// All that is told of places, which no join has to do with: by minute, by value, and how late.
std::string told(const LatencySeen& latency, const FlowSeen& flow, const HistoryWorld& world) {
    std::string text;
    for (const std::string& topic : HistoryWorld::topics) {
        const PlaceId place = world.place(topic);
        std::map<std::int64_t, std::int64_t> minutes;
        for (const FlowSlice& slice :
             flow_slices(flow, {FlowScope::no_stage, place}, {}, 60 * HistoryWorld::second_us))
            minutes[slice.begin_us] += slice.figures[FlowCount::In];
        for (const auto& [begin_us, events] : minutes)
            text += topic + " " + std::to_string(begin_us) + " " + std::to_string(events) + "\n";
        LatencyPath path;
        path.scope = {.to = place};
        path.measure = measure_index(PlaceMeasure::EventToRecord);
        for (const LatencySlice& slice :
             latency_slices(latency, path, {}, 60 * HistoryWorld::second_us))
            text += topic + " " + std::to_string(slice.begin_us) + " p95 " +
                    std::to_string(slice.durations.quantile(0.95)) + " of " +
                    std::to_string(slice.durations.count()) + "\n";
        for (const ValueLatency& value : latency_by_value(latency, path, 0, {}))
            text += topic + " " + world.words->dimensions[0]->text(value.value) + " " +
                    std::to_string(value.durations.count()) + "\n";
        for (const ValueLatency& value : latency_by_value(latency, path, 2, {}))
            text += topic + "/" + std::to_string(value.value.value()) + " " +
                    std::to_string(value.durations.count()) + "\n";
    }
    for (const LatencyPlace& place : latency_places(latency))
        text += world.words->places->name(place.place) + " " + std::to_string(place.events) + " " +
                std::to_string(place.newest_record_us) + "\n";
    return text;
}

std::string told_at_once(const HistoryWorld& world, const HistoryWorld::Parts& parts) {
    const auto loop = world.read(parts, {});
    while (!loop->finished())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return told({snapshots_of<LatencyBook>(*loop, HistoryWorld::fold_latency)},
                {snapshots_of<FlowLedger>(*loop, HistoryWorld::fold_flow)}, world);
}

std::int64_t in_all(const FlowSeen& flow, const HistoryWorld& world, const std::string& topic) {
    std::int64_t events = 0;
    for (const FlowSlice& slice :
         flow_slices(flow, {FlowScope::no_stage, world.place(topic)}, {}, 60'000'000))
        events += slice.figures[FlowCount::In];
    return events;
}

FlowFigures stage_of(const FlowSeen& flow, const HistoryWorld& world) {
    return flow_report(flow, *world.words, *DisclosurePolicy::none(), {}).rows.at(0).figures;
}

} // namespace

class TestHistoryKeeper : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_files = 0;
    std::string new_file() { return m_folder.filePath(QString::number(++m_files)).toStdString(); }

    /// Reads parts, and waits until all of it is read and handed in.
    static std::unique_ptr<IngestLoop> run(const HistoryWorld& world, HistoryRun& kept,
                                           const HistoryWorld::Parts& parts,
                                           CheckpointSink* sink = nullptr) {
        IngestOptions options;
        options.checkpoints = sink != nullptr ? sink : &kept;
        options.counted = kept.counted();
        auto loop = world.read(parts, options);
        while (!loop->finished())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return loop;
    }
    static void wait_until_loaded(const HistoryProcess& process) {
        QTRY_VERIFY(process.keeper->status()->state != HistoryStatus::State::Loading);
        QVERIFY(process.latency.snapshot() != nullptr);
        QVERIFY(process.flow.snapshot() != nullptr);
    }
    static HistoryWorld::Parts kept_parts(const std::string& file, bool& several) {
        const auto store = *store::HistoryStore::open_read_only(file);
        HistoryWorld::Parts parts = HistoryWorld::all(0, 0);
        const auto ranges = *store->ranges();
        for (const store::HistoryRanges& one : ranges) {
            several = several || one.ranges.size() > 1;
            for (std::size_t topic = 0; topic < HistoryWorld::topics.size(); ++topic)
                if (HistoryWorld::topics[topic] == one.topic)
                    parts[topic][static_cast<std::size_t>(one.partition.value())] = {
                        one.ranges.front().first.value(), one.ranges.front().next.value()};
        }
        return parts;
    }

  private Q_SLOTS:
    void runs_that_are_killed_and_overlap_say_what_one_would_have_said() {
        std::mt19937 random(29);
        for (int round = 0; round < 12; ++round) {
            const HistoryWorld world;
            const std::string file = new_file();
            HistoryWorld::Parts read = HistoryWorld::all(0, 0); // by the run before
            for (int process_number = 0; process_number < 4; ++process_number) {
                HistoryProcess process(world, file);
                const auto kept = process.keeper->begin();
                // It begins where the one before ended, or before that, and reads on for a while.
                HistoryWorld::Parts parts = read;
                for (auto& topic : parts)
                    for (HistoryWorld::Part& part : topic) {
                        part.first =
                            part.next - static_cast<std::int64_t>(
                                            random() % static_cast<unsigned>(part.next + 1));
                        part.next += static_cast<std::int64_t>(random() % 300);
                    }
                Killed sink(kept.get(), static_cast<int>(random() % 12));
                const bool killed = random() % 2 == 0;
                const auto loop = run(world, *kept, parts, killed ? &sink : nullptr);
                wait_until_loaded(process);
                // What a killed one did not hand in is read again by the next.
                bool several = false;
                if (!killed) {
                    read = parts;
                    for (auto& topic : read)
                        for (HistoryWorld::Part& part : topic)
                            part.first = 0;
                    QCOMPARE(told(process.latency_with(loop.get()), process.flow_with(loop.get()),
                                  world),
                             told_at_once(world, read));
                } else {
                    (void)process.keeper->begin(); // writes what was handed in
                    read = kept_parts(file, several);
                    QVERIFY(!several);
                }
            }
            HistoryProcess last(world, file);
            const auto kept = last.keeper->begin();
            wait_until_loaded(last);
            bool several = false;
            QCOMPARE(told(last.latency_with(nullptr), last.flow_with(nullptr), world),
                     told_at_once(world, kept_parts(file, several)));
        }
    }

    void what_gets_old_is_told_more_coarsely_and_adds_up_to_the_same() {
        const HistoryWorld world;
        const std::string file = new_file();
        {
            HistoryProcess process(world, file);
            const auto kept = process.keeper->begin();
            (void)run(world, *kept, HistoryWorld::all(0, 500));
        }
        {
            auto store = *store::HistoryStore::open(file);
            HistoryProcess process(world, new_file());
            std::vector<std::shared_ptr<KeptFold>> folds = process.latency.folds();
            folds.insert(folds.end(), process.flow.folds().begin(), process.flow.folds().end());
            HistoryPolicy policy;
            policy.hot_us = hour_us;
            const Micros later(Micros::now().value() + 3 * hour_us);
            while (*retain_step(*store, folds, policy, later)) {
            }
            int minutes = 0;
            (void)store->cells(FlowKeys::whole, [&](const store::HistoryCell& cell) {
                minutes += cell.width_us == minute_us ? 1 : 0;
                return true;
            });
            QCOMPARE(minutes, 0);
        }
        HistoryProcess later(world, file);
        const auto kept = later.keeper->begin();
        wait_until_loaded(later);
        QCOMPARE(in_all(later.flow_with(nullptr), world, "raw_events"), 1'000);
        LatencyPath path;
        path.scope = {.to = world.place("raw_events")};
        path.measure = measure_index(PlaceMeasure::EventToRecord);
        QCOMPARE(latency_of(later.latency_with(nullptr), path, {}).count(), 1'000u);
        QCOMPARE(stage_of(later.flow_with(nullptr), world)[FlowCount::Out], 1'000);
    }

    void what_was_under_way_when_a_watch_ended_is_outside_and_never_missing() {
        const HistoryWorld world;
        const std::string file = new_file();
        {
            HistoryProcess process(world, file);
            const auto kept = process.keeper->begin();
            HistoryWorld::Parts parts = HistoryWorld::all(0, 200);
            for (HistoryWorld::Part& part : parts[1])
                part.next = 190; // 20 events had not come out when it ended
            const auto loop = run(world, *kept, parts);
            QCOMPARE(stage_of(process.flow_with(loop.get()), world).pending, 20);
        }
        HistoryProcess next(world, file);
        const auto kept = next.keeper->begin();
        HistoryWorld::Parts parts = HistoryWorld::all(195, 400); // five seconds are missing
        for (HistoryWorld::Part& part : parts[1])
            part.next = 395;
        const auto loop = run(world, *kept, parts);
        wait_until_loaded(next);
        const FlowFigures flow = stage_of(next.flow_with(loop.get()), world);
        QCOMPARE(flow[FlowCount::In], 800);
        QCOMPARE(flow.unaccounted, 0);
        QVERIFY(flow.outside >= 10);
        QCOMPARE(flow[FlowCount::In],
                 flow[FlowCount::Out] + flow.outside + flow.pending + flow.unaccounted);
    }

    void what_was_missing_stays_missing_whoever_tells_it() {
        HistoryWorld world;
        world.lost_of = 100;
        const std::string file = new_file();
        for (int number = 0; number < 3; ++number) { // six events are lost in each, the last one
            HistoryProcess process(world, file);     // so late that nobody can tell
            const auto kept = process.keeper->begin();
            const auto loop =
                run(world, *kept, HistoryWorld::all(number * 300, number * 300 + 300));
            wait_until_loaded(process);
            const FlowFigures flow = stage_of(process.flow_with(loop.get()), world);
            QVERIFY(flow.unaccounted >= 4 * (number + 1)); // of a watch's first minute, too
            QCOMPARE(flow.unaccounted + flow.pending + flow.outside, 6 * (number + 1));
        }
        HistoryProcess last(world, file);
        const auto kept = last.keeper->begin();
        wait_until_loaded(last);
        const FlowFigures flow = stage_of(last.flow_with(nullptr), world);
        QCOMPARE(flow[FlowCount::In], 1'800);
        QCOMPARE(flow[FlowCount::Out], 1'782);
        QVERIFY(flow.unaccounted >= 12);
        QCOMPARE(flow.unaccounted + flow.outside, 18);
    }

    void a_topic_that_was_made_anew_is_counted_though_its_offsets_are_known() {
        HistoryWorld world;
        const std::string file = new_file();
        {
            HistoryProcess process(world, file);
            const auto kept = process.keeper->begin();
            (void)run(world, *kept, HistoryWorld::all(0, 100));
        }
        world.begin_s += 3'600; // the same offsets, an hour later
        HistoryProcess next(world, file);
        const auto kept = next.keeper->begin();
        const auto loop = run(world, *kept, HistoryWorld::all(0, 50));
        wait_until_loaded(next);
        QCOMPARE(in_all(next.flow_with(loop.get()), world, "raw_events"), 300);
    }

    void what_nobody_watched_is_a_gap() {
        const HistoryWorld world;
        const std::string file = new_file();
        for (const auto& [first, next] : {std::pair{0, 100}, {300, 400}}) {
            HistoryProcess process(world, file);
            const auto kept = process.keeper->begin();
            (void)run(world, *kept, HistoryWorld::all(first, next));
        }
        HistoryProcess last(world, file);
        const auto kept = last.keeper->begin();
        const RecordRange range{world.begin_s * second_us, (world.begin_s + 900) * second_us};
        const auto gaps = unwatched(last.keeper->status()->watched, range, minute_us);
        QCOMPARE(gaps.size(), std::size_t(2));
        // A second an event: from the 200th to the 600th, as far as whole batches tell.
        const auto is_near = [&](std::int64_t time_us, std::int64_t number) {
            const std::int64_t off_us = time_us - range.from_us - number * second_us;
            return std::abs(off_us) < 30 * second_us; // marks are cautious
        };
        QVERIFY2(is_near(gaps[0].from_us, 200),
                 std::to_string(gaps[0].from_us - range.from_us).c_str());
        QVERIFY2(is_near(gaps[0].to_us, 600),
                 std::to_string(gaps[0].to_us - range.from_us).c_str());
        QCOMPARE(gaps[1].to_us, range.to_us);
    }

    void a_second_weir_shows_what_the_first_had_kept_and_counts_nothing_twice() {
        const HistoryWorld world;
        const std::string file = new_file();
        HistoryProcess first(world, file);
        const auto kept = first.keeper->begin();
        (void)run(world, *kept, HistoryWorld::all(0, 100));
        QTRY_VERIFY(store::HistoryStore::open_read_only(file).value()->ranges()->size() == 4);

        HistoryProcess second(world, file);
        const auto seen = second.keeper->begin();
        QCOMPARE(second.keeper->status()->state, HistoryStatus::State::ReadOnly);
        QVERIFY(history_text(*second.keeper->status()).find("another Weir") != std::string::npos);
        const auto loop = run(world, *seen, HistoryWorld::all(50, 150));
        QTRY_COMPARE(in_all(second.flow_with(loop.get()), world, "raw_events"), 300);
    }

    void a_store_that_cannot_be_used_leaves_what_is_live_alone_data() {
        QTest::addColumn<QString>("harm");
        QTest::addColumn<QString>("word");
        QTest::newRow("not a database") << "strange"
                                        << "not a database";
        QTest::newRow("of a newer Weir") << "newer"
                                         << "newer Weir";
        QTest::newRow("in no folder") << "nowhere"
                                      << "cannot be made";
    }
    void a_store_that_cannot_be_used_leaves_what_is_live_alone() {
        QFETCH(QString, harm);
        QFETCH(QString, word);
        const HistoryWorld world;
        std::string file = new_file();
        if (harm == QStringLiteral("strange")) {
            QFile strange(QString::fromStdString(file));
            QVERIFY(strange.open(QIODevice::WriteOnly));
            strange.write(QByteArray(5'000, 'x'));
        } else if (harm == QStringLiteral("newer")) {
            const store::FileKind newer{0x57656869, 9, 9, "history", {"CREATE TABLE x(y);"}};
            QVERIFY(store::Database::open_for_writing(file, newer).ok());
        } else {
            file = "/nowhere/at/all";
        }
        HistoryProcess process(world, file);
        const auto kept = process.keeper->begin();
        QCOMPARE(process.keeper->status()->state, HistoryStatus::State::Off);
        const std::string text = history_text(*process.keeper->status());
        QVERIFY2(text.find(word.toStdString()) != std::string::npos, text.c_str());
        QVERIFY2(text.find(file) != std::string::npos, text.c_str());
        const auto loop = run(world, *kept, HistoryWorld::all(0, 100));
        QCOMPARE(in_all(process.flow_with(loop.get()), world, "raw_events"), 200);
    }

    void while_another_program_holds_the_file_what_comes_waits_and_is_written_then() {
        const HistoryWorld world;
        const std::string file = new_file();
        HistoryProcess process(world, file);
        auto kept = process.keeper->begin();
        wait_until_loaded(process);
        sqlite3* other = nullptr;
        QCOMPARE(sqlite3_open(file.c_str(), &other), SQLITE_OK);
        QCOMPARE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
        const auto loop = run(world, *kept, HistoryWorld::all(0, 100));
        QCOMPARE(in_all(process.flow_with(loop.get()), world, "raw_events"), 200);
        QTRY_COMPARE(process.keeper->status()->state, HistoryStatus::State::Waiting);
        const std::string text = history_text(*process.keeper->status());
        QVERIFY2(text.find("Another program holds the file") != std::string::npos, text.c_str());
        sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
        sqlite3_close(other);
        QTRY_COMPARE_WITH_TIMEOUT(process.keeper->status()->state, HistoryStatus::State::Writing,
                                  60'000);
        kept.reset();
        HistoryProcess next(world, new_file());
        bool several = false;
        QCOMPARE(kept_parts(file, several)[0][0].next, 100);
    }

    void a_file_that_is_full_keeps_what_is_new() {
        const HistoryWorld world;
        const std::string file = new_file();
        HistoryPolicy policy;
        policy.bytes_max = 200 * 1'024;
        HistoryProcess process(world, file, policy);
        const auto kept = process.keeper->begin();
        const auto loop = run(world, *kept, HistoryWorld::all(0, 1'500));
        QTRY_VERIFY_WITH_TIMEOUT(process.keeper->status()->shortened, 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(process.keeper->status()->state, HistoryStatus::State::Writing,
                                  60'000);
        QVERIFY(history_text(*process.keeper->status()).find("full") != std::string::npos);
        QVERIFY(QFile(QString::fromStdString(file)).size() <= 200 * 1'024);
        QCOMPARE(in_all(process.flow_with(loop.get()), world, "raw_events"), 3'000);
    }
};

QTEST_GUILESS_MAIN(TestHistoryKeeper)
#include "tst_history_keeper.moc"

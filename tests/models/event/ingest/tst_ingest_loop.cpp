// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include "models/event/fold/watermarks.h"
#include "models/event/ingest/ingest_loop.h"
#include "models/event/store/event_store.h"
#include "tests/support/scripted_source.h"

using namespace weir;

namespace {

/// Joins by key: how many distinct ids were seen at both places. Open: seen at one of them.
class SeenAtBoth final : public Fold {
  public:
    std::string_view name() const override { return "seen_at_both"; }
    bool joins() const override { return true; }
    void absorb(const SightingBatch&) override {}
    void absorb_entries(const std::vector<JoinEntry>& entries) override {
        for (const JoinEntry& entry : entries) {
            const auto [at, is_new] = m_open.try_emplace(entry.key.value(), entry.place.value());
            if (is_new || at->second == entry.place.value())
                continue;
            m_open.erase(at);
            ++m_joined;
        }
    }
    void drain(DeltaSink& sink) override {
        if (m_joined > 0)
            sink.emit(name(), {Micros(0), "joined", std::to_string(std::exchange(m_joined, 0))});
    }
    void add(std::string& into, std::string_view delta) const override {
        into = std::to_string(std::stoull(into) + std::stoull(std::string(delta)));
    }
    std::string open_entries() const override {
        std::string text;
        for (const auto& [key, place] : m_open)
            text += std::to_string(key) + " " + std::to_string(place) + "\n";
        return text;
    }
    Result<void> restore(std::string_view text) override {
        std::istringstream in{std::string(text)};
        std::uint64_t key = 0;
        for (std::uint16_t place = 0; in >> key >> place;)
            m_open[key] = place;
        return {};
    }
    void publish() override {
        m_published.set(
            std::make_shared<std::pair<std::uint64_t, std::size_t>>(m_joined, m_open.size()));
    }
    auto snapshot() const { return m_published.get(); }

  private:
    std::map<std::uint64_t, std::uint16_t> m_open;
    std::uint64_t m_joined = 0;
    Published<std::pair<std::uint64_t, std::size_t>> m_published;
};

/// Keeps what it is told, and whether anything came that was said to have come.
class MarkedShard final : public Fold {
  public:
    struct Told {
        std::size_t entries = 0;
        std::size_t marks = 0; // partitions
        bool late = false;
        std::vector<Micros> written;
    };
    std::string_view name() const override { return "marked_shard"; }
    bool joins() const override { return true; }
    void absorb(const SightingBatch&) override {}
    void absorb_entries(const std::vector<JoinEntry>& entries) override {
        for (const JoinEntry& entry : entries) {
            const Watermark* const mark = m_marks.find(entry.place, entry.partition);
            m_told.late = m_told.late || (mark != nullptr && entry.offset < mark->next);
            m_told.written.push_back(entry.written);
        }
        m_told.entries += entries.size();
    }
    void absorb_watermarks(std::span<const Watermark> marks) override {
        m_marks.absorb(marks);
        m_told.marks = m_marks.all().size();
    }
    void publish() override { m_published.set(std::make_shared<Told>(m_told)); }
    std::shared_ptr<const Told> snapshot() const { return m_published.get(); }

  private:
    Watermarks m_marks;
    Told m_told;
    Published<Told> m_published;
};

/// Adds checkpoints up, in memory; or has no room.
class KeptCheckpoints : public CheckpointSink {
  public:
    std::atomic<bool> full{false};
    Checkpoint last; // its deltas are in `joined`
    std::string joined = "0";

    Result<void> commit(const Checkpoint& checkpoint) override {
        if (full)
            return Error{ErrorCode::DiskFull, "no space left", "checkpoints", {}, {}};
        for (const auto& [fold, delta] : checkpoint.deltas)
            SeenAtBoth().add(joined, delta.value);
        for (const auto& [where, bytes] : checkpoint.open_entries)
            last.open_entries[where] = bytes;
        for (const auto& [where, stretch] : checkpoint.offsets)
            last.offsets[where] = stretch;
        return {};
    }
};

} // namespace

class TestIngestLoop : public QObject {
    Q_OBJECT

    std::shared_ptr<Vocabulary> m_words = Vocabulary::create({"type", "platform"});

    std::unique_ptr<IngestLoop> start(std::shared_ptr<RecordSource> source,
                                      std::vector<FoldFactory> folds, IngestOptions options = {}) {
        return IngestLoop::start(
            std::move(source),
            [this] { return Decoder::create(DialectSet::built_in(), m_words, {}); }, folds,
            options);
    }

    static std::pair<std::uint64_t, std::size_t> joined(const IngestLoop& loop) {
        std::pair<std::uint64_t, std::size_t> all{0, 0};
        for (int lane = 0; lane < loop.lanes(); ++lane) {
            const auto one = static_cast<const SeenAtBoth&>(loop.fold(lane, 0)).snapshot();
            all.first += one->first;
            all.second += one->second;
        }
        return all;
    }

  private Q_SLOTS:
    void everything_read_is_stored_and_counted() {
        auto source = std::make_shared<test::ScriptedSource>(2);
        for (int i = 0; i < 1000; ++i)
            source->add("raw_events", i % 6, test::native_event(std::to_string(i)));
        source->add("raw_events", 0, "\xFF\xFEgarbage");
        std::string batch = "[";
        for (int i = 0; i < 65'540; ++i)
            batch += "{\"type\":\"track\",\"messageId\":\"m\"},";
        batch.back() = ']';
        source->add("raw_events", 0, batch);
        source->finish();
        const auto loop = start(
            source,
            {[](int lane) { return std::make_unique<EventStore>(lane, 2, EventStoreLimits()); }});
        QTRY_VERIFY(loop->finished());
        QCOMPARE(loop->stats().records, 1002u);
        QCOMPARE(loop->stats().events, 1001u + 65'535u);
        QCOMPARE(loop->stats().undecodable, 1u);
        QCOMPARE(loop->stats().cut_events, 5u); // past what is read of one record
        std::uint64_t stored = 0;
        for (int lane = 0; lane < 2; ++lane)
            stored += static_cast<const EventStore&>(loop->fold(lane, 0)).snapshot()->rows_absorbed;
        QCOMPARE(stored, 1001u + 65'535u);
        QCOMPARE(loop->stats().watermarks.size(), 6u);
        QVERIFY(loop->stats().trouble.empty());
    }

    void events_are_joined_across_lanes() {
        auto source = std::make_shared<test::ScriptedSource>(3);
        for (int i = 0; i < 3000; ++i) {
            source->add("raw_events", i % 3, test::native_event(std::to_string(i)));
            if (i % 10 != 0)
                source->add("unique_events", (i + 1) % 3, test::native_event(std::to_string(i)));
        }
        source->finish();
        // An inbox this small is full at once: lanes wait for each other and none may starve.
        const auto loop = start(source, {[](int) { return std::make_unique<SeenAtBoth>(); }},
                                {.inbox_entries = 16});
        QTRY_VERIFY(loop->finished());
        QCOMPARE(joined(*loop).first, 2700u);
        QCOMPARE(joined(*loop).second, 300u);
    }

    void a_restart_goes_on_where_the_checkpoint_was() {
        KeptCheckpoints kept;
        const FoldFactory fold = [](int) { return std::make_unique<SeenAtBoth>(); };
        {
            auto source = std::make_shared<test::ScriptedSource>(2);
            for (int i = 0; i < 500; ++i)
                source->add("raw_events", i % 4, test::native_event(std::to_string(i)));
            source->finish();
            const auto loop =
                start(source, {fold},
                      {.checkpoints = &kept, .checkpoint_every = std::chrono::milliseconds(5)});
            QTRY_VERIFY(loop->finished());
        }
        const Checkpoint checkpoint = kept.last;
        QCOMPARE((checkpoint.offsets.at({"raw_events", PartitionId(0)}).next), Offset(125));
        auto source = std::make_shared<test::ScriptedSource>(2);
        for (int i = 0; i < 500; ++i)
            source->add("unique_events", i % 4, test::native_event(std::to_string(i)));
        source->finish();
        const auto loop = start(source, {fold}, {.checkpoints = &kept, .resume = &checkpoint});
        QTRY_VERIFY(loop->finished());
        QCOMPARE(kept.joined, std::string("500"));
    }

    void a_full_disk_loses_no_delta() {
        KeptCheckpoints disk;
        disk.full = true;
        auto source = std::make_shared<test::ScriptedSource>(2);
        for (int i = 0; i < 200; ++i) {
            source->add("raw_events", i % 2, test::native_event(std::to_string(i)));
            source->add("unique_events", i % 2, test::native_event(std::to_string(i)));
        }
        const auto loop =
            start(source, {[](int) { return std::make_unique<SeenAtBoth>(); }},
                  {.checkpoints = &disk, .checkpoint_every = std::chrono::milliseconds(5)});
        QTRY_VERIFY(loop->stats().trouble.find("no space left") != std::string::npos);
        disk.full = false;
        QTRY_VERIFY(loop->stats().trouble.empty());
        source->finish();
        QTRY_VERIFY(loop->finished());
        QCOMPARE(disk.joined, std::string("200"));
    }

    void stopping_in_the_middle_ends_every_lane() {
        auto source = std::make_shared<test::ScriptedSource>(4);
        for (int i = 0; i < 20'000; ++i)
            source->add("raw_events", i % 8, test::native_event(std::to_string(i)));
        const auto loop = start(source, {[](int) { return std::make_unique<SeenAtBoth>(); }});
        QTRY_VERIFY(loop->stats().records > 0);
        loop->stop();
        QVERIFY(loop->finished());
    }

    void a_place_is_read_from_where_its_last_partition_begins() {
        Watermarks marks;
        const PlaceId raw(1);
        std::vector<Watermark> both = {
            {raw, PartitionId(0), Offset(1), Micros(9), true, Micros(5)},
            {raw, PartitionId(1), Offset(1), Micros(9), true, Micros(INT64_MAX)}};
        marks.absorb(both);
        QVERIFY(!marks.since(raw)); // of one nobody knows
        both[1].since = Micros(INT64_MIN);
        marks.absorb(both);
        QCOMPARE(*marks.since(raw), Micros(5));
        QVERIFY(!marks.since(PlaceId(2)));
    }

    void a_shard_has_the_entries_of_all_that_the_marks_it_knows_say_was_read() {
        auto source = std::make_shared<test::ScriptedSource>(2);
        for (int i = 0; i < 4'000; ++i)
            source->add("raw_events", i % 4, test::native_event(std::to_string(i)), 1'000 + i);
        source->finish();
        const auto loop = start(source, {[](int) { return std::make_unique<MarkedShard>(); }});
        QTRY_VERIFY(loop->finished());
        std::size_t entries = 0;
        for (const auto& shard : snapshots_of<MarkedShard>(*loop, 0)) {
            QCOMPARE(shard->marks, std::size_t(4)); // of all partitions, whoever read them
            QVERIFY(!shard->late);
            entries += shard->entries;
        }
        QCOMPARE(entries, std::size_t(4'000));
    }

    void a_clock_that_is_behind_is_held_against_how_far_its_partition_was_read() {
        auto source = std::make_shared<test::ScriptedSource>(1);
        const std::int64_t now_s = Micros::now().value() / 1'000'000;
        source->reach_end("raw_events", 0, Micros((now_s - 10) * 1'000'000));
        source->add("raw_events", 0, test::native_event("behind"), now_s - 3'600);
        source->add("raw_events", 0, test::native_event("ahead"), now_s + 3'600);
        source->add("raw_events", 0, test::native_event("right"), now_s - 5);
        source->finish();
        const auto loop = start(source, {[](int) { return std::make_unique<MarkedShard>(); }});
        QTRY_VERIFY(loop->finished());
        const auto written = snapshots_of<MarkedShard>(*loop, 0).front()->written;
        QCOMPARE(written.size(), std::size_t(3));
        QCOMPARE(written[0], Micros((now_s - 10) * 1'000'000));
        QVERIFY(written[1] <= Micros::now());
        QCOMPARE(written[2], Micros((now_s - 5) * 1'000'000));
    }

    void a_place_is_read_as_far_as_its_slowest_partition() {
        Watermarks marks;
        const PlaceId raw(1);
        const std::vector<Watermark> first = {{raw, PartitionId(0), Offset(10), Micros(500), true},
                                              {raw, PartitionId(1), Offset(3), Micros(200), false}};
        marks.absorb(first);
        QCOMPARE(*marks.place(raw), Micros(200));
        QVERIFY(!marks.all_caught_up());
        const std::vector<Watermark> second = {
            {raw, PartitionId(1), Offset(4), Micros(150), true}}; // an older record comes later
        marks.absorb(second);
        QCOMPARE(*marks.place(raw), Micros(200));
        QVERIFY(!marks.place(PlaceId(2)));
    }
};

QTEST_GUILESS_MAIN(TestIngestLoop)
#include "tst_ingest_loop.moc"

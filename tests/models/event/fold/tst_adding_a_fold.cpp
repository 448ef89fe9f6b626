// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
// The example of ARCHITECTURE.md: a whole new fold, events per type and minute, and its use.
#include "models/event/ingest/ingest_loop.h"
#include "tests/support/scripted_source.h"
#include <QtTest>

using namespace weir;

class CountsByType final : public Fold { // bound: one cell a type and minute since the last drain
  public:
    using Counts = std::map<std::pair<Micros, ValueId>, std::uint64_t>;
    std::string_view name() const override { return "counts_by_type"; }
    void absorb(const SightingBatch& batch) override {
        for (const Sighting& s : batch.sightings)
            ++m_counts[{Micros(s.record_time.value() / 60'000'000 * 60'000'000), s.dimensions[0]}];
    }
    void drain(DeltaSink& sink) override {
        for (const auto& [cell, count] : m_counts)
            sink.emit(name(),
                      {cell.first, std::to_string(cell.second.value()), std::to_string(count)});
        m_counts.clear();
    }
    void add(std::string& into, std::string_view delta) const override {
        into = std::to_string(std::stoull(into) + std::stoull(std::string(delta)));
    }
    void publish() override { m_published.set(std::make_shared<Counts>(m_counts)); }
    std::shared_ptr<const Counts> snapshot() const { return m_published.get(); }

  private:
    Counts m_counts;
    Published<Counts> m_published;
};

class TestAddingAFold : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_fold_of_a_few_lines_counts_what_streams_in() {
        const auto words = Vocabulary::create({"type"});
        auto source = std::make_shared<test::ScriptedSource>(2);
        for (int i = 0; i < 100; ++i)
            source->add("raw_events", i % 3, test::native_event(std::to_string(i), "purchase"));
        source->finish();
        const auto loop = IngestLoop::start(
            source, [&] { return Decoder::create(DialectSet::built_in(), words, {}); },
            {[](int) { return std::make_unique<CountsByType>(); }}, {});
        QTRY_VERIFY(loop->finished());
        std::uint64_t purchases = 0;
        for (int lane = 0; lane < loop->lanes(); ++lane)
            for (const auto& [cell, n] :
                 *static_cast<const CountsByType&>(loop->fold(lane, 0)).snapshot())
                purchases += cell.second == words->dimensions[0]->find("purchase") ? n : 0;
        QCOMPARE(purchases, 100u);
    }
};

QTEST_GUILESS_MAIN(TestAddingAFold)
#include "tst_adding_a_fold.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Live view over a world that the test fills: no broker, no session.
// Thread contract: GUI thread only.
#pragma once

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QTimer>
#include <QtTest>

#include "tests/support/live_world.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"

namespace weir::test {

/// A source without a broker: what the test puts into its world.
class WorldSource : public LiveSource {
  public:
    explicit WorldSource(LiveWorld& of)
        : world(of) {}
    QString connection() const override { return QStringLiteral("test-kafka"); }
    CommandTarget commandTarget(const std::string&) const override { return reached; }
    bool can_read_again() const override { return true; }
    void read_again(const kafka::StartAt& start) override { read_from = start; }
    QStringList topics() const override { return watched; }
    LiveStatus status() const override { return now; }
    std::uint64_t observation() const override { return shown == &world ? 1 : 2; }
    std::uint64_t rules() const override { return revision; }
    std::vector<std::shared_ptr<const LaneSnapshot>> snapshots() const override {
        return shown->snapshots();
    }
    std::shared_ptr<const Vocabulary> vocabulary() const override { return shown->vocabulary(); }
    std::shared_ptr<const DisclosurePolicy> disclosure() const override { return policy; }
    DecoderFactory decoders() const override { return decoding; }

    bool can_search() const override { return searchable; }
    std::unique_ptr<LiveSearch> search(std::shared_ptr<const Filter> filter,
                                       bool exhaustive) override;

    LiveWorld& world;
    CommandTarget reached{{}, {.name = "test-kafka", .bootstrap = "localhost:9092"}};
    std::optional<kafka::StartAt> read_from; // as it was last asked for
    LiveWorld* shown = &world; // another one, of other bounds, before anything is shown
    LiveStatus now;
    QStringList watched{QStringLiteral("raw_events")};
    bool searchable = false;
    std::shared_ptr<const Filter> searched_for; // by the last search
    bool searched_all = false;                  // no partition is to be left out
    std::optional<LiveSearchPlan> search_plan;
    std::optional<SearchOrder> search_order; // nothing: the last search was not started
    int searches_alive = 0;
    LiveSearchStatus search_status;
    bool search_cancelled = false;
    LiveWorld found; // what a search finds
    std::shared_ptr<const DisclosurePolicy> policy = DisclosurePolicy::none();
    DecoderFactory decoding = [] { return nullptr; };
    std::uint64_t revision = 0; // of these two
};

class WorldSearch : public LiveSearch {
  public:
    explicit WorldSearch(WorldSource& source)
        : m_source(source) {
        ++m_source.searches_alive;
    }
    ~WorldSearch() override { --m_source.searches_alive; }
    std::optional<LiveSearchPlan> plan() const override { return m_source.search_plan; }
    void start(SearchOrder order) override { m_source.search_order = order; }
    void cancel() override { m_source.search_cancelled = true; }
    LiveSearchStatus status() const override { return m_source.search_status; }
    std::vector<std::shared_ptr<const LaneSnapshot>> results() const override {
        return m_source.found.snapshots();
    }

  private:
    WorldSource& m_source;
};

inline std::unique_ptr<LiveSearch> WorldSource::search(std::shared_ptr<const Filter> filter,
                                                       bool exhaustive) {
    searched_for = std::move(filter);
    searched_all = exhaustive;
    search_order.reset();
    search_status = {};
    search_status.line = QStringLiteral("searching 6 partitions");
    return std::make_unique<WorldSearch>(*this);
}

struct Window {
    LiveWorld world;
    ViewContext context;
    WorldSource* source = nullptr;
    std::unique_ptr<LiveView> view;
    QTimer timer;
    std::int64_t records_read = 0;

    explicit Window(int events = 1'000, QSize size = {1200, 800}) {
        if (events > 0)
            world.put(0, LiveWorld::purchases(events, 0));
        auto made = std::make_unique<WorldSource>(world);
        source = made.get();
        source->now.state = LiveStatus::State::Live;
        view = std::make_unique<LiveView>(std::move(made), context);
        view->resize(size);
        view->show();
        QObject::connect(&timer, &QTimer::timeout, view.get(), [this] { view->tick(); });
        timer.start(20);
    }
    /// Puts one record into the world, as a decoder reads it that the view has from now on, too.
    void read(const std::string& value) {
        if (records_read == 0) {
            source->decoding = [words = world.vocabulary()] {
                return Decoder::create(DialectSet::built_in(), words, {});
            };
            ++source->revision;
        }
        RecordBatchBuilder::Fields fields;
        fields.topic = "raw_events";
        fields.offset = Offset(records_read++);
        fields.value = value;
        RecordBatchBuilder builder;
        builder.add(std::move(fields));
        SightingBatch batch;
        source->decoding()->decode(builder.take(), batch);
        world.put(0, batch);
    }
    LiveTable& table() { return *view->table(); }
    QString cell(std::uint64_t row, ColumnSpec::Kind kind, const char* name = "") {
        return table().cellText(row, {kind, name});
    }
    void click(int row) {
        QTest::mouseClick(table().viewport(), Qt::LeftButton, {},
                          QPoint(60, row * Theme::row_height + 8));
    }
};

/// For QTRY_VERIFY.
inline bool has_button(const Window& w, const QString& text) {
    const auto buttons = w.view->findChildren<QPushButton*>();
    return std::any_of(buttons.begin(), buttons.end(), [&](const QPushButton* button) {
        return button->text() == text && button->isVisible();
    });
}

inline QPushButton* button_named(const Window& w, const char* text) {
    for (QPushButton* button : w.view->findChildren<QPushButton*>()) {
        if (button->text() == QString::fromUtf8(text))
            return button;
    }
    qFatal("there is no button \"%s\"", text);
}

inline QString clipboard() {
    return QGuiApplication::clipboard()->text();
}

} // namespace weir::test

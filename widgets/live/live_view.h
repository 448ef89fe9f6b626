// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Live view: filter bar, table, detail pane over one live observation, and over the results of
// a search of its topics. It pulls on the frame's tick and never waits.
// Thread contract: GUI thread only. Bound: as LiveFeed; copy_rows_max rows to the clipboard.
#pragma once

#include <memory>

#include "models/live/event_detail.h"
#include "models/live/export_job.h"
#include "models/live/live_feed.h"
#include "models/live/sorted_rows.h"
#include "widgets/common/state_page.h"
#include "widgets/common/view.h"
#include "widgets/common/view_context.h"
#include "widgets/live/filter_edit.h"
#include "widgets/live/live_source.h"

class QMenu;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTimer;
class QToolButton;

namespace weir {

class DetailPane;
class FilterBar;
class JumpPopup;
class LiveTable;
class RowReader;
class SearchPopup;
class TextLabel;

class LiveView : public View {
    Q_OBJECT
  public:
    LiveView(std::unique_ptr<LiveSource> source, ViewContext& context, QWidget* parent = nullptr);
    ~LiveView() override;

    QString id() const override { return QStringLiteral("live"); }
    QString title() const override { return tr("Live"); }
    Icon icon() const override { return Icon::Live; }
    void tick() override;
    QJsonObject place() const override;
    void goTo(const QJsonObject& place) override;
    QJsonObject layoutState() const override;
    void restoreLayout(const QJsonObject& state) override;
    QList<QAction*> commands() const override { return m_commands; }
    QList<PaletteEntry> paletteEntries() const override;
    bool findEvent(const QString& id) override;
    QWidget* firstFocus() override;
    bool hasContent() const override;

    FilterBar* filterBar() const { return m_bar; }
    LiveTable* table() const { return m_table; }
    DetailPane* detail() const { return m_detail; }
    QString statusText() const;
    /// What the last action came to; empty: nothing, or it was said long enough.
    QString noteText() const { return m_note; }
    bool isPaused() const;
    void pause();
    void resume();
    /// Writes the selected rows, or all that match, to a file.
    /// `tokens`: in the place of what is masked. REQUIRES: the source can make them.
    void exportTo(const QString& path, ExportFormat format, bool tokens = false);
    bool exporting() const { return m_export != nullptr; }
    /// Puts something about the selected rows into the clipboard: "cell", "rows", "json", "weir",
    /// "kcat".
    void copy(const QString& what, const ColumnSpec& column = {ColumnSpec::Kind::Summary, {}});
    void jumpTo(const JumpTarget& target);
    void addColumn(const QString& text);
    /// Says what a search of the topics would read, and asks how; Enter starts it.
    void askSearch();
    SearchPopup* searchPopup() const { return m_search_popup; }
    /// The same without asking.
    void startSearch(SearchOrder order = SearchOrder::NewestFirst);
    bool showingSearch() const { return m_results != nullptr; }
    /// The failures alone, which are kept apart so that good events never push them out.
    void showFailures(bool alone);
    bool showingFailures() const { return m_failures != nullptr; }
    /// Pauses, and puts the rows in the order of a column; none: as they came.
    void sortBy(std::optional<SortSpec> by);
    const std::optional<SortSpec>& sorting() const { return m_order.wanted(); }
    void backToLive();

    static constexpr std::uint64_t copy_rows_max = 10'000;
    static constexpr std::int64_t last_rows = 1'000; // of a partition, where nothing new comes

  private:
    // live_view.cpp
    void build();
    QWidget* buildToolLine();
    void connectParts();
    void observe();
    void makeLoader();
    LiveFeed* feed() const;
    void tickExport();
    void showStatus(const LiveSnapshot& snapshot);
    void applyFilter();
    QString rangeText() const;
    void openCurrent(bool focus);
    void showDetail();
    std::unique_ptr<RowReader> makeReader() const;
    void setReader();
    void note(const QString& text);

    // live_view_jump.cpp
    void openFound(const LiveSnapshot& snapshot);
    void answerJump(const LiveSnapshot& snapshot);
    void offerToRead(const JumpTarget& target);
    void readFromThere();
    void seekReadPlace(const LiveSnapshot& snapshot);
    std::optional<JumpTarget> selectedPlace() const;

    // live_view_rows.cpp
    LiveFeedOptions feedOptions() const;
    LiveFeedRules feedRules() const;
    void applyRules();
    std::shared_ptr<const LiveSnapshot> shownSnapshot();
    void nextSorting(const ColumnSpec& column);
    void fillSortMenu(QMenu* menu);
    void showFailureCount();

    // live_view_state.cpp
    void showState(const LiveSnapshot& snapshot, const LiveStatus& status);
    void fillState(const LiveSnapshot& snapshot, const LiveStatus& status, bool filtered_out,
                   std::vector<StatePage::Action> actions);
    QString filterRemarks() const;
    void showWaiting(const LiveStatus& status, std::vector<StatePage::Action> actions);

    // live_view_search.cpp
    void applyRange();
    void slideRange();
    std::shared_ptr<const Filter> searchedFor() const;
    std::shared_ptr<const Filter> filterOfResults() const;
    bool canNarrow() const;
    std::unique_ptr<LiveSearch> plannedSearch(bool exhaustive);
    void showSearch(std::unique_ptr<LiveSearch> search);

    // live_view_actions.cpp
    void makeCommands();
    std::vector<ColumnSpec> usualColumns() const;
    QJsonObject contractPlace() const;
    void openContract();
    void fillColumnsMenu(QMenu* menu);
    void headerMenu(const QPoint& at, int column);
    void addTerms(QMenu* menu, const ColumnSpec& column);
    void rowMenu(const QPoint& at, const ColumnSpec& column);
    void askExport(ExportFormat format, bool tokens = false);
    void askColumn();
    QString filterTerm(const ColumnSpec& column) const;
    QString selectedJson() const;
    QString selectedCells(std::vector<ColumnSpec> columns) const;
    QString currentCommand(bool kcat) const;
    FilterSeen seen() const;

    std::unique_ptr<LiveSource> m_source;
    ViewContext& m_context;
    std::unique_ptr<LiveFeed> m_live;
    std::unique_ptr<LiveFeed> m_failures; // null: all are shown
    std::unique_ptr<LiveFeed> m_results;  // null: no search is shown
    SortedRows m_order;
    std::unique_ptr<LiveSearch> m_search;
    QString m_searched_text; // the filter that m_results answers
    std::unique_ptr<EventLoader> m_loader;
    std::unique_ptr<ExportJob> m_export;
    std::uint64_t m_observation = UINT64_MAX;
    std::uint64_t m_rules = 0;
    std::vector<std::shared_ptr<const LaneSnapshot>> m_offered;
    bool m_caught_up = false;               // as it was offered
    std::int64_t m_range_from_us = 0;       // of a range that follows, as it was last applied
    std::uint64_t m_filter_token = 0;       // of the filter, in the rows that are shown
    std::uint64_t m_find = 0;               // the same, where its first event is to be opened
    std::uint64_t m_jump = 0;               // token waited for
    bool m_jump_back = false;               // it leads to the row that was selected, or nowhere
    JumpTarget m_jump_target;               // what it was asked for
    std::optional<JumpTarget> m_read_there; // offered: reading anew from there leads to it
    std::optional<JumpTarget> m_reading_to; // reading began there: it is gone to once it comes
    std::uint64_t m_read_before = 0;        // the observation that was left for it
    std::uint64_t m_detail_token = 0;
    bool m_detail_closed = false; // by the user: a selection alone does not open it
    QString m_note;               // what the last action came to, until the next one

    FilterBar* m_bar = nullptr;
    TextLabel* m_status = nullptr;
    TextLabel* m_note_label = nullptr;
    QTimer* m_note_timer = nullptr;
    QPushButton* m_read_there_button = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_failures_button = nullptr;
    QAction* m_failures_action = nullptr;
    QToolButton* m_pause = nullptr;
    QToolButton* m_jump_button = nullptr;
    QToolButton* m_columns_button = nullptr;
    QToolButton* m_export_button = nullptr;
    QSplitter* m_splitter = nullptr;
    QStackedWidget* m_stack = nullptr;
    LiveTable* m_table = nullptr;
    StatePage* m_state = nullptr;
    QString m_state_shown;
    QWidget* m_detail_card = nullptr;
    DetailPane* m_detail = nullptr;
    JumpPopup* m_jump_popup = nullptr;
    SearchPopup* m_search_popup = nullptr;
    QList<QAction*> m_commands;
};

} // namespace weir

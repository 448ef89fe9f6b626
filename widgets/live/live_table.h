// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The live table: an own viewport over a LiveSnapshot, newest row on top. A tick swaps the snapshot
// and paints the rows on screen, whatever the number of rows held.
//
// While it follows, the newest rows stay on top. Scrolling away or selecting asks for a pause; from
// then on the table holds what it shows until the paused snapshot arrives, and finds its place in
// it.
//
// Thread contract: GUI thread only. Bound: cache_rows_max formatted rows.
#pragma once

#include <QAbstractScrollArea>
#include <QHash>

#include <memory>
#include <optional>
#include <vector>

#include "models/live/live_snapshot.h"
#include "models/live/row_reader.h"
#include "widgets/common/zone_clock.h"
#include "widgets/live/row_selection.h"

class QHeaderView;
class QMenu;

namespace weir {

class ColumnModel;

class LiveTable : public QAbstractScrollArea {
    Q_OBJECT
  public:
    explicit LiveTable(QWidget* parent = nullptr);
    ~LiveTable() override;

    /// Whose rows are shown; forgets all that was.
    void setReader(std::unique_ptr<RowReader> reader);
    /// The same rows, read by another one: place and selection stay.
    void changeReader(std::unique_ptr<RowReader> reader);
    /// How rows stand: the newest of the stream on top, or as the snapshot keeps them.
    enum class Order { NewestFirst, AsKept };
    void setOrder(Order order);
    /// The mark in the header; none: nothing is sorted.
    void showSorting(const std::optional<ColumnSpec>& column, bool descending);
    void setColumns(std::vector<ColumnSpec> columns);
    const std::vector<ColumnSpec>& columns() const;
    /// The visible ones, as they stand from left to right.
    std::vector<ColumnSpec> visibleColumns() const;
    /// Those that the user chose, as they stand: also those for which there is no room just now.
    std::vector<ColumnSpec> chosenColumns() const;
    QHeaderView* header() const { return m_header; }
    void setClock(const ZoneClock& clock);
    /// Failed rows stand on red among others; where all have failed, that says nothing.
    void setFailuresMarked(bool marked) { m_failures_marked = marked; }
    void setSnapshot(std::shared_ptr<const LiveSnapshot> snapshot);
    const std::shared_ptr<const LiveSnapshot>& snapshot() const { return m_snapshot; }

    /// Sticks to the newest rows; forgets selection and place.
    void follow();
    /// Holds what it shows and asks for a pause.
    void hold() { wantPause(); }
    /// Columns that the user chose; from now on none is fitted away.
    void addColumn(const ColumnSpec& column);
    void setColumnShown(int column, bool shown);
    void resetColumns(std::vector<ColumnSpec> columns);
    bool following() const { return m_following; }

    // Rows are counted from the top.
    std::uint64_t rowCount() const { return m_snapshot ? m_snapshot->matched() : 0; }
    std::optional<std::uint64_t> currentRow() const { return m_current; }
    std::optional<RowRef> currentRef() const;
    /// REQUIRES: row < rowCount().
    RowRef refAt(std::uint64_t row) const;
    /// The row where the snapshot's row `index` stands; and the other way round.
    std::uint64_t rowOf(std::uint64_t index) const {
        return m_order == Order::AsKept ? index : m_snapshot->matched() - 1 - index;
    }
    /// Selects that row and scrolls to it; asks for a pause if it follows.
    void goToRow(std::uint64_t row);
    const RowSelection& selection() const { return m_selection; }
    /// The selected rows in the snapshot's order; empty if nothing or everything is selected.
    std::vector<RowRef> selectedRefs() const;
    bool allSelected() const { return m_selection.count() == rowCount() && rowCount() > 0; }
    /// The text of a cell as the table shows it.
    QString cellText(std::uint64_t row, const ColumnSpec& column);
    /// There is a null, which is no text.
    bool cellIsNull(std::uint64_t row, const ColumnSpec& column);
    /// All visible cells of a row, tabs between: for the clipboard and for screen readers.
    QString rowText(std::uint64_t row);
    int rowsOnScreen() const;
    std::uint64_t topRow() const;
    std::optional<std::uint64_t> rowAt(const QPoint& viewport_position) const;

    QJsonObject columnState() const;
    void restoreColumnState(const QJsonObject& state);

    static constexpr int cache_rows_max = 1024;

  Q_SIGNALS:
    void pauseWanted();
    void toggleFollowWanted();
    void followWanted();
    void currentChanged();
    void activated();
    void copyWanted();
    /// A menu for the row under the cursor, with the column it is in.
    void menuWanted(const QPoint& global_position, const weir::ColumnSpec& column);
    void sortWanted(const weir::ColumnSpec& column);
    void headerMenuWanted(const QPoint& global_position, int logical_column);
    void columnsChanged();

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

  private:
    struct CachedRow {
        std::vector<QString> cells;
        std::vector<bool> nulls; // by column
        std::int64_t time_us = 0;
        Outcome outcome = Outcome::Seen;
        bool dated = false; // its time is shown with the day
    };
    struct Paint;

    const CachedRow& cached(RowRef ref);
    void clearCache();
    void paintRow(Paint& paint, std::uint64_t row, int y);
    void paintCell(Paint& paint, const CachedRow& row, const ColumnSpec& spec, std::size_t column,
                   const QRect& cell);
    void setUpHeader();
    void layoutHeader();
    void forgetPlace();
    void updateScrollBars();
    void fitColumns();
    bool isFittedAway(const ColumnSpec& column) const;
    int usualWidth(const ColumnSpec& column) const;
    int roomForTitle(int section) const;
    void measure(const CachedRow& row);
    void adopt(std::shared_ptr<const LiveSnapshot> snapshot);
    void findPlaceAgain(const LiveSnapshot& old);
    void wantPause();
    void moveCurrent(std::int64_t by, bool extend);
    void setCurrent(std::uint64_t row, bool extend, bool toggle);
    void ensureVisible(std::uint64_t row);
    std::optional<std::uint64_t> findFromNewest(RowRef ref) const;

    QHeaderView* m_header;
    ColumnModel* m_columns;
    std::unique_ptr<RowReader> m_reader;
    std::shared_ptr<const LiveSnapshot> m_snapshot;
    Order m_order = Order::NewestFirst;
    ZoneClock m_clock;
    QHash<quint64, CachedRow> m_cache;
    RowSelection m_selection;
    std::optional<std::uint64_t> m_current;
    std::uint64_t m_anchor = 0;
    bool m_following = true;
    bool m_adopting = false;   // scroll bars move because rows came, not because the user did it
    bool m_customised = false; // the user chose columns: no fitting any more
    bool m_fitting = false;
    std::vector<ColumnSpec> m_fitted_away; // hidden, but not by the user
    bool m_dated = false;
    bool m_failures_marked = true;
    bool m_measured = false;    // rows of these columns were on screen
    std::vector<bool> m_filled; // by column: something stood in it
    int m_key_chars = 0;        // of the longest one that was on screen
    int m_size_chars = 0;
};

} // namespace weir

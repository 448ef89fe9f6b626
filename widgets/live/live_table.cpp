// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/live_table.h"

#include <QGuiApplication>
#include <QHeaderView>
#include <QScrollBar>

#include <algorithm>
#include <limits>

#include "connectors/base/time_units.h"
#include "widgets/common/theme.h"
#include "widgets/live/column_model.h"
#include "widgets/live/live_table_accessible.h"

namespace weir {

namespace {

constexpr int header_height = 26;
// How far back a row is looked for when the table finds its place again.
constexpr std::uint64_t look_back_rows = 500'000;

} // namespace

LiveTable::LiveTable(QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_header(new QHeaderView(Qt::Horizontal, this))
    , m_columns(new ColumnModel(this)) {
    install_live_table_accessibility();
    setAccessibleName(tr("Events"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    verticalScrollBar()->setAccessibleName(tr("Scroll through events"));
    horizontalScrollBar()->setAccessibleName(tr("Scroll through columns"));
    setUpHeader();
    setViewportMargins(0, header_height, 0, 0);
}

void LiveTable::setUpHeader() {
    m_header->setModel(m_columns);
    m_header->setSectionsMovable(true);
    m_header->setSectionsClickable(true); // to sort by
    m_header->setStretchLastSection(true);
    m_header->setMinimumSectionSize(28);
    m_header->setHighlightSections(false);
    m_header->setFont(Theme::ui_font(12, QFont::DemiBold));
    m_header->setAccessibleName(tr("Columns of the events"));
    m_header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_header, &QHeaderView::customContextMenuRequested, this, [this](const QPoint& at) {
        Q_EMIT headerMenuWanted(m_header->mapToGlobal(at), m_header->logicalIndexAt(at));
    });
    connect(m_header, &QHeaderView::sectionClicked, this,
            [this](int column) { Q_EMIT sortWanted(columns()[static_cast<std::size_t>(column)]); });
    const auto changed = [this] {
        if (m_fitting)
            return;
        m_customised = true;
        updateScrollBars();
        viewport()->update();
        Q_EMIT columnsChanged();
    };
    connect(m_header, &QHeaderView::sectionMoved, this, changed);
    connect(m_header, &QHeaderView::sectionResized, this, [this, changed] {
        // Sections also resize by themselves, to fill the width; the user does it by mouse.
        if (QGuiApplication::mouseButtons() != Qt::NoButton && !m_adopting)
            changed();
        else
            viewport()->update();
    });
}

LiveTable::~LiveTable() = default;

void LiveTable::setOrder(Order order) {
    if (order == m_order)
        return;
    m_order = order;
    forgetPlace();
}

void LiveTable::setReader(std::unique_ptr<RowReader> reader) {
    m_reader = std::move(reader);
    m_snapshot.reset();
    m_selection.clear();
    m_current.reset();
    m_following = true;
    setColumns(m_columns->columns());
}

void LiveTable::changeReader(std::unique_ptr<RowReader> reader) {
    m_reader = std::move(reader);
    m_reader->set_columns(m_columns->columns());
    clearCache();
    viewport()->update();
}

void LiveTable::setColumns(std::vector<ColumnSpec> columns) {
    m_fitting = true;
    m_columns->setColumns(columns);
    for (int i = 0; i < m_header->count(); ++i) {
        m_header->resizeSection(
            i, ColumnModel::usualWidth(m_columns->columns()[static_cast<std::size_t>(i)]));
    }
    m_fitting = false;
    m_filled.assign(columns.size(), false);
    m_measured = false;
    if (m_reader)
        m_reader->set_columns(std::move(columns));
    clearCache();
    fitColumns();
    layoutHeader();
    viewport()->update();
}

const std::vector<ColumnSpec>& LiveTable::columns() const {
    return m_columns->columns();
}

void LiveTable::setClock(const ZoneClock& clock) {
    m_clock = clock;
    clearCache();
    viewport()->update();
}

void LiveTable::clearCache() {
    m_cache.clear();
}

const LiveTable::CachedRow& LiveTable::cached(RowRef ref) {
    const quint64 key = quint64{ref.segment} << 32 | ref.row;
    const auto known = m_cache.constFind(key);
    if (known != m_cache.constEnd())
        return *known;
    if (m_cache.size() >= cache_rows_max)
        m_cache.clear();
    CachedRow row;
    const auto& segment = m_snapshot->segment(ref);
    if (segment) {
        const TableRow read = m_reader->read(*segment, ref.row);
        row.time_us = read.time_us;
        row.outcome = read.outcome;
        constexpr std::int64_t most_of_a_day_us = 20 * hour_us;
        row.dated = std::abs(Micros::now().value() - read.time_us) > most_of_a_day_us;
        for (std::size_t i = 0; i < read.cells.size(); ++i) {
            row.nulls.push_back(read.states[i] == CellState::Null);
            if (columns()[i].kind == ColumnSpec::Kind::Time)
                row.cells.push_back(row.dated ? m_clock.date_time(read.time_us)
                                              : m_clock.time(read.time_us));
            else
                row.cells.push_back(QString::fromStdString(read.cells[i]));
        }
    } else {
        row.cells.assign(columns().size(), QStringLiteral("…"));
        row.nulls.assign(columns().size(), false);
    }
    if (row.dated && !m_dated) {
        m_dated = true;
        QMetaObject::invokeMethod(
            this, [this] { fitColumns(); }, Qt::QueuedConnection);
    }
    if (segment)
        measure(row);
    return *m_cache.insert(key, row);
}

// ---- snapshots ---------------------------------------------------------------------------------

void LiveTable::setSnapshot(std::shared_ptr<const LiveSnapshot> snapshot) {
    if (!snapshot || snapshot == m_snapshot)
        return;
    const bool same_filter = m_snapshot && snapshot->filter_token == m_snapshot->filter_token;
    // Asked for a pause, which has not come yet: what is on screen stays.
    if (!m_following && m_snapshot && !snapshot->paused && same_filter)
        return;
    adopt(std::move(snapshot));
}

void LiveTable::adopt(std::shared_ptr<const LiveSnapshot> snapshot) {
    const std::shared_ptr<const LiveSnapshot> old = std::move(m_snapshot);
    m_snapshot = std::move(snapshot);
    const bool same_filter = old && old->filter_token == m_snapshot->filter_token;
    m_adopting = true;
    const bool had_current = m_current.has_value();
    if (!same_filter) {
        m_selection.clear();
        m_current.reset();
        m_anchor = 0;
        updateScrollBars();
        verticalScrollBar()->setValue(0);
    } else {
        updateScrollBars();
        if (m_following)
            verticalScrollBar()->setValue(0);
        else if (!old->paused && m_snapshot->paused)
            findPlaceAgain(*old);
    }
    m_adopting = false;
    viewport()->update();
    if (had_current && !m_current)
        Q_EMIT currentChanged();
}

/// The frozen range may begin with rows that came after those on screen.
void LiveTable::findPlaceAgain(const LiveSnapshot& old) {
    const auto top = static_cast<std::uint64_t>(verticalScrollBar()->value());
    const std::uint64_t row = m_current.value_or(top);
    if (row >= old.matched() || m_order == Order::AsKept) // there, rows come below
        return;
    const auto now = findFromNewest(old.rows.at(old.matched() - 1 - row));
    if (!now || *now < row)
        return;
    const std::uint64_t shift = *now - row;
    m_selection.shift(shift);
    if (m_current)
        m_current = *m_current + shift;
    m_anchor += shift;
    verticalScrollBar()->setValue(static_cast<int>(top + shift));
}

std::optional<std::uint64_t> LiveTable::findFromNewest(RowRef ref) const {
    const std::uint64_t rows = rowCount();
    for (std::uint64_t row = 0; row < std::min(rows, look_back_rows); ++row) {
        const RowRef at = refAt(row);
        if (at.segment == ref.segment && at.row == ref.row)
            return row;
    }
    return std::nullopt;
}

void LiveTable::follow() {
    m_following = true;
    forgetPlace();
}

void LiveTable::forgetPlace() {
    const bool had_current = m_current.has_value();
    m_selection.clear();
    m_current.reset();
    m_anchor = 0;
    m_adopting = true;
    verticalScrollBar()->setValue(0);
    m_adopting = false;
    viewport()->update();
    if (had_current)
        Q_EMIT currentChanged();
}

void LiveTable::wantPause() {
    if (!m_following)
        return;
    m_following = false;
    Q_EMIT pauseWanted();
}

// ---- rows --------------------------------------------------------------------------------------

RowRef LiveTable::refAt(std::uint64_t row) const {
    return m_snapshot->rows.at(rowOf(row));
}

std::optional<RowRef> LiveTable::currentRef() const {
    if (!m_current || *m_current >= rowCount())
        return std::nullopt;
    return refAt(*m_current);
}

std::vector<RowRef> LiveTable::selectedRefs() const {
    std::vector<RowRef> refs;
    if (allSelected())
        return refs;
    const auto& ranges = m_selection.ranges();
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
        for (std::uint64_t row = std::min(range->last + 1, rowCount()); row > range->first; --row)
            refs.push_back(refAt(row - 1));
    }
    if (m_order == Order::AsKept)
        std::reverse(refs.begin(), refs.end());
    return refs;
}

QString LiveTable::cellText(std::uint64_t row, const ColumnSpec& column) {
    const auto at = std::find(columns().begin(), columns().end(), column);
    if (at == columns().end() || row >= rowCount())
        return {};
    return cached(refAt(row)).cells[static_cast<std::size_t>(at - columns().begin())];
}

bool LiveTable::cellIsNull(std::uint64_t row, const ColumnSpec& column) {
    const auto at = std::find(columns().begin(), columns().end(), column);
    return at != columns().end() && row < rowCount() &&
           cached(refAt(row)).nulls[static_cast<std::size_t>(at - columns().begin())];
}

QString LiveTable::rowText(std::uint64_t row) {
    if (row >= rowCount())
        return {};
    const CachedRow& cells = cached(refAt(row));
    QStringList texts;
    for (int i = 0; i < m_header->count(); ++i) {
        const int logical = m_header->logicalIndex(i);
        if (!m_header->isSectionHidden(logical))
            texts.append(cells.cells[static_cast<std::size_t>(logical)]);
    }
    return texts.join(u'\t');
}

void LiveTable::goToRow(std::uint64_t row) {
    if (row >= rowCount())
        return;
    setCurrent(row, false, false);
}

// ---- geometry ----------------------------------------------------------------------------------

int LiveTable::rowsOnScreen() const {
    return std::max(1, viewport()->height() / Theme::row_height);
}

std::uint64_t LiveTable::topRow() const {
    return static_cast<std::uint64_t>(verticalScrollBar()->value());
}

std::optional<std::uint64_t> LiveTable::rowAt(const QPoint& viewport_position) const {
    const int y = viewport_position.y();
    // Below the last whole row nothing is shown; further down is what a drag reaches for.
    if (y < 0 || (y >= rowsOnScreen() * Theme::row_height && y < viewport()->height()))
        return std::nullopt;
    const std::uint64_t row = topRow() + static_cast<std::uint64_t>(y / Theme::row_height);
    return row < rowCount() ? std::optional(row) : std::nullopt;
}

void LiveTable::updateScrollBars() {
    const auto rows = static_cast<std::int64_t>(rowCount());
    const std::int64_t most = std::max<std::int64_t>(0, rows - rowsOnScreen());
    const auto limit = static_cast<std::int64_t>(std::numeric_limits<int>::max());
    verticalScrollBar()->setRange(0, static_cast<int>(std::min(most, limit)));
    verticalScrollBar()->setPageStep(rowsOnScreen());
    verticalScrollBar()->setSingleStep(1);
    const int wide = m_header->length() - viewport()->width();
    horizontalScrollBar()->setRange(0, std::max(0, wide));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(24);
}

void LiveTable::layoutHeader() {
    const QRect at = viewport()->geometry();
    m_header->setGeometry(at.left(), at.top() - header_height, at.width(), header_height);
    updateScrollBars();
}

void LiveTable::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    m_adopting = true;
    fitColumns();
    layoutHeader();
    m_adopting = false;
}

void LiveTable::scrollContentsBy(int dx, int dy) {
    if (dx != 0)
        m_header->setOffset(horizontalScrollBar()->value());
    if (dy != 0 && !m_adopting && verticalScrollBar()->value() > 0)
        wantPause();
    viewport()->update();
}

} // namespace weir

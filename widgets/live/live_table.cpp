// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/live_table.h"

#include <QFontMetricsF>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>
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
constexpr int summary_width_least = 170;
// Columns as wide as what was on screen, within bounds.
constexpr int key_width_least = 64;
constexpr int key_width_most = 172;
constexpr int size_width_least = 64;
constexpr int size_width_most = 120;
constexpr int cell_room = 22; // around the text of a cell

/// What a time needs, whatever the font is.
int time_width(bool dated) {
    const QString widest =
        dated ? QStringLiteral("2000-00-00 00:00:00.000") : QStringLiteral("00:00:00.000");
    return static_cast<int>(QFontMetricsF(Theme::mono_font(12)).horizontalAdvance(widest)) +
           cell_room;
}
// How far back a row is looked for when the table finds its place again.
constexpr std::uint64_t look_back_rows = 500'000;

/// Columns that give way first where there is little room.
int importance(const ColumnSpec& column) {
    switch (column.kind) {
    case ColumnSpec::Kind::Key:
        return 1;
    case ColumnSpec::Kind::Size:
        return 2;
    case ColumnSpec::Kind::Dimension:
        return column.name == "source" ? 3 : column.name == "platform" ? 4 : 9;
    case ColumnSpec::Kind::Topic:
        return 5;
    case ColumnSpec::Kind::RecordOffset: // the detail pane, which takes the room, says it too
        return 6;
    default:
        return 9;
    }
}

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

void LiveTable::showSorting(const std::optional<ColumnSpec>& column, bool descending) {
    m_columns->setSorting(column, descending);
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

std::vector<ColumnSpec> LiveTable::visibleColumns() const {
    std::vector<ColumnSpec> visible;
    for (int i = 0; i < m_header->count(); ++i) {
        const int logical = m_header->logicalIndex(i);
        if (!m_header->isSectionHidden(logical))
            visible.push_back(columns()[static_cast<std::size_t>(logical)]);
    }
    return visible;
}

bool LiveTable::isFittedAway(const ColumnSpec& column) const {
    return std::find(m_fitted_away.begin(), m_fitted_away.end(), column) != m_fitted_away.end();
}

std::vector<ColumnSpec> LiveTable::chosenColumns() const {
    std::vector<ColumnSpec> chosen;
    for (int i = 0; i < m_header->count(); ++i) {
        const int logical = m_header->logicalIndex(i);
        const ColumnSpec& column = columns()[static_cast<std::size_t>(logical)];
        if (!m_header->isSectionHidden(logical) || isFittedAway(column))
            chosen.push_back(column);
    }
    return chosen;
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

/// Where the user has chosen nothing, columns that matter less give way to the summary.
void LiveTable::fitColumns() {
    if (m_customised || m_header->count() == 0 || viewport()->width() < 200)
        return;
    m_fitting = true;
    m_fitted_away.clear();
    int taken = 0;
    for (int i = 0; i < m_header->count(); ++i) {
        const ColumnSpec& column = columns()[static_cast<std::size_t>(i)];
        m_header->setSectionHidden(i, false);
        const int width = usualWidth(column);
        m_header->resizeSection(i, width);
        taken += width;
    }
    for (int level = 1; level < 9 && taken > viewport()->width(); ++level) {
        for (int i = 0; i < m_header->count(); ++i) {
            if (importance(columns()[static_cast<std::size_t>(i)]) != level)
                continue;
            taken -= m_header->sectionSize(i);
            m_header->setSectionHidden(i, true);
            m_fitted_away.push_back(columns()[static_cast<std::size_t>(i)]);
        }
    }
    // The last resort is a shorter summary; what is cut of it stands in the detail pane.
    const int last = m_header->count() - 1;
    if (taken > viewport()->width())
        m_header->resizeSection(
            last, std::max(100, m_header->sectionSize(last) + viewport()->width() - taken));
    m_fitting = false;
    updateScrollBars();
}

/// Keys are ids and sizes are numbers, which one likes to see whole: as wide as those seen.
int LiveTable::usualWidth(const ColumnSpec& column) const {
    const qreal advance = QFontMetricsF(Theme::mono_font(12)).horizontalAdvance(u'0');
    const auto fitted = [&](int chars, int least, int most) {
        return std::clamp(static_cast<int>(advance * chars) + cell_room, least, most);
    };
    switch (column.kind) {
    case ColumnSpec::Kind::Time:
        return time_width(m_dated);
    case ColumnSpec::Kind::Summary:
        return summary_width_least;
    case ColumnSpec::Kind::Key:
        return m_key_chars == 0 ? ColumnModel::usualWidth(column)
                                : fitted(m_key_chars, key_width_least, key_width_most);
    case ColumnSpec::Kind::Size:
        return fitted(m_size_chars, size_width_least, size_width_most);
    default:
        return ColumnModel::usualWidth(column);
    }
}

void LiveTable::measure(const CachedRow& row) {
    bool wider = false;
    const auto grow = [&](ColumnSpec::Kind kind, int& chars) {
        const ColumnSpec column{kind, {}};
        const auto at = std::find(columns().begin(), columns().end(), column);
        if (at == columns().end())
            return;
        const auto size =
            static_cast<int>(row.cells[static_cast<std::size_t>(at - columns().begin())].size());
        if (size <= chars)
            return;
        const int before = usualWidth(column);
        chars = size;
        wider = wider || usualWidth(column) != before;
    };
    grow(ColumnSpec::Kind::Key, m_key_chars);
    grow(ColumnSpec::Kind::Size, m_size_chars);
    if (wider && !m_customised)
        QMetaObject::invokeMethod(
            this, [this] { fitColumns(); }, Qt::QueuedConnection);
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

void LiveTable::addColumn(const ColumnSpec& column) {
    const auto known = std::find(columns().begin(), columns().end(), column);
    if (known != columns().end()) {
        setColumnShown(static_cast<int>(known - columns().begin()), true);
        return;
    }
    // As they stand from left to right, the new one before the summary.
    QJsonObject state = columnState();
    QJsonArray list = state[QStringLiteral("columns")].toArray();
    QJsonObject added;
    added[QStringLiteral("id")] = QString::fromStdString(column.id());
    added[QStringLiteral("width")] = ColumnModel::usualWidth(column);
    list.insert(std::max<qsizetype>(0, list.size() - 1), added);
    state[QStringLiteral("columns")] = list;
    state[QStringLiteral("chosen")] = true;
    restoreColumnState(state);
    Q_EMIT columnsChanged();
}

void LiveTable::setColumnShown(int column, bool shown) {
    m_customised = true;
    std::erase(m_fitted_away, columns()[static_cast<std::size_t>(column)]);
    m_header->setSectionHidden(column, !shown);
    updateScrollBars();
    viewport()->update();
    Q_EMIT columnsChanged();
}

void LiveTable::resetColumns(std::vector<ColumnSpec> columns) {
    m_customised = false;
    setColumns(std::move(columns));
    Q_EMIT columnsChanged();
}

QJsonObject LiveTable::columnState() const {
    QJsonArray list;
    for (int i = 0; i < m_header->count(); ++i) {
        const int logical = m_header->logicalIndex(i);
        const ColumnSpec& spec = columns()[static_cast<std::size_t>(logical)];
        QJsonObject column;
        column[QStringLiteral("id")] = QString::fromStdString(spec.id());
        column[QStringLiteral("hidden")] = m_header->isSectionHidden(logical);
        column[QStringLiteral("fitted_away")] = isFittedAway(spec);
        if (!m_header->isSectionHidden(logical))
            column[QStringLiteral("width")] = m_header->sectionSize(logical);
        list.append(column);
    }
    QJsonObject state;
    state[QStringLiteral("chosen")] = m_customised;
    state[QStringLiteral("columns")] = list;
    return state;
}

void LiveTable::restoreColumnState(const QJsonObject& state) {
    const QJsonArray list = state[QStringLiteral("columns")].toArray();
    if (!state[QStringLiteral("chosen")].toBool() || list.isEmpty())
        return;
    std::vector<ColumnSpec> columns;
    std::vector<QJsonObject> kept;
    for (const auto& value : list) {
        const QJsonObject column = value.toObject();
        if (auto spec =
                ColumnSpec::from_id(column[QStringLiteral("id")].toString().toStdString())) {
            columns.push_back(*spec);
            kept.push_back(column);
        }
    }
    if (columns.empty())
        return;
    m_customised = true;
    m_fitted_away.clear();
    setColumns(std::move(columns));
    m_fitting = true;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const int section = static_cast<int>(i);
        const int width = kept[i][QStringLiteral("width")].toInt();
        if (width >= 28 && width <= 4000)
            m_header->resizeSection(section, width);
        m_header->setSectionHidden(section, kept[i][QStringLiteral("hidden")].toBool());
        if (kept[i][QStringLiteral("fitted_away")].toBool())
            m_fitted_away.push_back(this->columns()[i]);
    }
    m_fitting = false;
    updateScrollBars();
}

} // namespace weir

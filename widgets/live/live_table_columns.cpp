// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The columns of the live table: which are shown, how wide, and what gives way.
#include <QFontMetricsF>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>
#include <QScrollBar>

#include <algorithm>

#include "widgets/common/theme.h"
#include "widgets/live/column_model.h"
#include "widgets/live/live_table.h"

namespace weir {

namespace {

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
constexpr int importance_most = 9;

/// Columns that give way first where there is little room.
int importance(const ColumnSpec& column) {
    switch (column.kind) {
    case ColumnSpec::Kind::Size:
        return 1;
    case ColumnSpec::Kind::Dimension:
        return column.name == "source" ? 2 : column.name == "platform" ? 3 : importance_most;
    case ColumnSpec::Kind::Topic:
        return 4;
    case ColumnSpec::Kind::RecordOffset: // the detail pane, which takes the room, says it too
        return 5;
    case ColumnSpec::Kind::Key:
        return 6;
    default:
        return importance_most;
    }
}

} // namespace

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

void LiveTable::showSorting(const std::optional<ColumnSpec>& column, bool descending) {
    m_columns->setSorting(column, descending);
    if (!m_customised) {
        fitColumns();
        return;
    }
    m_fitting = true;
    for (int i = 0; i < m_header->count(); ++i)
        if (!m_header->isSectionHidden(i))
            m_header->resizeSection(i, std::max(m_header->sectionSize(i), roomForTitle(i)));
    m_fitting = false;
    updateScrollBars();
}

/// What the title of a sorted column needs with its arrow; of another one 0.
int LiveTable::roomForTitle(int section) const {
    return columns()[static_cast<std::size_t>(section)] == m_columns->sortedBy()
               ? m_header->sectionSizeHint(section)
               : 0;
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
        const int width = std::max(usualWidth(column), roomForTitle(i));
        m_header->resizeSection(i, width);
        taken += width;
    }
    const auto give_way = [&](int level, bool empty_ones) {
        for (int i = 0; i < m_header->count() && taken > viewport()->width(); ++i) {
            const ColumnSpec& column = columns()[static_cast<std::size_t>(i)];
            const bool empty = m_measured && !m_filled[static_cast<std::size_t>(i)];
            if (m_header->isSectionHidden(i) || importance(column) != level ||
                (empty_ones && !empty))
                continue;
            taken -= m_header->sectionSize(i);
            m_header->setSectionHidden(i, true);
            m_fitted_away.push_back(column);
        }
    };
    for (int level = 1; level <= importance_most; ++level) // what says nothing goes first
        give_way(level, true);
    for (int level = 1; level < importance_most; ++level)
        give_way(level, false);
    // The last resort is a shorter summary; what is cut of it stands in the detail pane.
    const int last = m_header->count() - 1;
    if (taken > viewport()->width() && !m_header->isSectionHidden(last))
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
    bool wider = !m_measured;
    m_measured = true;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        if (m_filled[i] || (row.cells[i].isEmpty() && !row.nulls[i]))
            continue;
        m_filled[i] = true;
        wider = true;
    }
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

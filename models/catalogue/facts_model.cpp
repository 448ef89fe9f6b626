// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalogue/facts_model.h"

#include <algorithm>

namespace weir {

void FactsModel::setTable(FactsTable table) {
    const bool same = table.rows.size() == m_table.rows.size() &&
                      std::equal(table.titles.begin(), table.titles.end(), m_table.titles.begin(),
                                 m_table.titles.end(),
                                 [](const auto& a, const auto& b) { return a.text == b.text; });
    if (!same)
        beginResetModel();
    m_table = std::move(table);
    if (!same)
        endResetModel();
    else if (!m_table.rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int FactsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size());
}

int FactsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.titles.size());
}

QVariant FactsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const FactsTable::Row& row = m_table.rows[static_cast<std::size_t>(index.row())];
    const FactsTable::Title& title = m_table.titles[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return row.cells.value(index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (title.number ? Qt::AlignRight : Qt::AlignLeft)));
    case ToneRole:
        return static_cast<int>(row.tone);
    case MonoRole:
        return title.mono;
    default:
        return {};
    }
}

QVariant FactsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const FactsTable::Title& title = m_table.titles[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole)
        return title.text;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (title.number ? Qt::AlignRight : Qt::AlignLeft)));
    return {};
}

} // namespace weir

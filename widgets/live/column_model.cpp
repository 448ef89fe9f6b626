// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/column_model.h"

#include "models/live/plain_tooltip.h"

namespace weir {

void ColumnModel::setColumns(std::vector<ColumnSpec> columns) {
    beginResetModel();
    m_columns = std::move(columns);
    endResetModel();
}

void ColumnModel::setSorting(std::optional<ColumnSpec> column, bool descending) {
    m_sorted_by = std::move(column);
    m_descending = descending;
    if (!m_columns.empty())
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

QString ColumnModel::title(const ColumnSpec& column) {
    switch (column.kind) {
    case ColumnSpec::Kind::Time:
        return tr("Time");
    case ColumnSpec::Kind::Connection:
        return tr("Connection");
    case ColumnSpec::Kind::Topic:
        return tr("Topic");
    case ColumnSpec::Kind::Partition:
        return tr("P");
    case ColumnSpec::Kind::RecordOffset:
        return tr("Offset");
    case ColumnSpec::Kind::Key:
        return tr("Key");
    case ColumnSpec::Kind::Size:
        return tr("Bytes");
    case ColumnSpec::Kind::EventSize:
        return tr("Event bytes");
    case ColumnSpec::Kind::Reason:
        return tr("Reason");
    case ColumnSpec::Kind::Summary:
        return tr("Summary");
    case ColumnSpec::Kind::Dimension: {
        QString name = QString::fromStdString(column.name);
        name.replace(u'_', u' ');
        if (!name.isEmpty())
            name[0] = name[0].toUpper();
        return name;
    }
    case ColumnSpec::Kind::Path:
    case ColumnSpec::Kind::Header:
        return QString::fromStdString(column.name);
    }
    return {};
}

QString ColumnModel::fullTitle(const ColumnSpec& column) {
    return column.kind == ColumnSpec::Kind::Partition ? tr("Partition") : title(column);
}

int ColumnModel::usualWidth(const ColumnSpec& column) {
    switch (column.kind) {
    case ColumnSpec::Kind::Time:
        return 114;
    case ColumnSpec::Kind::Connection:
    case ColumnSpec::Kind::Topic:
        return 112;
    case ColumnSpec::Kind::Partition:
        return 36;
    case ColumnSpec::Kind::RecordOffset:
        return 92;
    case ColumnSpec::Kind::Key:
        return 96;
    case ColumnSpec::Kind::Size:
        return 64;
    case ColumnSpec::Kind::EventSize:
        return 92;
    case ColumnSpec::Kind::Reason:
        return 160;
    case ColumnSpec::Kind::Summary:
        return 280;
    case ColumnSpec::Kind::Dimension:
        return column.name == "type" ? 124 : column.name == "source" ? 68 : 84;
    case ColumnSpec::Kind::Path:
    case ColumnSpec::Kind::Header:
        return 140;
    }
    return 100;
}

int ColumnModel::rowCount(const QModelIndex& /*parent*/) const {
    return 0;
}

int ColumnModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant ColumnModel::data(const QModelIndex& /*index*/, int /*role*/) const {
    return {};
}

QVariant ColumnModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const ColumnSpec& column = m_columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole && m_sorted_by == column)
        return QString(title(column) %
                       (m_descending ? QStringLiteral(" ↓") : QStringLiteral(" ↑")));
    if (role == Qt::DisplayRole)
        return title(column);
    if (role == Qt::ToolTipRole && column.kind == ColumnSpec::Kind::Partition)
        return tr("Partition");
    if (role == Qt::ToolTipRole && column.kind == ColumnSpec::Kind::Size)
        return tr("Size of the record in bytes: key, value and headers (size)");
    if (role == Qt::ToolTipRole && column.kind == ColumnSpec::Kind::EventSize)
        return tr("The event's own bytes (event_size)");
    if (role == Qt::ToolTipRole)
        return plain_tooltip(QString::fromStdString(column.id()));
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (column.numeric() ? Qt::AlignRight : Qt::AlignLeft)));
    return {};
}

} // namespace weir

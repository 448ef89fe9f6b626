// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The columns of the live table as its header sees them: titles, and no rows.
// Thread contract: GUI thread only.
#pragma once

#include <QAbstractTableModel>

#include "models/live/column.h"

namespace weir {

class ColumnModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    using QAbstractTableModel::QAbstractTableModel;

    void setColumns(std::vector<ColumnSpec> columns);
    const std::vector<ColumnSpec>& columns() const { return m_columns; }
    /// The column that the rows are sorted by says so in its title.
    void setSorting(std::optional<ColumnSpec> column, bool descending);
    const std::optional<ColumnSpec>& sortedBy() const { return m_sorted_by; }
    static QString title(const ColumnSpec& column);
    /// Where there is room: "Partition" for "P".
    static QString fullTitle(const ColumnSpec& column);
    static int usualWidth(const ColumnSpec& column);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    std::vector<ColumnSpec> m_columns;
    std::optional<ColumnSpec> m_sorted_by;
    bool m_descending = false;
};

} // namespace weir

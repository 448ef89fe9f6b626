// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger as a table: a row a stage, a column for what became of its events.
// Thread contract: GUI thread only. Bound: the workspace's stages.
#pragma once

#include <QAbstractTableModel>

#include <memory>

#include "models/overview/overview.h"

namespace weir {

class FlowModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Stage, In, Out, Rejected, Duplicate, Pending, Unaccounted, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setOverview(std::shared_ptr<const Overview> overview);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

  private:
    std::optional<std::int64_t> count(const OverviewStage& stage, int column) const;
    QString tip(const OverviewStage& stage, int column) const;

    std::shared_ptr<const Overview> m_overview;
};

} // namespace weir

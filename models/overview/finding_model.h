// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Findings as a list, the worst first; what follows from one stands below it, a step to the right.
// Thread contract: GUI thread only. Bound: what was found.
#pragma once

#include <QAbstractListModel>

#include <memory>
#include <vector>

#include "models/overview/overview.h"

namespace weir {

class FindingModel : public QAbstractListModel {
    Q_OBJECT
  public:
    enum Role {
        DepthRole = Qt::UserRole + 1, // int: 0, or how many causes it stands under
        FateRole,                     // int: Fate
    };
    using QAbstractListModel::QAbstractListModel;

    /// Rows stay where they are as long as the findings are about the same.
    void setOverview(std::shared_ptr<const Overview> overview);
    /// Null: there is no such row.
    const Finding* findingAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

  private:
    struct Row {
        const Finding* finding;
        int depth;
        bool is_about_the_same(const Row& other) const;
    };
    static void add(const std::vector<Finding>& findings, int depth, std::vector<Row>& rows);

    std::shared_ptr<const Overview> m_overview; // what the rows point into
    std::vector<Row> m_rows;
};

} // namespace weir

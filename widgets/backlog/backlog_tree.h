// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of groups and partitions. Where it is narrow, the columns that matter least are left
// out; what is chosen stays chosen while rows come, go and change places.
// Thread contract: GUI thread only.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "models/backlog/backlog_model.h"
#include "widgets/catalogue/row_delegate.h"

namespace weir {

class BacklogTree : public RowTree {
    Q_OBJECT
  public:
    explicit BacklogTree(QWidget* parent = nullptr);

    BacklogModel* backlogModel() const { return m_model; }
    void setSnapshot(std::shared_ptr<const BacklogSnapshot> snapshot);
    void setFilter(const QString& words, bool bad);

    /// Of the row that the user is at, whether it is there or not.
    const QString& chosenKey() const { return m_wanted; }
    void choose(const QString& key);
    /// Groups whose rows, or whose partitions' rows, are on screen.
    std::vector<std::string> visibleGroups() const;

  Q_SIGNALS:
    /// Another row is chosen, or what it shows has changed.
    void chosen();
    /// By a click or Enter: a step that Back returns from.
    void settled();

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

  private:
    void restore();

    BacklogModel* m_model;
    QString m_wanted;
    std::set<QString> m_shut; // groups that the user has closed
    bool m_restoring = false;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The backlog as a list of groups, and below each its partitions. A new snapshot changes rows in
// place; what came or went is inserted or removed, and a new order moves rows, so that selection
// and scroll position stay. Ordered by the worst, groups of about the same lag keep their places.
// Thread contract: GUI thread only. Bound: the snapshot's.
#pragma once

#include <QAbstractItemModel>

#include <map>
#include <memory>
#include <vector>

#include "models/backlog/backlog_snapshot.h"

namespace weir {

class BacklogModel : public QAbstractItemModel {
    Q_OBJECT
  public:
    enum Column {
        Name,
        State, // the verdict
        Lag,
        Behind,
        RateIn,
        RateOut,
        Drain,
        Retention,
        History,
        Reason,
        ColumnCount
    };
    enum Role {
        KeyRole = Qt::UserRole + 1, // QString, unique and stable
        VerdictRole,                // Verdict, as an int
        CurveRole,                  // QVariantList of doubles: the lag over time, for a sparkline
        HotRole,                    // QString: why a partition stands out; empty: it does not
        EstimateRole,               // bool: the cell is no exact number
    };
    static constexpr std::size_t curve_points = 32;

    explicit BacklogModel(QObject* parent = nullptr);

    void setSnapshot(std::shared_ptr<const BacklogSnapshot> snapshot);
    /// Only groups and topics that have these words in their names, in any case; `bad`: only
    /// verdicts that somebody should look at.
    void setFilter(const QString& words, bool bad);

    const GroupBacklog* groupAt(const QModelIndex& index) const;
    /// Null: the row is a group's.
    const PartitionBacklog* partitionAt(const QModelIndex& index) const;
    std::shared_ptr<const GroupBacklog> sharedGroupAt(const QModelIndex& index) const;
    static QString groupKey(const std::string& group);
    static QString partitionKey(const std::string& group, const kafka::TopicPartition& at);
    QModelIndex indexOf(const QString& key) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order) override;

  private:
    struct Row {
        quintptr number = 0; // of the group, from 1: what its partitions' indexes bear
        std::shared_ptr<const GroupBacklog> group;
    };
    bool wanted(const GroupBacklog& group) const;
    void refresh();
    void remove_others(const std::map<std::string, std::shared_ptr<const GroupBacklog>>& wanted);
    void renew(int row, std::shared_ptr<const GroupBacklog> group);
    void put_in_order();
    bool before(const Row& a, const Row& b) const;
    void number_rows();
    QVariant groupData(const GroupBacklog& group, int column, int role) const;
    QVariant partitionData(const GroupBacklog& group, const PartitionBacklog& partition, int column,
                           int role) const;

    std::shared_ptr<const BacklogSnapshot> m_snapshot;
    std::vector<Row> m_rows;
    std::map<quintptr, int> m_row_of; // by number
    quintptr m_next_number = 1;
    QString m_words;
    bool m_only_bad = false;
    int m_sort_column = State;
    Qt::SortOrder m_sort_order = Qt::DescendingOrder;
};

} // namespace weir

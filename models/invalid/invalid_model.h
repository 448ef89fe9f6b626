// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reasons for which events are invalid as a table. A new report changes rows in place; what came or
// went is inserted or removed, and a new order moves rows, so that the selection stays.
// Thread contract: GUI thread only. Bound: the report's.
#pragma once

#include <QAbstractTableModel>

#include <memory>
#include <vector>

#include "models/invalid/invalid_report.h"

namespace weir {

class InvalidModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column {
        Reason,
        Where, // the pointer, or what else tells rows apart
        Type,
        Client, // source, platform, app version
        Events,
        Share,
        Trend,
        Users,
        First,
        Last,
        Severe, // the severity
        Remedy,
        ColumnCount
    };
    enum Role {
        KeyRole = Qt::UserRole + 1, // QByteArray, unique and stable
        TimeRole,                   // qint64, us; of First and Last
        BarRole,                    // double, 0 to 1: the row's events against the most of any
        EstimateRole,               // bool: the cell is no exact number
        NewRole,                    // bool: the reason was not there before
        NoteRole,                   // QString: "passed", "unreadable", "bot"; may be empty
        SeverityRole,               // Severity, as an int
    };

    explicit InvalidModel(std::shared_ptr<const Vocabulary> vocabulary = nullptr,
                          QObject* parent = nullptr);

    void setReport(std::shared_ptr<const InvalidReport> report,
                   std::shared_ptr<const Vocabulary> vocabulary);
    /// Only rows that have these words anywhere, in any case; `bots`: those of bots, too.
    void setFilter(const QString& words, bool bots);

    const InvalidRow* rowAt(const QModelIndex& index) const;
    QModelIndex indexOf(const QByteArray& key) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order) override;

  private:
    bool wanted(const InvalidRow& row) const;
    void refresh();
    void put_in_order();
    QString value(const InvalidRow& row, const char* dimension) const;
    QString client(const InvalidRow& row) const;
    QString text(const InvalidRow& row, int column) const;
    bool before(const InvalidRow& a, const InvalidRow& b) const;

    std::shared_ptr<const Vocabulary> m_vocabulary;
    std::shared_ptr<const InvalidReport> m_report;
    std::vector<InvalidRow> m_rows;
    double m_most = 1; // events of any row
    QString m_words;
    bool m_bots = false;
    int m_sort_column = Events;
    Qt::SortOrder m_sort_order = Qt::DescendingOrder;
};

/// "2.5 %", "0.04 %"; "–" where it is not known.
QString invalid_share_text(const std::optional<double>& share);
/// "+2.4 pp", "0 pp"; "–" where it is not known.
QString invalid_trend_text(const std::optional<double>& points);
/// "1,204", of an estimate "≈ 1,204".
QString distinct_text(const DistinctSketch& sketch);

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A table of a few rows of text: the rules of a contract, its effects, its changes, the differences
// of two versions, where a version was seen. What it shows is a value; catalogue_facts.h makes
// them. Thread contract: GUI thread only. Bound: the table's.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace weir {

struct FactsTable {
    enum class Tone { Plain, Quiet, Good, Warning, Bad }; // always with a word in the row
    struct Title {
        QString text;
        bool number = false; // right-aligned
        bool mono = false;   // a pointer, an expression
    };
    struct Row {
        QStringList cells; // one a title
        Tone tone = Tone::Plain;
    };
    std::vector<Title> titles;
    std::vector<Row> rows;
};

class FactsModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    /// Of any model that a RowDelegate draws; far from the models' own.
    enum Role { ToneRole = Qt::UserRole + 101, MonoRole };
    using QAbstractTableModel::QAbstractTableModel;

    /// Rows stay where they are as long as there are as many, under the same titles.
    void setTable(FactsTable table);
    const FactsTable& table() const { return m_table; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

  private:
    FactsTable m_table;
};

} // namespace weir

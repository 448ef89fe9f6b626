// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fields of one contract as a tree along their pointers. A field that is only a part of others'
// pointers (its contract does not name it itself) is a row with its name alone.
// Thread contract: GUI thread only. Bound: Contract::fields_max fields, and the steps to them.
#pragma once

#include <QAbstractItemModel>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/contract/contract.h"

namespace weir {

class FieldsModel : public QAbstractItemModel {
    Q_OBJECT
  public:
    enum Column {
        Name,
        Type,
        Required,
        Personal,
        Allowed,
        Unit,
        Default,
        Description,
        ColumnCount
    };
    enum Role { PointerRole = Qt::UserRole + 1 }; // QString, RFC 6901 with `*` for any element
    explicit FieldsModel(QObject* parent = nullptr);
    ~FieldsModel() override;

    /// Null: no contract, no rows.
    void setContract(std::shared_ptr<const Contract> contract);
    /// Null: nobody describes the row.
    const ContractField* fieldAt(const QModelIndex& index) const;
    QModelIndex indexOf(const QString& pointer) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

  private:
    struct Node {
        std::string pointer;
        std::string name;
        const ContractField* field = nullptr;
        int parent = 0; // node; the root is its own
        int row = 0;    // within the parent
        std::vector<int> children;
    };
    int nodeFor(const std::string& pointer);
    const Node& nodeAt(const QModelIndex& index) const;
    static QString cell(const ContractField& field, int column);

    std::shared_ptr<const Contract> m_contract;
    std::vector<Node> m_nodes; // [0] is the root, which is no row
    std::unordered_map<std::string, int> m_by_pointer;
};

} // namespace weir

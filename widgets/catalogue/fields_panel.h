// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fields of a contract as a tree, and all of the chosen one in full below it.
// Thread contract: GUI thread only.
#pragma once

#include <QWidget>

#include <memory>

#include "models/contract/contract.h"

class QTreeView;

namespace weir {

class FieldsModel;
class TextLabel;

class FieldsPanel : public QWidget {
    Q_OBJECT
  public:
    explicit FieldsPanel(QWidget* parent = nullptr);

    void setContract(std::shared_ptr<const Contract> contract);
    QTreeView* tree() const { return m_tree; }
    FieldsModel* fields() const { return m_fields; }
    QString pointer() const;
    void choose(const QString& pointer);
    QByteArray columnState() const;
    void restoreColumnState(const QByteArray& state);

  private:
    void showField();

    QTreeView* m_tree;
    FieldsModel* m_fields;
    TextLabel* m_pointer;
    TextLabel* m_detail;
};

} // namespace weir

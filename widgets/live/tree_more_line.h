// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The line below a JSON tree that says how many members of a large object or array the tree shows,
// and shows more of them. It is about the one at the bottom of what is on screen.
// Thread contract: GUI thread only.
#pragma once

#include <QPersistentModelIndex>
#include <QTimer>
#include <QWidget>

class QPushButton;
class QTreeView;

namespace weir {

class JsonTreeModel;
class TextLabel;

class TreeMoreLine : public QWidget {
    Q_OBJECT
  public:
    TreeMoreLine(QTreeView* tree, JsonTreeModel* model, QWidget* parent = nullptr);

    static constexpr int more_at_once = 50'000;

  private:
    void look();
    void showMore();

    QTreeView* m_tree;
    JsonTreeModel* m_model;
    TextLabel* m_text;
    QPushButton* m_more;
    QPersistentModelIndex m_partly; // the one that the line is about
    QTimer m_look;                  // one look for many changes
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Draws the rows of the catalogue's lists and tables alike: 26 px, a line below, text cut with an
// ellipsis, pointers and expressions in the fixed font, a state's colour where the model says so.
// Thread contract: GUI thread only.
#pragma once

#include <QStyledItemDelegate>
#include <QTreeView>

#include "widgets/common/controls.h"

class QAbstractItemView;
class QTableView;

namespace weir {

class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    static constexpr int padding = 10;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

  protected:
    /// What is within a cell, beside its ground and its line.
    virtual void paintContent(QPainter* painter, const QRect& cell, const QModelIndex& index) const;
    /// One line of text, cut to the room there is; returns its width.
    static int drawText(QPainter* painter, const QRect& room, const QString& text, Token colour,
                        const QFont& font, Qt::Alignment alignment = Qt::AlignLeft);
    /// A word on its state's ground, at the left, as far as there is room.
    static void drawPill(QPainter* painter, const QRect& cell, const QString& text,
                         Pill::Tone tone);
};

/// A tree whose rows are drawn by a RowDelegate. It has what all lists of the view have: whole
/// rows, no frame, copying by Ctrl+C and by a menu.
class RowTree : public QTreeView {
    Q_OBJECT
  public:
    explicit RowTree(const QString& accessible_name, QWidget* parent = nullptr);

  protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                 const QModelIndex& index) const override;
};

QTableView* make_table(const QString& accessible_name, QWidget* parent);
/// The chosen row as it is shown, its cells with tabs between.
QString row_text(const QAbstractItemView* view);

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Draws the list of groups and partitions: the verdict as a word on its state's ground, the lag
// over time as a line, hot partitions with a mark, what is estimated muted. Thread contract: GUI
// thread only.
#pragma once

#include "models/backlog/verdict.h"
#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/controls.h"

namespace weir {

Pill::Tone tone_of(Verdict verdict);
/// With the triangle where somebody should look at once.
QString verdict_text(Verdict verdict);

class BacklogDelegate : public RowDelegate {
    Q_OBJECT
  public:
    using RowDelegate::RowDelegate;

    /// What is cut is whole in the tooltip.
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

  protected:
    void paintContent(QPainter* painter, const QRect& cell,
                      const QModelIndex& index) const override;

  private:
    static void paintName(QPainter* painter, const QRect& cell, const QModelIndex& index);
    static void paintVerdict(QPainter* painter, const QRect& cell, const QModelIndex& index);
    static void paintCurve(QPainter* painter, const QRect& cell, const QModelIndex& index);
};

} // namespace weir

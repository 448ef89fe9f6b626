// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the rows of the Overview's two lists are drawn. Thread contract: GUI thread only.
#pragma once

#include "widgets/catalogue/row_delegate.h"

namespace weir {

/// Numbers stand under each other, what is 0 is quiet, what is to be looked at is red and bold.
class FlowDelegate : public RowDelegate {
    Q_OBJECT
  public:
    using RowDelegate::RowDelegate;

  protected:
    void paintContent(QPainter* painter, const QRect& cell,
                      const QModelIndex& index) const override;
};

/// A shape and a colour for what happened to the events, then the sentence; consequences indented.
class FindingDelegate : public RowDelegate {
    Q_OBJECT
  public:
    using RowDelegate::RowDelegate;

  protected:
    void paintContent(QPainter* painter, const QRect& cell,
                      const QModelIndex& index) const override;
};

} // namespace weir

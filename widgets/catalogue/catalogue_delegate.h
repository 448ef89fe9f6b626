// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Draws the list of types and versions: a name with what is to be said of it, and the shares of
// the versions as a bar. The newest version is the darkest; a version has the shade of its part.
// Thread contract: GUI thread only.
#pragma once

#include "widgets/catalogue/row_delegate.h"

namespace weir {

class CatalogueDelegate : public RowDelegate {
    Q_OBJECT
  public:
    using RowDelegate::RowDelegate;

  protected:
    void paintContent(QPainter* painter, const QRect& cell,
                      const QModelIndex& index) const override;

  private:
    static void paintName(QPainter* painter, const QRect& cell, const QModelIndex& index);
    static void paintShares(QPainter* painter, const QRect& cell, const QModelIndex& index);
};

} // namespace weir

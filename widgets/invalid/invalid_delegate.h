// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Draws the lists of the Invalid view: events as ranked bars, severity as a word on its state's
// ground, times in the chosen zone, what is estimated muted.
// Thread contract: GUI thread only.
#pragma once

#include "models/invalid/reason_facts.h"
#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/controls.h"
#include "widgets/common/zone_clock.h"

namespace weir {

Pill::Tone tone_of(Severity severity);

class InvalidDelegate : public RowDelegate {
    Q_OBJECT
  public:
    using RowDelegate::RowDelegate;

    void setClock(const ZoneClock& clock) { m_clock = clock; }
    /// What is cut is whole in the tooltip; times are absolute and relative.
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

  protected:
    void paintContent(QPainter* painter, const QRect& cell,
                      const QModelIndex& index) const override;

  private:
    static void paintReason(QPainter* painter, const QRect& cell, const QModelIndex& index);
    static void paintEvents(QPainter* painter, const QRect& cell, const QModelIndex& index);

    ZoneClock m_clock;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/flow_delegate.h"

#include <QPainter>

#include <cmath>

#include "models/catalogue/facts_model.h"
#include "models/overview/finding_model.h"
#include "models/overview/flow_model.h"
#include "widgets/common/controls.h"

namespace weir {

void FlowDelegate::paintContent(QPainter* painter, const QRect& cell,
                                const QModelIndex& index) const {
    if (index.column() == FlowModel::Stage)
        return RowDelegate::paintContent(painter, cell, index);
    const auto tone = static_cast<FactsTable::Tone>(index.data(FactsModel::ToneRole).toInt());
    const bool bad = tone == FactsTable::Tone::Bad;
    painter->setFont(Theme::ui_font(12, bad ? QFont::DemiBold : QFont::Normal));
    painter->setPen(Theme::color(bad                               ? Token::Red
                                 : tone == FactsTable::Tone::Quiet ? Token::Muted
                                                                   : Token::Text));
    const QString text = (bad ? QStringLiteral("▲ ") : QString()) + index.data().toString();
    const qreal width = tabular_width(painter->font(), text);
    const QFontMetrics metrics(painter->font());
    const int baseline = cell.top() + (cell.height() + metrics.ascent() - metrics.descent()) / 2;
    draw_tabular(*painter, QPointF(cell.right() - std::ceil(width), baseline), text);
}

void FindingDelegate::paintContent(QPainter* painter, const QRect& cell,
                                   const QModelIndex& index) const {
    constexpr int indent = 16;
    const int depth = index.data(FindingModel::DepthRole).toInt();
    const auto fate = static_cast<Fate>(index.data(FindingModel::FateRole).toInt());
    QRect room = cell.adjusted(depth * indent, 0, 0, 0);
    room.adjust(drawText(painter, room,
                         fate == Fate::Late ? QStringLiteral("● ") : QStringLiteral("▲ "),
                         fate == Fate::Late ? Token::Amber : Token::Red, Theme::ui_font(12)),
                0, 0, 0);
    drawText(painter, room, index.data().toString(), depth > 0 ? Token::Muted : Token::Text,
             Theme::ui_font(12));
}

} // namespace weir

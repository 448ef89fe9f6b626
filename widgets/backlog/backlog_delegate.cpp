// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/backlog/backlog_delegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

#include "models/backlog/backlog_model.h"

namespace weir {

namespace {

constexpr int curve_margin = 5;
constexpr qreal curve_width = 1.3;

bool is_group(const QModelIndex& index) {
    return !index.parent().isValid();
}

} // namespace

Pill::Tone tone_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::Ok:
        return Pill::Tone::Green;
    case Verdict::Unknown:
        return Pill::Tone::Neutral;
    case Verdict::Warn:
    case Verdict::Rebalancing:
    case Verdict::Rewound:
        return Pill::Tone::Amber;
    case Verdict::Blocked:
    case Verdict::Stopped:
    case Verdict::Stalled:
    case Verdict::Lost:
        break;
    }
    return Pill::Tone::Red;
}

QString verdict_text(Verdict verdict) {
    const QString word = QString::fromLatin1(to_word(verdict));
    return is_bad(verdict) ? QStringLiteral("▲ ") + word : word;
}

void BacklogDelegate::paintContent(QPainter* painter, const QRect& cell,
                                   const QModelIndex& index) const {
    switch (index.column()) {
    case BacklogModel::Name:
        paintName(painter, cell, index);
        return;
    case BacklogModel::State:
        paintVerdict(painter, cell, index);
        return;
    case BacklogModel::History:
        paintCurve(painter, cell, index);
        return;
    default:
        break;
    }
    const bool quiet =
        index.column() == BacklogModel::Reason || index.data(BacklogModel::EstimateRole).toBool();
    const auto alignment =
        index.data(Qt::TextAlignmentRole).value<Qt::Alignment>() & Qt::AlignHorizontal_Mask;
    drawText(painter, cell, index.data().toString(), quiet ? Token::Muted : Token::Text,
             Theme::ui_font(12), alignment);
}

bool BacklogDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view,
                                const QStyleOptionViewItem& option, const QModelIndex& index) {
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return RowDelegate::helpEvent(event, view, option, index);
    const int told =
        index.column() == BacklogModel::State || index.column() == BacklogModel::History
            ? static_cast<int>(BacklogModel::Reason)
            : index.column();
    const QString text = index.siblingAtColumn(told).data().toString();
    QToolTip::showText(event->globalPos(), plain_tooltip(text), view);
    return true;
}

void BacklogDelegate::paintName(QPainter* painter, const QRect& cell, const QModelIndex& index) {
    const QString hot = index.data(BacklogModel::HotRole).toString();
    constexpr int gap = 8;
    const QString mark = QStringLiteral("◆ ") + tr("hot");
    const QFont small = Theme::ui_font(12);
    const int room = hot.isEmpty() ? 0 : QFontMetrics(small).horizontalAdvance(mark) + gap;
    const int used =
        drawText(painter, cell.adjusted(0, 0, -room, 0), index.data().toString(), Token::Text,
                 is_group(index) ? Theme::ui_font(13, QFont::DemiBold) : Theme::ui_font(12));
    if (!hot.isEmpty())
        drawText(painter, cell.adjusted(used + gap, 0, 0, 0), mark, Token::Amber, small);
}

void BacklogDelegate::paintVerdict(QPainter* painter, const QRect& cell, const QModelIndex& index) {
    const auto verdict = static_cast<Verdict>(index.data(BacklogModel::VerdictRole).toInt());
    drawPill(painter, cell, verdict_text(verdict), tone_of(verdict));
}

void BacklogDelegate::paintCurve(QPainter* painter, const QRect& cell, const QModelIndex& index) {
    const QVariantList curve = index.data(BacklogModel::CurveRole).toList();
    if (curve.size() < 2)
        return;
    double most = 0;
    for (const QVariant& value : curve)
        most = std::max(most, value.toDouble());
    const QRectF plot = QRectF(cell).adjusted(0, curve_margin, 0, -curve_margin);
    QPolygonF line;
    for (int i = 0; i < curve.size(); ++i) {
        const double share = most > 0 ? std::max(0.0, curve[i].toDouble()) / most : 0;
        line.append({plot.left() + plot.width() * i / static_cast<double>(curve.size() - 1),
                     plot.bottom() - share * plot.height()});
    }
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(Theme::series(0), curve_width));
    painter->drawPolyline(line);
}

} // namespace weir

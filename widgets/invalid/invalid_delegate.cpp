// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/invalid/invalid_delegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "models/invalid/invalid_model.h"

namespace weir {

namespace {

constexpr int bar_thickness = 4;

bool is_time(const QModelIndex& index) {
    return index.column() == InvalidModel::First || index.column() == InvalidModel::Last;
}

Token tone_of_trend(const QModelIndex& index) {
    if (index.data(InvalidModel::NewRole).toBool())
        return Token::Red;
    return index.data().toString().startsWith(u'+') ? Token::Amber : Token::Text;
}

} // namespace

Pill::Tone tone_of(Severity severity) {
    switch (severity) {
    case Severity::Error:
        return Pill::Tone::Red;
    case Severity::Warning:
        return Pill::Tone::Amber;
    case Severity::Info:
        break;
    }
    return Pill::Tone::Neutral;
}

void InvalidDelegate::paintContent(QPainter* painter, const QRect& cell,
                                   const QModelIndex& index) const {
    const QFont font = Theme::ui_font(12);
    const auto alignment =
        index.data(Qt::TextAlignmentRole).value<Qt::Alignment>() & Qt::AlignHorizontal_Mask;
    switch (index.column()) {
    case InvalidModel::Reason:
        paintReason(painter, cell, index);
        return;
    case InvalidModel::Events:
        paintEvents(painter, cell, index);
        return;
    case InvalidModel::Severe: {
        const auto severity = static_cast<Severity>(index.data(InvalidModel::SeverityRole).toInt());
        drawPill(painter, cell, index.data().toString(), tone_of(severity));
        return;
    }
    case InvalidModel::First:
    case InvalidModel::Last:
        drawText(painter, cell,
                 m_clock.time(index.data(InvalidModel::TimeRole).toLongLong(), Precision::Seconds),
                 Token::Text, font, alignment);
        return;
    case InvalidModel::Where:
        drawText(painter, cell, index.data().toString(), Token::Text, Theme::mono_font(12));
        return;
    case InvalidModel::Trend: {
        const bool is_new = index.data(InvalidModel::NewRole).toBool();
        const QString text = index.data().toString();
        drawText(painter, cell, is_new ? QStringLiteral("▲ ") + text : text, tone_of_trend(index),
                 font, alignment);
        return;
    }
    default:
        break;
    }
    const bool quiet =
        index.column() == InvalidModel::Remedy || index.data(InvalidModel::EstimateRole).toBool();
    drawText(painter, cell, index.data().toString(), quiet ? Token::Muted : Token::Text, font,
             alignment);
}

/// The class behind the reason, where it is no dead letter.
void InvalidDelegate::paintReason(QPainter* painter, const QRect& cell, const QModelIndex& index) {
    const QString note = index.data(InvalidModel::NoteRole).toString();
    constexpr int gap = 8;
    const QFont small = Theme::ui_font(12);
    const int room = note.isEmpty() ? 0 : QFontMetrics(small).horizontalAdvance(note) + gap;
    const int used = drawText(painter, cell.adjusted(0, 0, -room, 0), index.data().toString(),
                              Token::Text, Theme::ui_font(12, QFont::DemiBold));
    if (!note.isEmpty())
        drawText(painter, cell.adjusted(used + gap, 0, 0, 0), note, Token::Muted, small);
}

void InvalidDelegate::paintEvents(QPainter* painter, const QRect& cell, const QModelIndex& index) {
    const double share = index.data(InvalidModel::BarRole).toDouble();
    const QRectF track(cell.left(), cell.bottom() - bar_thickness, cell.width(), bar_thickness - 1);
    painter->setPen(Qt::NoPen);
    painter->setBrush(Theme::color(Token::Surface2));
    painter->drawRect(track);
    painter->setBrush(Theme::series(0));
    painter->drawRect(
        QRectF(track.left(), track.top(), std::max(1.0, share * track.width()), track.height()));
    drawText(painter, cell.adjusted(0, 0, 0, -bar_thickness), index.data().toString(), Token::Text,
             Theme::ui_font(12), Qt::AlignRight);
}

bool InvalidDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view,
                                const QStyleOptionViewItem& option, const QModelIndex& index) {
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return RowDelegate::helpEvent(event, view, option, index);
    const QString text =
        is_time(index) ? m_clock.absolute_and_relative(
                             index.data(InvalidModel::TimeRole).toLongLong(), Micros::now().value())
                       : index.data().toString();
    QToolTip::showText(event->globalPos(), plain_tooltip(text), view);
    return true;
}

} // namespace weir

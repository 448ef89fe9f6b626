// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/catalogue/catalogue_delegate.h"

#include <QPainter>

#include <algorithm>

#include "models/catalogue/catalogue_model.h"
#include "widgets/common/number_text.h"

namespace weir {

namespace {

constexpr int bar_height = 8;
constexpr int share_width = 52; // of "97.9 %"
constexpr int note_gap = 8;

/// The colour of the data, fainter for older versions.
QColor shade(int place) {
    QColor colour = Theme::series(0);
    constexpr qreal steps[] = {1.0, 0.55, 0.3, 0.18};
    colour.setAlphaF(static_cast<float>(steps[std::min(place, 3)]));
    return colour;
}

} // namespace

void CatalogueDelegate::paintContent(QPainter* painter, const QRect& cell,
                                     const QModelIndex& index) const {
    if (index.column() == CatalogueModel::Name)
        paintName(painter, cell, index);
    else if (index.column() == CatalogueModel::Share)
        paintShares(painter, cell, index);
    else
        RowDelegate::paintContent(painter, cell, index);
}

void CatalogueDelegate::paintName(QPainter* painter, const QRect& cell, const QModelIndex& index) {
    const auto kind =
        static_cast<CatalogueModel::Kind>(index.data(CatalogueModel::KindRole).toInt());
    const bool alarm = index.data(CatalogueModel::AlarmRole).toBool();
    const bool broken = kind == CatalogueModel::Kind::Problem;
    const QFont font =
        Theme::ui_font(13, kind == CatalogueModel::Kind::Type ? QFont::DemiBold : QFont::Normal);
    const QString name = index.data().toString();
    QString note = index.data(CatalogueModel::NoteRole).toString();
    if (alarm)
        note.prepend(QStringLiteral("▲ "));
    const int used = drawText(painter, cell, name, Token::Text, font);
    drawText(painter, cell.adjusted(used + note_gap, 0, 0, 0), note,
             broken  ? Token::Red
             : alarm ? Token::Amber
                     : Token::Muted,
             Theme::ui_font(12));
}

void CatalogueDelegate::paintShares(QPainter* painter, const QRect& cell,
                                    const QModelIndex& index) {
    const QVariantList shares = index.data(CatalogueModel::SharesRole).toList();
    if (shares.isEmpty())
        return;
    const bool version = index.data(CatalogueModel::KindRole).toInt() ==
                         static_cast<int>(CatalogueModel::Kind::Version);
    const QRectF track(cell.left(), cell.center().y() - bar_height / 2.0 + 0.5,
                       std::max(0, cell.width() - (version ? share_width : 0)), bar_height);
    painter->fillRect(track, Theme::color(Token::Surface2));
    qreal x = track.left();
    for (int i = 0; i < shares.size(); ++i) {
        const double share = shares[i].toDouble();
        // What is there is seen, however small.
        const qreal width = share > 0 ? std::max<qreal>(1, track.width() * share) : 0;
        const int place = version ? index.data(CatalogueModel::ShadeRole).toInt() : i;
        painter->fillRect(QRectF(x, track.top(), std::min(width, track.right() - x), bar_height),
                          shade(place));
        x = std::min(x + width, track.right());
    }
    if (version)
        drawText(painter, cell, share_text(shares.front().toDouble()), Token::Muted,
                 Theme::ui_font(12), Qt::AlignRight);
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/json_delegate.h"

#include <QApplication>
#include <QPainter>

#include "models/live/json_tree_model.h"
#include "widgets/common/theme.h"

namespace weir {

namespace {

constexpr int tree_line_height = 22;
constexpr int gap = 7;

QColor colour_of(JsonKind kind) {
    switch (kind) {
    case JsonKind::String:
        return Theme::color(Token::Series3);
    case JsonKind::Number:
        return Theme::color(Token::Series2);
    case JsonKind::True:
    case JsonKind::False:
        return Theme::color(Token::Series4);
    default:
        return Theme::color(Token::Muted);
    }
}

} // namespace

QSize JsonDelegate::sizeHint(const QStyleOptionViewItem& /*option*/,
                             const QModelIndex& /*index*/) const {
    return {120, tree_line_height};
}

void JsonDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
    painter->save();
    painter->setClipRect(option.rect);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QString masked = index.data(JsonTreeModel::MaskedRole).toString();
    const QString violation = index.data(JsonTreeModel::ViolationRole).toString();
    const bool refusing = index.data(JsonTreeModel::RefusingRole).toBool();
    if (selected)
        painter->fillRect(option.rect, Theme::color(Token::AccentSoft));
    else if (!violation.isEmpty())
        painter->fillRect(option.rect, Theme::color(refusing ? Token::RedSoft : Token::AmberSoft));
    painter->setFont(Theme::mono_font(12));
    const QFontMetricsF metrics(painter->font());
    const qreal baseline =
        option.rect.top() + (option.rect.height() - metrics.height()) / 2 + metrics.ascent();
    qreal x = option.rect.left() + 2;
    const auto draw = [&](QString text, const QColor& colour) {
        const qreal room = option.rect.right() - x;
        if (text.size() > 400)
            text = text.left(400);
        text = metrics.elidedText(text, Qt::ElideRight, room);
        painter->setPen(colour);
        painter->drawText(QPointF(x, baseline), text);
        x += metrics.horizontalAdvance(text) + gap;
    };
    if (!violation.isEmpty())
        draw(refusing ? QStringLiteral("▲") : QStringLiteral("◆"),
             Theme::color(refusing ? Token::Red : Token::Amber));
    draw(index.data(JsonTreeModel::NameRole).toString(), Theme::color(Token::Text));
    const auto kind = static_cast<JsonKind>(index.data(JsonTreeModel::KindRole).toInt());
    draw(index.data(JsonTreeModel::ValueRole).toString(),
         masked.isEmpty() ? colour_of(kind) : Theme::color(Token::Muted));
    if (!masked.isEmpty()) {
        painter->setFont(Theme::ui_font(12));
        draw(tr("masked: %1").arg(masked), Theme::color(Token::Muted));
    }
    if (!violation.isEmpty()) {
        painter->setFont(Theme::ui_font(12));
        draw(violation, Theme::color(refusing ? Token::Red : Token::Amber));
    }
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(Theme::color(Token::Accent));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

} // namespace weir

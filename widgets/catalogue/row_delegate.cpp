// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/catalogue/row_delegate.h"

#include <QAction>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <QTableView>

#include <algorithm>
#include <utility>

#include "models/catalogue/facts_model.h"
#include "widgets/common/copy.h"

namespace weir {

namespace {

Token colour_of(const QModelIndex& index) {
    switch (static_cast<FactsTable::Tone>(index.data(FactsModel::ToneRole).toInt())) {
    case FactsTable::Tone::Quiet:
        return Token::Muted;
    case FactsTable::Tone::Good:
        return Token::Green;
    case FactsTable::Tone::Warning:
        return Token::Amber;
    case FactsTable::Tone::Bad:
        return Token::Red;
    case FactsTable::Tone::Plain:
        break;
    }
    return Token::Text;
}

void show_menu(QAbstractItemView* view, const QPoint& at) {
    const QModelIndex index = view->indexAt(at);
    if (!index.isValid())
        return;
    QMenu menu(view);
    const QString cell = index.data().toString();
    if (!cell.isEmpty())
        menu.addAction(RowDelegate::tr("Copy cell"), view, [cell] { copy_text(cell); });
    menu.addAction(RowDelegate::tr("Copy row"), view, [view] { copy_text(row_text(view)); });
    menu.exec(view->viewport()->mapToGlobal(at));
}

void dress_list(QAbstractItemView* view, const QString& accessible_name) {
    view->setProperty("weir", QStringLiteral("list"));
    view->setFrameShape(QFrame::NoFrame);
    view->setAccessibleName(accessible_name);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setTabKeyNavigation(false);
    view->setContextMenuPolicy(Qt::CustomContextMenu);
    QObject::connect(view, &QWidget::customContextMenuRequested, view,
                     [view](const QPoint& at) { show_menu(view, at); });
    auto* const action = new QAction(RowDelegate::tr("Copy row"), view);
    action->setShortcut(QKeySequence::Copy);
    action->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(action, &QAction::triggered, view, [view] { copy_text(row_text(view)); });
    view->addAction(action);
}

/// Text and ground.
std::pair<Token, Token> pill_colours(Pill::Tone tone) {
    switch (tone) {
    case Pill::Tone::Red:
        return {Token::Red, Token::RedSoft};
    case Pill::Tone::Amber:
        return {Token::Amber, Token::AmberSoft};
    case Pill::Tone::Green:
        return {Token::Green, Token::GreenSoft};
    case Pill::Tone::Accent:
        return {Token::Accent, Token::AccentSoft};
    case Pill::Tone::Neutral:
        break;
    }
    return {Token::Muted, Token::Surface2};
}

} // namespace

QSize RowDelegate::sizeHint(const QStyleOptionViewItem& /*option*/,
                            const QModelIndex& index) const {
    const bool mono = index.data(FactsModel::MonoRole).toBool();
    const QFontMetrics metrics(mono ? Theme::mono_font(12) : Theme::ui_font(12));
    const int text = metrics.horizontalAdvance(index.data().toString());
    return {text + 2 * padding + 2, Theme::row_height};
}

void RowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
    painter->save();
    painter->setClipRect(option.rect);
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, Theme::color(Token::AccentSoft));
    const auto* const tree = qobject_cast<const QTreeView*>(option.widget);
    const bool in_tree = tree != nullptr;
    const bool behind_branch = in_tree && tree->rootIsDecorated() && index.column() == 0;
    paintContent(painter, option.rect.adjusted(behind_branch ? 2 : padding, 0, -padding, 0), index);
    const QRect cell = option.rect;
    if (!in_tree)
        painter->fillRect(QRect(cell.left(), cell.bottom(), cell.width(), 1),
                          Theme::color(Token::Grid));
    if (!in_tree && option.state.testFlag(QStyle::State_Selected) && option.widget != nullptr &&
        option.widget->hasFocus())
        for (const int y : {cell.top(), cell.bottom()})
            painter->fillRect(QRect(cell.left(), y, cell.width(), 1), Theme::color(Token::Accent));
    painter->restore();
}

void RowDelegate::paintContent(QPainter* painter, const QRect& cell,
                               const QModelIndex& index) const {
    const bool mono = index.data(FactsModel::MonoRole).toBool();
    const auto alignment =
        index.data(Qt::TextAlignmentRole).value<Qt::Alignment>() & Qt::AlignHorizontal_Mask;
    drawText(painter, cell, index.data().toString(),
             index.column() == 0                ? colour_of(index)
             : colour_of(index) == Token::Muted ? Token::Muted
                                                : Token::Text,
             mono ? Theme::mono_font(12) : Theme::ui_font(12), alignment);
}

int RowDelegate::drawText(QPainter* painter, const QRect& room, const QString& text, Token colour,
                          const QFont& font, Qt::Alignment alignment) {
    if (text.isEmpty() || room.width() <= 0)
        return 0;
    painter->setFont(font);
    painter->setPen(Theme::color(colour));
    const QFontMetrics metrics(font);
    const QString cut = metrics.elidedText(text, Qt::ElideRight, room.width());
    painter->drawText(room, static_cast<int>(alignment | Qt::AlignVCenter) | Qt::TextSingleLine,
                      cut);
    return metrics.horizontalAdvance(cut);
}

void RowDelegate::drawPill(QPainter* painter, const QRect& cell, const QString& text,
                           Pill::Tone tone) {
    constexpr int height = 18;
    constexpr int padding_px = 7;
    const auto [colour, ground] = pill_colours(tone);
    const QFont font = Theme::ui_font(11, QFont::DemiBold);
    const int width =
        std::min(QFontMetrics(font).horizontalAdvance(text) + 2 * padding_px, cell.width());
    const QRect pill(cell.left(), cell.center().y() - height / 2 + 1, width, height);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(Theme::color(ground));
    painter->drawRoundedRect(pill, 4, 4);
    drawText(painter, pill.adjusted(padding_px, 0, 0, 0), text, colour, font);
}

RowTree::RowTree(const QString& accessible_name, QWidget* parent)
    : QTreeView(parent) {
    dress_list(this, accessible_name);
    setUniformRowHeights(true);
    setIndentation(16);
    setItemDelegate(new RowDelegate(this));
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header()->setHighlightSections(false);
}

/// The line below goes through to the left edge, and the keyboard's row has a frame.
void RowTree::drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                      const QModelIndex& index) const {
    QTreeView::drawRow(painter, option, index);
    const QRect row(0, option.rect.top(), viewport()->width(), option.rect.height());
    painter->fillRect(QRect(0, row.bottom(), row.width(), 1), Theme::color(Token::Grid));
    if (hasFocus() && index.siblingAtColumn(0) == currentIndex().siblingAtColumn(0)) {
        painter->setPen(Theme::color(Token::Accent));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(row.adjusted(0, 0, -1, -1));
    }
}

QTableView* make_table(const QString& accessible_name, QWidget* parent) {
    auto* const table = new QTableView(parent);
    dress_list(table, accessible_name);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setItemDelegate(new RowDelegate(table));
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(Theme::row_height);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    return table;
}

QString row_text(const QAbstractItemView* view) {
    const QModelIndex at = view->currentIndex();
    if (!at.isValid())
        return {};
    QStringList cells;
    for (int column = 0; column < view->model()->columnCount(); ++column)
        cells.append(at.siblingAtColumn(column).data().toString());
    return cells.join(u'\t');
}

} // namespace weir

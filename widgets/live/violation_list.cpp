// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/violation_list.h"

#include <QPainter>
#include <QStyledItemDelegate>

#include "models/live/violation_model.h"
#include "widgets/common/theme.h"

namespace weir {

namespace {

constexpr int padding = 6;
constexpr int line_height = 18;
constexpr int text_left = 22; // behind the mark
constexpr int rows_shown = 3;

class ViolationDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        return {option.rect.width(),
                2 * padding + line_height * static_cast<int>(lines(index).size())};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        painter->setClipRect(option.rect);
        const bool refusing = index.data(ViolationModel::RefusingRole).toBool();
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->fillRect(option.rect, Theme::color(selected   ? Token::AccentSoft
                                                    : refusing ? Token::RedSoft
                                                               : Token::AmberSoft));
        painter->setFont(Theme::ui_font(12));
        painter->setPen(Theme::color(refusing ? Token::Red : Token::Amber));
        QRect line(option.rect.left() + padding, option.rect.top() + padding,
                   option.rect.width() - 2 * padding, line_height);
        painter->drawText(line, Qt::AlignVCenter,
                          refusing ? QStringLiteral("▲") : QStringLiteral("◆"));
        line.setLeft(option.rect.left() + text_left);
        bool first = true;
        for (const QString& text : lines(index)) {
            painter->setFont(first ? Theme::mono_font(12, QFont::DemiBold) : Theme::ui_font(12));
            painter->setPen(Theme::color(first      ? (refusing ? Token::Red : Token::Amber)
                                         : selected ? Token::Text
                                                    : Token::Muted));
            painter->drawText(
                line, Qt::AlignVCenter,
                painter->fontMetrics().elidedText(text, Qt::ElideRight, line.width()));
            line.translate(0, line_height);
            first = false;
        }
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(Theme::color(Token::Accent));
            painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
        }
        painter->restore();
    }

  private:
    static QStringList lines(const QModelIndex& index) {
        const auto text = [&](int role) { return index.data(role).toString(); };
        QStringList lines{text(ViolationModel::ReasonRole) % QStringLiteral("  ") %
                          text(ViolationModel::PointerRole)};
        if (!index.data(ViolationModel::RefusingRole).toBool())
            lines.front() += ViolationList::tr("  (flagged)");
        const QString expected = text(ViolationModel::ExpectedRole);
        const QString found = text(ViolationModel::FoundRole);
        if (!expected.isEmpty())
            lines.append(found.isEmpty()
                             ? ViolationList::tr("expected %1").arg(expected)
                             : ViolationList::tr("expected %1, found %2").arg(expected, found));
        if (const QString remedy = text(ViolationModel::RemedyRole); !remedy.isEmpty())
            lines.append(remedy);
        return lines;
    }
};

} // namespace

ViolationList::ViolationList(QWidget* parent)
    : QListView(parent)
    , m_model(new ViolationModel(this)) {
    setModel(m_model);
    setItemDelegate(new ViolationDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setSpacing(0);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("What is wrong with the event"));
    const auto lead = [this](const QModelIndex& index) {
        Q_EMIT memberWanted(index.data(ViolationModel::PointerRole).toString());
    };
    connect(this, &QListView::clicked, this, lead);
    connect(this, &QListView::activated, this, lead);
    hide();
}

void ViolationList::setDetail(std::shared_ptr<const EventDetail> detail) {
    m_model->setDetail(std::move(detail));
    setVisible(m_model->rowCount() > 0);
    fit();
}

void ViolationList::resizeEvent(QResizeEvent* event) {
    QListView::resizeEvent(event);
    fit();
}

void ViolationList::fit() {
    int height = 2 * frameWidth();
    for (int row = 0; row < std::min(m_model->rowCount(), rows_shown); ++row)
        height += sizeHintForRow(row);
    setFixedHeight(height);
}

} // namespace weir

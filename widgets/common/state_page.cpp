// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/state_page.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"

namespace weir {
namespace {

constexpr int column_px = 640;
constexpr int margin_px = 24;

} // namespace

StatePage::StatePage(QWidget* parent)
    : QWidget(parent)
    , m_inner(new QWidget)
    , m_icon(new QLabel)
    , m_headline(new TextLabel({}, TextRole::Heading))
    , m_detail(new TextLabel({}, TextRole::Body))
    , m_small(new TextLabel({}, TextRole::Muted))
    , m_buttons(new QHBoxLayout) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(margin_px, margin_px, margin_px, margin_px);
    row->addStretch();
    row->addWidget(m_inner);
    row->addStretch();
    auto* column = new QVBoxLayout(m_inner);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addStretch(2);
    m_icon->setAlignment(Qt::AlignCenter);
    column->addWidget(m_icon);
    for (TextLabel* label : {m_headline, m_detail, m_small}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(label);
    }
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addLayout(m_buttons);
    buttons->addStretch();
    m_buttons->setSpacing(8);
    column->addSpacing(4);
    column->addLayout(buttons);
    column->addStretch(3);
}

QSize StatePage::minimumSizeHint() const {
    return {240, 160};
}

void StatePage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // A column of known width: only so do labels that wrap get their height.
    m_inner->setFixedWidth(std::max(120, std::min(column_px, width() - 2 * margin_px)));
}

void StatePage::showConnecting(const QString& headline, const QString& detail,
                               std::vector<Action> actions) {
    show_page(Icon::Plug, Token::Accent, headline, detail, {}, std::move(actions));
}

void StatePage::showEmpty(const QString& headline, const QString& reason,
                          std::vector<Action> actions) {
    show_page(Icon::Info, Token::Muted, headline, reason, {}, std::move(actions));
}

void StatePage::showFailed(const Error& error, std::vector<Action> actions) {
    const auto text = [](const std::string& s) { return QString::fromStdString(s); };
    QString small;
    if (!error.where.empty())
        small = tr("Where: %1").arg(text(error.where));
    if (!error.tried.empty()) {
        if (!small.isEmpty())
            small += QLatin1Char('\n');
        small += tr("Tried: %1").arg(text(error.tried));
    }
    show_page(Icon::Alarm, Token::Red, heading_text(text(error.what)), text(error.advice), small,
              std::move(actions));
}

QString StatePage::headline() const {
    return m_headline->text();
}

QString StatePage::detail() const {
    return m_detail->text();
}

void StatePage::show_page(Icon which, Token tone, const QString& headline, const QString& detail,
                          const QString& small, std::vector<Action> actions) {
    m_which = which;
    m_tone = tone;
    m_icon->setPixmap(icon(which, tone).pixmap(QSize(28, 28), devicePixelRatio()));
    m_headline->setText(headline);
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
    m_small->setText(small);
    m_small->setVisible(!small.isEmpty());
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        if (item->widget() != nullptr)
            item->widget()->deleteLater();
        delete item;
    }
    m_first = nullptr;
    for (const Action& action : actions) {
        QPushButton* made =
            action.primary ? primary_button(action.text) : quiet_button(action.text);
        connect(made, &QPushButton::clicked, this, action.run);
        m_buttons->addWidget(made);
        made->show(); // now, not with the next event: it may be given the keyboard at once
        if (action.primary || m_first == nullptr)
            m_first = made;
    }
    setAccessibleName(headline);
    setAccessibleDescription(detail);
}

void StatePage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_icon->setPixmap(icon(m_which, m_tone).pixmap(QSize(28, 28), devicePixelRatio()));
}

} // namespace weir

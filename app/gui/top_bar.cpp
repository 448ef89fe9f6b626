// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/top_bar.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>
#include <QToolButton>

#include "app/gui/range_popup.h"
#include "widgets/common/controls.h"

namespace weir {
namespace {

/// A line edit that tells its shortcut as long as it is empty.
class FindField : public QLineEdit {
  public:
    using QLineEdit::QLineEdit;

  protected:
    void paintEvent(QPaintEvent* event) override {
        QLineEdit::paintEvent(event);
        const int needed = fontMetrics().horizontalAdvance(placeholderText()) +
                           fontMetrics().horizontalAdvance(QObject::tr("Ctrl F")) + 36;
        if (!text().isEmpty() || width() < needed)
            return;
        QPainter painter(this);
        painter.setPen(Theme::color(Token::Muted));
        painter.drawText(rect().adjusted(0, 0, -10, 0), Qt::AlignRight | Qt::AlignVCenter,
                         QObject::tr("Ctrl F"));
    }
};

} // namespace

TopBar::TopBar(ViewContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_workspace(new QToolButton)
    , m_back(icon_button(Icon::Back, tr("Back (Alt+Left)")))
    , m_forward(icon_button(Icon::Forward, tr("Forward (Alt+Right)")))
    , m_find(new FindField)
    , m_range(drop_button({}, tr("Time range")))
    , m_zone(drop_button({}, tr("Time zone")))
    , m_commands(new QToolButton)
    , m_unmasked(new Pill)
    , m_mark(new Pill)
    , m_range_popup(new RangePopup(context, this))
    , m_zone_popup(new ZonePopup(context, this)) {
    setFixedHeight(44);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 12, 1);
    row->setSpacing(12);
    m_workspace->setProperty("weir", QStringLiteral("name"));
    m_workspace->setPopupMode(QToolButton::InstantPopup);
    m_workspace->setFocusPolicy(Qt::StrongFocus);
    m_workspace->setAutoRaise(true);
    m_workspace->setMaximumWidth(220);
    auto* arrows = new QHBoxLayout;
    arrows->setSpacing(2);
    arrows->addWidget(m_back);
    arrows->addWidget(m_forward);
    m_find->setAccessibleName(tr("Find an event by id"));
    m_find->setClearButtonEnabled(false);
    m_find->setMaximumWidth(330);
    m_commands->setProperty("weir", QStringLiteral("button"));
    m_commands->setAccessibleName(tr("Commands"));
    m_commands->setFocusPolicy(Qt::StrongFocus);
    row->addWidget(m_workspace);
    row->addLayout(arrows);
    row->addWidget(m_find, 100);
    row->addWidget(m_range);
    row->addWidget(m_zone);
    row->addWidget(m_commands);
    row->addStretch(1);
    row->addWidget(m_unmasked);
    row->addWidget(m_mark);
    m_unmasked->setText(tr("◉ UNMASKED"), Pill::Tone::Amber);
    m_unmasked->setVisible(false);

    connect(m_back, &QToolButton::clicked, this, &TopBar::backRequested);
    connect(m_forward, &QToolButton::clicked, this, &TopBar::forwardRequested);
    connect(m_commands, &QToolButton::clicked, this, &TopBar::paletteRequested);
    connect(m_range, &QToolButton::clicked, this, &TopBar::openRange);
    connect(m_zone, &QToolButton::clicked, this, &TopBar::openZone);
    connect(m_find, &QLineEdit::returnPressed, this, [this] {
        if (const QString id = m_find->text().trimmed(); !id.isEmpty())
            Q_EMIT findRequested(id);
    });
    connect(&context, &ViewContext::timeRangeChanged, this, &TopBar::refresh);
    connect(&context, &ViewContext::clockChanged, this, &TopBar::refresh);
    setWorkspaceName({});
    setEnvironment(std::nullopt);
    setCanGo(false, false);
    refresh();
}

void TopBar::setWorkspaceName(const QString& name) {
    const QString shown = name.isEmpty() ? QStringLiteral("Weir") : name;
    m_workspace->ensurePolished();
    m_workspace->setText(m_workspace->fontMetrics().elidedText(shown, Qt::ElideRight, 150) %
                         QStringLiteral(" ▾"));
    set_plain_tooltip(m_workspace, shown);
    m_workspace->setAccessibleName(tr("Workspace %1").arg(shown));
}

/// The marks are never cut: what stands elsewhere, too, gives way.
void TopBar::fit() {
    constexpr int find_width_least = 90;
    constexpr int find_width_usual = 150;
    m_range->setText(m_range_label % QStringLiteral(" ▾"));
    m_commands->setText(tr("Commands   Ctrl K"));
    m_find->setMinimumWidth(find_width_usual);
    m_find->setPlaceholderText(tr("Find an event by id"));
    layout()->invalidate();
    if (layout()->minimumSize().width() <= width())
        return;
    m_commands->setText(tr("Ctrl K"));
    m_find->setMinimumWidth(find_width_least);
    m_find->setPlaceholderText(tr("Find by id"));
    layout()->invalidate();
    const int over = layout()->minimumSize().width() - width();
    if (over <= 0)
        return;
    const QFontMetrics metrics = m_range->fontMetrics();
    m_range->setText(metrics.elidedText(m_range_label, Qt::ElideRight,
                                        metrics.horizontalAdvance(m_range_label) - over) %
                     QStringLiteral(" ▾"));
}

void TopBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fit();
}

void TopBar::setUnmasked(bool unmasked, const QString& whose) {
    set_plain_tooltip(
        m_unmasked,
        whose.isEmpty()
            ? tr("Personal data is shown, copied and exported as it is. Start with --mask, or give "
                 "the workspace a masking policy, to mask it")
            : tr("Personal data is shown, copied and exported as it is. %1").arg(whose));
    m_unmasked->setVisible(unmasked);
    fit();
}

void TopBar::setEnvironment(const std::optional<kafka::Environment>& environment) {
    m_mark->setVisible(environment.has_value());
    if (!environment) {
        fit();
        return;
    }
    switch (*environment) {
    case kafka::Environment::Production:
        m_mark->setText(tr("▲ PRODUCTION · read-only"), Pill::Tone::Red);
        m_mark->setToolTip(tr("Weir reads this system and cannot write to it: "
                              "no producer, no consumer group, no commit"));
        break;
    case kafka::Environment::Staging:
        m_mark->setText(tr("■ STAGING · read-only"), Pill::Tone::Amber);
        m_mark->setToolTip(tr("Weir reads this system and cannot write to it"));
        break;
    case kafka::Environment::Sandbox:
        m_mark->setText(tr("● SANDBOX"), Pill::Tone::Green);
        m_mark->setToolTip(tr("A sandbox: events may be generated and replayed here"));
        break;
    }
    fit();
}

void TopBar::setCanGo(bool back, bool forward) {
    m_back->setEnabled(back);
    m_forward->setEnabled(forward);
}

void TopBar::setActive(bool active) {
    m_find->setEnabled(active);
    m_range->setEnabled(active);
}

void TopBar::openRange() {
    m_range_popup->popUpUnder(m_range);
}

void TopBar::openZone() {
    m_zone_popup->popUpUnder(m_zone);
}

void TopBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::color(Token::Surface));
    painter.fillRect(QRect(0, height() - 1, width(), 1), Theme::color(Token::Border));
}

void TopBar::refresh() {
    m_range_label = m_context.timeRange().label(m_context.clock());
    m_zone->setText(m_context.clock().label() % QStringLiteral(" ▾"));
    m_range->setAccessibleDescription(m_range_label);
    set_plain_tooltip(m_range, m_range_label);
    m_zone->setAccessibleDescription(m_zone->text());
    fit();
}

} // namespace weir

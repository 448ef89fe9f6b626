// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/jump_popup.h"

#include <QLineEdit>
#include <QRegularExpression>
#include <QVBoxLayout>

#include "widgets/common/controls.h"

namespace weir {

JumpPopup::JumpPopup(QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_edit(new QLineEdit(this))
    , m_problem(new TextLabel({}, TextRole::Body, this)) {
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Jump to a time or an offset"));
    m_edit->setAccessibleName(tr("Time or offset"));
    m_edit->setPlaceholderText(tr("14:07:31, now-15m, 83120428, 3:83120428"));
    m_edit->setMinimumWidth(300);
    m_problem->setTone(Token::Red);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(12, 12, 12, 12);
    all->addWidget(new TextLabel(tr("Jump to a time or an offset"), TextRole::Strong, this));
    all->addWidget(m_edit);
    all->addWidget(new TextLabel(tr("Of one partition: partition:offset"), TextRole::Muted, this));
    all->addWidget(m_problem);
    connect(m_edit, &QLineEdit::returnPressed, this, &JumpPopup::accept);
}

QString JumpPopup::problem() const {
    return m_problem->isVisible() ? m_problem->text() : QString();
}

void JumpPopup::ask(const QPoint& global_position, const ZoneClock& clock) {
    m_clock = clock;
    m_problem->hide();
    m_edit->selectAll();
    adjustSize();
    move(global_position);
    show();
    m_edit->setFocus(Qt::PopupFocusReason);
}

Result<JumpTarget> JumpPopup::parse(const QString& text) const {
    std::int64_t time_us = 0;
    // "3:12" is offset 12 of partition 3, "03:12" a time.
    static const QRegularExpression of_partition(QStringLiteral("^\\s*\\d:\\d+\\s*$"));
    if (of_partition.match(text).hasMatch() || !m_clock.parse(text, Micros::now().value(), time_us))
        return JumpTarget::parse_offset(text.toStdString());
    JumpTarget target;
    target.time = Micros(time_us);
    return target;
}

void JumpPopup::accept() {
    const auto target = parse(m_edit->text());
    if (!target) {
        m_problem->setText(QString::fromStdString(target.error().what) % QStringLiteral(". ") %
                           QString::fromStdString(target.error().advice));
        m_problem->show();
        adjustSize();
        return;
    }
    hide();
    Q_EMIT chosen(*target);
}

} // namespace weir

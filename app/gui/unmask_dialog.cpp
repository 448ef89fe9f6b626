// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/unmask_dialog.h"

#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/common/controls.h"

namespace weir {

QString unmasking_text(const Unmasking& unmasking, const ZoneClock& clock) {
    return UnmaskDialog::tr("Unmasked by %1 (%2) since %3: %4")
        .arg(QString::fromStdString(unmasking.who), QString::fromStdString(unmasking.role),
             clock.time(unmasking.since.value()), QString::fromStdString(unmasking.reason));
}

UnmaskDialog::UnmaskDialog(SessionHost& host, QWidget* parent)
    : QDialog(parent)
    , m_host(host)
    , m_reason(new QLineEdit(this))
    , m_refusal(new TextLabel({}, TextRole::Body, this))
    , m_unmask(new QPushButton(tr("Unmask"), this)) {
    setWindowTitle(tr("Unmask"));
    setMinimumWidth(460);
    auto* const about = new TextLabel(
        tr("Personal data will be shown, searched, copied and exported as it is, until you mask it "
           "again or close the workspace. Who you are, when and why is recorded."),
        TextRole::Body, this);
    about->setWordWrap(true);
    m_reason->setPlaceholderText(tr("Reason, e.g. the number of a ticket"));
    m_reason->setAccessibleName(tr("Reason"));
    m_refusal->setWordWrap(true);
    m_refusal->setTone(Token::Red);
    m_refusal->hide();
    m_unmask->setEnabled(false);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(m_unmask, QDialogButtonBox::AcceptRole);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(16, 16, 16, 12);
    all->setSpacing(12);
    all->addWidget(about);
    all->addWidget(m_reason);
    all->addWidget(m_refusal);
    all->addWidget(buttons);
    connect(m_reason, &QLineEdit::textChanged, this,
            [this](const QString& text) { m_unmask->setEnabled(!text.trimmed().isEmpty()); });
    connect(buttons, &QDialogButtonBox::accepted, this, &UnmaskDialog::ask);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_host, &SessionHost::unmaskingAnswered, this, &UnmaskDialog::answered);
}

QString UnmaskDialog::refusal() const {
    return m_refusal->isHidden() ? QString() : m_refusal->text();
}

void UnmaskDialog::ask() {
    m_unmask->setEnabled(false);
    m_host.unmask(m_reason->text());
}

void UnmaskDialog::answered(const QString& refusal) {
    if (refusal.isEmpty()) {
        accept();
        return;
    }
    m_refusal->setText(QStringLiteral("▲ ") % refusal);
    m_refusal->show();
    adjustSize(); // the sentence takes lines of its own
    m_unmask->setEnabled(true);
}

} // namespace weir

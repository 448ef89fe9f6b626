// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/audit_dialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"

namespace weir {

namespace {

constexpr int look_every_ms = 50;

std::pair<QString, Token> verdict_on(const AuditReading& read) {
    if (read.error)
        return {QStringLiteral("▲ ") % QString::fromStdString(read.error->text()), Token::Red};
    if (read.broken)
        return {QStringLiteral("▲ ") % QString::fromStdString(read.broken->text()), Token::Red};
    if (read.none)
        return {AuditDialog::tr("Nothing has been recorded yet: nobody has unmasked anything"),
                Token::Muted};
    const std::int64_t all = read.entries.front().number;
    QString text = all == 1 ? AuditDialog::tr("One entry, and it is as it was written")
                            : AuditDialog::tr("The chain of %1 entries holds").arg(count_text(all));
    if (static_cast<std::int64_t>(read.entries.size()) < all)
        text += AuditDialog::tr("; the newest %1 are shown").arg(count_text(audit_entries_max));
    return {text, Token::Green};
}

} // namespace

AuditDialog::AuditDialog(std::string file, const ZoneClock& clock, QWidget* parent)
    : QDialog(parent)
    , m_model(new AuditModel(clock, this))
    , m_table(make_table(tr("Entries of the audit trail"), this))
    , m_verdict(new TextLabel(tr("Reading the trail…"), TextRole::Body, this)) {
    setWindowTitle(tr("Audit trail"));
    resize(880, 440);
    auto* const about =
        new TextLabel(tr("Who looked at what unmasked, and exported it, when and why. %1")
                          .arg(QString::fromStdString(file)),
                      TextRole::Muted, this);
    about->setElided();
    m_verdict->setWordWrap(true);
    m_table->setModel(m_model);
    m_table->horizontalHeader()->resizeSection(AuditModel::Time, 150);
    m_table->horizontalHeader()->resizeSection(AuditModel::Who, 150);
    m_table->horizontalHeader()->resizeSection(AuditModel::Action, 80);
    m_table->horizontalHeader()->resizeSection(AuditModel::Subject, 140);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(16, 16, 16, 12);
    all->setSpacing(8);
    all->addWidget(about);
    all->addWidget(m_verdict);
    all->addWidget(m_table, 1);
    all->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_reading.start([file = std::move(file)] { return read_audit(file); });
    auto* const timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &AuditDialog::look);
    timer->start(look_every_ms);
}

void AuditDialog::look() {
    const auto read = m_reading.answer();
    if (!read)
        return;
    m_reading.drop();
    m_model->setEntries(read->entries);
    const auto [text, tone] = verdict_on(*read);
    m_verdict->setText(text);
    m_verdict->setTone(tone);
}

QString AuditDialog::verdict() const {
    return m_verdict->text();
}

} // namespace weir

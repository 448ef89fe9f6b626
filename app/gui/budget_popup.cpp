// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/budget_popup.h"

#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QVBoxLayout>

#include "app/gui/session_host.h"
#include "connectors/kafka/read/read_budget.h"
#include "widgets/common/controls.h"
#include "widgets/common/popup.h"

namespace weir {
namespace {

constexpr double limit_mb_s_max = 10'000;

QString rate_word(double mb_s) {
    return mb_s <= 0 ? BudgetPopup::tr("none")
                     : BudgetPopup::tr("%1 MB/s").arg(QString::number(mb_s, 'g', 4));
}

} // namespace

BudgetPopup::BudgetPopup(SessionHost& host, QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_host(host)
    , m_rows(new QFormLayout) {
    frame_popup(this);
    setAccessibleName(tr("Read limits"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    column->addWidget(new TextLabel(tr("Read at most"), TextRole::Strong));
    column->addLayout(m_rows);
    auto* note = new TextLabel(tr("Over all that Weir reads there: the live view and searches."),
                               TextRole::Muted);
    note->setWordWrap(true);
    column->addWidget(note);
}

void BudgetPopup::popUpAt(QWidget* button) {
    while (m_rows->rowCount() > 0)
        m_rows->removeRow(0);
    QWidget* first = nullptr;
    for (const Watched& one : m_host.watched()) {
        if (!one.cluster)
            continue;
        const QString name = QString::fromStdString(one.connection);
        auto* limit = new QDoubleSpinBox;
        limit->setRange(0, limit_mb_s_max);
        limit->setDecimals(1);
        limit->setSingleStep(1);
        limit->setSpecialValueText(tr("no limit"));
        limit->setSuffix(tr(" MB/s"));
        limit->setMinimumWidth(130);
        limit->setButtonSymbols(QAbstractSpinBox::NoButtons);
        limit->setAccessibleName(tr("Read limit of %1").arg(name));
        limit->setValue(std::max(0.0, one.cluster->budget().rate_mb_s()));
        connect(limit, &QDoubleSpinBox::valueChanged, this,
                [this, cluster = one.cluster](double mb_s) {
                    cluster->budget().set_rate_mb_s(mb_s);
                    Q_EMIT changed();
                });
        m_rows->addRow(new TextLabel(name, TextRole::Muted), limit);
        if (first == nullptr)
            first = limit;
    }
    if (first == nullptr)
        return; // nothing is connected
    show_at(this, button);
    first->setFocus(Qt::PopupFocusReason);
}

QString BudgetPopup::summary(const SessionHost& host) {
    double least = 0;
    bool any = false;
    for (const Watched& one : host.watched()) {
        if (!one.cluster)
            continue;
        any = true;
        const double limit = one.cluster->budget().rate_mb_s();
        if (limit > 0 && (least <= 0 || limit < least))
            least = limit;
    }
    return any ? tr("read limit %1").arg(rate_word(least)) : QString();
}

} // namespace weir

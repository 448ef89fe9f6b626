// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/search_popup.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"
#include "widgets/common/popup.h"

namespace weir {
namespace {

constexpr int width_px = 400;
constexpr int plan_height_px = 36; // two lines: it grows not when the answer comes
constexpr std::int64_t moment_us = 100'000;

QString partitions_text(std::size_t count) {
    return count == 1 ? SearchPopup::tr("1 partition")
                      : SearchPopup::tr("%1 partitions").arg(count_text(std::uint64_t{count}));
}

} // namespace

QString search_plan_text(const LiveSearchPlan& plan) {
    if (plan.contradictory)
        return SearchPopup::tr("The filter can match nothing: nothing will be read");
    if (plan.records_at_most == 0)
        return SearchPopup::tr("No record lies in that range, in %1")
            .arg(partitions_text(plan.partitions));
    const QString volume = SearchPopup::tr("Reads at most %1 records, about %2, in %3")
                               .arg(count_text(plan.records_at_most),
                                    bytes_text(static_cast<double>(plan.bytes_estimate)),
                                    partitions_text(plan.partitions));
    if (plan.estimate_us < moment_us)
        return volume % SearchPopup::tr("; that takes a moment");
    if (plan.limit_mb_s > 0)
        return volume %
               SearchPopup::tr("; that takes about %1 at the read limit of %2 MB/s")
                   .arg(duration_text(plan.estimate_us), QString::number(plan.limit_mb_s, 'g', 4));
    return volume % (plan.rate_measured
                         ? SearchPopup::tr("; that takes about %1")
                         : SearchPopup::tr("; that takes about %1 at the usual speed"))
                        .arg(duration_text(plan.estimate_us));
}

SearchPopup::SearchPopup(QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_what(new TextLabel({}, TextRole::Muted, this))
    , m_plan(new TextLabel({}, TextRole::Body, this))
    , m_assumed(new TextLabel({}, TextRole::Body, this))
    , m_newest(new QRadioButton(tr("Newest first"), this))
    , m_oldest(new QRadioButton(tr("Oldest first"), this))
    , m_exhaustive(new QCheckBox(tr("Read all partitions to their end"), this))
    , m_start(primary_button(tr("Start"), this)) {
    frame_popup(this);
    setAccessibleName(tr("Search the topic"));
    setFixedWidth(width_px);
    m_what->setElided();
    for (TextLabel* label : {m_plan, m_assumed}) {
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    }
    m_plan->setMinimumHeight(plan_height_px);
    m_plan->setAccessibleName(tr("What will be read"));
    m_assumed->setTone(Token::Amber);
    m_newest->setChecked(true);
    m_start->setToolTip(tr("Enter"));
    auto* const order = new QHBoxLayout;
    order->setSpacing(16);
    order->addWidget(m_newest);
    order->addWidget(m_oldest);
    order->addStretch(1);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(12, 12, 12, 12);
    all->setSpacing(8);
    all->addWidget(new TextLabel(tr("Search memory and topic"), TextRole::Strong, this));
    all->addWidget(m_what);
    all->addWidget(m_plan);
    all->addLayout(order);
    all->addWidget(m_assumed);
    all->addWidget(m_exhaustive);
    all->addWidget(m_start, 0, Qt::AlignRight);
    connect(m_exhaustive, &QCheckBox::toggled, this, &SearchPopup::plan);
    connect(m_start, &QPushButton::clicked, this, &SearchPopup::start);
}

void SearchPopup::ask(QWidget* button, const QString& what, Planner planner) {
    m_planner = std::move(planner);
    m_what->setText(what);
    {
        const QSignalBlocker blocker(m_exhaustive);
        m_exhaustive->setChecked(false);
    }
    plan();
    show_at(this, button);
    m_start->setFocus(Qt::PopupFocusReason);
}

/// The older plan is given up: its answer is of no use any more.
void SearchPopup::plan() {
    m_search = m_planner ? m_planner(m_exhaustive->isChecked()) : nullptr;
    m_plan->setTone(Token::Text);
    m_plan->setText(tr("Asking the brokers how much there is to read…"));
    m_assumed->hide();
    m_exhaustive->setVisible(m_exhaustive->isChecked());
    m_start->setEnabled(m_search != nullptr);
    if (m_search == nullptr) {
        m_plan->setTone(Token::Red);
        m_plan->setText(tr("▲ The search cannot be started now"));
    }
    tick();
    adjustSize();
}

void SearchPopup::tick() {
    if (m_search == nullptr)
        return;
    const auto plan = m_search->plan();
    const LiveSearchStatus status = m_search->status();
    QString text;
    if (plan) {
        text = search_plan_text(*plan);
    } else if (status.finished) {
        m_plan->setTone(Token::Red);
        text = QStringLiteral("▲ ") %
               (status.error ? QString::fromStdString(status.error->text()) : status.line);
        m_start->setEnabled(false);
    }
    if (text.isEmpty() || text == m_plan->text())
        return;
    m_plan->setText(text);
    const bool assumed = plan && (!plan->assumed.isEmpty() || plan->times_assumed);
    if (assumed && !plan->assumed.isEmpty())
        m_assumed->setText(
            tr("▲ %1 left out: by its partitioner, %2, the key lives in no other. That is "
               "assumed, and the answer will say so.")
                .arg(partitions_text(plan->left_out), plan->assumed));
    else if (assumed)
        m_assumed->setText(
            tr("▲ Read up to the first record past the range: that record times are in order is "
               "assumed, and the answer will say so."));
    m_assumed->setVisible(assumed);
    m_exhaustive->setVisible(assumed || m_exhaustive->isChecked());
    adjustSize();
}

QString SearchPopup::planText() const {
    return m_assumed->isVisibleTo(this) ? m_plan->text() % u'\n' % m_assumed->text()
                                        : m_plan->text();
}

void SearchPopup::start() {
    if (m_search == nullptr || !m_start->isEnabled())
        return;
    m_search->start(m_oldest->isChecked() ? SearchOrder::OldestFirst : SearchOrder::NewestFirst);
    m_started = std::move(m_search);
    hide();
    Q_EMIT started();
}

/// Wherever the focus is.
void SearchPopup::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        start();
    else
        QFrame::keyPressEvent(event);
}

void SearchPopup::hideEvent(QHideEvent* event) {
    QFrame::hideEvent(event);
    m_search.reset();
}

} // namespace weir

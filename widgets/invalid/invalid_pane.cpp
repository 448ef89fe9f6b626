// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/invalid/invalid_pane.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

#include "connectors/base/qt_text.h"
#include "models/invalid/invalid_model.h"
#include "models/live/printable.h"
#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/number_text.h"
#include "widgets/invalid/invalid_delegate.h"

namespace weir {

namespace {

QString kind_words(InvalidKind kind) {
    switch (kind) {
    case InvalidKind::Failed:
        return InvalidPane::tr("Refused: it became a dead letter.");
    case InvalidKind::Passed:
        return InvalidPane::tr("Passed, though it violates its contract.");
    case InvalidKind::Unreadable:
        return InvalidPane::tr("No dialect can read it.");
    }
    return {};
}

QString recoverable_words(Recoverable recoverable) {
    switch (recoverable) {
    case Recoverable::Yes:
        return InvalidPane::tr("recoverable");
    case Recoverable::No:
        return InvalidPane::tr("not recoverable");
    case Recoverable::Unknown:
        break;
    }
    return InvalidPane::tr("recoverable or not: not known");
}

} // namespace

InvalidPane::InvalidPane(QWidget* parent)
    : QWidget(parent) {
    auto* const all = new QHBoxLayout(this);
    all->setContentsMargins(12, 10, 12, 10);
    all->setSpacing(20);
    all->addWidget(buildFacts(), 4);
    all->addWidget(buildValues(), 4);
    all->addWidget(buildSamples(), 5);
}

QWidget* InvalidPane::buildFacts() {
    auto* const side = new QWidget(this);
    m_severity = new Pill(side);
    m_title = new TextLabel({}, TextRole::Strong, side);
    m_title->setElided();
    m_remedy = new TextLabel({}, TextRole::Body, side);
    m_remedy->setWordWrap(true);
    m_facts = new TextLabel({}, TextRole::Muted, side);
    m_facts->setWordWrap(true);
    m_events = primary_button(tr("Show the events"), side);
    m_events->setToolTip(tr("In Live: the events of this reason"));
    connect(m_events, &QPushButton::clicked, this, &InvalidPane::eventsWanted);
    auto* const head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title, 1);
    head->addWidget(m_severity);
    auto* const content = new QWidget(side);
    auto* const inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(6);
    inner->addWidget(m_remedy);
    inner->addWidget(m_facts);
    inner->addStretch(1);
    auto* const area = new QScrollArea(side);
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    auto* const layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(area, 1);
    layout->addWidget(m_events, 0, Qt::AlignLeft);
    return side;
}

QWidget* InvalidPane::buildValues() {
    auto* const side = new QWidget(this);
    m_dimension = drop_button({}, tr("By which dimension"), side);
    m_values = new ValueBars(side);
    connect(m_values, &ValueBars::activated, this, &InvalidPane::valueWanted);
    auto* const area = new QScrollArea(side);
    area->setWidget(m_values);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->viewport()->setAutoFillBackground(false);
    m_values->setAutoFillBackground(false);
    auto* const head = new QHBoxLayout;
    head->addWidget(new TextLabel(tr("What they are"), TextRole::Strong, side), 1);
    head->addWidget(m_dimension);
    auto* const layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(area, 1);
    return side;
}

QWidget* InvalidPane::buildSamples() {
    auto* const side = new QWidget(this);
    m_samples = make_table(tr("Some of the events, the newest first"), side);
    m_sample_model = new SampleModel(this);
    m_samples->setModel(m_sample_model);
    m_samples->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_samples->setSelectionMode(QAbstractItemView::SingleSelection);
    QHeaderView* const header = m_samples->horizontalHeader();
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->resizeSection(SampleModel::Time, 84);
    header->resizeSection(SampleModel::Place, 112);
    m_open = quiet_button(tr("Open the event"), side);
    const auto open = [this] {
        const int row = std::max(0, m_samples->currentIndex().row());
        if (row < m_sample_model->rowCount())
            Q_EMIT sampleWanted(row);
    };
    connect(m_open, &QPushButton::clicked, this, open);
    connect(m_samples, &QTableView::activated, this,
            [this](const QModelIndex& at) { Q_EMIT sampleWanted(at.row()); });
    auto* const head = new QHBoxLayout;
    head->addWidget(new TextLabel(tr("Samples"), TextRole::Strong, side), 1);
    head->addWidget(m_open);
    auto* const layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(m_samples, 1);
    return side;
}

void InvalidPane::setClock(const ZoneClock& clock) {
    m_clock = clock;
    m_sample_model->setTimeText(
        [clock](std::int64_t us) { return clock.time(us, Precision::Seconds); });
}

QString InvalidPane::factsText(const InvalidRow& row) const {
    QStringList lines{kind_words(row.key.kind) + u' ' +
                      tr("%1 users, %2 sessions; %3.")
                          .arg(distinct_text(row.users), distinct_text(row.sessions),
                               recoverable_words(row.facts.recoverable))};
    const std::int64_t now_us = Micros::now().value();
    lines.append(tr("First seen %1.").arg(m_clock.absolute_and_relative(row.first_us, now_us)));
    lines.append(tr("Last seen %1.").arg(m_clock.absolute_and_relative(row.last_us, now_us)));
    if (row.bot())
        lines.append(tr("Probably sent by bots."));
    return lines.join(u'\n');
}

void InvalidPane::show(const InvalidRow* row, const std::shared_ptr<const Vocabulary>& vocabulary) {
    setVisible(row != nullptr);
    if (row == nullptr) {
        m_sample_model->setSamples({}, vocabulary);
        return;
    }
    const auto put = [](TextLabel* label, const QString& text) {
        if (label->text() != text)
            label->setText(text);
    };
    QString title = qt(printable(row->reason));
    if (!row->message.empty())
        title += QStringLiteral(": ") + qt(printable(row->message));
    if (!row->pointer.empty())
        title += QStringLiteral("  ") + qt(printable(row->pointer));
    put(m_title, title);
    put(m_remedy, qt(row->facts.remedy));
    put(m_facts, factsText(*row));
    m_severity->setText(QLatin1String(to_word(row->severity)), tone_of(row->severity));
    m_sample_model->setSamples(row->samples, vocabulary);
    m_open->setEnabled(!row->samples.empty());
}

void InvalidPane::showValues(const QString& dimension, std::vector<ValueBars::Value> values) {
    const QString text = tr("by %1 ▾").arg(dimension);
    if (m_dimension->text() != text)
        m_dimension->setText(text);
    m_values->setValues(std::move(values));
}

} // namespace weir

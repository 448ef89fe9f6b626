// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/backlog/backlog_pane.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>

#include "models/backlog/backlog_words.h"
#include "models/backlog/lag_curve.h"
#include "widgets/backlog/backlog_delegate.h"
#include "widgets/backlog/lag_line.h"
#include "widgets/live/detail_pane.h"

namespace weir {

namespace {

constexpr std::size_t curve_points = 240;
constexpr int facts_width_least = 360;
constexpr int name_width = 110;

} // namespace

BacklogPane::BacklogPane(QWidget* parent)
    : QWidget(parent) {
    auto* const left = new QWidget(this);
    auto* const right = new QWidget(this);
    build_left(left);
    build_right(right);
    auto* const sides = new QHBoxLayout(this);
    sides->setContentsMargins(12, 10, 12, 10);
    sides->setSpacing(16);
    sides->addWidget(left, 1);
    sides->addWidget(right, 1);
    showNothing();
}

void BacklogPane::build_left(QWidget* left) {
    m_verdict = new Pill(left);
    m_title = new TextLabel({}, TextRole::Strong, left);
    m_title->setElided();
    m_copy = drop_button(tr("Copy"), tr("Copy a command"), left);
    m_reason = new TextLabel({}, TextRole::Body, left);
    m_reason->setWordWrap(true);
    m_reason->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* const head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_verdict);
    head->addWidget(m_title, 1);
    head->addWidget(m_copy);
    auto* const facts = new QWidget(left);
    m_grid = new QGridLayout(facts);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnMinimumWidth(0, name_width);
    m_grid->setColumnStretch(1, 1);
    auto* const room = new QVBoxLayout;
    auto* const inner = new QWidget(left);
    inner->setLayout(room);
    room->setContentsMargins(0, 0, 8, 0);
    room->setSpacing(8);
    room->addWidget(m_reason);
    room->addWidget(facts);
    room->addStretch(1);
    auto* const scroll = new QScrollArea(left);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("What the verdict stands on"));
    scroll->setWidget(inner);
    // The card's surface is the ground of it all.
    scroll->viewport()->setAutoFillBackground(false);
    inner->setAutoFillBackground(false);
    auto* const all = new QVBoxLayout(left);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(8);
    all->addLayout(head);
    all->addWidget(scroll, 1);
    left->setMinimumWidth(facts_width_least);
}

void BacklogPane::build_right(QWidget* right) {
    m_tabs = new QTabBar(right);
    m_tabs->setAccessibleName(tr("What is shown of it"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Lag over time"));
    m_tabs->addTab(tr("Next unread record"));
    m_pages = new QStackedWidget(right);
    m_chart = new LagLine(m_pages);
    m_next = new QStackedWidget(m_pages);
    auto* const empty = new QWidget(m_next);
    m_next_text = new TextLabel({}, TextRole::Muted, empty);
    m_next_text->setWordWrap(true);
    m_open = quiet_button(tr("Read and open it"), empty);
    auto* const column = new QVBoxLayout(empty);
    column->setContentsMargins(0, 8, 0, 0);
    column->addWidget(m_next_text);
    column->addWidget(m_open, 0, Qt::AlignLeft);
    column->addStretch(1);
    m_detail = new DetailPane(m_next);
    m_next->addWidget(empty);
    m_next->addWidget(m_detail);
    m_pages->addWidget(m_chart);
    m_pages->addWidget(m_next);
    auto* const all = new QVBoxLayout(right);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(8);
    all->addWidget(m_tabs);
    all->addWidget(m_pages, 1);
    connect(m_tabs, &QTabBar::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_open, &QPushButton::clicked, this, &BacklogPane::openWanted);
    connect(m_detail, &DetailPane::closeWanted, this, [this] { m_next->setCurrentIndex(0); });
}

void BacklogPane::show(std::shared_ptr<const GroupBacklog> group,
                       const PartitionBacklog* partition) {
    m_group = std::move(group);
    m_partition = partition;
    const Verdict verdict = partition ? partition->assessment.verdict : m_group->verdict;
    m_verdict->setText(verdict_text(verdict), tone_of(verdict));
    m_verdict->show();
    const QString id = QString::fromStdString(m_group->group.id);
    m_title->setText(partition ? id + QStringLiteral(" · ") +
                                     QString::fromStdString(partition->facts.at.topic) + u'/' +
                                     QString::number(partition->facts.at.partition.value())
                               : id);
    std::string reason = partition ? partition->assessment.reason : m_group->reason;
    if (partition && !partition->hot.empty())
        reason += "; " + partition->hot;
    m_reason->setText(QString::fromStdString(reason));
    m_copy->show();
    show_facts();
    show_curve();
}

void BacklogPane::showNothing() {
    m_group.reset();
    m_partition = nullptr;
    m_verdict->hide();
    m_title->setText({});
    m_reason->setText(tr("Choose a group or a partition to see what its verdict stands on."));
    m_copy->hide();
    show_facts();
    show_curve();
    setNextText(tr("Choose a partition to see the record that is to be read next."), false);
}

void BacklogPane::show_facts() {
    const std::vector<BacklogFact> facts = m_group == nullptr ? std::vector<BacklogFact>()
                                           : m_partition      ? facts_of(*m_group, *m_partition)
                                                              : facts_of(*m_group);
    while (m_facts.size() < facts.size()) {
        const int row = static_cast<int>(m_facts.size());
        auto* const name = new TextLabel({}, TextRole::Muted, m_grid->parentWidget());
        auto* const text = new TextLabel({}, TextRole::Body, m_grid->parentWidget());
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_grid->addWidget(name, row, 0, Qt::AlignTop);
        m_grid->addWidget(text, row, 1);
        m_facts.emplace_back(name, text);
    }
    for (std::size_t i = 0; i < m_facts.size(); ++i) {
        const bool used = i < facts.size();
        m_facts[i].first->setVisible(used);
        m_facts[i].second->setVisible(used);
        if (used && m_facts[i].first->text() != facts[i].name)
            m_facts[i].first->setText(facts[i].name);
        // A text that did not change keeps what is selected in it.
        if (used && m_facts[i].second->text() != facts[i].text)
            m_facts[i].second->setText(facts[i].text);
    }
}

QString BacklogPane::factText(const QString& name) const {
    for (const auto& [label, text] : m_facts)
        if (label->isVisibleTo(this) && label->text() == name)
            return text->text();
    return {};
}

void BacklogPane::show_curve() {
    if (!m_group) {
        m_chart->setPoints({});
        return;
    }
    std::vector<std::shared_ptr<const BacklogSamples>> samples;
    if (m_partition)
        samples.push_back(m_partition->samples);
    else
        for (const PartitionBacklog& p : m_group->partitions)
            samples.push_back(p.samples);
    m_chart->setPoints(
        lag_curve(samples, oldest_look(samples, m_group->at), m_group->at, curve_points));
}

void BacklogPane::setClock(const ZoneClock& clock) {
    m_chart->setClock(clock);
    m_detail->setClock(clock);
}

void BacklogPane::setNextText(const QString& text, bool can_be_opened) {
    m_next_text->setText(text);
    m_open->setVisible(can_be_opened);
    m_next->setCurrentIndex(0);
}

void BacklogPane::showDetail() {
    m_next->setCurrentWidget(m_detail);
}

} // namespace weir

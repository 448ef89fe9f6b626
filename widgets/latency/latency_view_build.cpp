// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the Latency view is put together.
#include <QGridLayout>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include "widgets/common/copy.h"
#include "widgets/common/state_page.h"
#include "widgets/latency/difference_list.h"
#include "widgets/latency/heatmap.h"
#include "widgets/latency/latency_view.h"

namespace weir {

namespace {

QString policy_words(ClockPolicy policy) {
    switch (policy) {
    case ClockPolicy::Raw:
        break;
    case ClockPolicy::Snowplow:
        return LatencyView::tr("Snowplow's derived clock: received − (sent − event)");
    case ClockPolicy::Segment:
        return LatencyView::tr("Segment's clock: received − (sent − event), else raw");
    case ClockPolicy::Capped:
        return LatencyView::tr("Capped clock: at most 23 h past the receipt");
    }
    return LatencyView::tr("Raw clock: event times as they stand");
}

QScrollArea* scroll_area(QWidget* content, QWidget* parent) {
    auto* const area = new QScrollArea(parent);
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    return area;
}

} // namespace

void LatencyView::build() {
    auto* const content = new QWidget(contentParent());
    auto* const cards = new QWidget(content);
    m_card_row = new QHBoxLayout(cards);
    m_card_row->setContentsMargins(0, 0, 0, 0);
    m_card_row->setSpacing(Theme::gap);
    m_card_area = scroll_area(cards, content);
    m_card_area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_card_area->setFixedHeight(LatencyCard::card_height +
                                m_card_area->horizontalScrollBar()->sizeHint().height());
    m_card_area->setAccessibleName(tr("Ways that events take"));
    m_card_area->setFocusPolicy(Qt::NoFocus);
    auto* const inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(4);
    inner->addWidget(m_card_area);
    QWidget* const map = buildMap();
    QWidget* const side = buildSide();
    inner->addWidget(makeSplitter({Qt::Horizontal, {900, 320}, {1, 0}}, map, side), 1);
    setContent(content);
}

QWidget* LatencyView::buildMap() {
    auto* const card = new Card(this);
    card->setMinimumWidth(320);
    m_headline = new TextLabel({}, TextRole::Strong, card);
    m_headline->setElided();
    m_map_text = new TextLabel({}, TextRole::Muted, card);
    m_map_text->setElided();
    m_map_text->setAccessibleName(tr("How the picture is to be read"));
    m_clocks = drop_button(tr("Raw clock"), tr("Whose clock event times are taken from"), card);
    auto* const menu = new QMenu(m_clocks);
    for (const ClockPolicy policy : clock_policies)
        menu->addAction(policy_words(policy), this, [this, policy] { setClockPolicy(policy); });
    m_clocks->setMenu(menu);
    m_heatmap = new Heatmap(card);
    auto* const top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_headline, 1);
    top->addWidget(m_clocks);
    auto* const layout = new QVBoxLayout(card);
    layout->setContentsMargins(12, 10, 12, 8);
    layout->setSpacing(4);
    layout->addLayout(top);
    layout->addWidget(m_map_text);
    layout->addWidget(m_heatmap, 1);
    connect(m_heatmap, &Heatmap::selectionChanged, this, [this] {
        askDifferences();
        Q_EMIT moved();
    });
    return card;
}

QWidget* LatencyView::buildSide() {
    auto* const card = new Card(this);
    card->setMinimumWidth(260);
    auto* const content = new QWidget(card);
    auto* const layout = new QVBoxLayout(content);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(6);
    layout->addWidget(
        new TextLabel(tr("What the selection has in common"), TextRole::Strong, content));
    m_selection_text = new TextLabel({}, TextRole::Muted, content);
    m_selection_text->setWordWrap(true);
    layout->addWidget(m_selection_text);
    m_differences = new DifferenceList(content);
    layout->addWidget(m_differences);
    auto* const buttons = new QHBoxLayout;
    m_show = primary_button(tr("Show the events"), content);
    m_show_value = quiet_button(tr("Filter to it"), content);
    m_show->setToolTip(tr("In Live: this topic, these minutes"));
    m_show_value->setToolTip(tr("In Live: and of the chosen value"));
    buttons->addWidget(m_show);
    buttons->addWidget(m_show_value);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    connect(m_show, &QPushButton::clicked, this, [this] { showEvents(false); });
    connect(m_show_value, &QPushButton::clicked, this, [this] { showEvents(true); });
    connect(m_differences, &DifferenceList::chosenChanged, this, &LatencyView::showSelection);
    layout->addSpacing(12);
    layout->addWidget(new TextLabel(tr("Freshness"), TextRole::Strong, content));
    m_freshness = new QGridLayout;
    m_freshness->setColumnStretch(0, 1);
    m_freshness->setHorizontalSpacing(12);
    m_freshness->setVerticalSpacing(4);
    layout->addLayout(m_freshness);
    layout->addStretch(1);
    auto* const outer = new QVBoxLayout(card);
    outer->setContentsMargins(1, 1, 1, 1);
    QScrollArea* const area = scroll_area(content, card);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    outer->addWidget(area);
    return card;
}

void LatencyView::makeCommands() {
    for (const ClockPolicy policy : clock_policies)
        addCommand(tr("Latency by: %1").arg(policy_words(policy)), {},
                   [this, policy] { setClockPolicy(policy); });
    addCommand(tr("Latency: show the selected events"), {}, [this] { showEvents(false); });
    addCommand(tr("Copy as weir latency …"), {}, [this] { copy_text(command()); });
}

} // namespace weir

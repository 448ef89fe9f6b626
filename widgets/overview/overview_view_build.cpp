// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the Overview is put together.
#include <QHeaderView>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/controls.h"
#include "widgets/common/copy.h"
#include "widgets/overview/finding_card.h"
#include "widgets/overview/flow_delegate.h"
#include "widgets/overview/overview_view.h"
#include "widgets/overview/pipeline_map.h"

namespace weir {

namespace {

constexpr int table_width_least = 590; // all columns of short numbers

} // namespace

void OverviewView::build() {
    auto* const content = new QWidget(contentParent());
    m_card = new FindingCard(content);
    QWidget* const below = makeSplitter({Qt::Horizontal, {760, 420}, {3, 2}}, buildTable(content),
                                        buildFindings(content));
    auto* const all = new QVBoxLayout(content);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(Theme::gap);
    all->addWidget(m_card);
    all->addWidget(buildMap(content), 3);
    all->addWidget(below, 2);
    setContent(content);
    connect(m_card, &FindingCard::showRequested, this, &OverviewView::openFinding);
    connect(m_card, &FindingCard::copyCommandRequested, this, [this] {
        if (const Finding* const finding = chosenFinding())
            copy_text(
                QString::fromStdString(command_text(*finding, target(finding->scope.connection))));
    });
    connect(m_card, &FindingCard::copyMarkdownRequested, this, [this] {
        if (const Finding* const finding = chosenFinding())
            copy_text(
                QString::fromStdString(to_markdown({*finding}, target(finding->scope.connection))));
    });
    connect(m_card, &FindingCard::nextRequested, this, [this] {
        const int rows = m_finding_model->rowCount();
        if (rows > 0)
            m_findings->setCurrentIndex(
                m_finding_model->index((m_findings->currentIndex().row() + 1) % rows));
    });
}

QWidget* OverviewView::buildMap(QWidget* parent) {
    auto* const card = new Card(parent);
    m_map = new PipelineMap(card);
    auto* const area = new QScrollArea(card);
    area->setWidget(m_map);
    m_map->setAutoFillBackground(false); // the card shows through
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->viewport()->setAutoFillBackground(false);
    area->setFocusPolicy(Qt::NoFocus);
    auto* const title = new TextLabel(tr("Pipeline"), TextRole::Strong, card);
    auto* const note = new TextLabel(
        tr("events a second, mean of a minute · width follows the rate"), TextRole::Muted, card);
    auto* const head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(title);
    head->addWidget(note, 1);
    auto* const layout = new QVBoxLayout(card);
    layout->setContentsMargins(16, 10, 16, 10);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(area, 1);
    card->setMinimumHeight(190);
    connect(m_map, &PipelineMap::activated, this, &OverviewView::openStage);
    connect(m_map, &PipelineMap::currentChanged, this, &OverviewView::moved);
    connect(m_map, &PipelineMap::currentChanged, this, [this, area] {
        const QRect box = m_map->stageRect(m_map->currentStage());
        area->ensureVisible(box.center().x(), box.center().y(), box.width() / 2 + 8,
                            box.height() / 2 + 8);
    });
    return card;
}

QWidget* OverviewView::buildTable(QWidget* parent) {
    auto* const card = new Card(parent);
    card->setMinimumWidth(table_width_least);
    m_flow = new FlowModel(this);
    m_table = make_table(tr("What became of the events of each stage"), card);
    m_table->setModel(m_flow);
    m_table->setItemDelegate(new FlowDelegate(m_table));
    QHeaderView* const header = m_table->horizontalHeader();
    header->setStretchLastSection(true);
    header->setMinimumSectionSize(48);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table_title = new TextLabel({}, TextRole::Strong, card);
    m_table_note = new TextLabel({}, TextRole::Muted, card);
    m_table_note->setElided();
    auto* const layout = new QVBoxLayout(card);
    layout->setContentsMargins(1, 10, 1, 8);
    layout->setSpacing(6);
    for (TextLabel* const label : {m_table_title, m_table_note})
        label->setContentsMargins(12, 0, 12, 0);
    layout->addWidget(m_table_title);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_table_note);
    connect(m_table, &QTableView::activated, this,
            [this](const QModelIndex& at) { openStage(at.row()); });
    return card;
}

QWidget* OverviewView::buildFindings(QWidget* parent) {
    auto* const card = new Card(parent);
    card->setMinimumWidth(220);
    m_finding_model = new FindingModel(this);
    m_findings = new RowTree(tr("Findings"), card);
    m_findings->setModel(m_finding_model);
    m_findings->setItemDelegate(new FindingDelegate(m_findings));
    m_findings->setHeaderHidden(true);
    m_findings->setRootIsDecorated(false);
    m_no_findings = new TextLabel(tr("None. What is wrong with flow, latency and consumer groups "
                                     "is listed here, the worst first."),
                                  TextRole::Muted, card);
    m_no_findings->setWordWrap(true);
    m_no_findings->setContentsMargins(12, 4, 12, 4);
    auto* const title = new TextLabel(tr("Findings"), TextRole::Strong, card);
    title->setContentsMargins(12, 0, 12, 0);
    auto* const layout = new QVBoxLayout(card);
    layout->setContentsMargins(1, 10, 1, 1);
    layout->setSpacing(6);
    layout->addWidget(title);
    layout->addWidget(m_no_findings);
    layout->addWidget(m_findings, 1);
    layout->addStretch(0);
    connect(m_findings->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &OverviewView::showFinding);
    connect(m_findings, &RowTree::activated, this, &OverviewView::openFinding);
    return card;
}

} // namespace weir

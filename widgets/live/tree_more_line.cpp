// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/tree_more_line.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollBar>
#include <QTreeView>

#include <algorithm>

#include "models/live/json_tree_model.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"

namespace weir {

TreeMoreLine::TreeMoreLine(QTreeView* tree, JsonTreeModel* model, QWidget* parent)
    : QWidget(parent)
    , m_tree(tree)
    , m_model(model)
    , m_text(new TextLabel({}, TextRole::Muted, this))
    , m_more(link_button({}, this)) {
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_text);
    row->addWidget(m_more);
    row->addStretch(1);
    m_look.setSingleShot(true);
    m_look.setInterval(0);
    connect(&m_look, &QTimer::timeout, this, &TreeMoreLine::look);
    connect(m_more, &QPushButton::clicked, this, &TreeMoreLine::showMore);
    const auto later = [this] { m_look.start(); };
    connect(tree->verticalScrollBar(), &QScrollBar::valueChanged, this, later);
    connect(tree->verticalScrollBar(), &QScrollBar::rangeChanged, this, later);
    connect(tree, &QTreeView::expanded, this, later);
    connect(tree, &QTreeView::collapsed, this, later);
    connect(model, &JsonTreeModel::rowsInserted, this, later);
    connect(model, &JsonTreeModel::modelReset, this, later);
    hide();
}

void TreeMoreLine::look() {
    const QRect seen = m_tree->viewport()->rect();
    QModelIndex at = m_tree->indexAt(seen.bottomLeft() - QPoint(0, 1));
    if (!at.isValid()) { // the tree ends above
        at = m_model->index(0, 0);
        while (m_tree->isExpanded(at) && m_model->rowCount(at) > 0)
            at = m_model->index(m_model->rowCount(at) - 1, 0, at);
    }
    while (at.isValid() && !(m_tree->isExpanded(at) && m_model->canFetchMore(at)))
        at = at.parent();
    m_partly = at;
    setVisible(at.isValid());
    if (!at.isValid())
        return;
    const int all = at.data(JsonTreeModel::SizeRole).toInt();
    const int shown = m_model->rowCount(at);
    m_text->setText(
        tr("%1 of %2 shown").arg(count_text(std::int64_t{shown}), count_text(std::int64_t{all})));
    m_more->setText(
        tr("Show %1 more").arg(count_text(std::int64_t{std::min(more_at_once, all - shown)})));
}

/// The keyboard goes to the first of those that come.
void TreeMoreLine::showMore() {
    const QModelIndex of = m_partly;
    const int before = m_model->rowCount(of);
    m_model->fetch(of, more_at_once);
    const QModelIndex first = m_model->index(before, 0, of);
    m_tree->setCurrentIndex(first);
    m_tree->scrollTo(first);
    m_tree->setFocus(Qt::OtherFocusReason);
}

} // namespace weir

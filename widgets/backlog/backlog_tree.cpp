// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/backlog/backlog_tree.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QResizeEvent>

#include "widgets/backlog/backlog_delegate.h"

namespace weir {

namespace {

constexpr int groups_open_max = 8; // more are shown closed

int usual_width(int column) {
    switch (column) {
    case BacklogModel::Name:
        return 230;
    case BacklogModel::State:
        return 124;
    case BacklogModel::Lag:
        return 102;
    case BacklogModel::RateIn:
    case BacklogModel::RateOut:
        return 72;
    case BacklogModel::History:
        return 120;
    case BacklogModel::Reason:
        return 240;
    default:
        return 96;
    }
}

} // namespace

BacklogTree::BacklogTree(QWidget* parent)
    : RowTree(tr("Consumer groups and partitions"), parent)
    , m_model(new BacklogModel(this)) {
    setItemDelegate(new BacklogDelegate(this));
    setModel(m_model);
    setSelectionMode(QAbstractItemView::SingleSelection);
    header()->setStretchLastSection(true);
    header()->setSectionsMovable(false);
    for (int column = 0; column < BacklogModel::ColumnCount; ++column)
        header()->resizeSection(column, usual_width(column));
    setSortingEnabled(true);
    sortByColumn(BacklogModel::State, Qt::DescendingOrder);
    connect(this, &QTreeView::clicked, this, &BacklogTree::settled);
    connect(this, &QTreeView::activated, this, &BacklogTree::settled);
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex& at) {
        if (!m_restoring)
            m_shut.insert(at.data(BacklogModel::KeyRole).toString());
    });
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex& at) {
        m_shut.erase(at.data(BacklogModel::KeyRole).toString());
    });
}

void BacklogTree::setSnapshot(std::shared_ptr<const BacklogSnapshot> snapshot) {
    m_restoring = true;
    m_model->setSnapshot(std::move(snapshot));
    restore();
}

void BacklogTree::setFilter(const QString& words, bool bad) {
    m_restoring = true;
    m_model->setFilter(words, bad);
    restore();
}

/// What was open is open, and what was chosen is chosen again, as far as it is there.
void BacklogTree::restore() {
    m_restoring = true;
    const int rows = m_model->rowCount();
    for (int row = 0; row < rows && rows <= groups_open_max; ++row) {
        const QModelIndex at = m_model->index(row, 0);
        if (!isExpanded(at) && !m_shut.contains(at.data(BacklogModel::KeyRole).toString()))
            expand(at);
    }
    const QModelIndex wanted = m_model->indexOf(m_wanted);
    if (wanted != currentIndex().siblingAtColumn(0))
        setCurrentIndex(wanted);
    m_restoring = false;
    Q_EMIT chosen();
}

void BacklogTree::choose(const QString& key) {
    m_wanted = key;
    restore();
    if (currentIndex().isValid())
        scrollTo(currentIndex());
}

std::vector<std::string> BacklogTree::visibleGroups() const {
    std::vector<std::string> groups;
    QModelIndex at = indexAt(QPoint(1, 1));
    const int bottom = viewport()->height();
    while (at.isValid() && visualRect(at).top() < bottom) {
        const std::string& id = m_model->groupAt(at)->group.id;
        if (groups.empty() || groups.back() != id)
            groups.push_back(id);
        at = indexBelow(at);
    }
    return groups;
}

void BacklogTree::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    RowTree::currentChanged(current, previous);
    if (m_restoring)
        return;
    m_wanted = current.siblingAtColumn(0).data(BacklogModel::KeyRole).toString();
    Q_EMIT chosen();
}

void BacklogTree::resizeEvent(QResizeEvent* event) {
    RowTree::resizeEvent(event);
    // From the one that matters least to the one that matters most.
    int room = viewport()->width();
    for (const int column :
         {BacklogModel::Name, BacklogModel::State, BacklogModel::Lag, BacklogModel::Behind,
          BacklogModel::Reason, BacklogModel::History, BacklogModel::Drain, BacklogModel::RateOut,
          BacklogModel::RateIn, BacklogModel::Retention}) {
        room -= column == BacklogModel::Reason || header()->isSectionHidden(column)
                    ? usual_width(column)
                    : header()->sectionSize(column);
        header()->setSectionHidden(column, room < 0);
    }
}

} // namespace weir

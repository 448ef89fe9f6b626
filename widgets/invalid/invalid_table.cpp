// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/invalid/invalid_table.h"

#include <QHeaderView>
#include <QResizeEvent>

#include "widgets/invalid/invalid_delegate.h"

namespace weir {

namespace {

int usual_width(int column) {
    switch (column) {
    case InvalidModel::Reason:
        return 210;
    case InvalidModel::Where:
        return 160;
    case InvalidModel::Type:
        return 120;
    case InvalidModel::Client:
        return 170;
    case InvalidModel::Events:
        return 96;
    case InvalidModel::Remedy:
        return 220;
    case InvalidModel::First:
    case InvalidModel::Last:
        return 92;
    default:
        return 80;
    }
}

bool tells_apart(int column) {
    return column == InvalidModel::Type || column == InvalidModel::Client;
}

} // namespace

InvalidTable::InvalidTable(QWidget* parent)
    : RowTree(tr("Reasons for which events are invalid"), parent)
    , m_model(new InvalidModel(nullptr, this))
    , m_delegate(new InvalidDelegate(this)) {
    setItemDelegate(m_delegate);
    setModel(m_model);
    setRootIsDecorated(false);
    setSelectionMode(QAbstractItemView::SingleSelection);
    header()->setStretchLastSection(true);
    header()->setSectionsMovable(false);
    for (int column = 0; column < InvalidModel::ColumnCount; ++column)
        header()->resizeSection(column, usual_width(column));
    setSortingEnabled(true);
    sortByColumn(InvalidModel::Events, Qt::DescendingOrder);
    connect(this, &QTreeView::clicked, this, &InvalidTable::settled);
    connect(this, &QTreeView::activated, this, &InvalidTable::settled);
}

void InvalidTable::setReport(std::shared_ptr<const InvalidReport> report,
                             std::shared_ptr<const Vocabulary> vocabulary) {
    m_restoring = true;
    m_model->setReport(std::move(report), std::move(vocabulary));
    restore();
}

void InvalidTable::setFilter(const QString& words, bool bots) {
    m_restoring = true;
    m_model->setFilter(words, bots);
    restore();
}

void InvalidTable::setClock(const ZoneClock& clock) {
    m_delegate->setClock(clock);
    viewport()->update();
}

void InvalidTable::setSplit(bool split) {
    m_split = split;
    fitColumns();
}

/// What was chosen is chosen again, as far as it is there; else the first.
void InvalidTable::restore() {
    m_restoring = true;
    QModelIndex wanted = m_model->indexOf(m_wanted);
    if (!wanted.isValid() && m_model->rowCount() > 0)
        wanted = m_model->index(0, 0);
    if (wanted != currentIndex().siblingAtColumn(0))
        setCurrentIndex(wanted);
    m_wanted = wanted.data(InvalidModel::KeyRole).toByteArray();
    m_restoring = false;
    Q_EMIT chosen();
}

void InvalidTable::choose(const QByteArray& key) {
    m_wanted = key;
    restore();
    if (currentIndex().isValid())
        scrollTo(currentIndex());
}

void InvalidTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    RowTree::currentChanged(current, previous);
    if (m_restoring)
        return;
    m_wanted = current.siblingAtColumn(0).data(InvalidModel::KeyRole).toByteArray();
    Q_EMIT chosen();
}

void InvalidTable::resizeEvent(QResizeEvent* event) {
    RowTree::resizeEvent(event);
    fitColumns();
}

void InvalidTable::fitColumns() {
    // From the one that matters least to the one that matters most.
    int room = viewport()->width();
    for (const int column :
         {InvalidModel::Reason, InvalidModel::Events, InvalidModel::Share, InvalidModel::Trend,
          InvalidModel::Where, InvalidModel::Users, InvalidModel::Severe, InvalidModel::Type,
          InvalidModel::Client, InvalidModel::Last, InvalidModel::First, InvalidModel::Remedy}) {
        const bool left_out = tells_apart(column) && !m_split;
        if (!left_out)
            room -= usual_width(column);
        header()->setSectionHidden(column, left_out || room < 0);
    }
}

} // namespace weir

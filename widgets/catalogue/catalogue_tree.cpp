// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/catalogue/catalogue_tree.h"

#include <QHeaderView>
#include <QResizeEvent>

#include <utility>

#include "widgets/catalogue/catalogue_delegate.h"

namespace weir {

namespace {

constexpr int name_width_least = 190;
constexpr int types_open_max = 40; // more are shown closed

int usual_width(int column) {
    switch (column) {
    case CatalogueModel::Share:
        return 120;
    case CatalogueModel::Events:
    case CatalogueModel::Personal:
        return 78;
    case CatalogueModel::Fields:
        return 62;
    default:
        return 130;
    }
}

} // namespace

CatalogueTree::CatalogueTree(QWidget* parent)
    : RowTree(tr("Event types and versions"), parent)
    , m_model(new CatalogueModel(this)) {
    setItemDelegate(new CatalogueDelegate(this));
    setModel(m_model);
    header()->setStretchLastSection(false);
    header()->setSectionsMovable(false);
    for (int column = 0; column < CatalogueModel::ColumnCount; ++column) {
        header()->setSectionResizeMode(column, column == CatalogueModel::Name
                                                   ? QHeaderView::Stretch
                                                   : QHeaderView::Interactive);
        if (column != CatalogueModel::Name)
            header()->resizeSection(column, usual_width(column));
    }
    connect(this, &QTreeView::clicked, this, &CatalogueTree::settled);
    connect(this, &QTreeView::activated, this, &CatalogueTree::settled);
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex& at) {
        if (!m_restoring)
            m_shut.insert(at.data(CatalogueModel::KeyRole).toString());
    });
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex& at) {
        m_shut.erase(at.data(CatalogueModel::KeyRole).toString());
    });
}

void CatalogueTree::setCatalogue(std::shared_ptr<const Catalogue> catalogue) {
    if (catalogue == m_model->catalogue())
        return;
    m_restoring = true;
    m_model->setCatalogue(std::move(catalogue));
    restore();
}

void CatalogueTree::setFilter(const QString& words) {
    m_restoring = true;
    m_model->setFilter(words);
    restore();
}

/// What was open is open, and what was chosen is chosen again, as far as it is there.
void CatalogueTree::restore() {
    m_restoring = true;
    const int rows = m_model->rowCount();
    for (int row = 0; row < rows; ++row) {
        const QModelIndex at = m_model->index(row, 0);
        const bool shut = m_shut.count(at.data(CatalogueModel::KeyRole).toString()) != 0;
        if (!shut && rows <= types_open_max && !isExpanded(at))
            expand(at);
    }
    const QModelIndex wanted = m_model->indexOf(m_wanted);
    if (wanted != currentIndex().siblingAtColumn(0)) {
        setCurrentIndex(wanted);
        if (wanted.isValid())
            scrollTo(wanted);
    }
    m_restoring = false;
    Q_EMIT chosen();
}

QString CatalogueTree::chosenKey() const {
    return currentIndex().isValid() ? m_wanted : QString();
}

void CatalogueTree::choose(const QString& key) {
    m_wanted = key;
    restore();
}

void CatalogueTree::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    RowTree::currentChanged(current, previous);
    if (m_restoring)
        return;
    m_wanted = current.data(CatalogueModel::KeyRole).toString();
    Q_EMIT chosen();
}

void CatalogueTree::resizeEvent(QResizeEvent* event) {
    RowTree::resizeEvent(event);
    // From the one that matters least to the one that matters most.
    int room = viewport()->width() - name_width_least;
    for (const int column : {CatalogueModel::Share, CatalogueModel::Events, CatalogueModel::Owner,
                             CatalogueModel::Personal, CatalogueModel::Fields}) {
        room -=
            header()->isSectionHidden(column) ? usual_width(column) : header()->sectionSize(column);
        header()->setSectionHidden(column, room < 0);
    }
}

} // namespace weir

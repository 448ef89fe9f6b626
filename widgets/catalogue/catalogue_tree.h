// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of types and versions. Where it is narrow, the columns that matter least are left out;
// what is chosen stays chosen while rows come and go.
// Thread contract: GUI thread only.
#pragma once

#include <set>

#include "models/catalogue/catalogue_model.h"
#include "widgets/catalogue/row_delegate.h"

namespace weir {

class CatalogueTree : public RowTree {
    Q_OBJECT
  public:
    explicit CatalogueTree(QWidget* parent = nullptr);

    CatalogueModel* catalogueModel() const { return m_model; }
    void setCatalogue(std::shared_ptr<const Catalogue> catalogue);
    void setFilter(const QString& words);

    /// Of the row that is chosen; empty: none is.
    QString chosenKey() const;
    /// A row is or was chosen, by the user or for them.
    bool wasChosen() const { return !m_wanted.isEmpty(); }
    /// Also if the row is not there yet: it is chosen when it comes. Opens what lies around it.
    void choose(const QString& key);

  Q_SIGNALS:
    /// The user has gone to another row, or back to none.
    void chosen();
    /// By a click or Enter: a step that Back returns from.
    void settled();

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

  private:
    void restore();

    CatalogueModel* m_model;
    QString m_wanted;         // the row that the user is at, whether it is there or not
    std::set<QString> m_shut; // types that the user has closed
    bool m_restoring = false;
};

} // namespace weir

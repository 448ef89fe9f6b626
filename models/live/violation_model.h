// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with one event, a row a violation.
// Thread contract: GUI thread only. Bound: the event's violations.
#pragma once

#include <QAbstractListModel>

#include <memory>

#include "models/live/event_detail.h"

namespace weir {

class ViolationModel : public QAbstractListModel {
    Q_OBJECT
  public:
    enum Role {
        ReasonRole = Qt::UserRole + 1, // its word: "missing_required"
        PointerRole,                   // into the event; "" is the event itself
        ExpectedRole,
        FoundRole,    // as it may be shown; "" where something is missing
        RemedyRole,   // a sentence, or ""
        RefusingRole, // it refuses the event; else it is flagged
    };
    using QAbstractListModel::QAbstractListModel;

    void setDetail(std::shared_ptr<const EventDetail> detail);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

  private:
    std::shared_ptr<const EventDetail> m_detail;
};

} // namespace weir

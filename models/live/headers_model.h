// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The headers of one record, in the producer's order, duplicates and all. A value that is text is
// shown as text; one that is not, as hex, with the number it may be.
// Thread contract: GUI thread only. Bound: the record's headers.
#pragma once

#include <QAbstractTableModel>

#include <memory>

#include "models/live/event_detail.h"

namespace weir {

class HeadersModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Name, Value, Size, ColumnCount };
    enum Role { NullRole = Qt::UserRole + 1 };
    using QAbstractTableModel::QAbstractTableModel;

    void setDetail(std::shared_ptr<const EventDetail> detail);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

    /// How a header's value is written.
    static QString valueText(const EventDetail::Header& header);

  private:
    std::shared_ptr<const EventDetail> m_detail;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Some events of a reason, the newest first, by where they stand.
// Thread contract: GUI thread only. Bound: InvalidRow::samples_max.
#pragma once

#include <QAbstractTableModel>

#include <functional>
#include <memory>
#include <vector>

#include "models/invalid/invalid_cell.h"

namespace weir {

class SampleModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Time, Place, At, ColumnCount };
    using TimeText = std::function<QString(std::int64_t us)>;

    using QAbstractTableModel::QAbstractTableModel;

    /// Rows that are there already stay.
    void setSamples(std::vector<InvalidSample> samples,
                    std::shared_ptr<const Vocabulary> vocabulary);
    void setTimeText(TimeText text);
    const InvalidSample* sampleAt(const QModelIndex& index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

  private:
    std::vector<InvalidSample> m_samples;
    std::shared_ptr<const Vocabulary> m_vocabulary;
    TimeText m_time_text;
};

} // namespace weir

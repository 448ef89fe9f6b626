// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/sample_model.h"

#include <algorithm>
#include <functional>

#include "connectors/base/qt_text.h"
#include "models/live/printable.h"

namespace weir {

void SampleModel::setSamples(std::vector<InvalidSample> samples,
                             std::shared_ptr<const Vocabulary> vocabulary) {
    m_vocabulary = std::move(vocabulary);
    for (int row = rowCount() - 1; row >= 0; --row) {
        const auto at = m_samples.begin() + row;
        if (std::find(samples.begin(), samples.end(), *at) != samples.end())
            continue;
        beginRemoveRows({}, row, row);
        m_samples.erase(at);
        endRemoveRows();
    }
    for (const InvalidSample& sample : samples) {
        const auto at =
            std::lower_bound(m_samples.begin(), m_samples.end(), sample, std::greater<>());
        if (at != m_samples.end() && *at == sample)
            continue;
        const int row = static_cast<int>(at - m_samples.begin());
        beginInsertRows({}, row, row);
        m_samples.insert(at, sample);
        endInsertRows();
    }
}

void SampleModel::setTimeText(TimeText text) {
    m_time_text = std::move(text);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Time), index(rowCount() - 1, Time));
}

const InvalidSample* SampleModel::sampleAt(const QModelIndex& index) const {
    return index.isValid() && index.row() < rowCount()
               ? &m_samples[static_cast<std::size_t>(index.row())]
               : nullptr;
}

int SampleModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_samples.size());
}

int SampleModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SampleModel::data(const QModelIndex& index, int role) const {
    const InvalidSample* const sample = sampleAt(index);
    if (sample == nullptr || role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Time:
        return m_time_text ? m_time_text(sample->time_us) : QString::number(sample->time_us);
    case Place:
        return m_vocabulary ? qt(printable(m_vocabulary->places->name(sample->place))) : QString();
    default:
        return QString(QString::number(sample->partition.value()) + QStringLiteral(" @ ") +
                       QString::number(sample->offset.value()));
    }
}

QVariant SampleModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Place:
        return tr("Topic");
    default:
        return tr("P @ offset");
    }
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/overview/finding_model.h"

#include <algorithm>

#include "models/live/plain_tooltip.h"
#include "models/live/printable.h"

namespace weir {

bool FindingModel::Row::is_about_the_same(const Row& other) const {
    return depth == other.depth && finding->code == other.finding->code &&
           finding->scope.stage == other.finding->scope.stage &&
           finding->scope.group == other.finding->scope.group;
}

void FindingModel::add(const std::vector<Finding>& findings, int depth, std::vector<Row>& rows) {
    for (const Finding& one : findings) {
        rows.push_back({&one, depth});
        add(one.consequences, depth + 1, rows);
    }
}

void FindingModel::setOverview(std::shared_ptr<const Overview> overview) {
    std::vector<Row> rows;
    if (overview)
        add(overview->findings, 0, rows);
    const bool same = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                 [](const Row& a, const Row& b) { return a.is_about_the_same(b); });
    if (!same)
        beginResetModel();
    m_rows = std::move(rows);
    m_overview = std::move(overview);
    if (!same)
        endResetModel();
    else if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(static_cast<int>(m_rows.size()) - 1));
}

const Finding* FindingModel::findingAt(int row) const {
    return row >= 0 && row < static_cast<int>(m_rows.size())
               ? m_rows[static_cast<std::size_t>(row)].finding
               : nullptr;
}

int FindingModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant FindingModel::data(const QModelIndex& index, int role) const {
    const Finding* const finding = findingAt(index.row());
    if (!index.isValid() || finding == nullptr)
        return {};
    const int depth = m_rows[static_cast<std::size_t>(index.row())].depth;
    const QString text = QString::fromStdString(printable(finding->sentence));
    switch (role) {
    case Qt::DisplayRole:
        return depth > 0 ? tr("follows: %1").arg(text) : text;
    case Qt::ToolTipRole:
        return plain_tooltip(text);
    case DepthRole:
        return depth;
    case FateRole:
        return static_cast<int>(finding->fate);
    default:
        return {};
    }
}

} // namespace weir

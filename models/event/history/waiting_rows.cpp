// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/history/waiting_rows.h"

#include <algorithm>

namespace weir {

const KeptFold* kept_fold(const std::vector<std::shared_ptr<KeptFold>>& folds,
                          std::string_view name) {
    const auto known = std::find_if(folds.begin(), folds.end(),
                                    [&](const auto& fold) { return fold->name() == name; });
    return known == folds.end() ? nullptr : known->get();
}

void WaitingRows::add_cell(CellKey key, const std::string& value) {
    const KeptFold* const fold = kept_fold(*m_folds, std::get<0>(key));
    if (fold == nullptr)
        return;
    const std::size_t key_bytes = std::get<3>(key).size();
    const auto [at, is_new] = m_cells.try_emplace(std::move(key), value);
    if (is_new) {
        m_bytes += key_bytes + value.size();
        return;
    }
    m_bytes -= at->second.size();
    fold->add(at->second, value);
    m_bytes += at->second.size();
}

void WaitingRows::add(const Checkpoint& checkpoint) {
    for (const auto& [fold, delta] : checkpoint.deltas)
        add_cell({fold, delta.width_us, delta.bucket.value(), delta.key}, delta.value);
    for (const auto& [where, stretch] : checkpoint.offsets)
        m_read.add(where, stretch);
}

void WaitingRows::add(const WaitingRows& older) {
    for (const auto& [key, value] : older.m_cells)
        add_cell(key, value);
    for (const auto& [where, ranges] : older.m_read.all())
        for (const ReadStretch& range : ranges)
            m_read.add(where, range);
    for (const auto& [where, watch] : older.m_watched)
        m_watched.try_emplace(where, watch); // what is there is newer
}

void WaitingRows::add_watched(std::vector<store::HistoryWatch> watched) {
    for (store::HistoryWatch& one : watched)
        m_watched.insert_or_assign({one.run, one.place}, one);
}

store::HistoryRows WaitingRows::rows(CountedRanges& counted) const {
    store::HistoryRows rows;
    for (const auto& [key, value] : m_cells)
        rows.cells.push_back(
            {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), value});
    for (const auto& [where, ranges] : m_read.all()) {
        for (const ReadStretch& range : ranges)
            counted.add(where, range);
        store::HistoryRanges& partition =
            rows.ranges.emplace_back(store::HistoryRanges{where.first, where.second, {}});
        for (const ReadStretch& range : counted.of(where))
            partition.ranges.push_back({range.first, range.next, range.newest});
    }
    for (const auto& [where, watch] : m_watched)
        rows.watched.push_back(watch);
    return rows;
}

} // namespace weir

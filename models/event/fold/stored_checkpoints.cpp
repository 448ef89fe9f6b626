// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/fold/stored_checkpoints.h"

namespace weir {

Result<void> StoredCheckpoints::commit(const Checkpoint& checkpoint) {
    store::CheckpointRows rows;
    for (const auto& [fold, delta] : checkpoint.deltas)
        rows.deltas.push_back({fold, delta.bucket, delta.key, delta.value});
    for (const auto& [where, bytes] : checkpoint.open_entries)
        rows.open_entries.push_back({where.first, where.second, bytes});
    for (const auto& [where, next] : checkpoint.offsets)
        rows.offsets.push_back({where.first, where.second, next});
    return m_store->commit(rows);
}

Result<Checkpoint> StoredCheckpoints::last() {
    Result<std::vector<store::OpenEntriesRow>> entries = m_store->open_entries();
    if (!entries)
        return std::move(entries).error();
    Result<std::vector<store::OffsetRow>> offsets = m_store->offsets();
    if (!offsets)
        return std::move(offsets).error();
    Checkpoint checkpoint;
    for (store::OpenEntriesRow& row : *entries)
        checkpoint.open_entries[{std::move(row.fold), static_cast<int>(row.lane)}] =
            std::move(row.bytes);
    for (store::OffsetRow& row : *offsets)
        checkpoint.offsets[{std::move(row.topic), row.partition}] = row.next;
    return checkpoint;
}

Result<std::vector<Delta>> StoredCheckpoints::cells(const Fold& fold, Micros from, Micros to) {
    std::vector<Delta> cells;
    Result<void> done = m_store->deltas(fold.name(), from, to, [&](const store::DeltaRow& row) {
        if (!cells.empty() && cells.back().bucket == row.bucket && cells.back().key == row.key)
            fold.add(cells.back().value, row.value);
        else
            cells.push_back({row.bucket, row.key, row.value});
    });
    if (!done)
        return std::move(done).error();
    return cells;
}

Result<void> StoredCheckpoints::compact(const Fold& fold) {
    return m_store->compact(
        fold.name(), [&](std::string& into, std::string_view delta) { fold.add(into, delta); });
}

} // namespace weir

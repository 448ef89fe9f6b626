// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Checkpoints kept in one of Weir's own files (connectors/store knows rows, this knows what they
// mean). Thread contract: one thread at a time. Bound: that of the store.
#pragma once

#include "connectors/store/checkpoint_store.h"
#include "models/event/fold/checkpoint.h"

namespace weir {

class StoredCheckpoints : public CheckpointSink {
  public:
    explicit StoredCheckpoints(std::unique_ptr<store::CheckpointStore> store)
        : m_store(std::move(store)) {}

    Result<void> commit(const Checkpoint& checkpoint) override;

    /// Open entries and offsets to go on from; its deltas are empty (they stay in the store).
    Result<Checkpoint> last();
    /// Every cell of a fold within [from, to), merged by the fold's own add().
    Result<std::vector<Delta>> cells(const Fold& fold, Micros from, Micros to);
    Result<void> compact(const Fold& fold);

  private:
    std::unique_ptr<store::CheckpointStore> m_store;
};

} // namespace weir

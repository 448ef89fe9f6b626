// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A checkpoint is what a restart needs to go on as if nothing had happened: the deltas since the
// last one, the folds' open entries, and how far every partition had been read when they were
// taken. The three are one moment: the ingest loop stops all its lanes for it, at a batch boundary.
// Thread contract: a Checkpoint is a plain value; a CheckpointSink is called by one lane at a time.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "connectors/base/result.h"
#include "models/event/fold/fold.h"

namespace weir {

/// Records of one partition that were read one after the other: first <= offset < next.
struct ReadStretch {
    Offset first, next;
    Micros newest{INT64_MIN}; // record time, of those in it
};

struct Checkpoint {
    std::vector<std::pair<std::string, Delta>> deltas; // fold name, delta
    /// (fold name, lane) → what Fold::open_entries() gave.
    std::map<std::pair<std::string, int>, std::string> open_entries;
    /// (topic, partition) → what was read since the last one; its `next` is to be read next.
    std::map<std::pair<std::string, PartitionId>, ReadStretch> offsets;
    std::vector<Watermark> marks; // of every partition
};

class CheckpointSink {
  public:
    virtual ~CheckpointSink() = default;
    /// Keeps it whole or not at all. After an error the same deltas come again with the next one.
    virtual Result<void> commit(const Checkpoint& checkpoint) = 0;
};

} // namespace weir

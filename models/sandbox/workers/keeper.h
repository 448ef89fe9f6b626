// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a stage's work is kept if that is not Kafka: what it made of a batch and how far its input
// is done are kept there together, or not at all. Kafka's commit then follows, for the lag alone.
//
// Thread contract: the worker's. Bound: one batch at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "connectors/kafka/sandbox/group_reader.h"

namespace weir::sandbox {

class Keeper {
  public:
    /// What became of a batch's rows; a row is what the stage made of a record it let pass.
    struct Kept {
        std::uint64_t loaded = 0;
        std::uint64_t known = 0; // they were there already
    };
    struct Refused {
        std::size_t row = 0; // by its number in the batch
        Error why;
    };
    /// Told before anything is kept; once it has returned well they are somebody else's business.
    using Refuse = std::function<Result<void>(const std::vector<Refused>&)>;

    virtual ~Keeper() = default;

    /// Connects; what was begun and not kept is forgotten. `cluster`: whose offsets they are.
    /// Errors, of all three: worth another try later.
    virtual Result<void> open(const std::string& cluster, const std::string& instance) = 0;
    /// Sets where to go on reading; -1: at the beginning.
    virtual Result<void> find_starts(std::vector<kafka::TopicPartitionOffset>& partitions) = 0;
    /// Keeps the batch and where its partitions go on.
    virtual Result<Kept> keep(const std::vector<kafka::TopicPartitionOffset>& next,
                              const Refuse& refuse) = 0;
};

} // namespace weir::sandbox

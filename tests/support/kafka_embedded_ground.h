// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A cluster in the test's own process, open for reading and for writing.
// Thread contract: the test's thread. Bound: that of the embedded cluster, 4.5 MB a partition.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/producer.h"

namespace weir::test {

struct GroundRecord {
    std::string key{}; // empty: null
    std::optional<std::string> value{};
    int partition = 0; // -1: by the key, as Java clients do
    Micros time{-1};   // -1: now
};

/// What cannot be had ends the test with the reason.
struct EmbeddedGround {
    std::unique_ptr<kafka::EmbeddedCluster> broker;
    std::shared_ptr<kafka::Cluster> cluster;
    std::unique_ptr<kafka::Producer> producer;

    explicit EmbeddedGround(std::vector<kafka::EmbeddedTopic> topics, int brokers = 1);
    std::unique_ptr<kafka::Reader> open(kafka::ReadRequest request) const;
    /// Writes and waits until all of it is there.
    void write(const std::string& topic, const std::vector<GroundRecord>& records) const;
    /// The cluster as another process has it: by its address alone, which this one does not know.
    std::shared_ptr<kafka::Cluster> from_outside() const;
};

} // namespace weir::test

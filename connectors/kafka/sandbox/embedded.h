// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Kafka cluster inside this process, on loopback, used exactly like any other: for the demo, for
// tests and for a sandbox where nothing is installed.
//
// It is librdkafka's in-process cluster and has its limits: nothing survives the process; a
// partition keeps about 4.5 MB and then drops its oldest batches (which readers report as
// truncated); no transactions (aborted records are visible); no offsets by time; no list of groups.
//
// Thread contract: every method from any thread. Bound: topics × partitions × 5 MB.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"
#include "connectors/kafka/connection.h"

namespace weir::kafka {

struct EmbeddedTopic {
    std::string name;
    int partitions = 32;
};

class EmbeddedCluster {
  public:
    /// What one partition holds before its oldest records are dropped; writers stay below it
    /// (embedded_room.h).
    static constexpr std::int64_t safe_bytes_per_partition = 4'000'000;

    /// Errors: Config (a name or partition count that Kafka refuses), Internal.
    static Result<std::unique_ptr<EmbeddedCluster>> start(std::vector<EmbeddedTopic> topics,
                                                          int brokers = 1);
    ~EmbeddedCluster();
    EmbeddedCluster(const EmbeddedCluster&) = delete;
    EmbeddedCluster& operator=(const EmbeddedCluster&) = delete;

    Result<void> create_topic(const EmbeddedTopic& topic);

    /// HOST:PORT[,…] on loopback.
    const std::string& bootstrap() const;
    /// How to reach it: plaintext, environment sandbox.
    ConnectionOptions connection(const std::string& name = "embedded") const;

    /// For rehearsals and tests: brokers are numbered from 1.
    void set_broker_down(int broker);
    void set_broker_up(int broker);
    void move_leader(const std::string& topic, int partition, int broker);
    /// What its brokers say of a topic from now on: that it may not be described.
    void refuse_topic(const std::string& topic);

    /// Whether this address is an embedded cluster that runs in this process now. Never guessed
    /// from the address: embedded clusters are registered when they start.
    static bool is_embedded(const std::string& bootstrap);
    /// Whether a cluster of this id is an embedded one, of whatever process. That proves nothing of
    /// what may be written to: only how it is to be asked.
    static bool is_id(std::string_view cluster_id);

  private:
    struct Private;
    explicit EmbeddedCluster(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

} // namespace weir::kafka

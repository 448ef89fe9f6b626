// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the collector's events go: a batch's end is told once the broker has acknowledged every
// record of it. A batch for which there is no room, or a broker that has fallen silent, is refused
// before anything of it is written.
//
// Once writing has begun a refusal (NoBroker, Failed) leaves the batch in doubt: some of it may be
// written, or come to be. The client sends all of it again, and an event's id makes it one. No
// transaction a batch would change that: the answer to its commit can be lost as well. Hence, too,
// a batch under way is not given up as soon as the broker is silent: librdkafka cannot take single
// records back, so that whatever is given up is written all the same once a broker is back, and
// each second less of ack_wait means more of it twice.
//
// A record that is too large for its topic is sent once more, alone: a broker refuses with it all
// that it came with. What is refused then is refused for good, and told apart.
//
// Thread contract: write() from any thread. `done` runs on the thread of write(), the producer's,
// or a watch of the outlet's, and must not wait. Bound: records_max and bytes_max that are not
// acknowledged; ack_wait for each batch.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/kafka/sandbox/producer.h"
#include "models/sandbox/outlet_limits.h"

namespace weir::sandbox {

enum class Topic : std::uint8_t { Raw, Invalid };

struct OutgoingRecord {
    Topic topic = Topic::Raw;
    std::string_view key; // empty: none
    std::string_view value;
};

enum class Written : std::uint8_t {
    Yes,
    NoRoom,   // nothing was written
    NoBroker, // the broker does not answer; nothing was written, or it is in doubt
    Failed,   // the broker refused some of it; nothing more of it will be written
};

struct WriteResult {
    Written how = Written::Yes;
    std::vector<std::size_t> too_large = {}; // records that the broker takes from nobody; of Yes

    WriteResult(Written result) // NOLINT: most results are no more than that
        : how(result) {}
};

struct OutletOptions {
    std::string raw_topic = "raw_events";
    std::string invalid_topic = "invalid_events";
    int partitions = 6;
    std::size_t records_max = 60'000;
    std::size_t bytes_max = 48u << 20;
    std::chrono::milliseconds ack_wait{20'000};
    std::chrono::milliseconds silence{3'000}; // without any acknowledgement, while some are due
    /// Of the embedded cluster: refuses what a partition has no room for, instead of letting its
    /// oldest records go.
    bool keeps_all = true;
};

struct OutletStats {
    std::size_t records = 0; // not acknowledged yet
    std::size_t bytes = 0;
    bool silent = false;
};

class Outlet {
  public:
    using Done = std::function<void(const WriteResult&)>;
    virtual ~Outlet() = default;

    /// Makes the topics where they are missing. Errors: those of Producer::open, create_topic and
    /// outlet_limits.
    static Result<std::unique_ptr<Outlet>> open(const kafka::SandboxTicket& ticket,
                                                OutletOptions options,
                                                std::chrono::milliseconds timeout);

    virtual OutletLimits limits() const = 0;
    /// Copies the records. `done` is called exactly once. REQUIRES: none is over the limits.
    virtual void write(const std::vector<OutgoingRecord>& records, Done done) = 0;
    /// Waits until nothing is due any more. False: something still is.
    virtual bool flush(std::chrono::milliseconds timeout) = 0;
    virtual OutletStats stats() const = 0;

  protected:
    Outlet() = default;
};

} // namespace weir::sandbox

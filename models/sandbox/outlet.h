// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the collector's events go: a batch is written whole or not at all, and its end is told once
// the broker has acknowledged every record of it. A batch for which there is no room, or a broker
// that has fallen silent, is refused before anything of it is written.
//
// What is in doubt (the broker may have written it, its acknowledgement did not come in time) is
// told as NoBroker: the client sends it again, and the event's id makes it one.
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
    Failed,   // the broker refused it
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
    std::int64_t acknowledged = 0;
    std::int64_t failed = 0;
};

class Outlet {
  public:
    using Done = std::function<void(Written)>;
    virtual ~Outlet() = default;

    /// Makes the topics where they are missing. Errors: those of Producer::open and create_topic.
    static Result<std::unique_ptr<Outlet>> open(const kafka::SandboxTicket& ticket,
                                                OutletOptions options,
                                                std::chrono::milliseconds timeout);

    /// Copies the records. `done` is called exactly once.
    virtual void write(const std::vector<OutgoingRecord>& records, Done done) = 0;
    /// Waits until nothing is due any more. False: something still is.
    virtual bool flush(std::chrono::milliseconds timeout) = 0;
    virtual OutletStats stats() const = 0;

  protected:
    Outlet() = default;
};

} // namespace weir::sandbox

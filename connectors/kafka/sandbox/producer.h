// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes to a sandbox. Idempotent: what is retried arrives once and in order; with a transactional
// id (real Kafka only) what is written between begin and commit becomes visible together. Every
// connection is made only to a cluster that says it is the ticket's.
//
// Thread contract: send() and flush() from any thread; transactions from one thread. `delivered` is
// called on the producer's own thread. Bound: 100,000 records or 64 MB wait to be written; send()
// then waits.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "connectors/kafka/sandbox/group_reader.h"
#include "connectors/kafka/sandbox/sandbox.h"

namespace weir::kafka {

struct OutHeader {
    std::string_view name;
    std::string_view value;
    bool null = false;
};

/// What of a record an embedded cluster has no room for (embedded_room.h); a real one has room.
enum class Room : std::uint8_t {
    Wait,     // it is waited for
    Reserved, // it was had before, by reserve()
    Ignore,   // it is written all the same: readers that are behind may find the oldest gone
};

/// What to write; the bytes are copied by send().
struct OutRecord {
    std::string_view topic;
    std::int32_t partition = -1; // -1: by key (murmur2, as Java clients do), else any
    std::string_view key;
    std::string_view value;
    bool key_null = true;
    bool value_null = false;
    Micros timestamp{-1}; // -1: now
    std::vector<OutHeader> headers;
    std::uint64_t token = 0; // handed back with its delivery
    Room room = Room::Wait;
};

struct Delivery {
    std::uint64_t token = 0;
    std::string_view topic, key, value; // of the record, during the call; a null key is empty
    PartitionId partition;
    Offset offset;
    bool ok = false;
    Error error; // if not ok
};

struct ProducerOptions {
    std::string transactional_id; // empty: none
    /// What a killed producer left open is given up after that; readers of committed records wait.
    std::chrono::milliseconds transaction_timeout{10'000};
    std::string compression = "none";
    int linger_ms = 5;
    std::size_t message_bytes_max = 32 * 1000 * 1000;
    /// What is sent in one piece to a partition; a larger record goes alone. A broker that refuses
    /// a piece refuses all that is in it.
    std::size_t batch_bytes_max = 1000 * 1000;
    int batch_records_max = 10'000;
    std::function<void(const Delivery&)> delivered;
};

struct ProducerCounts {
    std::int64_t sent = 0;
    std::int64_t acknowledged = 0;
    std::int64_t failed = 0;
};

class Producer {
  public:
    virtual ~Producer() = default;
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

    /// Checks that the cluster that answers is the one of the ticket; blocks up to `timeout`.
    /// Errors: Refused (another cluster answers), Unsupported (transactions on the embedded
    /// cluster), Config, Connection, Timeout, Authentication.
    static Result<std::unique_ptr<Producer>>
    open(const SandboxTicket& ticket, ProducerOptions options, std::chrono::milliseconds timeout);

    /// Makes sure that the topic is there. Its first send() does so too, and waits for it; whoever
    /// cannot wait there asks before. Errors: NotFound, NotPermitted, Connection, Timeout.
    virtual Result<void> look_up(const std::string& topic, std::chrono::milliseconds timeout) = 0;
    /// Room for all of these together, or (false) for none. Each is then to be sent as it is now:
    /// its partition is set, and its room reserved; one that is not taken gives it back.
    virtual bool reserve(std::vector<OutRecord>& records) = 0;
    /// Waits up to `wait` for room. Errors: TooLarge, Timeout (no room), Refused, Internal.
    virtual Result<void> send(const OutRecord& record,
                              std::chrono::milliseconds wait = std::chrono::seconds(10)) = 0;
    /// Returns when everything sent before has been acknowledged or has failed.
    virtual Result<void> flush(std::chrono::milliseconds timeout) = 0;
    virtual ProducerCounts counts() const = 0;
    /// What was last wrong with the connection, since when nothing was acknowledged; may be empty.
    virtual std::string trouble() const = 0;

    virtual Result<void> begin_transaction() = 0;
    /// A group's offsets become part of the transaction. `credentials`: GroupReader::credentials().
    /// Errors: Refused (the group has gone on without this member), Connection, Timeout.
    virtual Result<void> commit_offsets(const std::string& credentials,
                                        const std::vector<TopicPartitionOffset>& next,
                                        std::chrono::milliseconds timeout) = 0;
    virtual Result<void> commit_transaction(std::chrono::milliseconds timeout) = 0;
    virtual Result<void> abort_transaction(std::chrono::milliseconds timeout) = 0;

  protected:
    Producer() = default;
};

} // namespace weir::kafka

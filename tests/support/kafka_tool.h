// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What tests do to a broker so that Weir has something to look at: topics, records, transactions,
// consumer groups, ACLs. Everything goes by the Plaintext listener, where everything is allowed.
// Thread contract: each object by one thread at a time. Bound: calls give up after 30 s.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connectors/base/result.h"
#include "tests/support/kafka_broker.h"

struct rd_kafka_s;

namespace weir::test {

/// One record to be written. No value: a tombstone.
struct TestRecord {
    std::optional<std::string> key{};
    std::optional<std::string> value{};
    std::vector<std::pair<std::string, std::optional<std::string>>> headers{};
    std::int64_t timestamp_ms = 0; // 0: now
    int partition = -1;            // -1: by the key (CRC32, librdkafka's default)
};

struct WriteOptions {
    std::string codec = "none"; // gzip, snappy, lz4, zstd
    std::map<std::string, std::string> properties{};
};

class KafkaTool {
  public:
    explicit KafkaTool(const KafkaBroker& broker);
    /// For an embedded cluster: HOST:PORT.
    explicit KafkaTool(const std::string& address);
    ~KafkaTool();

    /// Waits until every partition has a leader.
    Result<void> create_topic(const std::string& name, int partitions = 1,
                              const std::map<std::string, std::string>& configs = {});
    /// Waits until no broker names it any more.
    Result<void> delete_topic(const std::string& name);
    /// Sets these, and all others back to what is usual.
    Result<void> configure(const std::string& name,
                           const std::map<std::string, std::string>& configs);
    Result<void> add_partitions(const std::string& name, int total);
    /// Retention, at once: everything of the partition below `before` is gone.
    Result<void> delete_records(const std::string& topic, int partition, std::int64_t before);
    /// All topics, internal ones too, sorted. Creates none.
    Result<std::vector<std::string>> topics();

    /// Lets "User:<user>" do it to the topic, group or cluster. Words as in Kafka's documents:
    /// operation READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS, …; resource TOPIC, GROUP, CLUSTER (whose
    /// name is "kafka-cluster"), TRANSACTIONAL_ID.
    Result<void> allow(const std::string& user, const std::string& operation,
                       const std::string& resource, const std::string& name, bool prefixed = false);
    /// Takes back whatever allow() let the user do; to the one topic, or at all.
    Result<void> forbid(const std::string& user, const std::string& topic);
    Result<void> forbid_all(const std::string& user);

    /// Writes and waits for every acknowledgement.
    Result<void> write(const std::string& topic, const std::vector<TestRecord>& records,
                       const WriteOptions& options = {});
    Result<void> write_many(const std::string& topic, std::int64_t count,
                            const std::function<TestRecord(std::int64_t)>& make,
                            const WriteOptions& options = {});

    /// Commits offsets for a group that has no members; partition → offset.
    Result<void> commit(const std::string& group, const std::string& topic,
                        const std::map<int, std::int64_t>& offsets);
    /// {low, high} as the broker says now.
    Result<std::pair<std::int64_t, std::int64_t>> watermarks(const std::string& topic,
                                                             int partition);

  private:
    std::string m_address;
    rd_kafka_s* m_client = nullptr;
};

/// A transaction after the other; destroyed in the middle of one, it leaves that one open, as a
/// crashed producer does.
class TransactionalWriter {
  public:
    TransactionalWriter(const KafkaBroker& broker, const std::string& transactional_id);
    ~TransactionalWriter();
    Result<void> begin();
    Result<void> write(const std::string& topic, const std::vector<TestRecord>& records);
    /// For a group that has no members, as part of the transaction.
    Result<void> commit_offset(const std::string& group, const std::string& topic,
                               std::int64_t offset);
    /// Both wait until the partitions hold the transaction's marker, which a broker writes after it
    /// has answered. For records that named their partition.
    Result<void> commit();
    Result<void> abort();

  private:
    std::map<std::pair<std::string, int>, std::int64_t> ends() const;
    Result<void>
    wait_for_markers(const std::map<std::pair<std::string, int>, std::int64_t>& before);

    rd_kafka_s* m_client = nullptr;
    std::set<std::pair<std::string, int>> m_written;
};

/// A member of a consumer group, for tests that look at groups. join() waits for an assignment. It
/// commits what it is told to, whatever it was before; it leaves when it is destroyed.
class GroupMember {
  public:
    static Result<std::unique_ptr<GroupMember>>
    join(const KafkaBroker& broker, const std::string& group, const std::string& topic);
    ~GroupMember();
    Result<void> commit(const std::string& topic, const std::map<int, std::int64_t>& offsets);

  private:
    GroupMember() = default;
    rd_kafka_s* m_client = nullptr;
};

} // namespace weir::test

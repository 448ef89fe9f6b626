// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words for tests that read Kafka: produce these, read until that. Waits are for conditions; the
// only clock is the limit after which a test has failed.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/sandbox/producer.h"

namespace weir::test {

/// All of a topic as it is now.
kafka::ReadRequest whole(const std::string& topic,
                         kafka::Isolation isolation = kafka::Isolation::ReadUncommitted);
/// A topic from its end, or from where it is said, and on.
kafka::ReadRequest following(const std::string& topic,
                             kafka::StartAt::Kind from = kafka::StartAt::Kind::End);
/// Every offset from `from` up to, but not, `to`.
std::vector<std::int64_t> run_of(std::int64_t from, std::int64_t to);

/// One record, copied out of its batch.
struct Taken {
    std::string topic;
    int partition = 0;
    std::int64_t offset = 0;
    std::string key;
    std::string value;
    bool key_null = false;
    bool value_null = false;
    std::vector<std::pair<std::string, std::string>> headers; // a null value reads "<null>"
    std::int64_t timestamp_ms = -1;
};

/// All that a reader handed out, in order of arrival.
struct Reading {
    std::vector<Taken> records;
    std::vector<PartitionEvent> events;

    std::vector<std::string> values() const;
    /// Offsets of one partition, in the order read.
    std::vector<std::int64_t> offsets(int partition) const;
    int count(PartitionNote note) const;
    const PartitionEvent* first(PartitionNote note) const;
};

/// Polls all streams in turn until `enough`, the reader is finished, or the limit has passed.
/// False: the limit has passed.
bool read_until(kafka::Reader& reader, Reading& into, const std::function<bool()>& enough,
                std::chrono::seconds limit = std::chrono::seconds(30));
/// Until the reader is finished.
bool read_all(kafka::Reader& reader, Reading& into,
              std::chrono::seconds limit = std::chrono::seconds(60));

/// Runs `condition` until it holds; false: it did not within the limit.
bool wait_for(const std::function<bool()>& condition,
              std::chrono::seconds limit = std::chrono::seconds(20));

/// Sends `values` to one partition and waits for them to be acknowledged.
void produce(kafka::Producer& producer, const std::string& topic, int partition,
             const std::vector<std::string>& values);
/// "word-0" … "word-(n-1)", from `first` on.
std::vector<std::string> numbered(const std::string& word, int n, int first = 0);

} // namespace weir::test

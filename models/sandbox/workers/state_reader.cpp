// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/state_reader.h"

#include <algorithm>

#include "connectors/kafka/read/reader.h"

namespace weir::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds state_wait{100};

std::chrono::milliseconds left_until(Clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    return std::max(left, std::chrono::milliseconds(1));
}

/// What one reading left out, if anything.
struct Reading {
    bool open_transaction = false;
    std::optional<Error> failed;
};

Reading read_all(kafka::Reader& reader, Stage& stage, Clock::time_point deadline) {
    Reading reading;
    while (!reader.finished() && !reading.failed) {
        const RecordBatch batch = reader.poll(0, state_wait);
        for (const Record& record : batch.records)
            stage.restore(record.partition, record.key, record.value);
        for (const PartitionEvent& event : batch.events) {
            reading.open_transaction |= event.note == PartitionNote::OpenTransaction;
            if (event.note == PartitionNote::Failed || event.note == PartitionNote::Gone)
                reading.failed = event.error;
        }
        if (Clock::now() > deadline)
            reading.failed = Error{.code = ErrorCode::Timeout,
                                   .what = "what was remembered could not be read in time"};
    }
    return reading;
}

} // namespace

Result<void> restore_state(const std::shared_ptr<kafka::Cluster>& cluster, Stage& stage,
                           const std::vector<PartitionId>& partitions, bool read_committed,
                           std::chrono::milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    kafka::ReadRequest request;
    request.topics = {stage.info().state_topic};
    request.only_partitions = partitions;
    request.start.kind = kafka::StartAt::Kind::Beginning;
    request.end.kind = kafka::EndAt::Kind::Snapshot;
    request.isolation =
        read_committed ? kafka::Isolation::ReadCommitted : kafka::Isolation::ReadUncommitted;
    request.streams = 1;
    for (;;) {
        for (const PartitionId partition : partitions) {
            stage.let_go(partition);
            stage.take_on(partition);
        }
        auto reader = kafka::Reader::open(cluster, request, left_until(deadline));
        if (!reader)
            return reader.error();
        const Reading reading = read_all(**reader, stage, deadline);
        if (reading.failed)
            return *reading.failed;
        if (!reading.open_transaction)
            return {};
        if (Clock::now() > deadline)
            return Error{.code = ErrorCode::Timeout,
                         .what = "a transaction on " + stage.info().state_topic + " stays open",
                         .where = cluster->options().name};
    }
}

} // namespace weir::sandbox

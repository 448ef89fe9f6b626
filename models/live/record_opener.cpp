// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/record_opener.h"

#include "connectors/kafka/read/reader.h"
#include "models/event/fold/fold.h"
#include "models/event/store/event_store.h"
#include "models/event/worker_thread.h"

namespace weir {

struct RecordOpener::Shared {
    std::stop_source stop;
    Published<OpenedRecord> slot;
};

namespace {

using Clock = std::chrono::steady_clock;

std::string place_text(const kafka::PartitionRange& at) {
    return at.topic + "/" + std::to_string(at.partition.value()) + " at offset " +
           std::to_string(at.from.value());
}

Result<RecordBatch> read_record(const std::shared_ptr<kafka::Cluster>& cluster,
                                const kafka::PartitionRange& at, const std::stop_token& stop) {
    kafka::ReadRequest request;
    request.ranges = {at};
    request.streams = 1;
    request.batch_records = 1;
    request.stop = stop;
    const auto until = Clock::now() + RecordOpener::read_time;
    const auto reader = kafka::Reader::open(cluster, request, RecordOpener::read_time);
    if (!reader)
        return reader.error();
    while (!stop.stop_requested() && Clock::now() < until) {
        RecordBatch batch = (*reader)->poll(0, std::chrono::milliseconds(100));
        if (!batch.records.empty())
            return batch;
        if ((*reader)->finished())
            return Error{ErrorCode::NotFound, "there is no record any more: " + place_text(at),
                         cluster->options().name, "reading the next unread record",
                         "It was deleted meanwhile, by retention or by compaction."};
    }
    return Error{ErrorCode::Timeout, "the record was not read in time: " + place_text(at),
                 cluster->options().name, "reading the next unread record", "Try again."};
}

OpenedRecord opened(Result<RecordBatch> batch, Decoder& decoder) {
    if (!batch)
        return {nullptr, batch.error()};
    SightingBatch sightings;
    decoder.decode(std::move(batch).value(), sightings);
    EventStore store(0, 1, {.rows = 1'000});
    store.absorb(sightings);
    store.publish();
    const std::shared_ptr<const LaneSnapshot> lane = store.snapshot();
    if (lane->segments.empty() || lane->rows_in(0) == 0)
        return {nullptr, Error{ErrorCode::Internal, "the record holds no event"}};
    return {lane->segments.front(), std::nullopt};
}

} // namespace

RecordOpener::~RecordOpener() {
    drop();
}

void RecordOpener::open(std::shared_ptr<kafka::Cluster> cluster, const kafka::TopicPartition& at,
                        Offset offset, DecoderFactory decoders) {
    drop();
    m_shared = std::make_shared<Shared>();
    const kafka::PartitionRange range{at.topic, at.partition, offset, Offset(offset.value() + 1)};
    start_worker([shared = m_shared, cluster = std::move(cluster), range,
                  decoders = std::move(decoders)] {
        auto batch = read_record(cluster, range, shared->stop.get_token());
        const std::unique_ptr<Decoder> decoder = decoders();
        shared->slot.set(std::make_shared<const OpenedRecord>(opened(std::move(batch), *decoder)));
    });
}

void RecordOpener::drop() {
    if (m_shared)
        m_shared->stop.request_stop();
    m_shared.reset();
}

std::shared_ptr<const OpenedRecord> RecordOpener::newest() const {
    return m_shared ? m_shared->slot.get() : nullptr;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A stage with a keeper, and a worker's part played without Kafka: records are taken in, then kept.
// Thread contract: one owner.
#pragma once

#include <QtGlobal>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/sandbox/workers/stage_output.h"

namespace weir::test {

class KeeperStory {
  public:
    static constexpr int partitions = 2;

    /// Opens the keeper and takes the partitions over; nothing may go wrong with it.
    explicit KeeperStory(sandbox::Stage& stage, const std::string& cluster = "cluster-1")
        : m_stage(stage)
        , m_decoder(Decoder::create(DialectSet::built_in(), Vocabulary::create({"type"}), {})) {
        if (const auto opened = stage.keeper()->open(cluster, "1"); !opened)
            qFatal("%s", opened.error().text().c_str());
        for (const std::string& topic : stage.info().inputs)
            for (int i = 0; i < partitions; ++i)
                m_starts.push_back({topic, PartitionId(i), Offset(-1)});
        if (const auto found = stage.keeper()->find_starts(m_starts); !found)
            qFatal("%s", found.error().text().c_str());
    }

    /// Where it was told to begin with its first topic; -1: at the beginning.
    std::int64_t started(int partition) const {
        return m_starts.at(static_cast<std::size_t>(partition)).offset.value();
    }

    /// A record of its first topic; one that is no JSON is passed over, as a worker does.
    void take(int partition, std::int64_t offset, const std::string& value,
              Micros time = Micros::now(),
              std::vector<std::pair<std::string, std::optional<std::string>>> headers = {}) {
        take_from(m_stage.info().inputs.front(), partition, offset, value, time,
                  std::move(headers));
    }
    void take_from(const std::string& topic, int partition, std::int64_t offset,
                   const std::string& value, Micros time = Micros::now(),
                   std::vector<std::pair<std::string, std::optional<std::string>>> headers = {}) {
        m_next[{topic, partition}] = offset + 1;
        RecordBatchBuilder builder;
        builder.add({.topic = topic,
                     .partition = PartitionId(partition),
                     .offset = Offset(offset),
                     .timestamp = time,
                     .headers = std::move(headers),
                     .value = value});
        SightingBatch& batch = m_batches.emplace_back(); // rows point into it
        m_decoder->decode(builder.take(), batch);
        const Sighting& sighting = batch.sightings.at(0);
        const Record& record = batch.records.records.at(0);
        const FieldPaths* const paths = m_decoder->field_paths(sighting.place, sighting.dialect);
        const sandbox::EventFields fields =
            paths ? sandbox::EventFields(*paths) : sandbox::EventFields();
        if (!m_tape.parse(record.value))
            return;
        sandbox::CollectedOutput output({});
        m_stage.process({record, batch.records.headers_of(record), m_tape, fields, sighting},
                        output);
    }

    Result<sandbox::Keeper::Kept> keep() {
        std::vector<kafka::TopicPartitionOffset> next;
        for (const auto& [at, offset] : m_next)
            next.push_back({at.first, PartitionId(at.second), Offset(offset)});
        auto kept = m_stage.keeper()->keep(
            next, [this](const std::vector<sandbox::Keeper::Refused>& refused) -> Result<void> {
                for (const auto& one : refused)
                    refused_rows.push_back(one.row);
                return refusal ? Result<void>(*refusal) : Result<void>();
            });
        m_next.clear();
        m_batches.clear();
        return kept;
    }

    std::vector<std::size_t> refused_rows;
    std::optional<Error> refusal; // what is answered to them

  private:
    sandbox::Stage& m_stage;
    std::unique_ptr<Decoder> m_decoder;
    std::vector<kafka::TopicPartitionOffset> m_starts;
    std::map<std::pair<std::string, int>, std::int64_t> m_next;
    std::deque<SightingBatch> m_batches;
    JsonTape m_tape;
};

} // namespace weir::test

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells a stage's story without Kafka: records go in as text, what comes of each is read as text.
// Thread contract: one owner.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/sandbox/workers/stage_output.h"

namespace weir::test {

class StageStory {
  public:
    explicit StageStory(sandbox::Stage& stage)
        : m_stage(stage)
        , m_decoder(Decoder::create(DialectSet::built_in(), Vocabulary::create({"type"}), {})) {}

    /// What comes of one record: "unique_events s1 {…}" a record that goes out, then its own
    /// headers
    /// ("weir-audit: {…}"); "filtered: …", "failed: reason at /pointer". State is kept aside, for
    /// restart(). `replay_count`: the header of that name.
    std::vector<std::string> give(const std::string& key, const std::string& value,
                                  std::int64_t time_s = 0, int partition = 0,
                                  const std::string& replay_count = "") {
        RecordBatchBuilder builder;
        RecordBatchBuilder::Fields fields_of_record{.topic = m_stage.info().inputs.front(),
                                                    .partition = PartitionId(partition),
                                                    .offset = Offset(m_next++),
                                                    .timestamp = Micros(time_s * 1'000'000),
                                                    .key_null = false,
                                                    .key = key,
                                                    .value = value};
        if (!replay_count.empty())
            fields_of_record.headers = {{"weir-replay-count", replay_count}};
        builder.add(std::move(fields_of_record));
        SightingBatch batch;
        m_decoder->decode(builder.take(), batch);
        const Sighting& sighting = batch.sightings.at(0);
        const FieldPaths* const paths = m_decoder->field_paths(sighting.place, sighting.dialect);
        const sandbox::EventFields fields =
            paths ? sandbox::EventFields(*paths) : sandbox::EventFields();
        const Record& record = batch.records.records.at(0);
        JsonTape tape;
        if (!tape.parse(record.value))
            return {"not JSON"};
        sandbox::CollectedOutput output(m_stage.info().state_topic);
        m_stage.process({record, batch.records.headers_of(record), tape, fields, sighting}, output);
        return told(output, partition);
    }

    /// The stage loses a partition and gets it back, with what was remembered, compacted.
    void restart(int partition = 0) {
        m_stage.let_go(PartitionId(partition));
        m_stage.take_on(PartitionId(partition));
        std::map<std::size_t, std::pair<std::string_view, std::string_view>> in_order;
        for (const auto& [key, kept] : m_state[partition])
            in_order[kept.number] = {key, kept.value};
        for (const auto& [number, kept] : in_order)
            m_stage.restore(PartitionId(partition), kept.first, kept.second);
    }

  private:
    struct Kept {
        std::size_t number; // the order in which they were written
        std::string value;
    };

    std::vector<std::string> told(const sandbox::CollectedOutput& output, int partition) {
        std::vector<std::string> lines;
        using Kind = sandbox::CollectedOutput::Entry::Kind;
        for (const auto& entry : output.entries()) {
            if (entry.kind != Kind::State) {
                lines.push_back(entry.topic + " " + entry.key + " " + entry.value);
                for (const auto& [name, value] : entry.headers)
                    lines.push_back(name + ": " + value);
                continue;
            }
            if (entry.value_null)
                m_state[partition].erase(entry.key);
            else
                m_state[partition].insert_or_assign(entry.key, Kept{m_written++, entry.value});
        }
        if (output.filtered())
            lines.push_back("filtered: " + std::string(to_word(*output.filtered())));
        if (output.failure())
            lines.push_back("failed: " + output.failure()->reason + " at " +
                            output.failure()->pointer);
        return lines;
    }

    sandbox::Stage& m_stage;
    std::unique_ptr<Decoder> m_decoder;
    std::map<int, std::map<std::string, Kept>> m_state; // by partition and key
    std::size_t m_written = 0;
    std::int64_t m_next = 0;
};

} // namespace weir::test

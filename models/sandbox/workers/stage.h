// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One task of the sandbox pipeline, without Kafka: a record in, records out. A worker
// (workers/worker.h) reads, calls, writes and commits; a stage decides. A new stage is one file and
// one line in stage_list.cpp.
//
// What a stage makes depends on the records of a partition and their order, on nothing else: no
// clock, no randomness. So a worker that was killed makes the same again.
//
// Thread contract: one owner. Bound: each stage states that of its state.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/record.h"
#include "models/event/json/json_tape.h"
#include "models/event/sighting.h"
#include "models/sandbox/workers/event_fields.h"
#include "models/sandbox/workers/keeper.h"

namespace weir::sandbox {

/// What a stage is, for those who run it, watch it and read about it.
struct StageInfo {
    std::string name;                 // "deduplicate"
    std::string purpose;              // one sentence
    std::vector<std::string> inputs;  // topics
    std::vector<std::string> outputs; // topics, without that of dead letters
    std::string state_topic;          // compacted, of as many partitions as the input; "": none
    std::vector<std::string> guarantees;
    std::int64_t slo_p95_us = 0;
};

/// One record as a stage gets it: one event, an object.
struct StageInput {
    const Record& record;
    const HeaderView* headers;
    const JsonTape& tape;
    const EventFields& fields; // of the dialect that it was recognised as
    const Sighting& sighting;  // its times, and in what state they are
    std::string_view header(std::string_view name) const; // the last of that name; "" if none
};

/// Why a record was neither passed on nor failed, as it is counted.
enum class FilterKind : std::uint8_t {
    SameBytes,   // a retry: its id and its content were seen
    SameId,      // its id was seen, with other content
    BusinessKey, // another id, but the same by its contract's unique_by
    Consent,     // its user did not agree to being counted
    NotForUs,    // this stage has nothing to do with it
    Loaded,      // the warehouse has it already
};
inline constexpr int filter_kind_count = 6;
std::string_view to_word(FilterKind kind);

/// Where a stage puts what it makes of one record. All of it is written, or none.
class StageOutput {
  public:
    virtual ~StageOutput() = default;
    /// `original`: the record's own headers go along.
    virtual void emit(std::string_view topic, std::string_view key, std::string_view value,
                      bool original = true) = 0;
    /// One more header for the record that was emitted last.
    virtual void header(std::string_view name, std::string_view value) = 0;
    /// A change of state, for restore() by whoever takes the partition over. No value: forgotten.
    virtual void remember(std::string_view key, std::optional<std::string_view> value) = 0;
    virtual void filter(FilterKind kind) = 0;
    /// To `invalid_events`, with the record's bytes as they came.
    virtual void fail(std::string_view reason, std::string_view pointer,
                      std::string_view message) = 0;
};

class Stage {
  public:
    virtual ~Stage() = default;
    virtual const StageInfo& info() const = 0;

    /// A partition begins with nothing, then gets back what was remembered of it, oldest first.
    virtual void take_on(PartitionId /*partition*/) {}
    virtual void restore(PartitionId /*partition*/, std::string_view /*key*/,
                         std::string_view /*value*/) {}
    virtual void let_go(PartitionId /*partition*/) {}

    /// Not null: what it makes is kept there, and nothing but dead letters goes to Kafka. A record
    /// that it neither filters nor fails is then a row.
    virtual Keeper* keeper() { return nullptr; }

    /// Records of one partition in their order. May throw: the record then becomes a dead letter,
    /// and what was put out for it is dropped. REQUIRES of those who throw: their state is as it
    /// was before.
    virtual void process(const StageInput& input, StageOutput& output) = 0;
};

} // namespace weir::sandbox

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// invalid_events → raw_events: native events that rules can repair (remedy/remedies.h) go in again,
// judged as the collector judges, with `weir-replay-count` one higher and the rules' names in
// `weir-remedy`. What still breaks its contract, and what came back too often, goes to
// quarantined_events, for people; a dead letter that no rule is about stays where it is.
//
// Thread contract: as Stage. Bound: one event at a time; no state.
#pragma once

#include "models/sandbox/contract_judge.h"
#include "models/sandbox/decode_request.h"
#include "models/sandbox/remedy/repair.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

inline constexpr std::string_view replay_count_header = "weir-replay-count";
inline constexpr const char* quarantine_topic = "quarantined_events";

/// How often the record's event went in again; 0: never.
std::int64_t replay_count(const StageInput& input);

class Remediate final : public Stage {
  public:
    /// Either may be null: without remedies nothing is repaired, without contracts nothing is
    /// judged.
    Remediate(std::shared_ptr<const Remedies> remedies,
              const std::shared_ptr<const ContractShelf>& contracts);

    const StageInfo& info() const override { return m_info; }
    void process(const StageInput& input, StageOutput& output) override;

  private:
    void go_in_again(const StageInput& input, std::int64_t rounds, StageOutput& output);

    const StageInfo m_info;
    const std::shared_ptr<const Remedies> m_remedies;
    const std::unique_ptr<Judge> m_judge;
    Repair m_repair;
    JsonTape m_event;
    std::string m_scratch;
};

} // namespace weir::sandbox

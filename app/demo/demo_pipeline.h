// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pipeline behind the demo's stream: every stage that there is, on the cluster inside Weir and
// a SQLite file of its own, which goes with it.
//
// Thread contract: made and destroyed by one thread; the workers run on threads of their own.
// Bound: one worker a stage; the file grows with the events that are loaded.
#pragma once

#include <QTemporaryDir>

#include <memory>
#include <optional>

#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/sandbox.h"
#include "models/contract/contract_set.h"
#include "models/sandbox/workers/pipeline.h"
#include "models/synth/player.h"

namespace weir {

class DemoPipeline {
  public:
    /// `ticket` is that of `cluster`. `incidents`: that befall the stages; null: none.
    /// Errors: Io (no temporary folder), those of the marking of a database and Pipeline::start.
    static Result<std::unique_ptr<DemoPipeline>>
    start(kafka::EmbeddedCluster& cluster, const kafka::SandboxTicket& ticket,
          std::shared_ptr<const ContractSet> contracts,
          std::shared_ptr<const synth::IncidentPlan> incidents);
    /// Errors: check_incidents()'s.
    static Result<void> can_carry_out(const synth::Play& play);

    const warehouse::DatabaseTicket& warehouse() const { return *m_warehouse; }

  private:
    DemoPipeline() = default;
    Result<warehouse::DatabaseTicket> open_warehouse() const;

    QTemporaryDir m_folder; // outlives those who write into it
    std::optional<warehouse::DatabaseTicket> m_warehouse;
    std::unique_ptr<sandbox::Pipeline> m_workers;
};

} // namespace weir

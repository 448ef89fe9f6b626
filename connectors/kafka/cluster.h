// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One Kafka cluster as Weir observes it: who it is, whether it answers, and a read budget shared by
// all readers on it. It yields readers and an admin, never a producer and never a group membership
// (law 6); producers come from sandbox.h alone.
//
// Thread contract: every method from any thread. Blocking calls say so and take a timeout.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "connectors/base/result.h"
#include "connectors/base/types.h"
#include "connectors/kafka/connection.h"

namespace weir::kafka {

using weir::Health;
using weir::SecretResolver;

class ReadBudget; // token bucket in bytes, see read_budget.h

class Cluster {
  public:
    virtual ~Cluster() = default;
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    /// Checks options, resolves secrets, makes the clients. Does not wait for a connection.
    /// Errors: Config (a property that is not allowed, a bad combination), NotFound (a secret).
    static Result<std::shared_ptr<Cluster>> open(ConnectionOptions options, SecretResolver secrets);

    virtual const ConnectionOptions& options() const = 0;

    /// Blocks up to `timeout`. The id is fetched once and kept; that of a production or staging
    /// cluster is noted for good as one never to be written to (see observed_ids.h); one whose
    /// environment is only assumed is not noted while it carries the marker of a sandbox of this
    /// very id. Errors: Connection, Timeout, Authentication; Io, Corrupt (it cannot be noted).
    virtual Result<std::string> cluster_id(std::chrono::milliseconds timeout) = 0;

    /// Why this cluster, whose records are being read, could not be noted as one never to be
    /// written to; none if it is noted, or is a sandbox.
    virtual std::optional<Error> not_noted() const { return std::nullopt; }

    virtual Health health() const = 0;
    virtual ReadBudget& budget() = 0;

  protected:
    Cluster() = default;
};

} // namespace weir::kafka

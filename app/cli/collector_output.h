// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events handed to a collector of this process's own, which judges them by the demo shop's
// contracts and writes raw_events and invalid_events of a sandbox: the same that would answer over
// HTTP.
//
// Thread contract: main thread. Bound: waiting_max events that are not acknowledged; what is
// refused for want of room or broker is handed in again, until nothing moved for a minute.
#pragma once

#include <chrono>
#include <memory>

#include "app/cli/event_output.h"
#include "connectors/kafka/sandbox/sandbox.h"

namespace weir::cli {

/// Errors: those of Outlet::open().
Result<std::unique_ptr<EventOutput>> open_collector_output(const kafka::SandboxTicket& ticket,
                                                           int partitions,
                                                           std::chrono::milliseconds timeout);

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// While a command waits for the first answer of a cluster: says once, early, what is known of why
// there is none. Nothing where the answer comes as quickly as it mostly does.
//
// Thread contract: made and destroyed by one thread; watches on one of its own.
// Bound: one line on stderr.
#pragma once

#include <chrono>
#include <memory>
#include <thread>

#include "app/cli/console.h"
#include "connectors/kafka/cluster.h"

namespace weir::cli {

class WaitNote {
  public:
    WaitNote(std::shared_ptr<kafka::Cluster> cluster, Console& console,
             std::chrono::milliseconds limit);

  private:
    std::jthread m_thread; // stopped and joined at the end
};

} // namespace weir::cli

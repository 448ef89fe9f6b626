// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Latency view needs of the world: the books of what is observed. The application wires it
// to a session.
// Thread contract: GUI thread only; nothing here may block.
#pragma once

#include <QString>

#include <memory>
#include <string>
#include <vector>

#include "models/event/disclosure/disclosure.h"
#include "models/event/history/watched_time.h"
#include "models/latency/latency_paths.h"
#include "models/live/copied_command.h"

namespace weir {

class LatencySource {
  public:
    virtual ~LatencySource() = default;

    /// One an observation; other pointers within when something was read.
    virtual std::vector<LatencySeen> seen() const = 0;
    /// When each of seen() was watched, in the same order.
    virtual std::vector<WatchedTime> watched() const = 0;
    /// Null: nothing is observed.
    virtual std::shared_ptr<const Vocabulary> vocabulary() const = 0;
    virtual std::shared_ptr<const DisclosurePolicy> disclosure() const = 0;
    /// What is missing of the observation, e.g. "2 of 6 partitions fail"; empty: nothing.
    virtual QString partial() const = 0;
    /// How a connection is reached, for command lines that are copied.
    virtual CommandTarget commandTarget(const std::string& connection) const = 0;
};

} // namespace weir

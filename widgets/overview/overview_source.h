// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Overview needs of the world: the ledgers, the latency books and the backlogs of what is
// observed. The application wires it to a session.
// Thread contract: GUI thread only; nothing here may block.
#pragma once

#include <QString>

#include "models/event/history/watched_time.h"
#include "models/live/copied_command.h"
#include "models/overview/overview.h"

namespace weir {

class OverviewSource {
  public:
    virtual ~OverviewSource() = default;

    /// Without its range and its time. No vocabulary: nothing is observed.
    virtual OverviewInput input() = 0;
    /// What is missing of the observation, e.g. "2 of 6 partitions fail"; empty: nothing.
    virtual QString partial() const = 0;
    /// When each of the input's connections was watched, in its order.
    virtual std::vector<WatchedTime> watched() const = 0;
    /// How a connection is reached, for command lines that are copied.
    virtual CommandTarget commandTarget(const std::string& connection) const = 0;
};

} // namespace weir

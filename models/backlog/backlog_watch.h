// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the backlog of a cluster on a thread of its own and publishes it, so that a view pulls and
// waits for nothing. Groups that are on screen are read at full rate and with the record that is
// next; all others by a sweep that comes round again and again, at a pace that leaves the cluster
// in peace. Before the first sweep has ended, an order by the worst is provisional: the snapshot
// says so. Thread contract: any thread; nothing blocks. Who lets it go does not wait: the thread
// ends by itself. Bound: focus_max groups at full rate; BacklogKeeper's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/backlog/backlog_keeper.h"

namespace weir {

class BacklogWatch {
  public:
    static constexpr std::size_t focus_max = 64;

    BacklogWatch(std::shared_ptr<kafka::Cluster> cluster, BacklogOptions options);
    ~BacklogWatch();
    BacklogWatch(const BacklogWatch&) = delete;
    BacklogWatch& operator=(const BacklogWatch&) = delete;

    /// The newest; null before the first answer.
    std::shared_ptr<const BacklogSnapshot> snapshot() const;
    /// Groups on screen, the first focus_max of them; none: nobody looks, and the pace is slower.
    void set_focus(std::vector<std::string> groups);

  private:
    struct Shared;
    const std::shared_ptr<Shared> m_shared;
};

} // namespace weir

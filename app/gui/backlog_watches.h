// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The watches of the window's clusters' consumer groups: one a cluster, for all views that ask. A
// cluster's groups are read from the moment its backlog is first asked for, until the window lets
// the cluster go.
// Thread contract: GUI thread only; nothing here blocks.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/backlog/backlog_watch.h"

namespace weir {

class SessionHost;

class BacklogWatches {
  public:
    /// The newest; null before the first answer.
    std::shared_ptr<const BacklogSnapshot> snapshot(const SessionHost& host,
                                                    const std::string& connection);
    /// Groups that are on screen; those of the workspace's stages always are, in the Overview.
    void setFocus(const std::string& connection, std::vector<std::string> groups);

  private:
    struct Watching {
        std::weak_ptr<kafka::Cluster> cluster; // the last to let it go waits: never this one
        std::unique_ptr<BacklogWatch> watch;
        std::vector<std::string> stages; // their groups
    };
    std::map<std::string, Watching> m_watches;
};

} // namespace weir

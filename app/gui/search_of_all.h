// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One search over the topics of several connections: each runs by itself, and all of them are one
// to the Live view. It is complete only if each of them is.
// Thread contract: GUI thread only; nothing here blocks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "widgets/live/live_source.h"

namespace weir {

struct ConnectionSearch {
    std::string connection;
    std::unique_ptr<LiveSearch> search;
};

class SearchOfAll : public LiveSearch {
  public:
    /// REQUIRES: at least one.
    explicit SearchOfAll(std::vector<ConnectionSearch> searches);
    /// Of those that could find it out, once none is still asking.
    std::optional<LiveSearchPlan> plan() const override;
    void start(SearchOrder order) override;
    void cancel() override;
    LiveSearchStatus status() const override;
    std::vector<std::shared_ptr<const LaneSnapshot>> results() const override;

  private:
    std::vector<ConnectionSearch> m_searches;
};

} // namespace weir

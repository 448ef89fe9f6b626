// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A search as the Live view shows it: prepared at once, and run from start() on, on threads that
// only searches have; its matches (as they may be shown) kept in a store of their own, in memory
// and, beyond its bound, in a file. A plan that has waited for plan_holds is made anew before it is
// carried out: the topics' ends have moved on.
//
// Thread contract: GUI thread; nothing waits, the destructor cancels and leaves the rest to the
// worker. Bound: ResultStore::Limits; the search then stops and says so. searches_at_once_max at a
// time, those given up and not yet ended included; a further one waits for its turn.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "app/session/session.h"
#include "models/live/result_store.h"
#include "widgets/live/live_source.h"

namespace weir {

class TopicSearch : public LiveSearch {
  public:
    using Limits = ResultStore::Limits;
    static constexpr int searches_at_once_max = 64;
    static constexpr std::chrono::seconds plan_holds{10};

    struct Wanted {
        std::vector<std::string> topics;
        std::shared_ptr<const Filter> filter;
        bool exhaustive = false;
        double record_bytes = 0;       // of a usual one, for the estimate; 0: not known
        std::vector<std::string> gone; // topics that were deleted: told to be left out
    };
    TopicSearch(std::shared_ptr<const Session> session, std::shared_ptr<kafka::Cluster> cluster,
                Wanted wanted, std::vector<std::shared_ptr<const LaneSnapshot>> memory,
                const Limits& limits);
    ~TopicSearch() override;

    std::optional<LiveSearchPlan> plan() const override;
    void start(SearchOrder order) override;
    void cancel() override;
    LiveSearchStatus status() const override;
    std::vector<std::shared_ptr<const LaneSnapshot>> results() const override;

  private:
    struct Work;
    std::shared_ptr<Work> m_work;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A search as the Live view shows it: prepared and run on threads that only searches have, its
// matches (as they may be shown) kept in a store of their own, in memory and, beyond its bound, in
// a file.
//
// Thread contract: GUI thread; nothing waits, the destructor cancels and leaves the rest to the
// worker. Bound: ResultStore::Limits; the search then stops and says so. searches_at_once_max at a
// time, those given up and not yet ended included; a further one waits for its turn.
#pragma once

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

    TopicSearch(std::shared_ptr<const Session> session, std::shared_ptr<kafka::Cluster> cluster,
                std::vector<std::string> topics, std::shared_ptr<const Filter> filter,
                std::vector<std::shared_ptr<const LaneSnapshot>> memory, const Limits& limits);
    ~TopicSearch() override;

    void cancel() override;
    LiveSearchStatus status() const override;
    std::vector<std::shared_ptr<const LaneSnapshot>> results() const override;

  private:
    struct Work;
    std::shared_ptr<Work> m_work;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// events_by_user → the table attribution: of all touches that enrichment found (workers/enrich.h)
// each user's first, by when it reached the collector. What that one did not tell stays null, also
// when a later one knows more. The order in which events come makes no difference.
//
// Thread contract: as Stage. Bound: the worker's batch.
#pragma once

#include <map>

#include "models/sandbox/enrich/touch.h"
#include "models/sandbox/warehouse/offset_fence.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

inline constexpr std::string_view attribution_rule = "first_authenticated_touch";
inline constexpr int attribution_version = 1;

class Attribute final : public Stage, public Keeper {
  public:
    /// Without a warehouse it can be asked what it is, and no more.
    explicit Attribute(std::optional<warehouse::DatabaseTicket> warehouse,
                       OffsetFence::Options options = {});

    const StageInfo& info() const override { return m_info; }
    void process(const StageInput& input, StageOutput& output) override;
    Keeper* keeper() override { return this; }

    Result<void> open(const std::string& cluster, const std::string& instance) override;
    Result<void> find_starts(std::vector<kafka::TopicPartitionOffset>& partitions) override {
        return m_fence.find_starts(partitions);
    }
    Result<Kept> keep(const std::vector<kafka::TopicPartitionOffset>& next,
                      const Refuse& refuse) override;

  private:
    struct First {
        Micros at;
        std::string event; // its key in the warehouse
        Touch touch;
    };
    warehouse::Page rows(Micros now) const;

    const StageInfo m_info;
    OffsetFence m_fence;
    std::map<std::string, First> m_firsts; // of the batch at hand, by user
    std::uint64_t m_taken = 0;             // touches in it
    std::string m_scratch;
};

} // namespace weir::sandbox

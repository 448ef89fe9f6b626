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
#include "models/sandbox/workers/row_stage.h"

namespace weir::sandbox {

inline constexpr std::string_view attribution_rule = "first_authenticated_touch";
inline constexpr int attribution_version = 1;

class Attribute final : public RowStage {
  public:
    /// Without a warehouse it can be asked what it is, and no more.
    explicit Attribute(std::optional<warehouse::DatabaseTicket> warehouse,
                       OffsetFence::Options options = {});

    void process(const StageInput& input, StageOutput& output) override;

  private:
    struct First {
        Micros at;
        std::string event; // its key in the warehouse
        Touch touch;
    };
    Result<std::uint64_t> write(warehouse::WritableWarehouse& db, Micros now) override;
    void clear() override { m_firsts.clear(); }
    warehouse::Page rows(Micros now) const;

    std::map<std::string, First> m_firsts; // of the batch at hand, by user
};

} // namespace weir::sandbox

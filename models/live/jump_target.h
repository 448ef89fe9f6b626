// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the user wants to go: a time or an offset. A time is read by the clock of the zone it is
// typed in (widgets/common/zone_clock.h). Thread contract: plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connectors/base/result.h"
#include "connectors/base/types.h"

namespace weir {

struct JumpTarget {
    std::optional<Micros> time; // record time
    std::optional<Offset> offset;
    std::optional<PartitionId> partition; // with `offset`: of this partition only
    std::string topic;                    // with `offset`: of this topic only; "": any

    /// "83120428", "83,120,428", "3:83120428" (partition), "raw_events/3:83120428"; with @ in the
    /// place of : as the command line prints it, "@83120428" as it is given there.
    /// Errors: Usage, with advice that names times, too.
    static Result<JumpTarget> parse_offset(std::string_view text);
};

} // namespace weir

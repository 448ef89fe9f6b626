// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long the sandbox's warehouse keeps what, in whole days of UTC: a day's rows are older than a
// period once the whole day is.
// Thread contract: plain values; a pure function.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "connectors/base/result.h"
#include "models/sandbox/warehouse/schema.h"

namespace weir::sandbox {

struct RetentionPlan {
    std::chrono::days hot{0};     // rows of analytics.events
    std::chrono::days archive{0}; // their archive files; 0: nothing is archived
    std::chrono::days ids{0};     // by which an event that comes again is known
    std::string folder;           // of the archive files

    bool archives() const { return archive > std::chrono::days(0); }
    /// After that nothing is left of events, nor of what was made of them.
    std::chrono::days all() const { return std::max(hot, archive); }
    /// Rows and files of days before it are past the period.
    static Day first_kept(Day today, std::chrono::days period) { return today - period; }
};

/// "hot=7d,archive=90d,ids=120d"; `archive` may be left out, and `ids` is then as long as the
/// longest of the others. Errors: Usage.
Result<RetentionPlan> parse_retention(std::string_view text);

} // namespace weir::sandbox

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the book of invalid events finds to be wrong: more of them than there may be.
// Thread contract: pure functions. Bound: one finding a book.
#pragma once

#include <string>
#include <vector>

#include "models/finding/finding.h"
#include "models/invalid/invalid_report.h"

namespace weir {

/// So large a share of all events may be invalid where nobody has said another.
inline constexpr double usual_invalid_share = 0.01;

/// Without what passed and probable bots; where only dead letters were read, any one is too many.
bool is_over(const InvalidTotals& totals, double share_max);

/// Of the range. `partial`: what was read is not all of it.
std::vector<Finding> invalid_findings(const InvalidSeen& seen, const Vocabulary& vocabulary,
                                      const DisclosurePolicy& disclosure, const RecordRange& range,
                                      const std::string& connection, bool partial,
                                      double share_max = usual_invalid_share);

} // namespace weir

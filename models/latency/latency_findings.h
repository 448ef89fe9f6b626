// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the latency book finds to be wrong: stages over their SLO.
// Thread contract: pure functions. Bound: a finding a way of a stage.
#pragma once

#include <vector>

#include "models/finding/finding.h"
#include "models/latency/latency_report.h"

namespace weir {

/// Of the range. `partial`: what was read is not all of it.
std::vector<Finding> latency_findings(const LatencySeen& seen, const Vocabulary& vocabulary,
                                      const DisclosurePolicy& disclosure, const RecordRange& range,
                                      bool partial);

} // namespace weir

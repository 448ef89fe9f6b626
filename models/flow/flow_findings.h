// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the ledger finds to be wrong: events of which nobody knows what became of them.
// Thread contract: pure functions. Bound: a finding a stage.
#pragma once

#include <vector>

#include "models/finding/finding.h"
#include "models/flow/flow_report.h"

namespace weir {

/// Of the range, judged now. `partial`: as FlowQuestion has it.
std::vector<Finding> flow_findings(const FlowSeen& seen, const Vocabulary& vocabulary,
                                   const DisclosurePolicy& disclosure, const RecordRange& range,
                                   bool partial);

} // namespace weir

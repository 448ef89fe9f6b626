// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the backlog finds to be wrong: consumer groups with a bad verdict.
// Thread contract: pure functions. Bound: a finding a group.
#pragma once

#include <vector>

#include "models/backlog/backlog_snapshot.h"
#include "models/finding/finding.h"

namespace weir {

/// A group that a stage of the workspace names is about that stage.
std::vector<Finding> backlog_findings(const BacklogSnapshot& snapshot,
                                      const std::vector<StageSpec>& stages,
                                      const std::string& connection);

} // namespace weir

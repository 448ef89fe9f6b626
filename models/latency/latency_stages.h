// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the latency book must know of a workspace's stages.
// Thread contract: a pure function. Bound: the workspace's.
#pragma once

#include "models/latency/latency_book.h"
#include "models/workspace/workspace.h"

namespace weir {

/// Of the stages between topics of that connection. What is a table (schema.table, not watched as
/// a topic) is left out: no record of it is read, and events would be waited for in vain.
LatencyOptions latency_options(const Workspace& workspace, const std::string& connection);

} // namespace weir

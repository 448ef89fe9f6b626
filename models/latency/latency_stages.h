// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the latency book must know of a workspace's stages.
// Thread contract: a pure function. Bound: the workspace's.
#pragma once

#include "models/latency/latency_book.h"
#include "models/workspace/observed_stages.h"

namespace weir {

/// Of the stages between places of that connection; of those places alone that are observed.
LatencyOptions latency_options(const Workspace& workspace, const std::string& connection,
                               const IsObserved& observed);

} // namespace weir

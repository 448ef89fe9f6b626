// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be told of a workspace's stages by looking at some of their places only.
// Thread contract: pure functions. Bound: the workspace's.
#pragma once

#include <functional>

#include "models/workspace/workspace.h"

namespace weir {

using IsObserved = std::function<bool(const std::string& place)>;

/// The stages with those of their places alone that are observed: for what is not, events would be
/// waited for in vain. A stage may be left without outputs.
std::vector<StageSpec> observed_stages(std::vector<StageSpec> stages, const IsObserved& observed);

} // namespace weir

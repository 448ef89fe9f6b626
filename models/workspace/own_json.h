// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Weir's own JSON files (workspaces, scenarios) as text: parsed, mistakes named by line and column.
// Thread contract: a plain function. Bound: the caller's, of the text.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "connectors/base/result.h"

namespace weir {

/// Errors: Config, with the line and column of what is wrong; `tried` is what was being done.
Result<nlohmann::ordered_json> parse_own_json(const std::string& text, const std::string& file,
                                              const char* tried);

} // namespace weir

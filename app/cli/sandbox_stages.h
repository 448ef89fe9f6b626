// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the stages of the sandbox pipeline are: purpose, input, output, guarantees, SLO, retries.
// Thread contract: a pure function.
#pragma once

#include <string>

namespace weir::cli {

/// A paragraph a stage, or one line of JSON each.
std::string described_stages(bool json);

} // namespace weir::cli

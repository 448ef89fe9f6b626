// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands in the cluster inside Weir ends with the process: before that the stages read it.
// Thread contract: any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "app/cli/console.h"

namespace weir::cli {

/// Waits until the groups of the embedded cluster at this address have committed all that they are
/// to read, for `wait` at most. Returns the records that they have not; 0 where none runs there.
std::uint64_t rest_of_embedded(const std::string& bootstrap, std::chrono::milliseconds wait,
                               Console& console);

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Threads whose owner does not wait for them: who gives a long task up tells it to stop and goes
// on, and what the task uses goes when it ends by itself. A process that ends in the ordinary way
// waits for all of them.
//
// Thread contract: any thread. Bound: the caller's; a task looks at its stop flag often.
#pragma once

#include <functional>

namespace weir {

/// Runs `work` on a thread of its own. REQUIRES: `work` owns, or shares, all that it uses.
void start_worker(std::function<void()> work);
/// Waits until all of them have ended, while what is static is still there for them.
void wait_for_workers();

} // namespace weir

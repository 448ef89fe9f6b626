// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ports of the loopback that are this process's own, also while nobody listens on them.
// Thread contract: any thread.
#pragma once

#include <vector>

namespace weir::test {

/// `count` different free ports of 127.0.0.1. No other test that asks here gets them before this
/// process has ended, so that a broker which was killed finds its ports free when it comes back.
std::vector<int> free_ports(int count);

} // namespace weir::test

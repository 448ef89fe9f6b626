// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes what is old coarser, and lets go what is older than all that is kept.
// Thread contract: the store's. Bound: a step changes HistoryStore::rows_max rows.
#pragma once

#include "models/event/history/history_keeper.h"

namespace weir {

/// One step. False: all is as the policy has it.
Result<bool> retain_step(store::HistoryStore& store,
                         const std::vector<std::shared_ptr<KeptFold>>& folds,
                         const HistoryPolicy& policy, Micros now);

/// The policy with everything kept for a half, a quarter, … of its time, but for an hour at least.
HistoryPolicy shortened(HistoryPolicy policy, int halvings);

} // namespace weir

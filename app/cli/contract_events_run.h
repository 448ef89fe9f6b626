// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir generate --from-contracts: valid, boundary and invalid events of contracts into an output,
// with the truth about them beside it.
// Thread contract: main thread. Bound: ContractSampler's, a contract at a time.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace weir::cli {

int run_contract_events(const Arguments& arguments, Console& console);

} // namespace weir::cli

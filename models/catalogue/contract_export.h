// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Contracts written into a file: Markdown one below the other, or a line of JSON each, each held
// against the version before it. What `weir contract list --json` prints is the same.
// Thread contract: pure functions; write_contracts() blocks for its I/O. Bound: a ContractSet's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/contract/contract_set.h"

namespace weir {

enum class ContractFormat { Markdown, Json };

/// One contract. `set` is where the version before it is looked for; it may be null.
std::string contract_text(const ContractSet* set, const Contract& contract, ContractFormat format);

/// Errors: Io, DiskFull.
Result<void> write_contracts(const ContractSet* set,
                             const std::vector<std::shared_ptr<const Contract>>& contracts,
                             ContractFormat format, const std::string& file);

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whose a device probably is that no event has named: worked out anew from the table
// identity_signals for all devices that new signals concern (workers/stitch_identities.h has the
// rule), and written to the table identities.
//
// Thread contract: the WritableWarehouse's; others must not write these tables meanwhile.
// Bound: the devices on signals that are not, or just now became, a crowd's.
#pragma once

#include <map>
#include <string>

#include "connectors/warehouse/sandbox/writable.h"

namespace weir::sandbox {

/// A signal of more devices than this says nothing.
inline constexpr std::int64_t sharers_max = 20;
/// Less is not worth saying.
inline constexpr double confidence_min = 0.3;

/// `fresh`: signals of which something new was seen, each with of how many devices.
/// Errors: as WritableWarehouse::execute().
Result<void> find_likely_owners(warehouse::WritableWarehouse& db,
                                const std::map<std::string, std::int64_t>& fresh, Micros now);

} // namespace weir::sandbox

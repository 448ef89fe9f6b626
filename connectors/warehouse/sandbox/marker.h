// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The row that marks a database as a sandbox: table weir_sandbox, which names the database it was
// written for. Inside connectors/warehouse only; who may write it is sandbox.cpp's business.
// Thread contract: as the session's. Bound: one row.
#pragma once

#include "connectors/warehouse/kind/kind.h"

namespace weir::warehouse {

/// The id of the database that the marker names; empty: there is no marker.
/// Errors: as Session::fetch().
Result<std::string> read_marker(Session& session, const Kind& kind, const Patience& patience);

/// Replaces what marker there is. REQUIRES: no transaction is open.
Result<void> write_marker(WriteSession& session, const Kind& kind, const std::string& id,
                          const Patience& patience);

} // namespace weir::warehouse

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a screen reader is told of the live table: its name, and the row the user is on.
// Thread contract: GUI thread only.
#pragma once

namespace weir {

/// Once a process; more often does no harm.
void install_live_table_accessibility();

} // namespace weir

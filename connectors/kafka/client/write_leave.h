// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Leave to make a client that writes (law 6): only a SandboxTicket can give it, and only proof
// makes a ticket. Thread contract: a plain value.
#pragma once

namespace weir::kafka {

class WriteLeave {
    friend class SandboxTicket;
    WriteLeave() = default;
};

} // namespace weir::kafka

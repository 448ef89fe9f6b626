// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Seeing what is masked: a right of a role of the workspace, asked for with a reason, and recorded
// in the audit trail before anything is shown. A guard rail against accidents and no more: whoever
// can edit the workspace can give themselves the right, and whoever can read the topic can read it
// with another program.
//
// Thread contract: plain values; its functions from any thread but the GUI's: they write a file.
#pragma once

#include <string>

#include "connectors/base/result.h"
#include "connectors/base/types.h"
#include "models/workspace/workspace.h"

namespace weir {

struct Unmasking {
    std::string connection;
    std::string who;
    std::string role;
    std::string reason;
    Micros since;
};

/// The login name of whoever runs this program.
std::string login_name();

/// Errors: Refused (no role gives the right), Config (no reason worth the name), the audit trail's:
/// what cannot be recorded is not shown.
Result<Unmasking> ask_to_unmask(const Workspace& workspace, const std::string& connection,
                                const std::string& reason);
/// That an unmasking has ended, now. Errors: the audit trail's; it has ended all the same.
Result<void> record_masked_again(const Workspace& workspace, const Unmasking& ended);
/// That so many events are about to be written to a file as they are. Errors: the audit trail's:
/// what cannot be recorded is not written.
Result<void> record_unmasked_export(const Workspace& workspace, const Unmasking& unmasking,
                                    const std::string& file, std::uint64_t events);

} // namespace weir

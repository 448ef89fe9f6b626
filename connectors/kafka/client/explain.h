// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What librdkafka's sentence about a connection means and what can be done. Its codes say little
// (most troubles are "transport failure"), so its words are read; a sentence that is not known
// stays as it is. Inside connectors/kafka only. Thread contract: pure function.
#pragma once

#include <string>

#include "connectors/base/result.h"
#include "connectors/kafka/connection.h"

namespace weir::kafka {

struct Explained {
    Error error;
    bool lasting = false; // trying again will not help: somebody has to change something
    bool refused = false; // somebody is there, but nobody listens: it may be starting
};

/// `code`: what error_code_of() says; `said`: the event's text. `where` is the connection's name.
/// `answered`: somebody has answered before, so that who hangs up now is leaving.
Explained explain(const ConnectionOptions& options, ErrorCode code, const std::string& said,
                  bool answered = false);

} // namespace weir::kafka

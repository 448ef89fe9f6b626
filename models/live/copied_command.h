// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Command lines that print one record, to be copied: they say all that it takes to reach it but
// secrets. Where a secret lies may be said; where it lies nowhere but in Weir's memory or in its
// keychain, a variable is named that the user has to fill.
// Thread contract: pure functions.
#pragma once

#include <string>

#include "connectors/kafka/connection.h"
#include "models/event/shell_word.h"
#include "models/live/record_text.h"

namespace weir {

/// How what is on the screen was reached.
struct CommandTarget {
    std::string workspace; // its file; empty: it stands in none, or reaches elsewhere by now
    kafka::ConnectionOptions connection; // `bootstrap` as the client really used it
};

/// "--workspace FILE -c NAME", or the address and what it takes beside it.
std::string weir_connection(const CommandTarget& target);

std::string weir_command(const CommandTarget& target, const RecordIdentity& identity);
std::string kcat_command(const CommandTarget& target, const RecordIdentity& identity);

} // namespace weir

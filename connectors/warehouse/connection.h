// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a warehouse is reached: plain values, as they stand in a workspace or on a command line.
// Secrets are never in here: only references to where one is to be had (connectors/secrets).
// Thread contract: plain values.
#pragma once

#include <string>

#include "connectors/base/connection.h"

namespace weir::warehouse {

struct ConnectionOptions {
    std::string name; // as the user calls it; stands in every error
    /// "sqlite:FILE" or "postgresql://[USER@]HOST[:PORT][,…]/DATABASE[?sslmode=verify-full&…]".
    std::string address;
    Environment environment = Environment::Production;
    SecretRef password;               // none: libpq's own ways (~/.pgpass, PGPASSWORD)
    SecretRef key_password;           // of the client certificate's key
    bool environment_assumed = false; // nobody said what it is: see Warehouse::database_id()
};

/// Whether the address is one of a kind of warehouse that Weir knows, before anything connects.
/// Errors: Usage, naming what is off; a password in the address is not repeated.
Result<void> check_address(const std::string& address);

} // namespace weir::warehouse

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where secrets come from. A workspace holds references only:
//   env:NAME               an environment variable
//   keychain:SERVICE/KEY   the system's keychain (Secret Service, KWallet)
//   file:PATH              a file's text, e.g. one mounted by an orchestrator; "~/" is the home
//   command:PROGRAM ARG…   what a program prints; run without a shell, quotes group words
// and, of what the user has typed in, the place in memory that typed_secrets.h gives it.
// One newline at the end of a file's or program's text is not part of the secret.
//
// A secret is in no error. A command runs only where the caller says that the user approved it
// (law 7: opening a workspace never runs a command without a question).
//
// Thread contract: any thread. Blocks: the keychain at most `keychain_wait`, a command at most
// `command_wait`; never call from the GUI thread. Bound: a secret of 64 KiB.
#pragma once

#include <chrono>
#include <string>

#include "connectors/base/result.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/connection.h"

namespace weir {

struct SecretPolicy {
    bool allow_commands = false; // the user approved the commands of this connection
    std::chrono::milliseconds keychain_wait{10'000}; // the user may be asked to unlock it
    std::chrono::milliseconds command_wait{10'000};
};

/// Errors: Config (not a reference), NotFound (nothing there), Refused (a command not approved),
/// NotPermitted (the keychain stays locked, a file that may not be read), Unsupported (no
/// keychain service runs), Timeout, TooLarge, Io (a command that failed).
Result<std::string> resolve_secret(const kafka::SecretRef& reference, const SecretPolicy& policy);

/// resolve_secret() for Cluster::open(); errors name the connection.
kafka::SecretResolver secret_resolver(std::string connection, SecretPolicy policy = {});

/// Puts a secret into the keychain; refer to it as "keychain:SERVICE/KEY".
/// Errors: Config (a service with a slash, an empty name), and the keychain's as above.
Result<void> store_in_keychain(const std::string& service, const std::string& key,
                               const std::string& secret, std::chrono::milliseconds wait);
Result<void> remove_from_keychain(const std::string& service, const std::string& key,
                                  std::chrono::milliseconds wait);

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every connection has, whatever is at its other end: an environment, references to secrets,
// and a health. Thread contract: plain values.
#pragma once

#include <functional>
#include <string>

#include "connectors/base/result.h"
#include "connectors/base/types.h"

namespace weir {

/// What stands at the other end. A connection that does not say is production.
enum class Environment { Production, Staging, Sandbox };

/// Where a secret is to be had: "env:NAME", "keychain:SERVICE/KEY", "command:…", "file:PATH".
/// Empty: none.
struct SecretRef {
    std::string text;
    bool empty() const { return text.empty(); }
};

/// Turns a SecretRef into the secret; see connectors/secrets/secrets.h for the real one.
using SecretResolver = std::function<Result<std::string>(const SecretRef&)>;

/// Whether a connection answers, for the status bar.
struct Health {
    enum class State { Connecting, Up, Down, AuthenticationFailed };
    State state = State::Connecting;
    Micros since;            // when this state began
    Micros last_contact{-1}; // the last answer, -1: none yet
    std::string trouble;     // with the connection's name; what is tried next
};

} // namespace weir

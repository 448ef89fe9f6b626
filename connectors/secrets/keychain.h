// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The system's keychain, asked from any thread: one thread of its own talks to it, because its jobs
// need an event loop. Inside connectors/secrets only; see secrets.h.
//
// Thread contract: any thread; blocks at most `wait`. A question the keychain does not answer in
// time stays open behind the scenes, and later ones wait for it. REQUIRES: a QCoreApplication.
#pragma once

#include <chrono>
#include <string>

#include "connectors/base/result.h"

namespace weir::keychain {

enum class Action { Read, Write, Remove };

/// The secret read; empty for the other actions.
/// Errors: NotFound, NotPermitted, Unsupported (no service runs), Timeout, Io.
Result<std::string> ask(Action action, const std::string& service, const std::string& key,
                        const std::string& secret, std::chrono::milliseconds wait);

} // namespace weir::keychain

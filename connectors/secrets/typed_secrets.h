// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a user has typed in, so that a connection can be tested and used before anything keeps it:
// in the memory of this process, under a reference that means nothing to another one. No workspace
// takes such a reference.
//
// Thread contract: any thread. Bound: the newest `typed_secrets_max`; the oldest one goes, and a
// reference to it is one to nothing.
#pragma once

#include <optional>
#include <string>

#include "connectors/base/connection.h"

namespace weir {

inline constexpr std::size_t typed_secrets_max = 256;

/// "typed:NUMBER". The same secret has the same reference as long as it is kept.
SecretRef keep_typed(const std::string& secret);

/// None: the reference is another one's.
std::optional<std::string> typed_secret(const SecretRef& reference);

} // namespace weir

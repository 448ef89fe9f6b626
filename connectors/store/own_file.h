// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where Weir's own files lie: in this user's data folder, one folder a kind, named after what they
// are about. Thread contract: any thread; blocks for the folder.
#pragma once

#include <string>

#include "connectors/base/result.h"

namespace weir::store {

struct OwnFolder {
    const char* variable; // of the environment: another place for the folder
    const char* name;     // "backlog"
    const char* keeping;  // for errors: "keeping what was seen of consumer groups"
};

/// The path of a file in it, whose folder is made. `about` comes from outside: what is no plain
/// character becomes "_", and what is too long is cut. Errors: Io.
Result<std::string> own_file(const OwnFolder& folder, const std::string& about);

} // namespace weir::store

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A whole text file, within a bound. Thread contract: a plain function.
#pragma once

#include <string>

#include "connectors/base/result.h"

namespace weir::schema {

/// Errors: NotFound, NotPermitted, TooLarge, Io.
Result<std::string> read_file_text(const std::string& file, std::size_t bytes_max);

} // namespace weir::schema

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words of command lines that are to be copied. Thread contract: pure function.
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// A word for a POSIX shell; in single quotes unless it is plain.
std::string shell_quoted(std::string_view word);

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Undoes Content-Encoding gzip and deflate, up to a limit: a small body that would become a huge
// one is given up at the limit, never after it. Thread contract: a pure function.
#pragma once

#include <string>
#include <string_view>

#include "connectors/base/result.h"

namespace weir::http {

/// gzip (also several members behind each other) or zlib, told apart by the bytes.
/// Errors: TooLarge (more than `bytes_max`), Corrupt (broken off, a checksum, other bytes).
Result<std::string> inflated(std::string_view bytes, std::size_t bytes_max);

} // namespace weir::http

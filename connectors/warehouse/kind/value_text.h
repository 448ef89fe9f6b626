// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A value as text without quotes, as PostgreSQL reads it back. Thread contract: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "connectors/warehouse/value.h"

namespace weir::warehouse {

/// A parameter, a record's key, an id: "true", digits, RFC 3339, "\x" and hex; null is "".
std::string plain_text(const Value& value);

/// Two lower-case digits a byte.
void append_hex(std::string_view bytes, std::string& out);

} // namespace weir::warehouse

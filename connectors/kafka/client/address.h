// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a text is an address of brokers, before anything connects: librdkafka drops what it
// cannot read and then has nobody to ask, or asks a port that nobody named. Thread contract: pure
// function.
#pragma once

#include <string>

#include "connectors/base/result.h"

namespace weir::kafka {

/// HOST:PORT[,HOST:PORT…], where HOST is a name, an IPv4 address or an IPv6 address in brackets;
/// without a port it is 9092. Spaces around commas do no harm. "embedded" is one, too.
/// Errors: Usage, naming the part that is off.
Result<void> check_address(const std::string& address);

} // namespace weir::kafka

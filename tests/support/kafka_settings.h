// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tests' broker is told: its listeners, users and limits. Used by kafka_broker.cpp alone.
// Thread contract: pure functions, except that set_security() sets environment variables.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "connectors/kafka/connection.h"
#include "tests/support/kafka_broker.h"

namespace weir::test {

/// Raise it when users or passwords change: what was formatted with the old ones is not used again.
inline constexpr int users_version = 2;

const char* listener_name(Listener listener);
std::map<std::string, int> choose_ports();
std::string server_properties(const std::string& folder, const std::map<std::string, int>& ports,
                              const std::map<std::string, std::string>& more);
std::vector<std::string> scram_credentials();
void set_security(kafka::Security& security, Listener listener, const std::string& user,
                  const std::string& certificates);

} // namespace weir::test

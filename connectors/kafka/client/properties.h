// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which librdkafka properties a workspace or a command line may set. What is not on the list is
// refused, with the reason: some run code (plugins, engines, kinit), some would leave a trace on
// the cluster (groups, commits, topics), some hold secrets, which have a place of their own.
//
// Thread contract: pure functions. Bound: a property's value is at most 4 KiB.
#pragma once

#include <string>
#include <vector>

#include "connectors/base/result.h"
#include "connectors/kafka/connection.h"

namespace weir::kafka {

/// Whether one further property may be passed on to librdkafka. The error names the property and
/// never repeats the value.
/// Errors: Refused (Weir will not pass it on), Config (an impossible value).
Result<void> check_property(const std::string& connection, const std::string& name,
                            const std::string& value);

/// All of options.properties.
Result<void> check_properties(const ConnectionOptions& options);

/// One "-X name=value" as kcat has it: what Security has a field for goes there (security.protocol,
/// sasl.*, ssl.*), bootstrap.servers to the address, the rest to options.properties. A secret must
/// be a reference ("env:NAME", "file:PATH", "keychain:SERVICE/KEY", "command:…").
/// Errors: Refused, Config, Usage (no "=").
Result<void> apply_property(ConnectionOptions& options, const std::string& assignment);

struct Property {
    std::string name;
    std::string value;
    SecretRef secret; // in the place of the value; empty: there is one
};

/// What apply_property() would have to be given for such a connection, in kcat's order: the
/// protocol first. Without its address, and without a token's source, which -X cannot say.
std::vector<Property> properties_of(const ConnectionOptions& options);

} // namespace weir::kafka

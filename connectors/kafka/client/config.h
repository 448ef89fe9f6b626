// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From how a connection is described to what librdkafka is told: address, TLS, login, the allowed
// properties, and what law 6 rests on. Inside connectors/kafka only.
//
// Secrets are resolved here, go into the configuration, and are in no error. Thread contract: pure
// functions; the resolver may block. Bound: what the resolver states.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

#include "connectors/base/result.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/connection.h"

namespace weir::kafka {

class ClientHooks;

struct DestroyConfig {
    void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using ConfigHandle = std::unique_ptr<rd_kafka_conf_t, DestroyConfig>;

/// What the client is made for.
enum class Purpose {
    Observe, // consumer without a group: no commit, no topic created, no silent reset
    Produce, // sandbox.h alone
    Join,    // a member of a group: likewise, for it writes commits
};

/// `hooks` must outlive the client and take the configuration's opaque; without them there is no
/// OAUTHBEARER.
/// Errors: Config (a combination that cannot be, a file that is not there), Refused (a property),
/// and what the resolver says of a secret.
Result<ConfigHandle> build_config(const ConnectionOptions& options, const SecretResolver& secrets,
                                  Purpose purpose, ClientHooks* hooks = nullptr);

/// As librdkafka calls them: "sasl_ssl"; "SCRAM-SHA-256", and "" for none.
const char* to_word(Protocol protocol);
const char* to_word(Mechanism mechanism);

/// Whether the description can be at all, without resolving a secret or touching the network.
/// Errors: Config, Refused.
Result<void> check_options(const ConnectionOptions& options);

} // namespace weir::kafka

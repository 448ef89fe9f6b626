// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a Kafka cluster is reached: plain values, as they stand in a workspace or on a command line.
// Secrets are never in here: only references to where one is to be had (connectors/secrets).
// Thread contract: plain values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "connectors/base/connection.h"

namespace weir::kafka {

using weir::Environment;
using weir::SecretRef;

enum class Protocol { Plaintext, Ssl, SaslPlaintext, SaslSsl };
enum class Mechanism { None, Plain, ScramSha256, ScramSha512, OAuthBearer };

struct OAuth {
    enum class Source { None, ClientCredentials, File, Command };
    Source source = Source::None;
    std::string token_endpoint; // https only, but for loopback
    std::string client_id;
    SecretRef client_secret;
    std::string scope;
    std::string file;    // a JWT, re-read before it expires
    std::string command; // prints a JWT, or {"access_token", "expires_in"}
    std::string principal;
};

struct Security {
    Protocol protocol = Protocol::Plaintext;
    std::string ca_file;          // PEM; empty: the system's
    std::string certificate_file; // PEM client certificate
    std::string key_file;         // PEM client key
    SecretRef key_password;
    std::string keystore_file; // PKCS#12, instead of the two above
    SecretRef keystore_password;
    bool verify_hostname = true;
    Mechanism mechanism = Mechanism::None;
    std::string username;
    SecretRef password;
    OAuth oauth;
};

/// The read limit of a connection of which nobody says any, in MB a second; 0: none. On
/// production it leaves a 1 Gbit/s link room for others, and lets 100,000 usual events a second
/// through.
constexpr double usual_read_budget_mb_s(Environment environment) {
    return environment == Environment::Production ? 75 : 0;
}

struct ConnectionOptions {
    std::string name;      // as the user calls it; stands in every error
    std::string bootstrap; // HOST:PORT[,…]; "embedded" is resolved before it comes here
    Environment environment = Environment::Production;
    Security security;
    /// Further librdkafka properties; each must pass the allow-list (see properties.h).
    std::map<std::string, std::string> properties;
    double read_budget_mb_s = 0;      // MB (10^6 bytes) a second over all readers; 0: no limit
    bool environment_assumed = false; // nobody said what it is: see Cluster::cluster_id()
};

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tokens for OAUTHBEARER, fetched by Weir itself (Debian's librdkafka has no OIDC): by client
// credentials over HTTPS, from a file, or from a command. librdkafka asks for the next token when
// 80 % of the present one's life has passed, and again after 10 s where there was none.
//
// A command runs only if the resolver allows it, which it does for connections the user approved
// (law 7); it is run without a shell. The client's secret goes only to the token endpoint: https
// (http on the loopback alone), no redirects. Neither secrets nor tokens are in an error.
//
// Thread contract: fetch() and trouble() from any thread; refresh() from librdkafka's own thread
// (client_hooks.h), one at a time. Bound: a token of 64 KiB, an answer of 1 MiB, 10 s.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <mutex>
#include <string>

#include "connectors/base/result.h"
#include "connectors/base/types.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/connection.h"

namespace weir::kafka {

struct Token {
    std::string value;
    Micros expires;
    std::string principal; // oauth.principal, else the token's "sub", else the client id
};

class TokenSource {
  public:
    /// Checks the description; fetches nothing yet. Null, and no error, for other mechanisms.
    /// Errors: Config.
    static Result<std::shared_ptr<TokenSource>> create(const ConnectionOptions& options,
                                                       SecretResolver secrets);

    /// Blocks up to 10 s. Errors: Config (not a token, already expired), Authentication (the
    /// endpoint refused the client), Connection, Timeout, TooLarge, and the resolver's.
    Result<Token> fetch() const;

    /// Gives the client its next token, or tells it that there is none.
    void refresh(rd_kafka_t* client);

    /// Why the last refresh failed; empty if it did not.
    std::string trouble() const;

  private:
    TokenSource(const ConnectionOptions& options, SecretResolver secrets);
    Result<Token> from_text(const std::string& text) const;
    Result<std::string> ask_endpoint() const;

    const std::string m_connection;
    const OAuth m_oauth;
    const SecretResolver m_secrets;
    mutable std::mutex m_mutex;
    std::string m_trouble; // guarded by m_mutex
};

} // namespace weir::kafka

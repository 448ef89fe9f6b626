// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A connection's TLS settings as OpenSSL has them: whom to trust, what to show, and the properties
// ssl.cipher.suites, ssl.curves.list, ssl.sigalgs.list and ssl.crl.location as librdkafka takes
// them. The broker's certificate is always checked; its name unless the connection says otherwise.
//
// Thread contract: create() from any thread, may block while a secret is fetched; start() from one
// thread. Bound: what OpenSSL holds.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "connectors/base/result.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/connection.h"

namespace weir::kafka {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* t) const {
        Free(t);
    }
};
using SslHandle = std::unique_ptr<SSL, FreeWith<SSL_free>>;

class TlsContext {
  public:
    /// Errors: Config (a file that cannot be used), and what the resolver says of a secret.
    static Result<std::shared_ptr<TlsContext>> create(const ConnectionOptions& options,
                                                      const SecretResolver& secrets);

    /// A session with `host` (a name or an address) over a connected socket. Null: no memory.
    SslHandle start(int socket, const std::string& host) const;

  private:
    TlsContext() = default;
    std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>> m_context;
    bool m_verify_hostname = true;
};

/// The reason of OpenSSL's newest error in this thread, which is then forgotten; empty: none.
std::string take_tls_error();

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The client's side of SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677), without a network.
// Both sides prove that they know the password: a broker whose signature is wrong is refused.
//
// Names and passwords go in as their UTF-8 bytes, without SASLprep, because Kafka stores them so;
// what SASLprep would map to another spelling is for Kafka another password.
//
// Thread contract: one thread. Bound: a slice of the salted password a call (salted_password.h);
// ScramKeys saves it where the salt is the last one's.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "connectors/base/result.h"
#include "connectors/kafka/login/salted_password.h"

namespace weir::kafka {

/// Who logs in, and the salted password of the last time (all brokers of a cluster share the salt):
/// logins at the same time compute it together. Its secrets are wiped at its end.
struct ScramKeys {
    ScramHash hash = ScramHash::Sha256;
    std::string user;
    std::string password;
    std::shared_ptr<SaltedPassword> salted;

    ScramKeys() = default;
    ~ScramKeys();
    ScramKeys(const ScramKeys&) = delete;
    ScramKeys& operator=(const ScramKeys&) = delete;
};

class ScramClient {
  public:
    /// `nonce`: printable ASCII without a comma; fresh_nonce() but in tests.
    ScramClient(std::shared_ptr<ScramKeys> keys, std::string nonce);

    /// 192 random bits. Errors: Internal (there is no randomness).
    static Result<std::string> fresh_nonce();

    std::string client_first() const;
    /// Empty: the password is not salted yet; call again with the same message.
    /// Errors: those of parse_server_first; Refused (the broker does not repeat our nonce).
    Result<std::string> client_final(std::string_view server_first);
    /// Errors: Corrupt; Authentication (the broker's word for it, or its signature is wrong).
    /// REQUIRES: client_final() went well.
    Result<void> check(std::string_view server_final) const;

  private:
    std::string first_bare() const;

    std::shared_ptr<ScramKeys> m_keys;
    const std::string m_nonce;
    std::shared_ptr<SaltedPassword> m_salted; // kept, should another login ask for another salt
    std::string m_server_signature;
};

} // namespace weir::kafka

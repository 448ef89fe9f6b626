// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One login by SCRAM at one broker, as bytes in and bytes out: asks which versions the broker knows
// (ApiVersions), names the mechanism (SaslHandshake), and lets both sides prove that they know the
// password (SaslAuthenticate, twice). Knows of no socket.
//
// Errors say what is wrong in the words that librdkafka uses for it, so that explain.h knows them.
// A password is in none of them.
//
// Thread contract: one thread. Bound: answers of 64 KiB, one at a time; see scram.h for the hash.
#pragma once

#include <memory>
#include <optional>

#include "connectors/kafka/login/login_frames.h"
#include "connectors/kafka/login/scram.h"

namespace weir::kafka {

class ScramLogin {
  public:
    /// Errors: Internal.
    static Result<ScramLogin> create(std::shared_ptr<ScramKeys> keys);

    /// What is to be sent first.
    std::string begin();
    /// What came; returns what is to be sent now, which may be nothing yet. Errors: Authentication
    /// (one side refused the other, or the mechanism), Unsupported (a broker older than Kafka 1.0),
    /// Corrupt.
    Result<std::string> receive(std::string_view bytes);

    /// Nothing is to be sent before the password is salted: a slice of it is computed by each call,
    /// which returns as receive() does, and takes nothing more from the broker meanwhile.
    bool salting() const { return m_step == Step::Salting; }
    Result<std::string> salt_on();

    bool done() const { return m_step == Step::Done; }
    /// Nothing that made sense came yet.
    bool unanswered() const { return m_step == Step::Versions; }
    /// How long the broker takes requests after the login; 0: without end. REQUIRES: done()
    std::chrono::milliseconds session() const { return m_session; }

  private:
    enum class Step { Versions, Handshake, First, Salting, Final, Done };
    ScramLogin(std::shared_ptr<ScramKeys> keys, std::string nonce);
    const char* mechanism() const;
    std::string request(LoginApi api, int version, std::string_view body);
    Result<std::string> take(const std::string& frame);
    Result<std::string> take_versions(const std::string& frame);
    Result<std::string> take_handshake(const std::string& frame);
    Result<std::string> take_challenge(const std::string& frame);
    Result<std::string> take_verdict(const std::string& frame);

    ScramHash m_hash;
    ScramClient m_scram;
    LoginInbox m_inbox;
    Step m_step = Step::Versions;
    std::string m_challenge;        // while salting
    std::int32_t m_correlation = 0; // of the last request
    int m_authenticate_version = 0;
    std::chrono::milliseconds m_session{0};
};

} // namespace weir::kafka

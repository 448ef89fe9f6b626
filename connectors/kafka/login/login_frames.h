// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The three requests of Kafka's protocol that a login is made of, and their answers: ApiVersions
// v0, SaslHandshake v1, SaslAuthenticate v0 and v1. None of them is of the "flexible" kind.
//
// Thread contract: plain values, pure functions. Bound: an answer of 64 KiB.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"

namespace weir::kafka {

constexpr std::size_t login_frame_bytes_max = 64 * 1024;

enum class LoginApi : std::int16_t { SaslHandshake = 17, ApiVersions = 18, SaslAuthenticate = 36 };

/// A whole request with its length. `body` as the API has it.
std::string login_request(LoginApi api, std::int16_t version, std::int32_t correlation,
                          std::string_view body);
std::string handshake_body(std::string_view mechanism);
std::string authenticate_body(std::string_view message);

/// Cuts frames out of a stream of bytes. A frame is without its length.
class LoginInbox {
  public:
    void add(std::string_view bytes) { m_bytes.append(bytes); }
    /// Nothing: more bytes are needed. Errors: Corrupt (a length that no answer has; the text says
    /// it as librdkafka does, because it tells what else is there: see explain.cpp).
    Result<std::optional<std::string>> take();
    /// Bytes that are there and not taken.
    std::size_t waiting() const { return m_bytes.size(); }

  private:
    std::string m_bytes;
};

/// The answers, each from a frame to the request with that correlation. Errors: Corrupt.
struct VersionsAnswer {
    std::int16_t error = 0;
    int authenticate_version_max = -1; // -1: the broker does not know SaslAuthenticate
};
Result<VersionsAnswer> read_versions(std::string_view frame, std::int32_t correlation);

struct HandshakeAnswer {
    std::int16_t error = 0;
    std::vector<std::string> mechanisms;
};
Result<HandshakeAnswer> read_handshake(std::string_view frame, std::int32_t correlation);

struct AuthenticateAnswer {
    std::int16_t error = 0;
    std::string why; // the broker's words
    std::string message;
    std::chrono::milliseconds session{0}; // 0: without end
};
Result<AuthenticateAnswer> read_authenticate(std::string_view frame, std::int32_t correlation,
                                             int version);

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/scram_login.h"

#include <algorithm>

namespace weir::kafka {
namespace {

constexpr int authenticate_version_newest = 1;
constexpr std::size_t why_bytes_max = 512;

/// The broker's words, fit for one line.
std::string one_line(std::string text) {
    text.resize(std::min(text.size(), why_bytes_max));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return std::uint8_t(c) < 0x20; }, ' ');
    return text;
}

Error refused(const std::string& why) {
    return Error{.code = ErrorCode::Authentication, .what = "SASL authentication error: " + why};
}

Error ours(const Error& error) {
    return Error{.code = error.code, .what = "SASL authentication error: " + error.what};
}

} // namespace

Result<ScramLogin> ScramLogin::create(std::shared_ptr<ScramKeys> keys) {
    auto nonce = ScramClient::fresh_nonce();
    if (!nonce)
        return nonce.error();
    return ScramLogin(std::move(keys), *nonce);
}

ScramLogin::ScramLogin(std::shared_ptr<ScramKeys> keys, std::string nonce)
    : m_hash(keys->hash)
    , m_scram(std::move(keys), std::move(nonce)) {}

const char* ScramLogin::mechanism() const {
    return m_hash == ScramHash::Sha256 ? "SCRAM-SHA-256" : "SCRAM-SHA-512";
}

std::string ScramLogin::request(LoginApi api, int version, std::string_view body) {
    return login_request(api, std::int16_t(version), ++m_correlation, body);
}

std::string ScramLogin::begin() {
    return request(LoginApi::ApiVersions, 0, {});
}

Result<std::string> ScramLogin::receive(std::string_view bytes) {
    m_inbox.add(bytes);
    const auto frame = m_inbox.take();
    if (!frame)
        return frame.error();
    if (!*frame)
        return std::string();
    // The broker answers one question; it has nothing else to say before the next.
    if (m_inbox.waiting() > 0 || done() || salting())
        return Error{.code = ErrorCode::Corrupt,
                     .what = "the broker sent more than an answer during the login"};
    return take(**frame);
}

Result<std::string> ScramLogin::take(const std::string& frame) {
    switch (m_step) {
    case Step::Versions:
        return take_versions(frame);
    case Step::Handshake:
        return take_handshake(frame);
    case Step::First:
        return take_challenge(frame);
    default:
        return take_verdict(frame);
    }
}

Result<std::string> ScramLogin::take_versions(const std::string& frame) {
    const auto answer = read_versions(frame, m_correlation);
    if (!answer)
        return answer.error();
    if (answer->error != 0 || answer->authenticate_version_max < 0)
        return Error{.code = ErrorCode::Unsupported,
                     .what = "the broker is older than Kafka 1.0 and takes no login by SCRAM"};
    m_authenticate_version =
        std::min(answer->authenticate_version_max, authenticate_version_newest);
    m_step = Step::Handshake;
    return request(LoginApi::SaslHandshake, 1, handshake_body(mechanism()));
}

Result<std::string> ScramLogin::take_handshake(const std::string& frame) {
    const auto answer = read_handshake(frame, m_correlation);
    if (!answer)
        return answer.error();
    if (answer->error != 0) {
        std::string offered;
        for (const std::string& one : answer->mechanisms)
            offered += (offered.empty() ? "" : ",") + one;
        return Error{.code = ErrorCode::Authentication,
                     .what = std::string("SASL ") + mechanism() +
                             " mechanism handshake failed: broker's supported mechanisms: " +
                             one_line(offered)};
    }
    m_step = Step::First;
    return request(LoginApi::SaslAuthenticate, m_authenticate_version,
                   authenticate_body(m_scram.client_first()));
}

Result<std::string> ScramLogin::take_challenge(const std::string& frame) {
    const auto answer = read_authenticate(frame, m_correlation, m_authenticate_version);
    if (!answer)
        return answer.error();
    if (answer->error != 0)
        return refused(one_line(answer->why));
    m_challenge = answer->message;
    m_step = Step::Salting;
    return salt_on();
}

Result<std::string> ScramLogin::salt_on() {
    const auto proof = m_scram.client_final(m_challenge);
    if (!proof)
        return ours(proof.error());
    if (proof->empty())
        return std::string();
    m_step = Step::Final;
    return request(LoginApi::SaslAuthenticate, m_authenticate_version, authenticate_body(*proof));
}

Result<std::string> ScramLogin::take_verdict(const std::string& frame) {
    const auto answer = read_authenticate(frame, m_correlation, m_authenticate_version);
    if (!answer)
        return answer.error();
    if (answer->error != 0)
        return refused(one_line(answer->why));
    if (const auto checked = m_scram.check(answer->message); !checked)
        return ours(checked.error());
    m_session = answer->session;
    m_step = Step::Done;
    return std::string();
}

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/scram.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "connectors/base/base64.h"
#include "connectors/kafka/login/octets.h"
#include "connectors/kafka/login/scram_message.h"

namespace weir::kafka {
namespace {

constexpr std::string_view no_channel_binding = "n,,";

std::size_t size_of(ScramHash hash) {
    return hash == ScramHash::Sha256 ? 32 : 64;
}

/// The functions of RFC 5802, section 2.2; empty if OpenSSL fails.
std::string hmac(ScramHash hash, const std::string& key, std::string_view text) {
    std::string result(size_of(hash), '\0');
    return HMAC(digest_of(hash), key.data(), int(key.size()), octets(text), text.size(),
                octets(result), nullptr)
               ? result
               : std::string();
}

std::string digest(ScramHash hash, std::string_view text) {
    std::string result(size_of(hash), '\0');
    return EVP_Digest(text.data(), text.size(), octets(result), nullptr, digest_of(hash), nullptr)
               ? result
               : std::string();
}

void wipe(std::string& secret) {
    OPENSSL_cleanse(secret.data(), secret.size());
    secret.clear();
}

Error failed_crypto() {
    return Error{.code = ErrorCode::Internal, .what = "OpenSSL did not compute a hash"};
}

} // namespace

ScramKeys::~ScramKeys() {
    wipe(password);
}

ScramClient::ScramClient(std::shared_ptr<ScramKeys> keys, std::string nonce)
    : m_keys(std::move(keys))
    , m_nonce(std::move(nonce)) {}

Result<std::string> ScramClient::fresh_nonce() {
    std::string random(24, '\0');
    if (RAND_bytes(octets(random), int(random.size())) != 1)
        return Error{.code = ErrorCode::Internal, .what = "OpenSSL has no random numbers"};
    return base64_encoded(random);
}

std::string ScramClient::first_bare() const {
    return "n=" + scram_name(m_keys->user) + ",r=" + m_nonce;
}

std::string ScramClient::client_first() const {
    return std::string(no_channel_binding) + first_bare();
}

Result<std::string> ScramClient::client_final(std::string_view server_first) {
    const auto first = parse_server_first(server_first);
    if (!first)
        return first.error();
    if (first->nonce.size() <= m_nonce.size() || first->nonce.rfind(m_nonce, 0) != 0)
        return Error{.code = ErrorCode::Refused,
                     .what = "the broker's challenge does not belong to this login"};
    const ScramHash hash = m_keys->hash;
    const auto fits = [&](const std::shared_ptr<SaltedPassword>& salted) {
        return salted && salted->is_for(first->salt, first->iterations);
    };
    if (!fits(m_salted)) {
        if (!fits(m_keys->salted))
            m_keys->salted = std::make_shared<SaltedPassword>(hash, m_keys->password, first->salt,
                                                              first->iterations);
        m_salted = m_keys->salted;
    }
    if (!m_salted->done() && !m_salted->go_on())
        return failed_crypto();
    if (!m_salted->done())
        return std::string();
    const std::string without_proof =
        "c=" + base64_encoded(no_channel_binding) + ",r=" + first->nonce;
    const std::string all = first_bare() + "," + std::string(server_first) + "," + without_proof;
    std::string client_key = hmac(hash, m_salted->value(), "Client Key");
    std::string server_key = hmac(hash, m_salted->value(), "Server Key");
    const std::string signature = hmac(hash, digest(hash, client_key), all);
    m_server_signature = hmac(hash, server_key, all);
    std::string proof = client_key;
    for (std::size_t i = 0; i < proof.size() && i < signature.size(); ++i)
        proof[i] = char(proof[i] ^ signature[i]);
    wipe(client_key);
    wipe(server_key);
    if (signature.empty() || m_server_signature.empty() || proof.size() != signature.size())
        return failed_crypto();
    return without_proof + ",p=" + base64_encoded(proof);
}

Result<void> ScramClient::check(std::string_view server_final) const {
    const auto final = parse_server_final(server_final);
    if (!final)
        return final.error();
    if (!final->error.empty())
        return Error{.code = ErrorCode::Authentication, .what = final->error};
    if (m_server_signature.empty() || final->signature.size() != m_server_signature.size() ||
        CRYPTO_memcmp(final->signature.data(), m_server_signature.data(),
                      m_server_signature.size()) != 0)
        return Error{.code = ErrorCode::Authentication,
                     .what = "the broker could not prove that it knows the password"};
    return {};
}

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/salted_password.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>

#include "connectors/kafka/login/octets.h"

namespace weir::kafka {
namespace {

constexpr std::string_view first_block("\0\0\0\1", 4);

/// Keyed, and ready to be used again and again. Null: OpenSSL failed.
EVP_MAC_CTX* keyed_mac(ScramHash hash, std::string_view key) {
    EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    EVP_MAC_CTX* const mac = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    std::string name = EVP_MD_get0_name(digest_of(hash));
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end()};
    if (mac != nullptr && EVP_MAC_init(mac, octets(key), key.size(), parameters.data()) == 1)
        return mac;
    EVP_MAC_CTX_free(mac);
    return nullptr;
}

} // namespace

const EVP_MD* digest_of(ScramHash hash) {
    return hash == ScramHash::Sha256 ? EVP_sha256() : EVP_sha512();
}

void SaltedPassword::FreeMac::operator()(EVP_MAC_CTX* mac) const {
    EVP_MAC_CTX_free(mac);
}

SaltedPassword::SaltedPassword(ScramHash hash, std::string_view password, std::string salt,
                               int iterations)
    : m_salt(std::move(salt))
    , m_iterations(iterations)
    , m_mac(keyed_mac(hash, password))
    , m_last(static_cast<std::size_t>(EVP_MD_get_size(digest_of(hash))), '\0')
    , m_sum(m_last) {}

SaltedPassword::~SaltedPassword() {
    OPENSSL_cleanse(m_last.data(), m_last.size());
    OPENSSL_cleanse(m_sum.data(), m_sum.size());
}

bool SaltedPassword::hash(std::string_view text) {
    std::size_t size = 0;
    auto* const out = reinterpret_cast<unsigned char*>(m_last.data());
    return EVP_MAC_init(m_mac.get(), nullptr, 0, nullptr) == 1 && // with the key it has
           EVP_MAC_update(m_mac.get(), octets(text), text.size()) == 1 &&
           EVP_MAC_final(m_mac.get(), out, &size, m_last.size()) == 1 && size == m_last.size();
}

bool SaltedPassword::go_on() {
    if (!m_mac)
        return false;
    for (const int until = std::min(m_iterations, m_done + slice); m_done < until; ++m_done) {
        if (!(m_done == 0 ? hash(m_salt + std::string(first_block)) : hash(m_last)))
            return false;
        for (std::size_t i = 0; i < m_sum.size(); ++i)
            m_sum[i] = static_cast<char>(m_sum[i] ^ m_last[i]);
    }
    return true;
}

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The salted password of SCRAM: Hi() of RFC 5802, section 2.2 (PBKDF2 with one block), computed in
// slices of a few milliseconds, so that whoever computes it can do other things in between.
//
// Thread contract: one thread. Bound: `slice` runs of the hash a call; its secrets are wiped at its
// end.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

namespace weir::kafka {

enum class ScramHash { Sha256, Sha512 };

const EVP_MD* digest_of(ScramHash hash);

class SaltedPassword {
  public:
    /// As many as Kafka asks for by default.
    static constexpr int slice = 4096;

    SaltedPassword(ScramHash hash, std::string_view password, std::string salt, int iterations);
    ~SaltedPassword();
    SaltedPassword(const SaltedPassword&) = delete;
    SaltedPassword& operator=(const SaltedPassword&) = delete;

    bool is_for(std::string_view salt, int iterations) const {
        return salt == m_salt && iterations == m_iterations;
    }
    /// One slice. False: OpenSSL did not compute the hash.
    bool go_on();
    bool done() const { return m_done == m_iterations; }
    /// REQUIRES: done()
    const std::string& value() const { return m_sum; }

  private:
    struct FreeMac {
        void operator()(EVP_MAC_CTX* mac) const;
    };
    bool hash(std::string_view text); // m_last becomes the text's HMAC

    const std::string m_salt;
    const int m_iterations;
    const std::unique_ptr<EVP_MAC_CTX, FreeMac> m_mac; // null: OpenSSL gave none
    std::string m_last;
    std::string m_sum; // all of them so far, by XOR
    int m_done = 0;
};

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/tls_context.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace weir::kafka {
namespace {

using KeyHandle = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, FreeWith<X509_free>>;
using Pkcs12Handle = std::unique_ptr<PKCS12, FreeWith<PKCS12_free>>;
using BioHandle = std::unique_ptr<BIO, FreeWith<BIO_free>>;

struct FreeChain {
    void operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }
};
using ChainHandle = std::unique_ptr<STACK_OF(X509), FreeChain>;

Error unusable(const ConnectionOptions& options, const std::string& what,
               const std::string& advice) {
    const std::string why = take_tls_error();
    return Error{.code = ErrorCode::Config,
                 .what = what + (why.empty() ? "" : ": " + why),
                 .where = options.name,
                 .advice = advice};
}

Error unusable_file(const ConnectionOptions& options, const char* role, const std::string& path) {
    return unusable(options, std::string(role) + " \"" + path + "\" cannot be used",
                    "Check the path, that you may read the file, and what it holds.");
}

/// OpenSSL would ask at the terminal for a password that it is not given.
int give_password(char* buffer, int size, int, void* password) {
    const std::string& text = *static_cast<std::string*>(password);
    if (text.size() > std::size_t(size))
        return -1;
    std::copy(text.begin(), text.end(), buffer);
    return int(text.size());
}

Result<std::string> resolve(const SecretRef& reference, const SecretResolver& secrets) {
    if (reference.empty())
        return std::string();
    if (!secrets)
        return Error{.code = ErrorCode::Config, .what = "no secrets can be had here"};
    return secrets(reference);
}

Result<void> trust(SSL_CTX* context, const ConnectionOptions& options) {
    const std::string& file = options.security.ca_file;
    if (!file.empty() && SSL_CTX_load_verify_file(context, file.c_str()) != 1)
        return unusable_file(options, "the CA file", file);
    if (file.empty() && SSL_CTX_set_default_verify_paths(context) != 1)
        return unusable(options, "the system's authorities cannot be used", "Set ca_file.");
    return {};
}

Result<void> show_pem(SSL_CTX* context, const ConnectionOptions& options,
                      const SecretResolver& secrets) {
    const Security& security = options.security;
    if (security.certificate_file.empty())
        return {};
    auto password = resolve(security.key_password, secrets);
    if (!password)
        return password.error();
    if (SSL_CTX_use_certificate_chain_file(context, security.certificate_file.c_str()) != 1)
        return unusable_file(options, "the client certificate", security.certificate_file);
    SSL_CTX_set_default_passwd_cb(context, give_password);
    SSL_CTX_set_default_passwd_cb_userdata(context, &*password);
    const int used =
        SSL_CTX_use_PrivateKey_file(context, security.key_file.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
    SSL_CTX_set_default_passwd_cb(context, nullptr);
    if (used != 1 || SSL_CTX_check_private_key(context) != 1)
        return unusable_file(options, "the client key", security.key_file);
    return {};
}

Result<void> show_pkcs12(SSL_CTX* context, const ConnectionOptions& options,
                         const SecretResolver& secrets) {
    const std::string& file = options.security.keystore_file;
    if (file.empty())
        return {};
    const auto password = resolve(options.security.keystore_password, secrets);
    if (!password)
        return password.error();
    const BioHandle bytes(BIO_new_file(file.c_str(), "rb"));
    const Pkcs12Handle store(bytes ? d2i_PKCS12_bio(bytes.get(), nullptr) : nullptr);
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    STACK_OF(X509)* chain = nullptr;
    if (!store || PKCS12_parse(store.get(), password->c_str(), &key, &certificate, &chain) != 1)
        return unusable_file(options, "the PKCS#12 file", file);
    const KeyHandle own_key(key);
    const CertificateHandle own_certificate(certificate);
    const ChainHandle own_chain(chain);
    if (!key || !certificate || SSL_CTX_use_certificate(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey(context, key) != 1 ||
        (chain && SSL_CTX_set1_chain(context, chain) != 1))
        return unusable_file(options, "the PKCS#12 file", file);
    return {};
}

bool check_revocations(SSL_CTX* context, const char* file) {
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    return X509_STORE_load_locations(store, file, nullptr) == 1 &&
           X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK) == 1;
}

Result<void> apply_properties(SSL_CTX* context, const ConnectionOptions& options) {
    struct Setting {
        const char* name;
        bool (*apply)(SSL_CTX* context, const char* value);
    };
    constexpr Setting settings[] = {
        {"ssl.cipher.suites",
         [](SSL_CTX* c, const char* v) { return SSL_CTX_set_cipher_list(c, v) == 1; }},
        {"ssl.curves.list",
         [](SSL_CTX* c, const char* v) { return SSL_CTX_set1_curves_list(c, v) == 1; }},
        {"ssl.sigalgs.list",
         [](SSL_CTX* c, const char* v) { return SSL_CTX_set1_sigalgs_list(c, v) == 1; }},
        {"ssl.crl.location", check_revocations},
    };
    for (const Setting& setting : settings) {
        const auto given = options.properties.find(setting.name);
        if (given != options.properties.end() && !setting.apply(context, given->second.c_str()))
            return unusable(options,
                            std::string("the value of \"") + setting.name + "\" cannot be used",
                            "Check the property's value.");
    }
    return {};
}

} // namespace

std::string take_tls_error() {
    const unsigned long error = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = error ? ERR_reason_error_string(error) : nullptr;
    return reason ? reason : "";
}

Result<std::shared_ptr<TlsContext>> TlsContext::create(const ConnectionOptions& options,
                                                       const SecretResolver& secrets) {
    std::shared_ptr<TlsContext> made(new TlsContext);
    made->m_verify_hostname = options.security.verify_hostname;
    made->m_context.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* context = made->m_context.get();
    if (!context)
        return unusable(options, "OpenSSL cannot be used", {});
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    // Without renegotiation, writing never waits for something to read.
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    if (auto fine = trust(context, options); !fine)
        return fine.error();
    if (auto fine = show_pem(context, options, secrets); !fine)
        return fine.error();
    if (auto fine = show_pkcs12(context, options, secrets); !fine)
        return fine.error();
    if (auto fine = apply_properties(context, options); !fine)
        return fine.error();
    return made;
}

SslHandle TlsContext::start(int socket, const std::string& host) const {
    SslHandle session(SSL_new(m_context.get()));
    if (!session || SSL_set_fd(session.get(), socket) != 1)
        return nullptr;
    unsigned char address[sizeof(in6_addr)];
    const bool numeric = inet_pton(AF_INET, host.c_str(), address) == 1 ||
                         inet_pton(AF_INET6, host.c_str(), address) == 1;
    // Server name indication is for names only (RFC 6066, section 3).
    if (!numeric && SSL_set_tlsext_host_name(session.get(), host.c_str()) != 1)
        return nullptr;
    if (m_verify_hostname &&
        (numeric ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), host.c_str())
                 : SSL_set1_host(session.get(), host.c_str())) != 1)
        return nullptr;
    SSL_set_connect_state(session.get());
    return session;
}

} // namespace weir::kafka

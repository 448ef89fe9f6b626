// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/config.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

#include "connectors/kafka/client/address.h"
#include "connectors/kafka/client/client_hooks.h"
#include "connectors/kafka/client/properties.h"

namespace weir::kafka {
namespace {

Error impossible(const ConnectionOptions& options, const std::string& what,
                 const std::string& advice) {
    return Error{.code = ErrorCode::Config, .what = what, .where = options.name, .advice = advice};
}

bool uses_tls(const Security& security) {
    return security.protocol == Protocol::Ssl || security.protocol == Protocol::SaslSsl;
}

bool uses_login(const Security& security) {
    return security.protocol == Protocol::SaslPlaintext || security.protocol == Protocol::SaslSsl;
}

/// Collects properties; the first that librdkafka refuses stays as the error.
class Setter {
  public:
    Setter(rd_kafka_conf_t* conf, const ConnectionOptions& options)
        : m_conf(conf)
        , m_options(options) {}

    void set(const char* name, const std::string& value) {
        char why[512] = "";
        if (m_result.ok() &&
            rd_kafka_conf_set(m_conf, name, value.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK)
            // Not `why`: it repeats the value.
            m_result = impossible(m_options,
                                  std::string("librdkafka refuses the value of \"") + name + "\"",
                                  "Check the property's value.");
    }

    void set_file(const char* name, const std::string& path, const char* role) {
        if (path.empty() || !m_result.ok())
            return;
        if (access(path.c_str(), R_OK) != 0)
            m_result = impossible(m_options,
                                  std::string(role) + " \"" + path +
                                      "\" cannot be read: " + std::strerror(errno),
                                  "Check the path, and that you may read the file.");
        set(name, path);
    }

    void set_secret(const char* name, const SecretRef& reference, const SecretResolver& secrets) {
        if (reference.empty() || !m_result.ok())
            return;
        Result<std::string> secret =
            secrets ? secrets(reference)
                    : Result<std::string>(impossible(m_options, "no secrets can be had here", ""));
        if (!secret) {
            m_result = std::move(secret).error();
            return;
        }
        set(name, *secret);
    }

    Result<void>& result() { return m_result; }

  private:
    rd_kafka_conf_t* m_conf;
    const ConnectionOptions& m_options;
    Result<void> m_result;
};

void set_tls(Setter& setter, const Security& security, const SecretResolver& secrets) {
    setter.set_file("ssl.ca.location", security.ca_file, "the CA file");
    setter.set_file("ssl.certificate.location", security.certificate_file,
                    "the client certificate");
    setter.set_file("ssl.key.location", security.key_file, "the client key");
    setter.set_secret("ssl.key.password", security.key_password, secrets);
    setter.set_file("ssl.keystore.location", security.keystore_file, "the PKCS#12 file");
    setter.set_secret("ssl.keystore.password", security.keystore_password, secrets);
    setter.set("enable.ssl.certificate.verification", "true");
    setter.set("ssl.endpoint.identification.algorithm",
               security.verify_hostname ? "https" : "none");
}

void set_login(Setter& setter, const Security& security, const SecretResolver& secrets) {
    setter.set("sasl.mechanism", to_word(security.mechanism));
    if (security.mechanism == Mechanism::OAuthBearer)
        return;
    setter.set("sasl.username", security.username);
    setter.set_secret("sasl.password", security.password, secrets);
}

Result<void> check_tls(const ConnectionOptions& options) {
    const Security& security = options.security;
    const bool pem = !security.certificate_file.empty() || !security.key_file.empty();
    const bool given = pem || !security.ca_file.empty() || !security.keystore_file.empty();
    if (!uses_tls(security) && given)
        return impossible(options, "certificates are given, but the protocol is without TLS",
                          "Set the protocol to ssl or sasl_ssl, or remove the files.");
    if (pem && !security.keystore_file.empty())
        return impossible(options, "a PEM certificate and a PKCS#12 file are both given",
                          "Keep one of the two.");
    if (security.certificate_file.empty() != security.key_file.empty())
        return impossible(options, "a client certificate needs both its file and its key's file",
                          "Set certificate_file and key_file (they may be the same file).");
    return {};
}

Result<void> check_login(const ConnectionOptions& options) {
    const Security& security = options.security;
    const bool login = uses_login(security);
    if (login && security.mechanism == Mechanism::None)
        return impossible(options, "the protocol is with a login, but there is no mechanism",
                          "Set mechanism to PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER.");
    if (!login && (security.mechanism != Mechanism::None || !security.username.empty()))
        return impossible(options, "a login is given, but the protocol is without one",
                          "Set the protocol to sasl_ssl (or sasl_plaintext), or remove the login.");
    if (!login)
        return {};
    if (security.mechanism == Mechanism::OAuthBearer) {
        if (security.oauth.source == OAuth::Source::None)
            return impossible(options, "OAUTHBEARER needs to know where its token comes from",
                              "Set oauth to client credentials, a file or a command.");
        return {};
    }
    if (security.username.empty() || security.password.empty())
        return impossible(options, "the login needs a user name and a password",
                          "Set username, and password as a reference such as env:NAME.");
    return {};
}

} // namespace

const char* to_word(Protocol protocol) {
    switch (protocol) {
    case Protocol::Plaintext:
        return "plaintext";
    case Protocol::Ssl:
        return "ssl";
    case Protocol::SaslPlaintext:
        return "sasl_plaintext";
    case Protocol::SaslSsl:
        return "sasl_ssl";
    }
    return "";
}

const char* to_word(Mechanism mechanism) {
    switch (mechanism) {
    case Mechanism::None:
        return "";
    case Mechanism::Plain:
        return "PLAIN";
    case Mechanism::ScramSha256:
        return "SCRAM-SHA-256";
    case Mechanism::ScramSha512:
        return "SCRAM-SHA-512";
    case Mechanism::OAuthBearer:
        return "OAUTHBEARER";
    }
    return "";
}

Result<void> check_options(const ConnectionOptions& options) {
    if (Result<void> fine = check_address(options.bootstrap); !fine)
        return impossible(options, fine.error().what, fine.error().advice);
    if (Result<void> fine = check_tls(options); !fine)
        return fine;
    if (Result<void> fine = check_login(options); !fine)
        return fine;
    return check_properties(options);
}

Result<ConfigHandle> build_config(const ConnectionOptions& options, const SecretResolver& secrets,
                                  Purpose purpose, ClientHooks* hooks) {
    if (Result<void> fine = check_options(options); !fine)
        return fine.error();
    ConfigHandle conf(rd_kafka_conf_new());
    Setter setter(conf.get(), options);
    const Security& security = options.security;
    setter.set("bootstrap.servers", options.bootstrap);
    setter.set("client.id", "weir/" WEIR_VERSION);
    if (hooks && hooks->logs_in()) {
        setter.set("security.protocol", to_word(Protocol::Plaintext));
    } else {
        setter.set("security.protocol", to_word(security.protocol));
        if (uses_tls(security))
            set_tls(setter, security, secrets);
        if (uses_login(security))
            set_login(setter, security, secrets);
    }
    for (const auto& [name, value] : options.properties)
        setter.set(name.c_str(), value);
    // What law 6 rests on comes last, whatever was asked for.
    setter.set("log_level", "0");
    if (purpose != Purpose::Produce) {
        setter.set("allow.auto.create.topics", "false");
        setter.set("auto.offset.reset", "error");
        setter.set("enable.auto.commit", "false");
        setter.set("enable.auto.offset.store", "false");
    }
    if (!setter.result())
        return setter.result().error();
    if (hooks)
        hooks->attach(conf.get());
    else if (security.mechanism == Mechanism::OAuthBearer)
        return Error{.code = ErrorCode::Internal,
                     .what = "OAUTHBEARER without a source of tokens",
                     .where = options.name};
    return conf;
}

} // namespace weir::kafka

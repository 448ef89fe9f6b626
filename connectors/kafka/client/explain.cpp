// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/explain.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "connectors/kafka/client/certificate_refusal.h"
#include "connectors/kafka/client/config.h"

namespace weir::kafka {
namespace {

bool holds(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

/// The text after `mark`, up to librdkafka's remark on the time it took.
std::string after(const std::string& text, const std::string& mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string::npos)
        return text;
    const std::size_t begin = at + mark.size();
    return text.substr(begin, text.rfind(" (after ") - begin);
}

/// "ssl://HOST:PORT/bootstrap: …" → "HOST:PORT"
std::string broker_of(const std::string& text) {
    const std::size_t scheme = text.find("://");
    const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t end = text.find('/', begin);
    const std::size_t colon = text.find(": ", begin);
    if (end == std::string::npos || colon == std::string::npos || end > colon)
        return "the broker";
    return text.substr(begin, end - begin);
}

/// "admin" by PLAIN
std::string login_text(const Security& security) {
    std::string text;
    if (security.mechanism != Mechanism::OAuthBearer)
        text = " of \"" + security.username + "\"";
    return text + " by " + to_word(security.mechanism);
}

bool explain_login(const ConnectionOptions& options, const std::string& said, Error& error) {
    if (holds(said, "mechanism handshake failed")) {
        const std::string offered = after(said, "supported mechanisms: ");
        error.what =
            broker_of(said) + (offered.empty() ? " does not ask for a login at this port"
                                               : " does not offer this mechanism, but " + offered);
        error.advice = "Set the connection's protocol and mechanism to what the port offers.";
    } else if (holds(said, "SASL authentication error: ")) {
        error.what = "the login" + login_text(options.security) + " was refused by " +
                     broker_of(said) + ": " + after(said, "SASL authentication error: ");
        error.advice = options.security.mechanism == Mechanism::OAuthBearer
                           ? "Check the token's audience, scope and principal."
                           : "Check the user name and where the secret comes from.";
    } else {
        return false;
    }
    error.code = ErrorCode::Authentication;
    return true;
}

/// By default the system's authorities are trusted, else those in the file that was given.
void advise_authority(const ConnectionOptions& options, Error& error) {
    const std::string& file = options.security.ca_file;
    if (!file.empty())
        error.what += ": " + file + " does not hold the authority that signed it";
    error.advice = name_authority + std::string(" On the command line: -X ssl.ca.location=FILE.");
}

/// What ClientHooks says of a certificate: "the certificate of HOST:PORT is refused: why. Advice."
bool explain_certificate(const ConnectionOptions& options, const std::string& said, Error& error) {
    const std::size_t mark = said.find(" is refused: ");
    if (said.rfind("the certificate of ", 0) != 0 || mark == std::string::npos)
        return false;
    const std::size_t advice = std::min(said.find(". ", mark), said.size());
    error.what = said.substr(0, advice);
    error.advice = advice < said.size() ? said.substr(advice + 2) : "";
    if (error.advice == name_authority)
        advise_authority(options, error);
    error.code = ErrorCode::Connection;
    return true;
}

bool explain_tls(const ConnectionOptions& options, const std::string& said, Error& error) {
    const Security& security = options.security;
    const bool with_certificate =
        !security.certificate_file.empty() || !security.keystore_file.empty();
    if (holds(said, "alert bad certificate") || holds(said, "alert certificate") ||
        holds(said, "alert unknown ca") || holds(said, "alert handshake failure") ||
        holds(said, "certificate required")) {
        error.code = ErrorCode::Authentication;
        error.what = broker_of(said) + (with_certificate ? " refuses our client certificate"
                                                         : " demands a client certificate");
        error.advice = with_certificate
                           ? "See whether it has expired, and whether the cluster trusts the "
                             "authority that signed it."
                           : "Set certificate_file and key_file, or keystore_file.";
    } else if (holds(said, "certificate verify failed")) {
        error.what = "the certificate of " + broker_of(said) + " is not trusted";
        advise_authority(options, error);
    } else if (holds(said, "SSL_HANDSHAKE") &&
               (holds(said, "unexpected eof") || holds(said, "wrong version"))) {
        error.what = broker_of(said) + " does not speak TLS at this port";
        error.advice = "Set the protocol to the one without TLS, or use the TLS port.";
    } else {
        return false;
    }
    return true;
}

/// The first four bytes that another kind of server sent, where an answer's size is to stand; empty
/// where it was no size that no broker sends.
std::string first_bytes(const std::string& said) {
    const std::string mark = "Invalid response size ";
    const std::size_t at = said.find(mark);
    if (at == std::string::npos)
        return {};
    const auto size =
        static_cast<std::uint32_t>(std::strtoll(said.c_str() + at + mark.size(), nullptr, 10));
    return {static_cast<char>(size >> 24), static_cast<char>(size >> 16 & 0xff),
            static_cast<char>(size >> 8 & 0xff), static_cast<char>(size & 0xff)};
}

bool explain_stranger(const std::string& said, Error& error) {
    constexpr std::string_view tls_alert = "\x15\x03";
    const std::string sent = first_bytes(said);
    if (sent.empty())
        return false;
    error.code = ErrorCode::Connection;
    const bool words =
        std::all_of(sent.begin(), sent.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (sent.rfind(tls_alert, 0) == 0) {
        error.what = broker_of(said) + " expects TLS at this port";
        error.advice = "Set the protocol to ssl or sasl_ssl, or use the port without TLS.";
        return true;
    }
    error.what = broker_of(said) + " does not speak Kafka" +
                 (sent == "HTTP" ? ": it is a web server or a proxy"
                  : words        ? ": its answer begins with \"" + sent + "\""
                                 : "");
    error.advice = "Check the host and the port: brokers mostly listen on 9092 or 9093.";
    return true;
}

bool hung_up(const std::string& said) {
    return holds(said, "Send failed") || holds(said, "Broken pipe") ||
           holds(said, "Connection reset");
}

bool logs_in(const Security& security) {
    return security.protocol == Protocol::SaslPlaintext || security.protocol == Protocol::SaslSsl;
}

bool explain_network(const ConnectionOptions& options, const std::string& said, bool answered,
                     Error& error) {
    if (holds(said, "Failed to resolve '")) {
        const std::string rest = after(said, "Failed to resolve '");
        const std::string name = rest.substr(0, rest.find('\''));
        const bool ours = holds(options.bootstrap, name.c_str());
        error.what =
            ours ? "the name in the address " + name + " does not resolve"
                 : "the cluster advertises " + name + ", and that name does not resolve here";
        error.advice = ours ? "Check the connection's address and the network."
                            : "Make the name resolve here (DNS, /etc/hosts), or have the cluster's "
                              "advertised.listeners changed.";
    } else if (holds(said, "connecting to a SSL listener")) {
        error.what =
            broker_of(said) + " hangs up; it may expect TLS at this port, or be no Kafka broker";
        error.advice = "Set the protocol to ssl or sasl_ssl, or use the port without TLS.";
    } else if (holds(said, "might require SASL") ||
               (hung_up(said) && !answered && !logs_in(options.security))) {
        error.code = ErrorCode::Authentication;
        error.what = broker_of(said) + " hangs up; it may expect a login at this port";
        error.advice = "Set the protocol to sasl_ssl or sasl_plaintext, and a mechanism.";
    } else if (hung_up(said)) {
        error.what = broker_of(said) + " hung up";
        error.advice = "See whether the broker runs.";
    } else if (holds(said, "Connection refused")) {
        error.what = broker_of(said) + " refuses connections";
        error.advice = "See whether the broker runs, and check the port.";
    } else if (holds(said, "timed out") || holds(said, "Timed out")) {
        error.code = ErrorCode::Timeout;
        error.what = broker_of(said) + " does not answer";
        error.advice = "Check the address, the network and firewalls.";
    } else {
        return false;
    }
    return true;
}

} // namespace

Explained explain(const ConnectionOptions& options, ErrorCode code, const std::string& said,
                  bool answered) {
    Explained told{{.code = code, .what = said, .where = options.name}};
    Error& error = told.error;
    if (explain_login(options, said, error) || explain_certificate(options, said, error) ||
        explain_tls(options, said, error) || explain_stranger(said, error)) {
        told.lasting = true;
        return told;
    }
    if (explain_network(options, said, answered, error)) {
        told.refused = holds(said, "Connection refused");
        told.lasting = holds(said, "Failed to resolve '") || holds(said, "a SSL listener") ||
                       error.code == ErrorCode::Authentication;
        return told;
    }
    // An error of ours (a token that is not there) names the connection already.
    const std::string name = options.name + ": ";
    const std::size_t begin = said.rfind(name, 0) == 0 ? name.size() : 0;
    error.what = said.substr(begin, said.rfind(" (after ") - begin);
    return told;
}

} // namespace weir::kafka

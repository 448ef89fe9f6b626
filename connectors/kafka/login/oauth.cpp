// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/oauth.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <optional>

#include "connectors/kafka/login/token_endpoint.h"

namespace weir::kafka {
namespace {

constexpr std::size_t token_bytes_max = 64 * 1024;

std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    const auto end = text.find_last_not_of(" \t\r\n");
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

QJsonObject object_of(const std::string& text) {
    return QJsonDocument::fromJson(QByteArray(text.data(), static_cast<qsizetype>(text.size())))
        .object();
}

/// The claims of a JWT; empty if it is not one. They are only read to know when to come again: the
/// broker is who judges the token.
QJsonObject claims_of(const std::string& token) {
    const auto first = token.find('.');
    const auto second = first == std::string::npos ? first : token.find('.', first + 1);
    if (second == std::string::npos)
        return {};
    const QByteArray middle(token.data() + first + 1, static_cast<qsizetype>(second - first - 1));
    const QByteArray json = QByteArray::fromBase64(middle, QByteArray::Base64UrlEncoding);
    return QJsonDocument::fromJson(json).object();
}

std::optional<std::int64_t> seconds(const QJsonObject& object, const char* name) {
    const QJsonValue value = object.value(QLatin1String(name));
    const double number = value.isString() ? value.toString().toDouble() : value.toDouble(-1);
    if (!(number > 0 && number < 1e11))
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

} // namespace

TokenSource::TokenSource(const ConnectionOptions& options, SecretResolver secrets)
    : m_connection(options.name)
    , m_oauth(options.security.oauth)
    , m_secrets(std::move(secrets)) {}

Result<std::shared_ptr<TokenSource>> TokenSource::create(const ConnectionOptions& options,
                                                         SecretResolver secrets) {
    if (options.security.mechanism != Mechanism::OAuthBearer)
        return std::shared_ptr<TokenSource>();
    const OAuth& oauth = options.security.oauth;
    std::string missing;
    switch (oauth.source) {
    case OAuth::Source::None:
        missing = "where its token comes from";
        break;
    case OAuth::Source::File:
        missing = oauth.file.empty() ? "the token's file" : "";
        break;
    case OAuth::Source::Command:
        missing = oauth.command.empty() ? "the command" : "";
        break;
    case OAuth::Source::ClientCredentials:
        if (oauth.client_id.empty() || oauth.client_secret.empty())
            missing = "client_id and client_secret";
        else if (!is_safe_endpoint(oauth.token_endpoint))
            missing = "a token_endpoint with https:// (http on the loopback only)";
        break;
    }
    if (!missing.empty())
        return Error{.code = ErrorCode::Config,
                     .what = "OAUTHBEARER needs " + missing,
                     .where = options.name,
                     .advice = "Complete the connection's \"oauth\"."};
    return std::shared_ptr<TokenSource>(new TokenSource(options, std::move(secrets)));
}

Result<Token> TokenSource::fetch() const {
    Result<std::string> text = std::string();
    switch (m_oauth.source) {
    case OAuth::Source::ClientCredentials:
        text = ask_endpoint();
        break;
    case OAuth::Source::File:
        text = m_secrets(SecretRef{"file:" + m_oauth.file});
        break;
    case OAuth::Source::Command:
        text = m_secrets(SecretRef{"command:" + m_oauth.command});
        break;
    case OAuth::Source::None:
        break;
    }
    if (!text)
        return text.error();
    return from_text(trimmed(*text));
}

Result<std::string> TokenSource::ask_endpoint() const {
    Result<std::string> secret = m_secrets(m_oauth.client_secret);
    if (!secret)
        return secret.error();
    return request_token({.endpoint = m_oauth.token_endpoint,
                          .client_id = m_oauth.client_id,
                          .client_secret = *secret,
                          .scope = m_oauth.scope},
                         m_connection);
}

// A bare JWT, or {"access_token", "expires_in"}. An opaque token is fine where the answer says how
// long it lives.
Result<Token> TokenSource::from_text(const std::string& text) const {
    const auto not_a_token = [&](const std::string& what) {
        return Error{.code = ErrorCode::Config,
                     .what = "the OAUTHBEARER token cannot be used: " + what,
                     .where = m_connection,
                     .tried = "fetching an OAUTHBEARER token",
                     .advice = "A JWT is expected, or JSON with access_token and expires_in."};
    };
    const Micros now = Micros::now();
    Token token;
    std::optional<std::int64_t> lives_s;
    if (!text.empty() && text.front() == '{') {
        const QJsonObject answer = object_of(text);
        token.value = answer.value(QLatin1String("access_token")).toString().toStdString();
        lives_s = seconds(answer, "expires_in");
    } else {
        token.value = text;
    }
    if (token.value.empty())
        return not_a_token("there is none");
    if (token.value.size() > token_bytes_max)
        return not_a_token("it is over 64 KiB");
    for (const char c : token.value)
        if (c <= 0x20 || c == 0x7f)
            return not_a_token("it holds a space or a control character");
    const QJsonObject claims = claims_of(token.value);
    const std::optional<std::int64_t> ends_s = seconds(claims, "exp");
    if (!ends_s && !lives_s)
        return not_a_token("it does not say when it expires");
    token.expires = lives_s ? now + Micros(*lives_s * 1'000'000) : Micros(*ends_s * 1'000'000);
    if (ends_s && lives_s)
        token.expires = std::min(token.expires, Micros(*ends_s * 1'000'000));
    if (token.expires <= now)
        return not_a_token("it has already expired");
    token.principal = m_oauth.principal;
    if (token.principal.empty())
        token.principal = claims.value(QLatin1String("sub")).toString().toStdString();
    if (token.principal.empty())
        token.principal = m_oauth.client_id.empty() ? "weir" : m_oauth.client_id;
    return token;
}

void TokenSource::refresh(rd_kafka_t* client) {
    const Result<Token> token = fetch();
    std::string trouble;
    if (token) {
        char why[512] = "";
        if (rd_kafka_oauthbearer_set_token(client, token->value.c_str(), token->expires.ms(),
                                           token->principal.c_str(), nullptr, 0, why,
                                           sizeof why) != RD_KAFKA_RESP_ERR_NO_ERROR)
            trouble = m_connection + ": librdkafka refuses the OAUTHBEARER token";
    } else {
        trouble = token.error().text();
    }
    if (!trouble.empty())
        rd_kafka_oauthbearer_set_token_failure(client, trouble.c_str());
    const std::lock_guard lock(m_mutex);
    m_trouble = trouble;
}

std::string TokenSource::trouble() const {
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

} // namespace weir::kafka

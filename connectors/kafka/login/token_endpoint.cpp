// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/token_endpoint.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <curl/curl.h>
#include <memory>

namespace weir::kafka {
namespace {

constexpr std::size_t answer_bytes_max = 1 << 20;
constexpr long limit_ms = 10'000;

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};
struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Text = std::unique_ptr<char, FreeText>;

struct Endpoint {
    std::string scheme;
    std::string host;
    bool has_user = false;
};

Endpoint parse(const std::string& address) {
    const std::unique_ptr<CURLU, FreeUrl> url(curl_url());
    if (!url || curl_url_set(url.get(), CURLUPART_URL, address.c_str(), 0) != CURLUE_OK)
        return {};
    const auto part = [&](CURLUPart which) {
        char* text = nullptr;
        curl_url_get(url.get(), which, &text, 0);
        const Text owned(text);
        return std::string(text ? text : "");
    };
    return Endpoint{part(CURLUPART_SCHEME), part(CURLUPART_HOST), !part(CURLUPART_USER).empty()};
}

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "[::1]" ||
           (host.rfind("127.", 0) == 0 &&
            host.find_first_not_of("0123456789.") == std::string::npos);
}

std::size_t collect(char* data, std::size_t size, std::size_t count, void* into) {
    auto& body = *static_cast<std::string*>(into);
    if (body.size() + size * count > answer_bytes_max)
        return 0; // curl gives up with CURLE_WRITE_ERROR
    body.append(data, size * count);
    return size * count;
}

std::string escape(CURL* easy, const std::string& text) {
    const Text escaped(curl_easy_escape(easy, text.data(), static_cast<int>(text.size())));
    return escaped ? escaped.get() : "";
}

/// The "error" of an OAuth error answer, if it is the plain word that it should be.
std::string error_word(const std::string& body) {
    const QByteArray bytes(body.data(), static_cast<qsizetype>(body.size()));
    const std::string word = QJsonDocument::fromJson(bytes)
                                 .object()
                                 .value(QLatin1String("error"))
                                 .toString()
                                 .toStdString();
    const bool plain = word.size() <= 64 && std::all_of(word.begin(), word.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || c == '_';
                       });
    return plain ? word : "";
}

Error failure(CURLcode code, const std::string& connection, const std::string& host) {
    Error error{.code = ErrorCode::Connection,
                .what = "the token endpoint " + host +
                        " could not be asked: " + curl_easy_strerror(code),
                .where = connection,
                .tried = "fetching an OAUTHBEARER token"};
    if (code == CURLE_OPERATION_TIMEDOUT)
        error.code = ErrorCode::Timeout;
    if (code == CURLE_WRITE_ERROR) {
        error.code = ErrorCode::TooLarge;
        error.what = "the token endpoint " + host + " answered with more than 1 MiB";
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        error.advice = "Add the authority of the endpoint's certificate to the system's.";
    return error;
}

} // namespace

bool is_safe_endpoint(const std::string& endpoint) {
    const Endpoint url = parse(endpoint);
    if (url.host.empty() || url.has_user)
        return false;
    return url.scheme == "https" || (url.scheme == "http" && is_loopback(url.host));
}

Result<std::string> request_token(const TokenRequest& request, const std::string& connection) {
    if (!is_safe_endpoint(request.endpoint))
        return Error{.code = ErrorCode::Config,
                     .what = "the token endpoint must be an https:// address",
                     .where = connection,
                     .advice = "The client's secret goes there, so http is for the loopback only."};
    const Endpoint url = parse(request.endpoint);
    const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
    if (!easy)
        return Error{.code = ErrorCode::Internal, .what = "no HTTP client", .where = connection};
    CURL* curl = easy.get();
    std::string form = "grant_type=client_credentials";
    if (!request.scope.empty())
        form += "&scope=" + escape(curl, request.scope);
    // RFC 6749, 2.3.1: both are form-encoded before they become Basic credentials.
    const std::string user = escape(curl, request.client_id);
    const std::string password = escape(curl, request.client_secret);
    std::string body;
    curl_easy_setopt(curl, CURLOPT_URL, request.endpoint.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, url.scheme.c_str());
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(curl, CURLOPT_USERNAME, user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, password.c_str());
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "weir/" WEIR_VERSION);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, limit_ms);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    if (is_loopback(url.host))
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
    if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK)
        return failure(code, connection, url.host);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200)
        return body;
    const std::string word = error_word(body);
    const bool refused = status == 400 || status == 401 || status == 403;
    return Error{.code = refused ? ErrorCode::Authentication : ErrorCode::Connection,
                 .what = "the token endpoint " + url.host + " answered with status " +
                         std::to_string(status) + (word.empty() ? "" : " (" + word + ")"),
                 .where = connection,
                 .tried = "fetching an OAUTHBEARER token",
                 .advice = refused ? "Check client_id, client_secret and scope." : ""};
}

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/kind/url.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "connectors/base/characters.h"

namespace weir::warehouse {

namespace {

constexpr std::size_t bytes_max = 4096;
constexpr int port_max = 65'535;
constexpr const char* form = "Write SCHEME://USER@HOST:PORT/DATABASE.";

Error mistake(const std::string& what, const std::string& advice = form) {
    return {.code = ErrorCode::Usage, .what = what, .advice = advice};
}

Error password_mistake() {
    return mistake("an address holds no password",
                   "Name where the password is to be had instead: env:NAME, "
                   "keychain:SERVICE/KEY, file:PATH.");
}

/// nullopt: a broken escape, or a control character in it or beside it.
std::optional<std::string> unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0)
                return std::nullopt;
            c = static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            return std::nullopt;
        plain += c;
    }
    return plain;
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::string escaped(std::string_view plain) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string text;
    for (const char c : plain) {
        if (is_plain(c)) {
            text += c;
        } else {
            text += '%';
            text += hex[static_cast<unsigned char>(c) >> 4];
            text += hex[c & 0xF];
        }
    }
    return text;
}

bool is_host(std::string_view name) {
    if (!name.empty() && name.front() == '/')
        return true; // the folder of a socket
    return !name.empty() && std::all_of(name.begin(), name.end(), is_plain);
}

Result<Url::Host> parse_host(std::string_view text) {
    Url::Host host;
    const bool bracketed = !text.empty() && text.front() == '[';
    const std::size_t close = bracketed ? text.find(']') : 0;
    if (close == std::string_view::npos)
        return mistake("a bracket is open in the host");
    const std::size_t colon = text.find(':', close);
    const std::string_view name = text.substr(0, colon);
    if (bracketed) {
        host.name = name.substr(1, close - 1);
        if (name.size() != close + 1 || host.name.empty() ||
            host.name.find_first_not_of("0123456789abcdefABCDEF:.") != std::string::npos)
            return mistake("\"" + std::string(name) + "\": that is no IPv6 address in brackets");
    } else {
        const auto plain = unescaped(name);
        if (!plain || !is_host(*plain))
            return mistake("\"" + std::string(name) + "\": that is no name of a host");
        host.name = *plain;
    }
    if (colon == std::string_view::npos)
        return host;
    const std::string_view port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), host.port);
    if (error != std::errc() || end != port.data() + port.size() || host.port < 1 ||
        host.port > port_max)
        return mistake("\"" + std::string(text) + "\": the port is no number from 1 to 65535");
    return host;
}

Result<void> parse_authority(std::string_view text, Url& url) {
    if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
        const std::string_view user = text.substr(0, at);
        if (user.find(':') != std::string_view::npos)
            return password_mistake();
        const auto plain = unescaped(user);
        if (!plain || plain->empty())
            return mistake("the user in front of the host is not readable");
        url.user = *plain;
        text.remove_prefix(at + 1);
    }
    for (bool more = !text.empty(); more;) {
        const std::size_t comma = text.find(',');
        auto host = parse_host(text.substr(0, comma));
        if (!host)
            return host.error();
        url.hosts.push_back(std::move(*host));
        more = comma != std::string_view::npos;
        text.remove_prefix(more ? comma + 1 : text.size());
    }
    return {};
}

Result<void> parse_parameters(std::string_view text, Url& url) {
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        const std::size_t equals = pair.find('=');
        const auto name = unescaped(pair.substr(0, equals));
        const auto value =
            equals == std::string_view::npos ? std::nullopt : unescaped(pair.substr(equals + 1));
        if (!name || name->empty() || !value)
            return mistake("after ? stands something that is not NAME=VALUE");
        if (!url.parameters.emplace(*name, *value).second)
            return mistake("the parameter " + *name + " is given twice");
    }
    return {};
}

} // namespace

Result<Url> parse_url(std::string_view text) {
    if (text.size() > bytes_max)
        return mistake("the address is longer than 4 KiB");
    Url url;
    const std::size_t begin = text.find("://");
    if (begin == std::string_view::npos || begin == 0)
        return mistake("there is no :// in the address");
    url.scheme = text.substr(0, begin);
    if (!std::all_of(url.scheme.begin(), url.scheme.end(), is_plain))
        return mistake("the address does not begin with the name of a protocol");
    std::string_view rest = text.substr(begin + 3);
    const std::size_t question = rest.find('?');
    const std::string_view query =
        question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
    rest = rest.substr(0, question);
    const std::size_t slash = rest.find('/');
    // A slash or a question mark in a password cuts it in two: no part of it is to be repeated.
    const std::string_view authority = rest.substr(0, slash);
    if (authority.find('@') == std::string_view::npos &&
        authority.find(':') != std::string_view::npos && text.find('@') != std::string_view::npos)
        return password_mistake();
    if (auto read = parse_authority(authority, url); !read)
        return read.error();
    if (slash != std::string_view::npos) {
        const auto database = unescaped(rest.substr(slash + 1));
        if (!database)
            return mistake("the database's name is not readable");
        url.database = *database;
    }
    if (auto read = parse_parameters(query, url); !read)
        return read.error();
    return url;
}

std::string to_text(const Url& url) {
    std::string text = url.scheme + "://";
    if (!url.user.empty())
        text += escaped(url.user) + "@";
    for (std::size_t i = 0; i < url.hosts.size(); ++i) {
        const Url::Host& host = url.hosts[i];
        text += i == 0 ? "" : ",";
        text += host.name.find(':') != std::string::npos && host.name.front() != '/'
                    ? "[" + host.name + "]"
                    : escaped(host.name);
        if (host.port != 0)
            text += ":" + std::to_string(host.port);
    }
    text += "/" + escaped(url.database);
    char mark = '?';
    for (const auto& [name, value] : url.parameters) {
        text += mark + escaped(name) + "=" + escaped(value);
        mark = '&';
    }
    return text;
}

} // namespace weir::warehouse

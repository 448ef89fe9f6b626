// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mail addresses, IP addresses, tokens.
#include <algorithm>

#include "connectors/base/characters.h"
#include "models/event/disclosure/value_patterns.h"

namespace weir::patterns {
namespace {

/// What may stand before the @, but for the slash of an address; the quote is of "jane doe"@x.org.
bool is_mail_char(char ch) {
    return is_alnum(ch) || static_cast<unsigned char>(ch) >= 0x80 ||
           std::string_view("._%+-'\"!#$&*=?^`{|}~").find(ch) != std::string_view::npos;
}
bool is_host_char(char ch) {
    return is_alnum(ch) || ch == '-' || static_cast<unsigned char>(ch) >= 0x80;
}

/// Reads 0 to 255 at `at`, and moves behind it.
bool read_octet(std::string_view text, std::size_t& at) {
    int value = 0;
    std::size_t digits = 0;
    while (at < text.size() && is_digit(text[at]) && digits < 3) {
        value = value * 10 + (text[at++] - '0');
        ++digits;
    }
    return digits > 0 && value <= 255;
}

bool is_ipv4_at(std::string_view text, std::size_t at) {
    // Chrome/130.0.0.0 is a version; //203.0.113.7 and a socket's /203.0.113.7:443 are hosts.
    if (at > 0) {
        const char before = text[at - 1];
        const bool product = before == '/' && at > 1 && is_alnum(text[at - 2]);
        if (is_alnum(before) || before == '.' || before == '_' || product)
            return false;
    }
    for (int octet = 0; octet < 4; ++octet) {
        if (octet > 0 && (at >= text.size() || text[at++] != '.'))
            return false;
        if (!read_octet(text, at))
            return false;
    }
    if (at == text.size())
        return true;
    const bool more = text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1]);
    return !is_alnum(text[at]) && text[at] != '_' && !more;
}

/// A whole IPv6 address with enough in it to be somebody's (not `::1`, not `a::b`).
bool is_ipv6(std::string_view text) {
    std::size_t groups = 0;
    std::size_t digits = 0;
    std::size_t first_digits = 0;
    bool gap = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != ':') {
            if (digits == 0)
                ++groups;
            if (!is_hex(text[at]) || ++digits > 4)
                return false;
            first_digits += groups == 1;
            continue;
        }
        digits = 0;
        if (at + 1 == text.size())
            return gap && text[at - 1] == ':';
        if (text[at + 1] == ':') {
            if (gap)
                return false;
            gap = true;
            ++at;
        }
    }
    return gap ? groups < 8 && (groups >= 3 || (groups == 2 && first_digits >= 3)) : groups == 8;
}

bool starts_with(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

bool equal_folded(std::string_view text, std::size_t at, std::string_view word) {
    if (at + word.size() > text.size())
        return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (lower(text[at + i]) != word[i])
            return false;
    return true;
}

std::size_t run_of_secret(std::string_view text, std::size_t at) {
    std::size_t size = 0;
    while (at + size < text.size() &&
           (is_base64url(text[at + size]) || text[at + size] == '+' || text[at + size] == '/' ||
            text[at + size] == '=' || text[at + size] == '.'))
        ++size;
    return size;
}

/// Base64 of `{"`, or of a brace and white space: a JSON web token, or JSON that was wrapped.
bool is_wrapped_json(std::string_view text, std::size_t at) {
    for (const std::string_view beginning : {"eyJ", "eyAi", "ewog", "ewoJ", "ew0K"})
        if (starts_with(text.substr(at), beginning))
            return run_of_secret(text, at) >= 16;
    return false;
}

/// Beginnings of keys as their issuers make them.
constexpr std::string_view key_beginnings[] = {
    "sk_live_", "sk_test_",    "pk_live_", "rk_live_", "ghp_",   "gho_",
    "ghs_",     "github_pat_", "glpat-",   "xoxb-",    "xoxp-",  "AKIA",
    "ASIA",     "AIza",        "ya29.",    "SG.",      "whsec_", "-----BEGIN "};
constexpr std::size_t key_bytes_min = 16;

/// Words before a secret in a header.
constexpr std::string_view schemes[] = {"bearer ", "basic ", "token "};

bool is_token_at(std::string_view text, std::size_t at) {
    switch (text[at]) {
    case 'e':
        if (is_wrapped_json(text, at))
            return true;
        break;
    case 's':
    case 'p':
    case 'r':
    case 'g':
    case 'x':
    case 'A':
    case 'y':
    case 'S':
    case 'w':
    case '-':
        for (const std::string_view beginning : key_beginnings)
            if (starts_with(text.substr(at), beginning) && text.size() - at >= key_bytes_min)
                return true;
        break;
    default:
        break;
    }
    const char low = lower(text[at]);
    if (low == 'b' || low == 't')
        for (const std::string_view scheme : schemes)
            if (equal_folded(text, at, scheme) && run_of_secret(text, at + scheme.size()) >= 8)
                return true;
    return false;
}

/// scheme://user:password@host
bool holds_login(std::string_view text) {
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos)
        return false;
    const std::size_t end = std::min(text.find('/', scheme + 3), text.size());
    const std::size_t at = text.substr(0, end).rfind('@');
    const std::size_t colon = text.find(':', scheme + 3);
    return at != std::string_view::npos && at > scheme && colon < at;
}

} // namespace

bool holds_email(std::string_view text) {
    for (std::size_t at = text.find('@'); at != std::string_view::npos;
         at = text.find('@', at + 1)) {
        if (at == 0 || !is_mail_char(text[at - 1]))
            continue;
        std::size_t end = at + 1;
        std::size_t last_label = end;
        std::size_t labels = 1;
        for (; end < text.size() && (is_host_char(text[end]) || text[end] == '.'); ++end)
            if (text[end] == '.' && end > last_label && end + 1 < text.size() &&
                is_host_char(text[end + 1])) {
                ++labels;
                last_label = end + 1;
            }
        if (labels >= 2 && !is_digit(text[last_label]))
            return true;
    }
    return false;
}

bool holds_ipv4(std::string_view text) {
    for (std::size_t at = 0; at + 7 <= text.size(); ++at) {
        if (is_digit(text[at]) && is_ipv4_at(text, at))
            return true;
        while (at < text.size() && is_digit(text[at]))
            ++at;
    }
    return false;
}

bool holds_ipv6(std::string_view text) {
    std::size_t begin = 0;
    while (begin < text.size()) {
        std::size_t end = begin;
        while (end < text.size() && (is_hex(text[end]) || text[end] == ':'))
            ++end;
        if (begin > 0 && lower(text[begin - 1]) == 'v' && text.compare(begin, 2, "6:") == 0)
            begin += 2; // [IPv6:2001:db8::1]
        const bool bounded =
            (begin == 0 || (!is_alnum(text[begin - 1]) && text[begin - 1] != '_')) &&
            (end == text.size() || (!is_alnum(text[end]) && text[end] != '_'));
        if (end - begin >= 6 && bounded && is_ipv6(text.substr(begin, end - begin)))
            return true;
        begin = end + 1;
    }
    return false;
}

bool holds_token(std::string_view text) {
    bool boundary = true;
    for (std::size_t at = 0; at + 8 < text.size(); ++at) {
        if (boundary && is_token_at(text, at))
            return true;
        boundary = !is_alnum(text[at]);
    }
    return holds_login(text);
}

} // namespace weir::patterns

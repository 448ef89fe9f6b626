// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/uri.h"

#include <algorithm>
#include <charconv>

#include "connectors/base/characters.h"
#include "models/contract/schema/formats.h"

namespace weir::schema {

namespace {

bool is_scheme(std::string_view text) {
    return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
}
bool is_unreserved(char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}
bool is_sub_delimiter(char c) {
    return std::string_view("!$&'()*+,;=").find(c) != std::string_view::npos;
}

/// pchar and what `more` lists; percent escapes must be whole.
bool are_characters(std::string_view text, std::string_view more, bool international) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))
                return false;
            i += 2;
        } else if (static_cast<unsigned char>(c) >= 0x80) {
            if (!international)
                return false;
        } else if (!is_unreserved(c) && !is_sub_delimiter(c) &&
                   more.find(c) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

/// "v1.fe": IPvFuture, which nobody has seen yet.
bool is_future_address(std::string_view text) {
    if (text.size() < 4 || (text[0] != 'v' && text[0] != 'V'))
        return false;
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || dot < 2 || dot + 1 == text.size())
        return false;
    const std::string_view version = text.substr(1, dot - 1);
    return std::all_of(version.begin(), version.end(), is_hex) &&
           text.find('%') == std::string_view::npos &&
           are_characters(text.substr(dot + 1), ":", false);
}

bool is_authority(std::string_view text, bool international) {
    const std::size_t at = text.rfind('@');
    if (at != std::string_view::npos) {
        if (!are_characters(text.substr(0, at), ":", international))
            return false;
        text.remove_prefix(at + 1);
    }
    std::string_view port;
    if (!text.empty() && text[0] == '[') {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos)
            return false;
        const std::string_view address = text.substr(1, close - 1);
        if (!is_ipv6(address) && !is_future_address(address))
            return false;
        port = text.substr(close + 1);
        if (!port.empty() && port[0] != ':')
            return false;
    } else {
        const std::size_t colon = std::min(text.find(':'), text.size());
        if (!are_characters(text.substr(0, colon), "", international))
            return false;
        port = text.substr(colon);
    }
    return port.empty() || std::all_of(port.begin() + 1, port.end(), is_digit);
}

void drop_last_segment(std::string& path) {
    const std::size_t slash = path.rfind('/');
    path.resize(slash == std::string::npos ? 0 : slash);
}

/// RFC 3986, 5.2.4.
std::string without_dot_segments(std::string_view in) {
    std::string out;
    while (!in.empty()) {
        if (in.substr(0, 3) == "../") {
            in.remove_prefix(3);
        } else if (in.substr(0, 2) == "./" || in.substr(0, 3) == "/./") {
            in.remove_prefix(2);
        } else if (in == "/.") {
            in = "/";
        } else if (in.substr(0, 4) == "/../" || in == "/..") {
            in = in == "/.." ? "/" : in.substr(3);
            drop_last_segment(out);
        } else if (in == "." || in == "..") {
            in = {};
        } else {
            const std::size_t end = std::min(in.find('/', 1), in.size());
            out.append(in.substr(0, end));
            in.remove_prefix(end);
        }
    }
    return out;
}

std::string merged_path(const UriParts& base, std::string_view path) {
    if (base.has_authority && base.path.empty())
        return "/" + std::string(path);
    const std::size_t slash = base.path.rfind('/');
    const std::size_t keep = slash == std::string_view::npos ? 0 : slash + 1;
    return std::string(base.path.substr(0, keep)).append(path);
}

std::string joined(const UriParts& parts, std::string_view path) {
    std::string out;
    if (!parts.scheme.empty())
        out.append(parts.scheme).append(":");
    if (parts.has_authority)
        out.append("//").append(parts.authority);
    out.append(path);
    if (parts.has_query)
        out.append("?").append(parts.query);
    if (parts.has_fragment)
        out.append("#").append(parts.fragment);
    return out;
}

} // namespace

UriParts split_uri(std::string_view text) {
    UriParts parts;
    const std::size_t hash = text.find('#');
    if (hash != std::string_view::npos) {
        parts.has_fragment = true;
        parts.fragment = text.substr(hash + 1);
        text = text.substr(0, hash);
    }
    const std::size_t question = text.find('?');
    if (question != std::string_view::npos) {
        parts.has_query = true;
        parts.query = text.substr(question + 1);
        text = text.substr(0, question);
    }
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
        parts.scheme = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    if (text.substr(0, 2) == "//") {
        parts.has_authority = true;
        const std::size_t end = std::min(text.find('/', 2), text.size());
        parts.authority = text.substr(2, end - 2);
        text.remove_prefix(end);
    }
    parts.path = text;
    return parts;
}

std::string resolve_uri(std::string_view base, std::string_view reference) {
    UriParts to = split_uri(reference);
    if (!to.scheme.empty())
        return joined(to, to.has_authority ? without_dot_segments(to.path) : std::string(to.path));
    const UriParts from = split_uri(base);
    to.scheme = from.scheme;
    if (to.has_authority)
        return joined(to, without_dot_segments(to.path));
    to.has_authority = from.has_authority;
    to.authority = from.authority;
    if (to.path.empty()) {
        if (!to.has_query) {
            to.has_query = from.has_query;
            to.query = from.query;
        }
        return joined(to, from.path);
    }
    if (to.path.front() == '/')
        return joined(to, without_dot_segments(to.path));
    return joined(to, without_dot_segments(merged_path(from, to.path)));
}

std::string_view without_fragment(std::string_view uri) {
    return uri.substr(0, std::min(uri.find('#'), uri.size()));
}

std::string file_uri(std::string_view path) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = "file://";
    for (const char c : path) {
        if (is_unreserved(c) || is_sub_delimiter(c) || c == '/' || c == ':' || c == '@') {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
            unsigned value = 0;
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
            out.push_back(static_cast<char>(value));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

bool is_uri_reference(std::string_view text, bool international) {
    const UriParts parts = split_uri(text);
    if (parts.has_authority && !is_authority(parts.authority, international))
        return false;
    if (parts.scheme.empty() && !parts.has_authority) {
        // A colon in the first segment would read as a scheme.
        const std::string_view first = parts.path.substr(0, parts.path.find('/'));
        if (first.find(':') != std::string_view::npos)
            return false;
    }
    return are_characters(parts.path, "/:@", international) &&
           are_characters(parts.query, "/:@?", international) &&
           are_characters(parts.fragment, "/:@?", international);
}

bool is_uri(std::string_view text, bool international) {
    return !split_uri(text).scheme.empty() && is_uri_reference(text, international);
}

} // namespace weir::schema

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/formats.h"

#include <algorithm>

#include "connectors/base/characters.h"
#include "models/contract/schema/ecma_pattern.h"
#include "models/contract/schema/uri.h"

namespace weir::schema {

namespace {

/// The two digits at text[at], or -1.
int two_digits(std::string_view text, std::size_t at) {
    if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1]))
        return -1;
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// Minutes that the offset behind the time stands for; false: it is none.
bool read_offset(std::string_view text, int& minutes) {
    if (text == "Z" || text == "z") {
        minutes = 0;
        return true;
    }
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return false;
    const int hour = two_digits(text, 1);
    const int minute = two_digits(text, 4);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    minutes = (hour * 60 + minute) * (text[0] == '-' ? -1 : 1);
    return true;
}

/// What is allowed before the @ besides letters and digits (RFC 5322's atext).
bool is_atom(char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_quoted_local(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
        return false;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '\\') {
            if (++i + 1 >= text.size())
                return false;
        } else if (text[i] == '"') {
            return false;
        }
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F)
            return false;
    }
    return true;
}

bool is_local_part(std::string_view text, bool international) {
    if (text.empty() || text.size() > 64)
        return false;
    if (text.front() == '"')
        return is_quoted_local(text);
    if (text.front() == '.' || text.back() == '.')
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.') {
            if (text[i + 1] == '.')
                return false;
        } else if (static_cast<unsigned char>(text[i]) >= 0x80) {
            if (!international)
                return false;
        } else if (!is_atom(text[i])) {
            return false;
        }
    }
    return true;
}

bool is_mail_domain(std::string_view text, bool international) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        const std::string_view address = text.substr(1, text.size() - 2);
        if (address.size() > 5 && (address.substr(0, 5) == "IPv6:"))
            return is_ipv6(address.substr(5));
        return is_ipv4(address);
    }
    if (!international)
        return is_hostname(text);
    // Labels beyond ASCII are taken as they are.
    if (text.empty() || text.size() > 255 || text.front() == '.' || text.back() == '.')
        return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x80 || is_letter(c) || is_digit(c) || c == '-' ||
               c == '.';
    });
}

bool is_mail(std::string_view text, bool international) {
    const std::size_t at = text.rfind('@');
    return at != std::string_view::npos && is_local_part(text.substr(0, at), international) &&
           is_mail_domain(text.substr(at + 1), international);
}

bool is_idn_email(std::string_view text) {
    return is_mail(text, true);
}
bool is_uri_text(std::string_view text) {
    return is_uri(text);
}
bool is_uri_reference_text(std::string_view text) {
    return is_uri_reference(text);
}
bool is_iri(std::string_view text) {
    return is_uri(text, true);
}
bool is_iri_reference(std::string_view text) {
    return is_uri_reference(text, true);
}

/// One name within an expression of a URI template, with its modifier.
bool is_variable(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos) {
        const std::string_view count = text.substr(colon + 1);
        if (count.empty() || count.size() > 4 || count[0] == '0' ||
            !std::all_of(count.begin(), count.end(), is_digit))
            return false;
        text = text.substr(0, colon);
    } else if (!text.empty() && text.back() == '*') {
        text.remove_suffix(1);
    }
    if (text.empty() || text.front() == '.' || text.back() == '.')
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))
                return false;
            i += 2;
        } else if (text[i] == '.') {
            if (text[i - 1] == '.')
                return false;
        } else if (!is_letter(text[i]) && !is_digit(text[i]) && text[i] != '_') {
            return false;
        }
    }
    return true;
}

bool is_template_expression(std::string_view text) {
    if (!text.empty() && std::string_view("+#./;?&").find(text[0]) != std::string_view::npos)
        text.remove_prefix(1);
    for (;;) {
        const std::size_t comma = text.find(',');
        if (!is_variable(text.substr(0, comma)))
            return false;
        if (comma == std::string_view::npos)
            return true;
        text.remove_prefix(comma + 1);
    }
}

constexpr Format formats[] = {
    {"date-time", "a date and time as 2026-01-31T12:00:00Z (RFC 3339)", is_date_time},
    {"date", "a date as 2026-01-31", is_date},
    {"time", "a time of day with its offset, as 12:00:00Z (RFC 3339)", is_time},
    {"uuid", "a UUID as 123e4567-e89b-12d3-a456-426614174000", is_uuid},
    {"email", "a mail address", is_email},
    {"idn-email", "a mail address", is_idn_email},
    {"hostname", "a host name (RFC 1123)", is_hostname},
    {"ipv4", "an IPv4 address as 192.0.2.1", is_ipv4},
    {"ipv6", "an IPv6 address as 2001:db8::1", is_ipv6},
    {"uri", "a URI with its scheme (RFC 3986)", is_uri_text},
    {"uri-reference", "a URI reference (RFC 3986)", is_uri_reference_text},
    {"iri", "an IRI with its scheme (RFC 3987)", is_iri},
    {"iri-reference", "an IRI reference (RFC 3987)", is_iri_reference},
    {"uri-template", "a URI template (RFC 6570)", is_uri_template},
    {"json-pointer", "a JSON pointer (RFC 6901)", is_json_pointer},
    {"relative-json-pointer", "a relative JSON pointer", is_relative_json_pointer},
    {"regex", "a regular expression (ECMA-262)", is_ecma_pattern},
};

} // namespace

const Format* find_format(std::string_view name) {
    for (const Format& format : formats)
        if (name == format.name)
            return &format;
    return nullptr;
}

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return false;
    const int century = two_digits(text, 0);
    const int rest = two_digits(text, 2);
    const int month = two_digits(text, 5);
    const int day = two_digits(text, 8);
    if (century < 0 || rest < 0 || month < 1 || month > 12 || day < 1)
        return false;
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int year = century * 100 + rest;
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + (leap && month == 2 ? 1 : 0);
}

bool is_time(std::string_view text) {
    const int hour = two_digits(text, 0);
    const int minute = two_digits(text, 3);
    const int second = two_digits(text, 6);
    if (text.size() < 9 || text[2] != ':' || text[5] != ':' || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    std::size_t i = 8;
    if (text[i] == '.') {
        const std::size_t first = ++i;
        while (i < text.size() && is_digit(text[i]))
            ++i;
        if (i == first)
            return false;
    }
    int offset = 0;
    if (!read_offset(text.substr(i), offset))
        return false;
    if (second < 60)
        return true;
    // Leap seconds come at the end of a UTC day.
    const int day = 24 * 60;
    return ((hour * 60 + minute - offset) % day + day) % day == day - 1;
}

bool is_date_time(std::string_view text) {
    return text.size() > 11 && (text[10] == 'T' || text[10] == 't') &&
           is_date(text.substr(0, 10)) && is_time(text.substr(11));
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < 36; ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !is_hex(text[i]))
            return false;
    }
    return true;
}

bool is_email(std::string_view text) {
    return is_mail(text, false);
}

bool is_hostname(std::string_view text) {
    if (text.empty() || text.size() > 253)
        return false;
    for (;;) {
        const std::size_t dot = std::min(text.find('.'), text.size());
        const std::string_view label = text.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
            return false;
        for (const char c : label)
            if (!is_letter(c) && !is_digit(c) && c != '-')
                return false;
        if (dot == text.size())
            return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_ipv4(std::string_view text) {
    int parts = 0;
    std::size_t i = 0;
    while (parts < 4) {
        const std::size_t first = i;
        int value = 0;
        while (i < text.size() && is_digit(text[i]) && i - first < 3)
            value = value * 10 + (text[i++] - '0');
        if (i == first || value > 255 || (i - first > 1 && text[first] == '0'))
            return false;
        if (++parts < 4 && (i == text.size() || text[i++] != '.'))
            return false;
    }
    return i == text.size();
}

bool is_ipv6(std::string_view text) {
    int groups = 0;
    bool gap = false;
    std::size_t i = 0;
    if (text.substr(0, 2) == "::") {
        gap = true;
        i = 2;
    }
    while (i < text.size()) {
        const std::size_t first = i;
        while (i < text.size() && is_hex(text[i]))
            ++i;
        if (i < text.size() && text[i] == '.') {
            groups += 2;
            return is_ipv4(text.substr(first)) && (gap ? groups < 8 : groups == 8);
        }
        if (i == first || i - first > 4)
            return false;
        ++groups;
        if (i == text.size())
            break;
        if (text[i] != ':' || i + 1 == text.size())
            return false;
        ++i;
        if (text[i] == ':') {
            if (gap)
                return false;
            gap = true;
            ++i;
        }
    }
    return gap ? groups < 8 : groups == 8;
}

bool is_uri_template(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '{') {
            const std::size_t close = text.find('}', i);
            if (close == std::string_view::npos ||
                !is_template_expression(text.substr(i + 1, close - i - 1)))
                return false;
            i = close;
        } else if (c == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))
                return false;
            i += 2;
        } else if (c <= 0x20 || c == 0x7F ||
                   std::string_view("\"<>\\^`|}").find(text[i]) != std::string_view::npos) {
            return false;
        }
    }
    return true;
}

bool is_json_pointer(std::string_view text) {
    if (text.empty())
        return true;
    if (text[0] != '/')
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')))
            return false;
    return true;
}

bool is_relative_json_pointer(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size() && is_digit(text[i]))
        ++i;
    if (i == 0 || (i > 1 && text[0] == '0'))
        return false;
    return text.substr(i) == "#" || is_json_pointer(text.substr(i));
}

bool is_base64(std::string_view text) {
    if (text.size() % 4 != 0)
        return false;
    std::size_t end = text.size();
    while (end > 0 && text.size() - end < 2 && text[end - 1] == '=')
        --end;
    return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '/'; });
}

} // namespace weir::schema

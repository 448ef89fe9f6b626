// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The formats of JSON Schema as predicates over text: RFC 3339 times, RFC 4122 UUIDs, RFC 5321
// mail addresses, RFC 1123 host names, RFC 2673 and RFC 4291 addresses, RFC 3986 URIs, RFC 6570
// templates, RFC 6901 pointers, ECMA-262 expressions. A format that is not known is an annotation.
//
// Thread contract: pure functions. Bound: one pass; only regex allocates.
#pragma once

#include <string_view>

namespace weir::schema {

using FormatCheck = bool (*)(std::string_view text);

struct Format {
    const char* name;
    const char* words; // "a date and time as RFC 3339 has it: 2026-01-31T12:00:00Z"
    FormatCheck check;
};

/// Null: not known. All drafts have them all, as schemas in the field take for granted.
const Format* find_format(std::string_view name);

bool is_date(std::string_view text);
bool is_time(std::string_view text);
bool is_date_time(std::string_view text);
bool is_uuid(std::string_view text);
bool is_email(std::string_view text);
bool is_hostname(std::string_view text);
bool is_ipv4(std::string_view text);
bool is_ipv6(std::string_view text);
bool is_uri_template(std::string_view text);
bool is_json_pointer(std::string_view text);
bool is_relative_json_pointer(std::string_view text);

/// RFC 4648, 4: with padding.
bool is_base64(std::string_view text);

} // namespace weir::schema

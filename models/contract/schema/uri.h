// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// URI references as RFC 3986 has them: taken apart, resolved against a base (section 5.2), and
// judged for the formats uri and uri-reference. Nothing here opens a connection.
// Thread contract: plain values and functions.
#pragma once

#include <string>
#include <string_view>

namespace weir::schema {

struct UriParts {
    std::string_view scheme; // without the colon
    bool has_authority = false;
    std::string_view authority;
    std::string_view path;
    bool has_query = false;
    std::string_view query;
    bool has_fragment = false;
    std::string_view fragment; // without the hash, percent escapes as they stand
};

/// Splits any text; whether it is a URI is another question.
UriParts split_uri(std::string_view text);
/// `reference` resolved against `base`, dot segments removed.
std::string resolve_uri(std::string_view base, std::string_view reference);
/// Everything before the fragment.
std::string_view without_fragment(std::string_view uri);
/// The URI of a file; `path` is absolute. What would mean something else in a URI is escaped.
std::string file_uri(std::string_view path);
/// %XX resolved; what is no escape stays.
std::string percent_decoded(std::string_view text);

/// RFC 3986's grammar. `international`: RFC 3987's, which lets characters beyond ASCII in.
bool is_uri_reference(std::string_view text, bool international = false);
/// The same with a scheme.
bool is_uri(std::string_view text, bool international = false);

} // namespace weir::schema

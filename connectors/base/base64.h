// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Base64 (RFC 4648). Thread contract: free functions. Bound: 4/3 of what is given.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// Padded, in the usual alphabet.
std::string base64_encoded(std::string_view bytes);
void append_base64(std::string_view bytes, std::string& out);

/// As senders write it: in the usual alphabet or that of URLs, padded or not. None: it is no
/// base64.
std::optional<std::string> base64_decoded(std::string_view text);
/// Only what base64_encoded() would have written: each sequence of bytes has one text.
std::optional<std::string> base64_decoded_strictly(std::string_view text);

} // namespace weir

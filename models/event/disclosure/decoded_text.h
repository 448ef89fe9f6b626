// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a text says once its wrapping is taken off: percent-encoding (`jane%40x.org`, twice too),
// escapes that stand in a text (`\u0040`, `\x40`, `&#64;`) and base64.
//
// Thread contract: plain functions. Bound: the output is no longer than the text; escapes are
// resolved `decode_rounds_max` times.
#pragma once

#include <string>
#include <string_view>

namespace weir {

inline constexpr int decode_rounds_max = 4;

enum class Unescaped {
    Same,    // nothing in it is an escape
    Decoded, // `out` holds what it says
    TooDeep, // escapes of escapes of …: nobody knows what it says
};
Unescaped decode_escapes(std::string_view text, std::string& out);

/// What the text says once either wrapping is taken off. False: it is not wrapped.
bool unwrap_text(std::string_view text, std::string& out);

/// The whole text is base64 (either alphabet) of text. False: it is not, or too short to say much.
bool decode_wrapped_text(std::string_view text, std::string& out);

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Regular expressions of ECMA-262 (unicode mode, as JSON Schema asks for), run by RE2 in linear
// time whatever the text. What the dialects write differently is translated (\s, \cX, \uXXXX, [^],
// the dot, (?<name>…), \p{Letter}); what RE2 cannot do is an error that names it: look-ahead,
// look-behind, back-references, counts above 1,000.
//
// Thread contract: an EcmaPattern is immutable and shared. Bound: 8 MB a compiled expression.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "connectors/base/result.h"

namespace weir::schema {

struct EcmaTranslation {
    std::string re2;
    std::string mistake;     // not ECMA-262: why; else ""
    std::string unsupported; // ECMA-262, but beyond RE2: what; else ""
    std::size_t at = 0;      // byte column of either
};
EcmaTranslation translate_ecma(std::string_view pattern);

/// Whether the text is a regular expression at all (the format `regex`).
bool is_ecma_pattern(std::string_view text);

class EcmaPattern {
  public:
    virtual ~EcmaPattern() = default;
    /// Errors: Config (not a regular expression), Unsupported (RE2 cannot do it), TooLarge; all
    /// with the column.
    static Result<std::shared_ptr<const EcmaPattern>> compile(std::string_view pattern);

    /// As JSON Schema has it: anywhere in the text, unless the pattern is anchored.
    virtual bool found_in(std::string_view text) const = 0;
    virtual const std::string& text() const = 0;
};

} // namespace weir::schema

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cuts a body into events: an object, an array of them, or one a line (NDJSON); one of several may
// also be written over lines, those within it indented. It looks at brackets, quotes and indents
// only and judges nothing: each piece is parsed strictly by itself, so that one broken event of a
// batch does not take the others along.
//
// Thread contract: a pure function. Bound: events_max pieces.
#pragma once

#include <string_view>
#include <vector>

namespace weir::sandbox {

struct Pieces {
    std::vector<std::string_view> events; // into the body, without white space around
    bool too_many = false;                // more than events_max: then `events` is cut off
};

/// Each byte of the body that is neither white space nor the commas and brackets of the outer array
/// is in exactly one piece.
Pieces split_body(std::string_view body, std::size_t events_max);

} // namespace weir::sandbox

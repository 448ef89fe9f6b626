// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Texts and values of dimensions as bytes that a store keeps: by their names, as numbers are good
// for one process only. Thread contract: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "models/event/interner.h"
#include "models/event/quantile/varint.h"

namespace weir {

/// With its length before it.
inline void append_kept_text(std::string_view text, std::string& out) {
    append_varint(text.size(), out);
    out += text;
}

/// Takes a text off the front of `in`; it points into it. False: there is none.
inline bool read_kept_text(std::string_view& in, std::string_view& text) {
    std::uint64_t size = 0;
    if (!read_varint(in, size) || size > in.size())
        return false;
    text = in.substr(0, static_cast<std::size_t>(size));
    in.remove_prefix(static_cast<std::size_t>(size));
    return true;
}

/// A value that `words` knows; what is missing and what is "(other)" are themselves.
void append_kept_value(const Interner& words, ValueId value, std::string& out);
bool read_kept_value(Interner& words, std::string_view& in, ValueId& value);
/// A value that is a number: of a partition.
void append_kept_number(ValueId value, std::string& out);
bool read_kept_number(std::string_view& in, ValueId& value);

} // namespace weir

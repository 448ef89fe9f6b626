// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/fold/kept_bytes.h"

namespace weir {

namespace {

enum KeptValue : char { kept_missing, kept_word, kept_others };

} // namespace

void append_kept_value(const Interner& words, ValueId value, std::string& out) {
    out += value == no_value ? kept_missing : value == other_value ? kept_others : kept_word;
    if (value != no_value && value != other_value)
        append_kept_text(words.text(value), out);
}

bool read_kept_value(Interner& words, std::string_view& in, ValueId& value) {
    if (in.empty())
        return false;
    const char kind = in.front();
    in.remove_prefix(1);
    value = kind == kept_others ? other_value : no_value;
    if (kind != kept_word)
        return kind == kept_missing || kind == kept_others;
    std::string_view text;
    if (!read_kept_text(in, text))
        return false;
    value = words.id(text);
    return true;
}

void append_kept_number(ValueId value, std::string& out) {
    append_varint(value.value(), out);
}

bool read_kept_number(std::string_view& in, ValueId& value) {
    std::uint64_t number = 0;
    if (!read_varint(in, number) || number > other_value.value())
        return false;
    value = ValueId(static_cast<std::uint16_t>(number));
    return true;
}

} // namespace weir

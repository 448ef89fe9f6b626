// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JsonLexer: the strings, numbers and words of JSON (RFC 8259), each read strictly: where one ends,
// or why it is none. Whoever knows what stands around them uses it: JsonScanner, Outlines.
// Thread contract: one use, one thread. Bound: one pass over the bytes read.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "models/event/json/byte_masks.h"
#include "models/event/json/json_tape.h"
#include "models/event/json/utf8.h"

namespace weir {

/// What does not depend on the processor.
class JsonText {
  public:
    explicit JsonText(std::string_view text)
        : m_begin(text.data())
        , m_end(m_begin + text.size()) {}

    const char* end() const { return m_end; }
    const char* space(const char* p) const {
        while (p < m_end && static_cast<unsigned char>(*p) <= ' ' &&
               (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
            ++p;
        return p;
    }
    const char* fail(const char* p, const char* what) {
        m_error = {static_cast<std::uint32_t>(p - m_begin), what};
        return nullptr;
    }
    const JsonError& error() const { return m_error; }

  protected:
    const char* escape(const char* p);
    const char* number_of_any_kind(const char* p);

  private:
    const char* digits(const char* p) const;

    const char* m_begin;
    const char* m_end;
    JsonError m_error;
};

/// Each function gives the byte behind what it read, or null: see error().
template <class Masks = BaselineMasks>
class JsonLexer : public JsonText {
  public:
    using JsonText::JsonText;

    /// From behind the opening quote to the closing one; `escaped`: there is a backslash.
    const char* string(const char* p, bool& escaped);
    /// A number, true, false or null.
    const char* scalar(const char* p, JsonKind& kind);

  private:
    const char* plain(const char* p) const;
    const char* number(const char* p);
    const char* word(const char* p, JsonKind& kind);
};

/// The first byte from `p` on that string content may not hold without a closer look, or the end.
template <class Masks>
inline const char* JsonLexer<Masks>::plain(const char* p) const {
    while (end() - p >= static_cast<std::ptrdiff_t>(mask_bytes)) {
        if (const std::uint32_t mask = Masks::special(p); mask != 0)
            return p + std::countr_zero(mask);
        p += mask_bytes;
    }
    while (p < end() && static_cast<signed char>(*p) >= 0x20 && *p != '"' && *p != '\\')
        ++p;
    return p;
}

template <class Masks>
inline const char* JsonLexer<Masks>::string(const char* p, bool& escaped) {
    escaped = false;
    for (;;) {
        p = plain(p);
        if (p == end())
            return fail(p, "a string without its closing quote");
        if (*p == '"')
            return p;
        if (*p == '\\') {
            escaped = true;
            p = escape(p);
            if (p == nullptr)
                return nullptr;
        } else if (static_cast<unsigned char>(*p) < 0x20) {
            return fail(p, "a control character in a string");
        } else {
            const std::size_t size = utf8_sequence(p, end());
            if (size == 0)
                return fail(p, "not UTF-8");
            p += size;
        }
    }
}

template <class Masks>
inline const char* JsonLexer<Masks>::scalar(const char* p, JsonKind& kind) {
    if (p == end())
        return fail(p, "expected a value, found the end");
    if (*p >= 'a')
        return word(p, kind);
    kind = JsonKind::Number;
    return number(p);
}

/// true, false or null: which of them it is no predictor knows, so there is no branch on it.
template <class Masks>
inline const char* JsonLexer<Masks>::word(const char* p, JsonKind& kind) {
    static_assert(std::endian::native == std::endian::little);
    constexpr std::uint64_t true_text = 0x65757274;
    constexpr std::uint64_t null_text = 0x6C6C756E;
    constexpr std::uint64_t false_text = 0x65736C6166;
    std::uint64_t bytes = 0;
    if (const auto left = static_cast<std::size_t>(end() - p); left >= sizeof bytes)
        std::memcpy(&bytes, p, sizeof bytes);
    else
        std::memcpy(&bytes, p, left);
    const bool is_true = (bytes & 0xFFFFFFFF) == true_text;
    const bool is_null = (bytes & 0xFFFFFFFF) == null_text;
    const bool is_false = (bytes & 0xFFFFFFFFFF) == false_text;
    kind = is_true ? JsonKind::True : is_false ? JsonKind::False : JsonKind::Null;
    const unsigned size = (is_true || is_null ? 4U : 0U) + (is_false ? 5U : 0U);
    return size != 0 ? p + size : fail(p, "expected a value");
}

/// Most are short, with neither sign nor exponent: their digits are counted without a loop.
template <class Masks>
inline const char* JsonLexer<Masks>::number(const char* p) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::ptrdiff_t width = 8;
    if (end() - p < 2 * width)
        return number_of_any_kind(p);
    const auto digits = [](const char* from) { // the first bytes of eight that are digits
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, from, sizeof bytes);
        const std::uint64_t other = (bytes ^ ones * '0') + ones * 0x76; // from 0x0A on: bit 7
        return std::countr_zero((other | bytes) & ones * 0x80) / 8;
    };
    const int whole = digits(p);
    const char* behind = p + whole;
    if (whole == 0 || whole == width || (whole > 1 && *p == '0'))
        return number_of_any_kind(p);
    if (*behind == '.') {
        const int fraction = digits(behind + 1);
        if (fraction == 0 || fraction == width)
            return number_of_any_kind(p);
        behind += 1 + fraction;
    }
    return (*behind | 0x20) == 'e' ? number_of_any_kind(p) : behind;
}

} // namespace weir

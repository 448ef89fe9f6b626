// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A literal found in raw bytes, fast: two of its bytes that are rare in events are compared 32 (or
// 16) positions at a time, and only where both agree the rest is looked at. AVX2 is chosen at run
// time. Source of the idea: the "generic SIMD" substring search of W. Muła, with rare bytes.
//
// Thread contract: immutable, const use from any thread. Bound: one pass over the bytes; worst
// case (a literal made of the text's commonest bytes) length of text × length of literal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

class LiteralFinder {
  public:
    static constexpr std::size_t npos = std::string_view::npos;

    /// `fold_case`: ASCII letters match in either case; all other bytes are compared as they are.
    explicit LiteralFinder(std::string_view literal, bool fold_case = false);

    /// Position of the first occurrence, or npos. An empty literal is found at 0.
    std::size_t find(std::string_view text) const;
    bool found_in(std::string_view text) const { return find(text) != npos; }

    /// Whether `text` holds the literal or a backslash: what can be said in one pass about JSON
    /// that may hide the literal behind an escape.
    bool found_or_escaped(std::string_view text) const;

    const std::string& literal() const { return m_literal; }
    bool fold_case() const { return m_fold; }

    /// One rare byte of the literal as the vector loops compare it.
    struct Probe {
        std::size_t at = 0;    // within the literal
        std::uint8_t mask = 0; // or-ed to the text's byte before comparing: 0x20 folds a letter
        std::uint8_t byte = 0;
    };

  private:
    bool matches_at(const char* text) const;
    template <bool StopAtBackslash>
    std::size_t search(std::string_view text) const;
    template <bool StopAtBackslash>
    std::size_t search_short(std::string_view text) const;
    template <bool StopAtBackslash>
    std::size_t search_16(std::string_view text) const;
    template <bool StopAtBackslash>
    std::size_t search_32(std::string_view text) const;

    std::string m_literal; // lower case if folding
    bool m_fold;
    std::array<Probe, 2> m_probes;
};

} // namespace weir

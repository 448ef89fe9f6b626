// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a dead letter says of its event: a message, or what a violation found. It may repeat a value
// as it is, with JSON's escapes (of either spelling), or its beginning where it was cut.
// Thread contract: a value. Bound: the text twice.
#pragma once

#include <string>
#include <string_view>

namespace weir {

class Quotation {
  public:
    /// Shorter ones stand in any text: they count only if they are all of it.
    static constexpr std::size_t quoted_bytes_min = 3;
    /// Of a longer value so much of its beginning tells it.
    static constexpr std::size_t beginning_bytes = 24;

    explicit Quotation(std::string text);

    /// Whether it was shortened: then it may end amid what is looked for.
    bool is_cut() const { return m_cut; }
    /// Whether it repeats `value`, a text without escapes.
    bool repeats(std::string_view value) const;

  private:
    std::string m_text;
    std::string m_unescaped; // empty: there is nothing to unescape
    bool m_cut;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is masked in a payload must not stand beside it: a topic keyed `tenant7:u-4711` tells the
// user_id u-4711. A text repeats another one if it is the same; if one of both stands in the other
// and begins and ends there as a word does (least: 3 bytes); if they have a word in common (least:
// 4 letters, or 6 letters and digits; of a long text, which holds many a word that means nobody,
// only the latter); or if one's letters and digits stand among the other's (least: 6), so that
// hyphens, blanks and slashes make no difference. The case of ASCII letters makes none either. Both
// are looked at as they are and unwrapped (decoded_text.h).
//
// Thread contract: one owner (scratch memory). Bound: twice the texts that were added.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

class MaskedTexts {
  public:
    static constexpr std::size_t word_bytes_min = 3;
    static constexpr std::size_t squashed_bytes_min = 6;
    static constexpr std::size_t common_letters_min = 4;
    static constexpr std::size_t common_bytes_min = 6; // with a digit
    static constexpr std::size_t long_text_bytes = 64;

    void clear();
    void add(std::string_view text);
    /// Whether `text` repeats one of those that were added.
    bool repeated_in(std::string_view text);

  private:
    struct Form {
        std::string folded;   // in lower case
        std::string squashed; // letters and digits of it
        void assign(std::string_view text);
    };
    struct Entry { // in m_bytes
        std::size_t begin, folded_size, squashed_size;
    };
    void add_form(std::string_view text);
    bool form_repeated_in(std::string_view text);

    std::string m_bytes;
    std::vector<Entry> m_entries;
    Form m_form;
    std::string m_decoded;
};

/// Whether a run of letters and digits of `text` stands in `unread`, of which nobody
/// knows what is personal in it. `with_digit`: only runs that hold a digit count.
bool shares_word(std::string_view text, std::string_view unread, bool with_digit);

} // namespace weir

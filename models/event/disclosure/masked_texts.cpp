// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/masked_texts.h"

#include <algorithm>

#include "connectors/base/characters.h"
#include "models/event/disclosure/decoded_text.h"

namespace weir {
namespace {

/// Letters of every script: what is not ASCII counts as one.
bool is_letter_of_any(char ch) {
    return is_letter(ch) || static_cast<unsigned char>(ch) >= 0x80;
}
bool is_word_char(char ch) {
    return is_digit(ch) || is_letter_of_any(ch);
}

/// Whether a word may end between these two.
bool is_boundary(char before, char after) {
    return !(is_digit(before) && is_digit(after)) &&
           !(is_letter_of_any(before) && is_letter_of_any(after));
}

bool holds_word(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || is_boundary(text[at - 1], text[at])) &&
            (end == text.size() || is_boundary(text[end - 1], text[end])))
            return true;
    }
    return false;
}

/// Calls `found(word, has_digit)` for the runs of letters and digits until it answers true.
template <class Found>
bool any_word(std::string_view text, const Found& found) {
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        bool digit = false;
        for (; end < text.size() && is_word_char(text[end]); ++end)
            digit = digit || is_digit(text[end]);
        if (end > begin && found(text.substr(begin, end - begin), digit))
            return true;
        begin = end + 1;
    }
    return false;
}

/// Whether one of both stands in the other as a word, or they have one in common.
bool repeats_words(std::string_view text, std::string_view masked) {
    const bool longer = text.size() >= masked.size();
    const std::string_view inner = longer ? masked : text;
    if (text == masked ||
        (inner.size() >= MaskedTexts::word_bytes_min && holds_word(longer ? text : masked, inner)))
        return true;
    const bool letters_count = masked.size() <= MaskedTexts::long_text_bytes;
    return any_word(text, [&](std::string_view word, bool digit) {
        const bool counts = digit ? word.size() >= MaskedTexts::common_bytes_min
                                  : letters_count && word.size() >= MaskedTexts::common_letters_min;
        return counts && holds_word(masked, word);
    });
}

bool repeats_squashed(std::string_view text, std::string_view masked) {
    const bool longer = text.size() >= masked.size();
    const std::string_view inner = longer ? masked : text;
    return inner.size() >= MaskedTexts::squashed_bytes_min &&
           (longer ? text : masked).find(inner) != std::string_view::npos;
}

} // namespace

void MaskedTexts::Form::assign(std::string_view text) {
    folded.resize(text.size());
    std::transform(text.begin(), text.end(), folded.begin(), [](char ch) { return lower(ch); });
    squashed.clear();
    for (const char ch : folded)
        if (is_word_char(ch))
            squashed += ch;
}

void MaskedTexts::clear() {
    m_bytes.clear();
    m_entries.clear();
}

void MaskedTexts::add_form(std::string_view text) {
    m_form.assign(text);
    m_entries.push_back({m_bytes.size(), m_form.folded.size(), m_form.squashed.size()});
    m_bytes.append(m_form.folded).append(m_form.squashed);
}

void MaskedTexts::add(std::string_view text) {
    if (text.empty())
        return;
    add_form(text);
    if (unwrap_text(text, m_decoded))
        add_form(m_decoded);
}

bool MaskedTexts::form_repeated_in(std::string_view text) {
    m_form.assign(text);
    const std::string_view bytes = m_bytes;
    return std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry& entry) {
        const std::string_view folded = bytes.substr(entry.begin, entry.folded_size);
        const std::string_view squashed =
            bytes.substr(entry.begin + entry.folded_size, entry.squashed_size);
        return repeats_words(m_form.folded, folded) || repeats_squashed(m_form.squashed, squashed);
    });
}

bool MaskedTexts::repeated_in(std::string_view text) {
    if (m_entries.empty() || text.empty())
        return false;
    return form_repeated_in(text) || (unwrap_text(text, m_decoded) && form_repeated_in(m_decoded));
}

bool shares_word(std::string_view text, std::string_view unread, bool with_digit) {
    constexpr std::size_t shared_bytes_min = 4;
    return any_word(text, [&](std::string_view word, bool digit) {
        return word.size() >= shared_bytes_min && (digit || !with_digit) &&
               unread.find(word) != std::string_view::npos;
    });
}

} // namespace weir

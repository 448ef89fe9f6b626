// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/text_matcher.h"

#include <QChar>

#include <algorithm>

#include "connectors/base/characters.h"
#include "models/event/json/utf8.h"

namespace weir {

namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The code point of a well-formed sequence of `size` bytes.
char32_t decode(const char* p, std::size_t size) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(p[i]); };
    if (size == 2)
        return ((byte(0) & 0x1FU) << 6) | (byte(1) & 0x3FU);
    if (size == 3)
        return ((byte(0) & 0x0FU) << 12) | ((byte(1) & 0x3FU) << 6) | (byte(2) & 0x3FU);
    return ((byte(0) & 0x07U) << 18) | ((byte(1) & 0x3FU) << 12) | ((byte(2) & 0x3FU) << 6) |
           (byte(3) & 0x3FU);
}

/// Appends the folded form of the character at `p`; returns its size in bytes.
std::size_t append_folded(const char* p, const char* end, std::string& out) {
    if (static_cast<unsigned char>(*p) < 0x80) {
        out.push_back(lower(*p));
        return 1;
    }
    const std::size_t size = utf8_sequence(p, end);
    if (size < 2) {
        out.push_back(*p);
        return 1;
    }
    const char32_t point = QChar::toCaseFolded(decode(p, size));
    if (point < 0x80)
        out.append(p, size);
    else
        append_utf8(point, out);
    return size;
}

/// Whether `text` begins with what folds to `wanted`, which is folded.
bool starts_folded(std::string_view text, std::string_view wanted, std::size_t* used = nullptr) {
    const char* p = text.data();
    const char* const end = p + text.size();
    std::string one;
    while (!wanted.empty()) {
        if (p == end)
            return false;
        one.clear();
        p += append_folded(p, end, one);
        if (wanted.substr(0, one.size()) != one)
            return false;
        wanted.remove_prefix(one.size());
    }
    if (used != nullptr)
        *used = static_cast<std::size_t>(p - text.data());
    return true;
}

} // namespace

std::string folded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    const char* const end = text.data() + text.size();
    for (const char* p = text.data(); p < end;)
        p += append_folded(p, end, out);
    return out;
}

std::string_view longest_ascii_run(std::string_view text) {
    std::string_view best;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && static_cast<unsigned char>(text[end]) < 0x80)
            ++end;
        if (end - begin > best.size())
            best = text.substr(begin, end - begin);
        begin = end + 1;
    }
    return best;
}

TextMatcher::TextMatcher(std::string_view text, bool fold_case)
    : m_text(fold_case ? folded(text) : std::string(text))
    , m_fold(fold_case)
    , m_ascii(!fold_case || is_ascii(m_text))
    , m_finder(m_ascii ? std::string_view(m_text) : longest_ascii_run(m_text), fold_case) {}

bool TextMatcher::equals(std::string_view other) const {
    if (!m_fold)
        return other == m_text;
    std::size_t used = 0;
    return starts_folded(other, m_text, &used) && used == other.size();
}

bool TextMatcher::is_start_of(std::string_view other) const {
    return m_fold ? starts_folded(other, m_text) : other.substr(0, m_text.size()) == m_text;
}

bool TextMatcher::is_end_of(std::string_view other) const {
    const std::string text = m_fold ? folded(other) : std::string();
    const std::string_view in = m_fold ? std::string_view(text) : other;
    return in.size() >= m_text.size() && in.substr(in.size() - m_text.size()) == m_text;
}

bool TextMatcher::is_in(std::string_view other) const {
    if (m_ascii)
        return m_finder.found_in(other);
    if (!m_finder.literal().empty() && !m_finder.found_in(other))
        return false;
    return folded(other).find(m_text) != std::string::npos;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <vector>

#include "connectors/base/characters.h"
#include "models/contract/schema/ecma_pattern.h"
#include "models/event/json/utf8.h"

namespace weir::schema {

namespace {

/// White space and line ends of ECMA-262, as ranges within a class; and all the rest.
constexpr std::string_view space_ranges =
    R"(\x{9}-\x{d}\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
constexpr std::string_view no_space_ranges =
    R"(\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027})"
    R"(\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff})";

struct PropertyName {
    std::string_view name;
    std::string_view re2;
};
constexpr PropertyName categories[] = {{"Letter", "L"},
                                       {"Cased_Letter", ""},
                                       {"Uppercase_Letter", "Lu"},
                                       {"Lowercase_Letter", "Ll"},
                                       {"Titlecase_Letter", "Lt"},
                                       {"Modifier_Letter", "Lm"},
                                       {"Other_Letter", "Lo"},
                                       {"Mark", "M"},
                                       {"Combining_Mark", "M"},
                                       {"Nonspacing_Mark", "Mn"},
                                       {"Spacing_Mark", "Mc"},
                                       {"Enclosing_Mark", "Me"},
                                       {"Number", "N"},
                                       {"Decimal_Number", "Nd"},
                                       {"digit", "Nd"},
                                       {"Letter_Number", "Nl"},
                                       {"Other_Number", "No"},
                                       {"Punctuation", "P"},
                                       {"punct", "P"},
                                       {"Connector_Punctuation", "Pc"},
                                       {"Dash_Punctuation", "Pd"},
                                       {"Open_Punctuation", "Ps"},
                                       {"Close_Punctuation", "Pe"},
                                       {"Initial_Punctuation", "Pi"},
                                       {"Final_Punctuation", "Pf"},
                                       {"Other_Punctuation", "Po"},
                                       {"Symbol", "S"},
                                       {"Math_Symbol", "Sm"},
                                       {"Currency_Symbol", "Sc"},
                                       {"Modifier_Symbol", "Sk"},
                                       {"Other_Symbol", "So"},
                                       {"Separator", "Z"},
                                       {"Space_Separator", "Zs"},
                                       {"Line_Separator", "Zl"},
                                       {"Paragraph_Separator", "Zp"},
                                       {"Other", "C"},
                                       {"Control", "Cc"},
                                       {"cntrl", "Cc"},
                                       {"Format", "Cf"},
                                       {"Surrogate", "Cs"},
                                       {"Private_Use", "Co"}};

class Translator {
  public:
    explicit Translator(std::string_view pattern)
        : m_in(pattern) {}

    EcmaTranslation run() {
        while (m_at < m_in.size() && m_result.mistake.empty())
            step();
        if (m_result.mistake.empty() && m_open > 0)
            mistake("a group is not closed", m_in.size());
        return std::move(m_result);
    }

  private:
    void mistake(const char* what, std::size_t at) {
        if (!m_result.mistake.empty())
            return;
        m_result.mistake = what;
        m_result.at = at;
    }
    void unsupported(const char* what, std::size_t at) {
        if (!m_result.unsupported.empty())
            return;
        m_result.unsupported = what;
        m_result.at = at;
    }
    char peek(std::size_t ahead = 0) const {
        return m_at + ahead < m_in.size() ? m_in[m_at + ahead] : '\0';
    }
    bool starts(std::string_view word) const { return m_in.substr(m_at, word.size()) == word; }
    void add(std::string_view text) { m_result.re2.append(text); }
    void add_code_point(std::uint32_t value) {
        char text[16];
        std::snprintf(text, sizeof text, "\\x{%x}", value);
        add(text);
    }

    void step();
    void group();
    void quantifier();
    bool counted(std::size_t& end);
    void escape();
    void character_class();
    void class_atom(std::optional<std::uint32_t>& value);
    bool common_escape(bool in_class, std::optional<std::uint32_t>& value);
    std::optional<std::uint32_t> hex(std::size_t digits);
    std::optional<std::uint32_t> unicode_escape();
    void property(bool negated);
    std::uint32_t literal();

    std::string_view m_in;
    std::size_t m_at = 0;
    int m_open = 0;
    bool m_repeatable = false; // what stands before may be repeated
    EcmaTranslation m_result;
};

void Translator::step() {
    const char c = peek();
    switch (c) {
    case '(':
        group();
        return;
    case ')':
        if (m_open-- == 0)
            mistake("a closing bracket too many", m_at);
        break;
    case '[':
        character_class();
        m_repeatable = true;
        return;
    case '\\':
        escape();
        return;
    case '*':
    case '+':
    case '?':
    case '{':
        quantifier();
        return;
    case '.':
        ++m_at;
        add(R"([^\n\r\x{2028}\x{2029}])");
        m_repeatable = true;
        return;
    case '|':
    case '^':
    case '$':
        ++m_at;
        add(std::string_view(&c, 1));
        m_repeatable = false;
        return;
    default:
        add_code_point(literal());
        m_repeatable = true;
        return;
    }
    ++m_at;
    add(")");
    m_repeatable = true;
}

/// The code point here; moves on behind it.
std::uint32_t Translator::literal() {
    const char* const p = m_in.data() + m_at;
    const std::size_t size = utf8_sequence(p, m_in.data() + m_in.size());
    const auto byte = [p](std::size_t i) { return static_cast<unsigned char>(p[i]); };
    if (size == 0)
        mistake("not UTF-8", m_at);
    m_at += size == 0 ? 1 : size;
    if (size <= 1)
        return byte(0);
    std::uint32_t value = byte(0) & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i)
        value = (value << 6) | (byte(i) & 0x3FU);
    return value;
}

void Translator::group() {
    const std::size_t begin = m_at;
    ++m_open;
    m_repeatable = false;
    if (peek(1) != '?') {
        ++m_at;
        add("(?:");
        return;
    }
    if (starts("(?:")) {
        m_at += 3;
        add("(?:");
    } else if (starts("(?=") || starts("(?!")) {
        unsupported("a look-ahead", begin);
        m_at += 3;
        add("(?:");
    } else if (starts("(?<=") || starts("(?<!")) {
        unsupported("a look-behind", begin);
        m_at += 4;
        add("(?:");
    } else if (starts("(?<")) {
        const std::size_t end = m_in.find('>', m_at);
        if (end == std::string_view::npos || end == m_at + 3 || is_digit(m_in[m_at + 3]))
            return mistake("a group's name is not closed", begin);
        m_at = end + 1;
        add("(?:");
    } else {
        const std::size_t colon = m_in.find_first_not_of("ims-", m_at + 2);
        if (colon == std::string_view::npos || m_in[colon] != ':' || colon == m_at + 2)
            return mistake("a group begins in no known way", begin);
        add(m_in.substr(m_at, colon + 1 - m_at));
        m_at = colon + 1;
    }
}

/// Whether {n}, {n,} or {n,m} stands here; `end` is behind it.
bool Translator::counted(std::size_t& end) {
    std::size_t i = m_at + 1;
    const auto number = [&](std::uint64_t& value) {
        const auto [stop, failed] =
            std::from_chars(m_in.data() + i, m_in.data() + m_in.size(), value);
        const bool any = stop != m_in.data() + i;
        i = static_cast<std::size_t>(stop - m_in.data());
        if (failed == std::errc::result_out_of_range)
            value = UINT64_MAX;
        return any;
    };
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    if (!number(least))
        return false;
    most = least;
    if (i < m_in.size() && m_in[i] == ',') {
        ++i;
        if (!number(most))
            most = least;
    }
    if (i >= m_in.size() || m_in[i] != '}')
        return false;
    if (most < least)
        mistake("a count's limits are the wrong way round", m_at);
    if (least > 1000 || most > 1000)
        unsupported("a count above 1,000", m_at);
    end = i + 1;
    return true;
}

void Translator::quantifier() {
    std::size_t end = m_at + 1;
    if (peek() == '{' && !counted(end)) {
        add("\\{");
        ++m_at;
        m_repeatable = true;
        return;
    }
    if (!m_repeatable)
        return mistake("there is nothing to repeat", m_at);
    add(m_in.substr(m_at, end - m_at));
    m_at = end;
    if (peek() == '?') {
        add("?");
        ++m_at;
    }
    m_repeatable = false;
}

std::optional<std::uint32_t> Translator::hex(std::size_t digits) {
    std::uint32_t value = 0;
    const char* const from = m_in.data() + m_at;
    if (m_at + digits > m_in.size())
        return std::nullopt;
    const auto [stop, failed] = std::from_chars(from, from + digits, value, 16);
    if (failed != std::errc() || stop != from + digits)
        return std::nullopt;
    m_at += digits;
    return value;
}

/// Behind "\u".
std::optional<std::uint32_t> Translator::unicode_escape() {
    if (peek() == '{') {
        const std::size_t close = m_in.find('}', m_at);
        if (close == std::string_view::npos || close == m_at + 1 || close > m_at + 9)
            return std::nullopt;
        ++m_at;
        const auto value = hex(close - m_at);
        ++m_at;
        return value && *value <= 0x10FFFF ? value : std::nullopt;
    }
    const auto first = hex(4);
    if (!first || *first < 0xD800 || *first > 0xDBFF || !starts("\\u"))
        return first;
    const std::size_t back = m_at;
    m_at += 2;
    const auto second = hex(4);
    if (second && *second >= 0xDC00 && *second <= 0xDFFF)
        return 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00);
    m_at = back;
    return first;
}

/// At the letter of \p or \P.
void Translator::property(bool negated) {
    const std::size_t begin = m_at;
    const std::size_t close = m_in.find('}', m_at);
    if (peek(1) != '{' || close == std::string_view::npos)
        return mistake("\\p asks for a property in braces", begin);
    std::string_view name = m_in.substr(m_at + 2, close - m_at - 2);
    m_at = close + 1;
    const std::size_t equals = name.find('=');
    if (equals != std::string_view::npos) {
        const std::string_view key = name.substr(0, equals);
        if (key != "Script" && key != "sc" && key != "General_Category" && key != "gc")
            return unsupported("this Unicode property", begin);
        name.remove_prefix(equals + 1);
    }
    if (name == "Any")
        return add(negated ? "[^\\x{0}-\\x{10ffff}]" : "\\x{0}-\\x{10ffff}");
    for (const PropertyName& category : categories)
        if (category.name == name)
            name = category.re2;
    if (name.empty())
        return unsupported("this Unicode property", begin);
    add(negated ? "\\P{" : "\\p{");
    add(name);
    add("}");
}

/// The escapes that classes and the rest have in common, from behind the backslash on. Either
/// writes something or gives a code point. False: not one of them.
bool Translator::common_escape(bool in_class, std::optional<std::uint32_t>& value) {
    const char c = peek();
    switch (c) {
    case 'd':
    case 'D':
    case 'w':
    case 'W':
        add("\\");
        add(m_in.substr(m_at++, 1));
        return true;
    case 's':
    case 'S':
        ++m_at;
        add(in_class ? "" : "[");
        add(c == 's' ? space_ranges : no_space_ranges);
        add(in_class ? "" : "]");
        return true;
    case 'p':
    case 'P':
        property(c == 'P');
        return true;
    case 't':
    case 'n':
    case 'v':
    case 'f':
    case 'r':
        ++m_at;
        value = c == 't' ? 9U : c == 'n' ? 10U : c == 'v' ? 11U : c == 'f' ? 12U : 13U;
        return true;
    case 'c':
        if (!is_letter(peek(1)))
            return false;
        value = static_cast<std::uint32_t>(peek(1)) & 0x1FU;
        m_at += 2;
        return true;
    case 'x':
        ++m_at;
        value = hex(2);
        return value.has_value();
    case 'u':
        ++m_at;
        value = unicode_escape();
        return value.has_value();
    case '0':
        ++m_at;
        value = 0;
        return !is_digit(peek());
    default:
        if (is_letter(c) || is_digit(c) || m_at >= m_in.size())
            return false;
        value = literal(); // escaped punctuation stands for itself
        return true;
    }
}

void Translator::escape() {
    const std::size_t begin = m_at++;
    const char c = peek();
    m_repeatable = true;
    if (c == 'b' || c == 'B') {
        ++m_at;
        add(c == 'b' ? "\\b" : "\\B");
        m_repeatable = false;
        return;
    }
    if (c >= '1' && c <= '9') {
        unsupported("a back-reference", begin);
        while (is_digit(peek()))
            ++m_at;
        return;
    }
    if (c == 'k' && peek(1) == '<' && m_in.find('>', m_at) != std::string_view::npos) {
        unsupported("a back-reference", begin);
        m_at = m_in.find('>', m_at) + 1;
        return;
    }
    std::optional<std::uint32_t> value;
    if (!common_escape(false, value))
        return mistake("an escape that ECMA-262 does not have", begin);
    if (value)
        add_code_point(*value);
}

/// One member of a class; `value` if it is a single code point.
void Translator::class_atom(std::optional<std::uint32_t>& value) {
    if (peek() != '\\') {
        value = literal();
        return;
    }
    const std::size_t begin = m_at++;
    if (peek() == 'b') {
        ++m_at;
        value = 8;
    } else if (!common_escape(true, value)) {
        mistake("an escape that ECMA-262 does not have", begin);
    }
}

void Translator::character_class() {
    const std::size_t begin = m_at++;
    const bool negated = peek() == '^';
    m_at += negated ? 1 : 0;
    if (peek() == ']') {
        ++m_at;
        return add(negated ? "[\\x{0}-\\x{10ffff}]" : "[^\\x{0}-\\x{10ffff}]");
    }
    add(negated ? "[^" : "[");
    while (m_result.mistake.empty() && peek() != ']') {
        if (m_at >= m_in.size())
            return mistake("a class is not closed", begin);
        std::optional<std::uint32_t> first;
        class_atom(first);
        if (!first) // a whole set; a hyphen behind it is a hyphen
            continue;
        add_code_point(*first);
        if (peek() != '-' || peek(1) == ']' || m_at + 1 >= m_in.size())
            continue;
        const std::size_t hyphen = m_at++;
        if (peek() == '\\' &&
            std::string_view("dDwWsSpP").find(peek(1)) != std::string_view::npos) {
            add("\\-");
            continue;
        }
        std::optional<std::uint32_t> last;
        class_atom(last);
        if (last && *last < *first)
            return mistake("a range's ends are the wrong way round", hyphen);
        if (last) {
            add("-");
            add_code_point(*last);
        }
    }
    ++m_at;
    add("]");
}

} // namespace

EcmaTranslation translate_ecma(std::string_view pattern) {
    return Translator(pattern).run();
}

bool is_ecma_pattern(std::string_view text) {
    return translate_ecma(text).mistake.empty();
}

} // namespace weir::schema

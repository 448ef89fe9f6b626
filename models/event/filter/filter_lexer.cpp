// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter_lexer.h"

#include <array>

#include "models/event/filter/json_path.h"

namespace weir {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Lexer {
  public:
    explicit Lexer(std::string_view text)
        : m_text(text) {}

    std::vector<FilterLexeme> run() {
        for (;;) {
            while (m_at < m_text.size() && is_space(m_text[m_at]))
                ++m_at;
            if (m_at == m_text.size())
                break;
            m_begin = m_at;
            next();
        }
        m_begin = m_at;
        add(FilterLexeme::Kind::End, 0);
        return std::move(m_out);
    }

  private:
    using Kind = FilterLexeme::Kind;

    FilterLexeme& add(Kind kind, std::size_t size) {
        FilterLexeme lexeme;
        lexeme.kind = kind;
        lexeme.begin = static_cast<std::uint32_t>(m_begin);
        lexeme.size = static_cast<std::uint32_t>(size);
        if (kind == Kind::Word || kind == Kind::Symbol)
            lexeme.text = m_text.substr(m_begin, size);
        m_at = m_begin + size;
        m_out.push_back(std::move(lexeme));
        return m_out.back();
    }

    void mistake(std::size_t size, const char* what, const char* advice) {
        FilterLexeme& lexeme = add(Kind::Mistake, size);
        lexeme.what = what;
        lexeme.advice = advice;
    }

    bool here(std::string_view wanted) const {
        return m_text.substr(m_at, wanted.size()) == wanted;
    }

    void quoted(bool fold) {
        std::string content;
        const std::size_t quote = m_begin + (fold ? 1 : 0);
        const std::size_t end = read_quoted(m_text, quote, content);
        if (end == std::string_view::npos)
            return mistake(m_text.size() - m_begin, "the quote is not closed",
                           "Close it with the same quote; write \\\" for a quote inside.");
        FilterLexeme& lexeme = add(Kind::Quoted, end - m_begin);
        lexeme.text = std::move(content);
        lexeme.fold = fold;
    }

    bool symbol() {
        struct Slip {
            std::string_view text;
            const char* what;
            const char* advice;
        };
        static constexpr std::array<Slip, 8> slips{
            {{"===", "=== is no operator", "Write ==."},
             {"=~", "=~ is no operator", "Write matches \"…\" for a regular expression."},
             {"!~", "!~ is no operator", "Write not FIELD matches \"…\"."},
             {"<>", "<> is no operator", "Write !=."},
             {"=", "= is no operator", "Write == to compare."},
             {"&", "& is no operator", "Write && or and."},
             {"|", "| is no operator", "Write || or or."},
             {"]", "] without a [ before it", "Put text with brackets in quotes."}}};
        for (const std::string_view text : {"==", "!=", "<=", ">=", "&&", "||"}) {
            if (here(text) && !here("==="))
                return add(Kind::Symbol, 2), true;
        }
        for (const Slip& slip : slips) {
            if (here(slip.text))
                return mistake(slip.text.size(), slip.what, slip.advice), true;
        }
        if (here("<") || here(">") || here("!"))
            return add(Kind::Symbol, 1), true;
        return false;
    }

    /// Whether a word stops before m_text[at].
    bool word_ends(std::size_t at) const {
        const char c = m_text[at];
        if (is_space(c) || static_cast<unsigned char>(c) < 0x20)
            return true;
        if (c == '(' || c == ')' || c == ',' || c == '"' || c == '<' || c == '>' || c == '=' ||
            c == ']')
            return true;
        const char next = at + 1 < m_text.size() ? m_text[at + 1] : '\0';
        return (c == '!' && (next == '=' || next == '~')) || (c == '&' && next == '&') ||
               (c == '|' && next == '|');
    }

    /// Behind the ] that closes the bracket at `at`, or npos.
    std::size_t bracket_end(std::size_t at) const {
        std::string content;
        for (++at; at < m_text.size(); ++at) {
            if (m_text[at] == ']')
                return at + 1;
            if (m_text[at] == '"' || m_text[at] == '\'') {
                at = read_quoted(m_text, at, content);
                if (at == std::string_view::npos)
                    return at;
                --at;
            }
        }
        return std::string_view::npos;
    }

    void word() {
        std::size_t at = m_begin;
        while (at < m_text.size() && !word_ends(at)) {
            if (m_text[at] != '[') {
                ++at;
                continue;
            }
            const std::size_t end = bracket_end(at);
            if (at == m_begin || end == std::string_view::npos) {
                m_begin = at;
                return mistake(1,
                               at == m_begin && end != std::string_view::npos
                                   ? "a bracket must follow a field"
                                   : "the bracket is not closed",
                               "Write items[0], items[*] or header[\"name\"]; quote other text.");
            }
            at = end;
        }
        add(Kind::Word, at - m_begin);
    }

    void next() {
        const char c = m_text[m_at];
        if (static_cast<unsigned char>(c) < 0x20)
            return mistake(1, "a control character", "Remove it, or quote it as \\u00XX.");
        if (c == '(' || c == ')' || c == ',') {
            add(c == '(' ? Kind::Open : c == ')' ? Kind::Close : Kind::Comma, 1);
            return;
        }
        if (c == '"' || c == '\'')
            return quoted(false);
        if (c == 'i' && m_at + 1 < m_text.size() &&
            (m_text[m_at + 1] == '"' || m_text[m_at + 1] == '\''))
            return quoted(true);
        if (!symbol())
            word();
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_begin = 0;
    std::vector<FilterLexeme> m_out;
};

} // namespace

std::vector<FilterLexeme> lex_filter(std::string_view text) {
    return Lexer(text).run();
}

} // namespace weir

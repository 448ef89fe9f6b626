// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter_completion.h"

#include <algorithm>

#include "models/event/filter/filter_fields.h"
#include "models/event/filter/filter_lexer.h"
#include "models/event/filter/json_path.h"
#include "models/event/filter/text_matcher.h"

namespace weir {

namespace {

using CompletionKind = FilterCompletion::Kind;
using Lexeme = FilterLexeme;

std::string_view word_of(const Lexeme& lexeme) {
    return lexeme.kind == Lexeme::Kind::Word ? filter_word(lexeme.text) : std::string_view();
}

/// Has a value on its right.
bool wants_value(const Lexeme& lexeme) {
    if (lexeme.kind == Lexeme::Kind::Symbol)
        return lexeme.text != "&&" && lexeme.text != "||" && lexeme.text != "!";
    const std::string_view word = word_of(lexeme);
    return word == "contains" || word == "startsWith" || word == "endsWith" || word == "matches";
}

class Completer {
  public:
    Completer(std::string_view text, std::size_t cursor, const FilterSeen& seen)
        : m_seen(seen)
        , m_lexemes(lex_filter(text.substr(0, cursor))) {
        m_lexemes.pop_back(); // the end
        m_out.begin = static_cast<std::uint32_t>(cursor);
        take_piece(text.substr(0, cursor));
    }

    FilterCompletions run() {
        if (const Lexeme* field = field_of_value())
            values(*field);
        else if (after_field())
            operators();
        else if (after_term())
            joins();
        else
            fields();
        return std::move(m_out);
    }

  private:
    /// The piece that is being written: a word that ends at the cursor, or an open quote.
    void take_piece(std::string_view text) {
        if (m_lexemes.empty())
            return;
        const Lexeme& last = m_lexemes.back();
        const bool open_quote = last.kind == Lexeme::Kind::Mistake &&
                                (text[last.begin] == '"' || text[last.begin] == '\'');
        if (last.begin + last.size != text.size() ||
            (last.kind != Lexeme::Kind::Word && !open_quote))
            return;
        m_out.begin = last.begin;
        m_out.size = last.size;
        m_piece = folded(text.substr(last.begin + (open_quote ? 1 : 0)));
        m_lexemes.pop_back();
    }

    const Lexeme* back(std::size_t n) const {
        return n < m_lexemes.size() ? &m_lexemes[m_lexemes.size() - 1 - n] : nullptr;
    }

    /// The field with which the value at the cursor is compared, or null if none is to be written.
    const Lexeme* field_of_value() const {
        const Lexeme* last = back(0);
        if (last == nullptr)
            return nullptr;
        if (wants_value(*last))
            return back(1);
        if (last->kind != Lexeme::Kind::Open && last->kind != Lexeme::Kind::Comma)
            return nullptr;
        std::size_t n = 0;
        while (back(n) != nullptr && back(n)->kind != Lexeme::Kind::Open)
            ++n;
        if (back(n + 1) == nullptr || word_of(*back(n + 1)) != "in")
            return nullptr;
        const bool negated = back(n + 2) != nullptr && word_of(*back(n + 2)) == "not";
        return back(n + (negated ? 3 : 2));
    }

    bool after_field() const {
        const Lexeme* last = back(0);
        const Lexeme* before = back(1);
        if (last == nullptr || last->kind != Lexeme::Kind::Word || !word_of(*last).empty() ||
            !JsonPath::parse(last->text) || (before != nullptr && wants_value(*before)))
            return false;
        return find_filter_field(last->text) != nullptr ||
               last->text.find_first_of(".[") != std::string::npos || is_dimension(last->text);
    }

    bool after_term() const {
        const Lexeme* last = back(0);
        return last != nullptr &&
               (last->kind == Lexeme::Kind::Close || last->kind == Lexeme::Kind::Quoted ||
                word_of(*last) == "exists" ||
                (last->kind == Lexeme::Kind::Word && word_of(*last).empty()));
    }

    bool is_dimension(std::string_view name) const {
        return m_seen.vocabulary != nullptr && m_seen.vocabulary->dimension(name) >= 0;
    }

    void offer(CompletionKind kind, std::string insert, std::string_view description,
               std::string_view shown = {}) {
        const std::string name = folded(shown.empty() ? std::string_view(insert) : shown);
        // "price" stands for properties.price, too.
        if (name.compare(0, m_piece.size(), m_piece) != 0 &&
            (kind != CompletionKind::Field || name.find('.' + m_piece) == std::string::npos))
            return;
        if (m_out.items.size() == FilterCompletions::items_max) {
            m_out.more = true;
            return;
        }
        FilterCompletion item{kind, std::move(insert), std::string(description)};
        if (std::find(m_out.items.begin(), m_out.items.end(), item) == m_out.items.end())
            m_out.items.push_back(std::move(item));
    }

    void fields() {
        for (const FilterFieldInfo& info : filter_fields()) {
            if (info.kind != FilterFieldKind::Header)
                offer(CompletionKind::Field, std::string(info.name), info.description);
        }
        if (m_seen.vocabulary != nullptr) {
            for (const std::string& name : m_seen.vocabulary->dimension_names) {
                if (find_filter_field(name) == nullptr)
                    offer(CompletionKind::Field, name, "dimension of this workspace");
            }
        }
        for (const std::string& name : m_seen.headers)
            offer(CompletionKind::Field, "header[" + filter_quoted(name) + ']', "header");
        for (const std::string& path : m_seen.paths)
            offer(CompletionKind::Field, path, "in the event's JSON");
        offer(CompletionKind::Keyword, "not", "denies what follows");
        offer(CompletionKind::Keyword, "exists", "the field is there, even if null");
    }

    void operators() {
        for (const FilterOperatorInfo& info : filter_operators())
            offer(CompletionKind::Operator, std::string(info.name), info.description);
        joins();
    }

    void joins() {
        offer(CompletionKind::Keyword, "and", "both");
        offer(CompletionKind::Keyword, "or", "either");
        offer(CompletionKind::Keyword, "not", "denies what follows");
    }

    void values(const Lexeme& lexeme) {
        const std::string& name = lexeme.text;
        const FilterFieldInfo* info = find_filter_field(name);
        if (info != nullptr && info->type == FilterFieldType::Time) {
            for (const char* text : {"now", "now-5m", "now-15m", "now-1h", "now-24h"})
                offer(CompletionKind::Value, text, "relative to when the filter is applied");
        } else if (info != nullptr && info->type == FilterFieldType::Duration) {
            for (const char* text : {"1s", "5s", "1m", "15m", "1h", "1d"})
                offer(CompletionKind::Value, text, "duration");
        } else if (info != nullptr && info->type == FilterFieldType::Size) {
            for (const char* text : {"1kB", "10kB", "100kB", "1MB"})
                offer(CompletionKind::Value, text, "bytes");
        } else if (name == "outcome") {
            for (const std::string_view text : outcome_words)
                quoted(std::string(text));
        } else if (name == "violation") {
            for (const std::string& reason : m_seen.violations)
                offer(CompletionKind::Value, filter_quoted(reason), "reason", reason);
        } else if (name == "topic") {
            for (const std::string& topic : m_seen.topics)
                quoted(topic);
        } else if (m_seen.vocabulary != nullptr) {
            interned(name);
        }
        if (info == nullptr && !is_dimension(name)) {
            for (const char* text : {"null", "true", "false"})
                offer(CompletionKind::Value, text, "JSON");
        }
    }

    void interned(const std::string& name) {
        const int dimension = m_seen.vocabulary->dimension(name);
        const Interner* interner = nullptr;
        if (dimension >= 0)
            interner = m_seen.vocabulary->dimensions[static_cast<std::size_t>(dimension)].get();
        else if (name == "reason")
            interner = m_seen.vocabulary->reasons.get();
        else if (name == "replay_run")
            interner = m_seen.vocabulary->replay_runs.get();
        else if (name == "dialect")
            interner = m_seen.vocabulary->dialects.get();
        if (interner == nullptr)
            return;
        std::vector<std::string> texts;
        const std::size_t known = std::min(interner->size(), FilterCompletions::values_max);
        for (std::size_t id = 1; id <= known && id < other_value.value(); ++id)
            texts.push_back(interner->text(ValueId(static_cast<std::uint16_t>(id))));
        std::sort(texts.begin(), texts.end());
        for (const std::string& text : texts) {
            if (!text.empty() && !(m_seen.masked && m_seen.masked(name, text)))
                quoted(text);
        }
    }

    void quoted(const std::string& text) {
        offer(CompletionKind::Value, filter_quoted(text), "seen", text);
    }

    const FilterSeen& m_seen;
    std::vector<Lexeme> m_lexemes; // before the piece
    std::string m_piece;           // folded
    FilterCompletions m_out;
};

} // namespace

FilterCompletions filter_completions(std::string_view text, std::size_t cursor,
                                     const FilterSeen& seen) {
    return Completer(text, std::min(cursor, text.size()), seen).run();
}

} // namespace weir

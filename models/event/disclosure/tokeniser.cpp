// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/tokeniser.h"

#include <algorithm>

#include <openssl/crypto.h>

#include "connectors/base/characters.h"
#include "models/event/disclosure/token_forms.h"
#include "models/event/json/json_tape.h"

namespace weir {

namespace {

constexpr int draws_for_a_digit = 16;  // then one more of the leading digits stays
constexpr int draws_of_the_usual = 16; // then what is known of the form is used
constexpr int draws_by_the_form = 32;  // then what the text says of the place that it belongs to

/// What the form says of how a text begins and ends, where the text does.
tokens::Kept kept_by(const FormHints& hints, std::string_view text) {
    tokens::Kept kept;
    if (text.starts_with(hints.prefix))
        kept.first = hints.prefix.size();
    if (text.ends_with(hints.suffix))
        kept.last = hints.suffix.size();
    return kept;
}

/// The token of that draw, the further from the usual the more draws did not fit the form.
std::string drawn(int attempt, std::string_view text, std::string_view reason,
                  const ValueForm* form, const FormHints& hints, tokens::Draw& draw) {
    if (form == nullptr || attempt < draws_of_the_usual)
        return tokens::text(text, reason, hints.characters_max, draw);
    const tokens::Kept kept = kept_by(hints, text);
    return attempt < draws_by_the_form ? tokens::alike(text, kept, draw)
                                       : tokens::alike_in_place(text, kept, draw);
}

std::ptrdiff_t significand_size(std::string_view digits) {
    return static_cast<std::ptrdiff_t>(std::min(digits.find_first_of("eE"), digits.size()));
}

} // namespace

Result<std::shared_ptr<const Tokeniser>> Tokeniser::create(std::string key) {
    if (key.size() >= key_bytes_min)
        return std::shared_ptr<const Tokeniser>(new Tokeniser(std::move(key)));
    Error error;
    error.code = ErrorCode::Config;
    error.what = "the key that tokens are made with is shorter than " +
                 std::to_string(key_bytes_min) + " bytes";
    error.advice = "Make one with \"openssl rand -hex 32\".";
    return error;
}

Tokeniser::~Tokeniser() {
    OPENSSL_cleanse(const_cast<char*>(m_key.data()), m_key.size());
}

/// One of the values that the form lists.
std::string Tokeniser::chosen(std::string_view value, const ValueForm& form) const {
    tokens::Draw draw(m_key, value, 0);
    const auto& choices = form.choices();
    return choices[draw.below(static_cast<std::uint32_t>(choices.size()))];
}

std::string Tokeniser::of_text(std::string_view text, std::string_view reason,
                               const ValueForm* form) const {
    std::string quoted;
    append_json_string(text, quoted);
    if (form != nullptr && !form->allows(quoted))
        form = nullptr; // what violates its contract goes on doing so
    if (form != nullptr && !form->choices().empty()) {
        const std::string choice = chosen(text, *form);
        JsonTape tape;
        if (tape.parse(choice) && tape.nodes()[0].kind == JsonKind::String)
            return tape.unescaped(0);
    }
    const FormHints hints = form != nullptr ? form->hints() : FormHints();
    std::string other;
    for (int attempt = 0; attempt < draws_max; ++attempt) {
        tokens::Draw draw(m_key, text, attempt);
        std::string token = drawn(attempt, text, reason, form, hints, draw);
        // There are few addresses to draw from: a token may come out as what it stands for.
        if (token == text)
            continue;
        quoted.clear();
        append_json_string(token, quoted);
        if (form == nullptr || form->allows(quoted))
            return token;
        if (other.empty())
            other = std::move(token);
    }
    return other; // against its contract rather than the value itself
}

std::string Tokeniser::of_number(std::string_view digits, const ValueForm* form) const {
    if (form != nullptr && !form->allows(digits))
        form = nullptr;
    if (form != nullptr && !form->choices().empty()) {
        const std::string choice = chosen(digits, *form);
        if (choice.find_first_not_of("0123456789+-.eE") == std::string::npos)
            return choice;
    }
    const FormHints hints = form != nullptr ? form->hints() : FormHints();
    const bool bounded = hints.step > 0 || (hints.least && hints.most);
    const std::size_t redrawn_least = 1; // digits
    const auto count = static_cast<std::size_t>(
        std::count_if(digits.begin(), digits.begin() + significand_size(digits), is_digit));
    std::string other;
    for (int attempt = 0; attempt < draws_max; ++attempt) {
        tokens::Draw draw(m_key, digits, attempt);
        const auto kept = std::min(static_cast<std::size_t>(attempt / draws_for_a_digit),
                                   count - std::min(count, redrawn_least));
        std::string token = attempt >= draws_of_the_usual && bounded
                                ? tokens::multiple(digits, hints, draw)
                                : std::string();
        if (token.empty())
            token = tokens::number(digits, kept, draw);
        if (token == digits)
            continue;
        if (form == nullptr || form->allows(token))
            return token;
        if (other.empty())
            other = std::move(token);
    }
    return other;
}

} // namespace weir

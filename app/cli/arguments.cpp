// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "connectors/base/characters.h"
#include "connectors/base/near_word.h"

namespace weir::cli {

namespace {

const Option* find_long(const std::vector<Option>& known, std::string_view name) {
    for (const Option& option : known)
        if (name == option.name)
            return &option;
    return nullptr;
}

const Option* find_short(const std::vector<Option>& known, char name) {
    for (const Option& option : known)
        if (option.short_name == name && name != 0)
            return &option;
    return nullptr;
}

/// "-7210194211959421178" is meant as a text; "-1", where there is such an option, is not.
Error unknown_option(const std::string& word, const std::vector<Option>& known) {
    if (is_digit(word[1]))
        return usage_error("unknown option " + word,
                           "If the text itself is meant, write -- before it" +
                               std::string(find_short(known, 'e') != nullptr ? ", or -e." : "."));
    std::vector<std::string> names;
    for (const Option& option : known)
        names.push_back(option.name);
    const std::string bare = word.substr(word.find_first_not_of('-'));
    const std::string near = nearest_word(bare, names);
    return usage_error("unknown option " + word,
                       near.empty() ? "--help lists the options" : "Did you mean --" + near + "?");
}

} // namespace

Error usage_error(std::string what, std::string advice) {
    Error error;
    error.code = ErrorCode::Usage;
    error.what = std::move(what);
    error.advice = std::move(advice);
    return error;
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
    std::string best;
    std::size_t least = (word.size() < 4 ? 1 : std::max<std::size_t>(2, word.size() / 3)) + 1;
    for (const std::string& candidate : known) {
        const bool begins = word.size() >= 3 && candidate.compare(0, word.size(), word) == 0;
        const std::size_t distance = begins ? 1 : edit_distance(word.substr(0, 64), candidate);
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

Result<Arguments> Arguments::parse(const std::vector<std::string>& words,
                                   const std::vector<Option>& known, std::size_t positionals_max) {
    Arguments out;
    bool options_ended = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (options_ended || word.size() < 2 || word[0] != '-') {
            if (out.m_positionals.size() == positionals_max)
                return usage_error("did not expect \"" + word + "\"",
                                   "Put words with spaces in quotes; --help shows the usage.");
            out.m_positionals.push_back(word);
            continue;
        }
        if (word == "--") {
            options_ended = true;
            continue;
        }
        const bool is_long = word[1] == '-';
        const std::size_t equals = is_long ? word.find('=') : std::string::npos;
        const Option* option =
            is_long ? find_long(known, word.substr(2, equals - 2)) : find_short(known, word[1]);
        if (option == nullptr)
            return unknown_option(word.substr(0, equals), known);
        const std::string shown = is_long ? word.substr(0, equals) : word.substr(0, 2);
        const bool attached = is_long ? equals != std::string::npos : word.size() > 2;
        std::string value;
        if (option->value_name == nullptr) {
            if (attached)
                return usage_error(shown + " takes no value");
        } else if (attached) {
            value = is_long ? word.substr(equals + 1) : word.substr(2);
        } else if (i + 1 < words.size()) {
            value = words[++i];
        } else {
            return usage_error(shown + " needs a value: " + shown + " " + option->value_name);
        }
        auto& values = out.m_values[option->same_as ? option->same_as : option->name];
        if (!values.empty() && !option->repeatable && option->value_name != nullptr)
            return usage_error(shown + " was given twice", "It can have one value only.");
        values.push_back(std::move(value));
    }
    return out;
}

bool Arguments::has(std::string_view name) const {
    return m_values.find(name) != m_values.end();
}

std::string Arguments::value(std::string_view name, const std::string& otherwise) const {
    const auto it = m_values.find(name);
    return it == m_values.end() ? otherwise : it->second.back();
}

const std::vector<std::string>& Arguments::values(std::string_view name) const {
    static const std::vector<std::string> none;
    const auto it = m_values.find(name);
    return it == m_values.end() ? none : it->second;
}

Result<std::int64_t> Arguments::integer(std::string_view name, std::int64_t otherwise,
                                        std::int64_t least, std::int64_t most) const {
    if (!has(name))
        return otherwise;
    std::string text = value(name);
    text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
        return usage_error("--" + std::string(name) + " " + value(name) +
                           ": not a whole number between " + std::to_string(least) + " and " +
                           std::to_string(most));
    return number;
}

Result<double> Arguments::number(std::string_view name, double otherwise, double least,
                                 double most) const {
    if (!has(name))
        return otherwise;
    std::string text = value(name);
    const bool percent = !text.empty() && text.back() == '%';
    if (percent)
        text.pop_back();
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (percent)
        number /= 100;
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number) ||
        number < least || number > most)
        return usage_error("--" + std::string(name) + " " + value(name) +
                           ": not a number in its range");
    return number;
}

} // namespace weir::cli

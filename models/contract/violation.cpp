// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/violation.h"

#include <iterator>

#include "models/event/json/json_tape.h"

namespace weir {

namespace {

constexpr std::string_view reason_words[] = {"not_json",
                                             "too_large",
                                             "unknown_type",
                                             "unknown_version",
                                             "deprecated_version",
                                             "removed_version",
                                             "missing_required",
                                             "wrong_type",
                                             "not_in_enum",
                                             "out_of_range",
                                             "not_multiple",
                                             "wrong_length",
                                             "wrong_size",
                                             "pattern",
                                             "format",
                                             "content",
                                             "unexpected_property",
                                             "unexpected_item",
                                             "duplicate_item",
                                             "duplicate_key",
                                             "nothing_contained",
                                             "dependency",
                                             "no_alternative",
                                             "ambiguous",
                                             "forbidden",
                                             "rule",
                                             "too_complex"};
static_assert(std::size(reason_words) == violation_reason_count);

constexpr std::string_view effect_words[] = {"block", "flag", "strip"};

template <class Enum, std::size_t N>
bool find_word(const std::string_view (&words)[N], std::string_view word, Enum& value) {
    for (std::size_t i = 0; i < N; ++i) {
        if (words[i] == word) {
            value = static_cast<Enum>(i);
            return true;
        }
    }
    return false;
}

void append_member(std::string_view name, std::string_view value, std::string& out) {
    out += out.back() == '{' ? "\"" : ",\"";
    out += name;
    out += "\":";
    append_json_string(value, out);
}

} // namespace

std::string_view to_word(ViolationReason reason) {
    return reason_words[static_cast<std::size_t>(reason)];
}

std::vector<std::string> violation_reasons() {
    return {std::begin(reason_words), std::end(reason_words)};
}

bool from_word(std::string_view word, ViolationReason& reason) {
    return find_word(reason_words, word, reason);
}

bool is_about_version(ViolationReason reason) {
    return reason == ViolationReason::UnknownVersion ||
           reason == ViolationReason::DeprecatedVersion ||
           reason == ViolationReason::RemovedVersion;
}

std::string_view to_word(Effect effect) {
    return effect_words[static_cast<std::size_t>(effect)];
}

bool from_word(std::string_view word, Effect& effect) {
    return find_word(effect_words, word, effect);
}

void note_more(Violation& violation, std::size_t more) {
    violation.more += more;
    violation.remedy += (violation.remedy.empty() ? "" : "; ") + std::to_string(more) +
                        " more of this reason are not listed";
}

std::string found_text(std::string_view text) {
    if (text.size() <= Violation::found_bytes_max)
        return std::string(text);
    std::size_t end = Violation::found_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string(text.substr(0, end)) + "…";
}

std::string as_sentence(std::string remedy) {
    if (remedy.empty())
        return remedy;
    if (remedy[0] >= 'a' && remedy[0] <= 'z')
        remedy[0] = static_cast<char>(remedy[0] - 'a' + 'A');
    if (remedy.back() != '?')
        remedy += '.';
    return remedy;
}

std::string violation_text(const Violation& violation) {
    std::string text = violation.pointer.empty() ? "the event" : violation.pointer;
    text.append(": ").append(to_word(violation.reason));
    if (!violation.expected.empty())
        text.append(": expected ").append(violation.expected);
    if (!violation.found.empty())
        text.append(", found ").append(violation.found);
    if (!violation.remedy.empty())
        text.append(" (").append(violation.remedy).append(")");
    return text;
}

void append_violation_json(const Violation& violation, std::string& out) {
    out += '{';
    append_member("reason", to_word(violation.reason), out);
    append_member("effect", to_word(violation.effect), out);
    append_member("pointer", violation.pointer, out);
    append_member("expected", violation.expected, out);
    append_member("found", violation.found, out);
    if (!violation.remedy.empty())
        append_member("remedy", violation.remedy, out);
    if (!violation.rule.empty())
        append_member("rule", violation.rule, out);
    out += '}';
}

} // namespace weir

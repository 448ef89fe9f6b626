// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/text_judge.h"

#include <algorithm>
#include <cstring>

#include "connectors/base/characters.h"
#include "models/event/disclosure/decoded_text.h"
#include "models/event/disclosure/json_masker.h"
#include "models/event/disclosure/text_slot.h"
#include "models/event/disclosure/value_patterns.h"

namespace weir {
namespace {

// Names of parameters are few, addresses are many.
constexpr std::size_t known_names_max = 256;
constexpr std::size_t known_name_bytes_max = 64;

bool is_name_char(char ch) {
    return is_alnum(ch) || ch == '_' || ch == '-' || ch == '.' || ch == '[' || ch == ']' ||
           ch == '%' || static_cast<unsigned char>(ch) >= 0x80;
}

/// What an address or a query string is written in (RFC 3986, and letters of every script).
bool is_address(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char ch) {
        return is_name_char(ch) ||
               std::string_view("~:/?#@!$&'()*+,;=").find(ch) != std::string_view::npos;
    });
}

/// What most values are: too short and too plain to be anything but a word, a code or a number.
bool is_short_word(std::string_view text) {
    constexpr std::size_t longest = 10; // keys and base64 are longer, all else has other characters
    return text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char ch) { return is_alnum(ch) || ch == '_'; });
}

/// The name that stands before the `=` at `equals`.
std::string_view name_before(std::string_view text, std::size_t equals) {
    std::size_t begin = equals;
    while (begin > 0 && is_name_char(text[begin - 1]))
        --begin;
    return text.substr(begin, equals - begin);
}

FieldClass class_of_unknown(std::string_view name) {
    const FieldClass by_name = class_of_name(name, "");
    if (by_name != FieldClass::None)
        return by_name;
    const FieldClass of_value = class_of_scalar(name);
    if (of_value != FieldClass::None)
        return of_value;
    const bool signs = name == "signature" || name == "sig" || name == "auth";
    return signs ? FieldClass::Token : FieldClass::None;
}

} // namespace

TextJudge::TextJudge(int wrapped_max)
    : m_wrapped_max(wrapped_max) {}
TextJudge::~TextJudge() = default;

bool HarmlessTexts::holds(std::string_view text) const {
    if (m_slots == nullptr || text.empty() || text.size() > sizeof Slot::bytes)
        return false;
    const Slot& slot = m_slots[slot_of(text, slots)];
    return slot.size == text.size() && std::memcmp(slot.bytes, text.data(), text.size()) == 0;
}

void HarmlessTexts::add(std::string_view text) {
    if (text.empty() || text.size() > sizeof Slot::bytes)
        return;
    if (m_slots == nullptr)
        m_slots = std::make_unique<Slot[]>(slots);
    Slot& slot = m_slots[slot_of(text, slots)];
    slot.size = static_cast<std::uint8_t>(text.size());
    std::memcpy(slot.bytes, text.data(), text.size());
}

std::string_view TextJudge::judge(std::string_view text, std::vector<TextPart>* parts) {
    if (is_short_word(text) || patterns::is_uuid(text) || patterns::is_time(text) ||
        m_harmless.holds(text))
        return {};
    const std::string_view reason = reason_of(text, parts);
    if (reason.empty())
        m_harmless.add(text);
    return reason;
}

std::string_view TextJudge::reason_of(std::string_view text, std::vector<TextPart>* parts) {
    return text.find('=') == std::string_view::npos ? whole(text, 0) : parameters(text, parts, 0);
}

FieldClass TextJudge::class_of_parameter(std::string_view name) {
    if (const auto known = m_names.find(name); known != m_names.end())
        return known->second;
    const FieldClass found = class_of_unknown(name);
    if (name.size() <= known_name_bytes_max && m_names.size() < known_names_max)
        m_names.emplace(name, found);
    return found;
}

/// A value that holds `name=…` itself, after a semicolon, say.
std::string_view TextJudge::reason_of_names(std::string_view text) {
    for (std::size_t at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1))
        if (at + 1 < text.size()) {
            const FieldClass found = class_of_parameter(name_before(text, at));
            if (found != FieldClass::None)
                return to_word(found);
        }
    return {};
}

std::string_view TextJudge::wrapped(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    const bool written_twice = text[first] == '"' && text.find("\\\"") != std::string_view::npos;
    if (text[first] != '{' && text[first] != '[' && !written_twice)
        return {};
    if (m_wrapped_max == 0)
        return unparsable;
    if (m_inner == nullptr)
        m_inner = std::make_unique<JsonMasker>(true, m_wrapped_max - 1);
    if (!m_inner->find(text))
        return unparsable;
    return m_inner->hits().empty() ? std::string_view() : m_inner->hits().front().reason;
}

std::string_view TextJudge::whole(std::string_view text, int layer) {
    const FieldClass by_value = class_of_text(text);
    if (by_value != FieldClass::None)
        return to_word(by_value);
    if (const std::string_view reason = wrapped(text); !reason.empty())
        return reason;
    if (layer == layers_max)
        return {};
    std::string& decoded = m_decoded[layer];
    const Unescaped unescaped = decode_escapes(text, decoded);
    if (unescaped == Unescaped::TooDeep)
        return unparsable;
    if (unescaped == Unescaped::Same && !decode_wrapped_text(text, decoded))
        return {};
    if (layer + 1 == layers_max)
        return unparsable;
    return decoded.find('=') == std::string::npos ? whole(decoded, layer + 1)
                                                  : parameters(decoded, nullptr, layer + 1);
}

std::string_view TextJudge::parameter(std::string_view name, std::string_view value, int layer) {
    if (decode_escapes(name, m_name) == Unescaped::Same)
        m_name = name;
    const FieldClass by_name = class_of_parameter(m_name);
    if (by_name != FieldClass::None)
        return to_word(by_name);
    std::string_view reason = reason_of_names(value);
    if (reason.empty())
        reason = whole(value, layer);
    if (!reason.empty() || value.find('+') == std::string_view::npos)
        return reason;
    m_spaced.assign(value);
    std::replace(m_spaced.begin(), m_spaced.end(), '+', ' ');
    const FieldClass spaced = class_of_text(m_spaced);
    return spaced == FieldClass::None ? std::string_view() : to_word(spaced);
}

std::string_view TextJudge::parameters(std::string_view text, std::vector<TextPart>* parts,
                                       int layer) {
    // Only the outermost layer is asked for parts: they are its own places.
    std::vector<TextPart>* const found = layer == 0 ? &m_parts : nullptr;
    if (found != nullptr) {
        m_parts.clear();
        m_rest.clear();
    }
    std::size_t copied = 0;
    for (std::size_t equals = text.find('='); equals != std::string_view::npos;) {
        const std::size_t begin = equals + 1;
        const std::size_t end = std::min(text.find_first_of("&#", begin), text.size());
        const std::string_view value = text.substr(begin, end - begin);
        const std::string_view reason =
            value.empty() ? value : parameter(name_before(text, equals), value, layer);
        if (!reason.empty() && found == nullptr)
            return reason;
        if (!reason.empty()) {
            m_rest.append(text.substr(copied, begin - copied));
            copied = end;
            found->push_back({static_cast<std::uint32_t>(begin),
                              static_cast<std::uint32_t>(end - begin), reason});
        }
        equals = text.find('=', end);
    }
    if (found == nullptr || found->empty())
        return whole(text, layer);
    m_rest.append(text.substr(copied));
    const std::string_view rest = whole(m_rest, layer);
    if (parts != nullptr && rest.empty() && is_address(text))
        parts->insert(parts->end(), found->begin(), found->end());
    return rest.empty() ? found->front().reason : rest;
}

} // namespace weir

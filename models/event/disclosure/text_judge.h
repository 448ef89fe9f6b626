// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why a text under no telling name must be masked: the shapes in it (value_patterns.h), those that
// show once it is decoded, JSON that is wrapped in it, and query parameters by their names
// (`?user_id=…&token=…`). Of an address or a query string whose rest is harmless only the
// parameters' values are masked.
//
// Thread contract: one owner (scratch memory). Bound: each text is passed once for every layer it
// is wrapped in: at most decode_rounds_max escapes, `wrapped_max` JSON documents, base64 and nested
// addresses `layers_max` deep; what is wrapped deeper is masked whole.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/disclosure/field_class.h"

namespace weir {

class JsonMasker;

/// Short texts that say nothing, met before: most values are some of few (a currency, a version, a
/// campaign). Bound: 32 kB; a newer text takes another's place.
class HarmlessTexts {
  public:
    bool holds(std::string_view text) const;
    void add(std::string_view text);

  private:
    struct Slot {
        std::uint8_t size = 0; // 0: free
        char bytes[31];
    };
    static constexpr std::size_t slots = 1024;

    std::unique_ptr<Slot[]> m_slots; // null: none yet
};

/// A part of a text that must be masked.
struct TextPart {
    std::uint32_t begin, size; // bytes of the text, its escapes resolved
    std::string_view reason;
};

class TextJudge {
  public:
    explicit TextJudge(int wrapped_max);
    ~TextJudge();

    /// Why the text must be masked, or "". With `parts`: where it is enough to mask parts of it,
    /// these are appended; nothing is appended where it is all of it.
    std::string_view judge(std::string_view text, std::vector<TextPart>* parts = nullptr);

  private:
    static constexpr int layers_max = 3;

    std::string_view whole(std::string_view text, int layer);
    std::string_view wrapped(std::string_view text);
    std::string_view parameters(std::string_view text, std::vector<TextPart>* parts, int layer);
    std::string_view parameter(std::string_view name, std::string_view value, int layer);
    std::string_view reason_of_names(std::string_view text);
    FieldClass class_of_parameter(std::string_view name);

    std::string_view reason_of(std::string_view text, std::vector<TextPart>* parts);

    const int m_wrapped_max;
    HarmlessTexts m_harmless;
    std::unique_ptr<JsonMasker> m_inner; // for JSON that is wrapped in a text
    std::string m_decoded[layers_max];   // a layer's text without its wrapping
    std::string m_spaced, m_name, m_rest;
    std::vector<TextPart> m_parts;
    std::map<std::string, FieldClass, std::less<>> m_names; // of parameters, the first ones met
};

} // namespace weir

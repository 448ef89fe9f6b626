// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/snowplow_event.h"

#include <algorithm>
#include <array>

#include "connectors/base/base64.h"
#include "connectors/http/message.h"
#include "models/sandbox/event_taker.h"

namespace weir::sandbox {

namespace {

constexpr JsonLimits inner_json{.depth = 128, .nodes = 100'000};

/// The kinds of event that the tracker protocol has: code, word, schema.
struct Kind {
    std::string_view code;
    std::string_view word;
    std::string_view schema;
};
constexpr std::array<Kind, 6> kinds = {{
    {"pv", "page_view", "iglu:com.snowplowanalytics.snowplow/page_view/jsonschema/1-0-0"},
    {"pp", "page_ping", "iglu:com.snowplowanalytics.snowplow/page_ping/jsonschema/1-0-0"},
    {"se", "struct", "iglu:com.google.analytics/event/jsonschema/1-0-0"},
    {"ue", "unstruct", ""},
    {"tr", "transaction", "iglu:com.snowplowanalytics.snowplow/transaction/jsonschema/1-0-0"},
    {"ti", "transaction_item",
     "iglu:com.snowplowanalytics.snowplow/transaction_item/jsonschema/1-0-0"},
}};

const Kind* kind_of(std::string_view code) {
    const auto* const found =
        std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.code == code; });
    return found == kinds.end() ? nullptr : found;
}

} // namespace

std::optional<IgluName> split_iglu(std::string_view schema) {
    constexpr std::string_view scheme = "iglu:";
    if (schema.substr(0, scheme.size()) != scheme)
        return std::nullopt;
    std::array<std::string_view, 4> parts; // vendor, name, format, version
    std::size_t count = 0;
    std::size_t begin = scheme.size();
    while (begin <= schema.size() && count < parts.size()) {
        const std::size_t end = std::min(schema.find('/', begin), schema.size());
        parts[count++] = schema.substr(begin, end - begin);
        begin = end + 1;
    }
    if (count != parts.size() || begin <= schema.size())
        return std::nullopt;
    return IgluName{std::string(parts[0]), std::string(parts[1]), std::string(parts[3])};
}

std::string_view snowplow_type_word(std::string_view code) {
    const Kind* const kind = kind_of(code);
    return kind == nullptr ? code : kind->word;
}

std::string_view snowplow_own_schema(std::string_view code) {
    const Kind* const kind = kind_of(code);
    return kind == nullptr ? std::string_view() : kind->schema;
}

bool SelfDescribing::read(const JsonTape& parameters, std::string_view plain,
                          std::string_view encoded) {
    const auto text_of = [&](std::string_view name) {
        const auto node = parameters.member(0, name);
        return node ? scalar_text(parameters, *node) : std::string();
    };
    m_member = plain;
    m_text = text_of(plain);
    if (m_text.empty()) {
        m_member = encoded;
        m_text = base64_decoded(text_of(encoded)).value_or(std::string());
    }
    if (m_text.empty() || !m_tape.parse(m_text, inner_json))
        return false;
    const auto found = m_tape.member(0, "data");
    m_data = found.value_or(0);
    return found.has_value();
}

std::string SelfDescribing::schema_of(std::uint32_t node) const {
    const auto schema = m_tape.member(node, "schema");
    return schema ? scalar_text(m_tape, *schema) : std::string();
}

} // namespace weir::sandbox

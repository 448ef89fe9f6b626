// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/self_describing.h"

#include <algorithm>
#include <array>

#include "connectors/base/base64.h"
#include "models/event/disclosure/field_finder.h"

namespace weir {

namespace {

constexpr JsonLimits inner_json{.depth = 128, .nodes = 100'000};

std::string text_of(const JsonTape& tape, std::uint32_t object, std::string_view name) {
    const auto node = tape.member(object, name);
    return node && tape.nodes()[*node].kind == JsonKind::String ? tape.unescaped(*node)
                                                                : std::string();
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

std::optional<std::int64_t> iglu_model(std::string_view version) {
    return version_of(version.substr(0, version.find('-')));
}

bool SelfDescribing::read(const JsonTape& parameters, std::string_view plain,
                          std::string_view encoded) {
    m_member = plain;
    m_text = text_of(parameters, 0, plain);
    if (m_text.empty()) {
        m_member = encoded;
        m_text = base64_decoded(text_of(parameters, 0, encoded)).value_or(std::string());
    }
    if (m_text.empty() || !m_tape.parse(m_text, inner_json))
        return false;
    const auto found = m_tape.member(0, "data");
    m_data = found.value_or(0);
    return found.has_value();
}

std::string SelfDescribing::schema_of(std::uint32_t node) const {
    return text_of(m_tape, node, "schema");
}

bool SelfDescribing::inner(std::uint32_t node, JsonTape& data, std::string& within) const {
    const auto found = m_tape.member(node, "data");
    if (!found || !data.parse(m_tape.raw_quoted(*found)))
        return false;
    within = "/" + m_member + m_tape.pointer(*found);
    return true;
}

} // namespace weir

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

ViolationReason reason_of(const JsonError& error) {
    const bool too_many = std::string_view(error.what).substr(0, 8) == "too many";
    return too_many || is_too_deep(error.what) ? ViolationReason::TooLarge
                                               : ViolationReason::NotJson;
}

void SelfDescribing::report(ViolationReason reason, std::string pointer, std::string expected,
                            std::string_view found) {
    Violation& problem = m_problem.emplace();
    problem.reason = reason;
    problem.pointer = std::move(pointer);
    problem.expected = std::move(expected);
    problem.found = found_text(found);
}

/// What stopped the parser; of the text, which may say anything, only where.
void SelfDescribing::report(const JsonTape& unread, std::string pointer) {
    const JsonError& error = unread.error();
    report(reason_of(error), std::move(pointer),
           "self-describing JSON (at its byte " + std::to_string(error.offset) + ": " + error.what +
               ")",
           {});
}

bool SelfDescribing::has_list() {
    const bool list = m_tape.nodes()[m_data].kind == JsonKind::Array;
    if (!list)
        report(ViolationReason::WrongType, "/" + m_member + "/data", "an array",
               m_tape.raw_quoted(m_data));
    return list;
}

/// What stands under a name; empty: nothing, or it is no text, which is a problem.
std::string SelfDescribing::parameter(const JsonTape& parameters, std::string_view name) {
    m_member = name;
    const auto node = parameters.member(0, name);
    if (!node || parameters.nodes()[*node].kind == JsonKind::Null)
        return {};
    if (parameters.nodes()[*node].kind == JsonKind::String)
        return parameters.unescaped(*node);
    report(ViolationReason::WrongType, "/" + m_member, "a string", {});
    return {};
}

/// False: there is none.
bool SelfDescribing::read_text(const JsonTape& parameters, std::string_view plain,
                               std::string_view encoded) {
    m_text = parameter(parameters, plain);
    if (!m_text.empty() || m_problem)
        return !m_problem;
    const std::string text = parameter(parameters, encoded);
    if (text.empty())
        return false;
    auto decoded = base64_decoded(text);
    if (!decoded)
        report(ViolationReason::Format, "/" + m_member, "base64", {});
    m_text = std::move(decoded).value_or(std::string());
    return !m_text.empty();
}

bool SelfDescribing::read(const JsonTape& parameters, std::string_view plain,
                          std::string_view encoded) {
    m_problem.reset();
    if (!read_text(parameters, plain, encoded))
        return false;
    if (!m_tape.parse(m_text, inner_json)) {
        report(m_tape, "/" + m_member);
        return false;
    }
    const auto found = m_tape.member(0, "data");
    m_data = found.value_or(0);
    if (!found)
        report(ViolationReason::MissingRequired, "/" + m_member + "/data", "what is described", {});
    return found.has_value();
}

std::string SelfDescribing::schema_of(std::uint32_t node) const {
    return text_of(m_tape, node, "schema");
}

std::optional<IgluName> SelfDescribing::describe(std::uint32_t node, JsonTape& data,
                                                 std::string& within) {
    m_problem.reset();
    const std::string at = "/" + m_member + m_tape.pointer(node);
    const std::string schema = schema_of(node);
    auto iglu = split_iglu(schema);
    if (!iglu) {
        report(schema.empty() ? ViolationReason::MissingRequired : ViolationReason::Format,
               at + "/schema", "iglu:VENDOR/NAME/FORMAT/VERSION", schema);
        return std::nullopt;
    }
    const auto found = m_tape.member(node, "data");
    if (!found) {
        report(ViolationReason::MissingRequired, at + "/data", "what is described", {});
        return std::nullopt;
    }
    within = at + "/data";
    if (!data.parse(m_tape.raw_quoted(*found), inner_json)) {
        report(data, within);
        return std::nullopt;
    }
    return iglu;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/event_fields.h"

namespace weir::sandbox {
namespace {

constexpr std::array<std::string_view, event_field_count> names = {
    "id",         "type",          "schema_version", "session",   "anonymous", "user",
    "event_time", "received_time", "source",         "source_id", "platform",  "app_version",
    "ip",         "user_agent",    "locale",         "page",      "referrer",  "campaign",
    "consent"};

std::vector<std::string> split(const std::string& dotted) {
    std::vector<std::string> steps;
    std::size_t begin = 0;
    for (std::size_t dot; (dot = dotted.find('.', begin)) != std::string::npos; begin = dot + 1)
        steps.push_back(dotted.substr(begin, dot - begin));
    steps.push_back(dotted.substr(begin));
    return steps;
}

std::optional<std::uint32_t> walk(const JsonTape& tape, const std::vector<std::string>& steps) {
    std::uint32_t node = 0;
    for (const std::string& step : steps) {
        if (tape.nodes()[node].kind != JsonKind::Object)
            return {};
        const auto next = tape.member(node, step);
        if (!next)
            return {};
        node = *next;
    }
    if (tape.nodes()[node].kind == JsonKind::Null)
        return {};
    return node;
}

} // namespace

EventFields::EventFields(const FieldPaths& paths) {
    for (std::size_t i = 0; i < names.size(); ++i)
        for (const std::string& dotted : paths.paths(names[i]))
            m_paths[i].push_back(split(dotted));
}

std::optional<std::uint32_t> EventFields::find(const JsonTape& tape, EventField field) const {
    for (const Path& path : m_paths[static_cast<std::size_t>(field)])
        if (const auto node = walk(tape, path))
            return node;
    return {};
}

std::string_view EventFields::text(const JsonTape& tape, EventField field,
                                   std::string& scratch) const {
    const auto node = find(tape, field);
    if (!node)
        return {};
    const JsonKind kind = tape.nodes()[*node].kind;
    if (kind == JsonKind::Number)
        return tape.raw(*node);
    return kind == JsonKind::String ? tape.text_of(*node, scratch) : std::string_view();
}

} // namespace weir::sandbox

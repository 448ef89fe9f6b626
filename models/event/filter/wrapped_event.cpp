// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/wrapped_event.h"

#include "connectors/base/base64.h"
#include "models/event/filter/literal_finder.h"

namespace weir {

bool may_wrap_event(std::string_view value) {
    static const LiteralFinder name_end(std::string(base64_ending) + '"');
    return name_end.found_in(value);
}

EventJson* WrappedEvent::of(EventJson& payload, const FieldPaths& paths) {
    if (m_state != State::Unread)
        return m_state == State::Unwrapped ? &m_json : nullptr;
    m_state = State::None;
    for (const std::string& text : paths.originals()) {
        const std::optional<JsonPath> path = JsonPath::parse(text);
        const bool found = path && payload.any(*path, [&](const FilterValue& value) {
            if (value.kind == FilterValue::Kind::Null)
                return false;
            if (value.kind != FilterValue::Kind::String)
                return true;
            if (holds_base64(text)) {
                std::optional<std::string> decoded = base64_decoded(value.text);
                if (!decoded)
                    return true;
                m_bytes = std::move(*decoded);
            } else {
                m_bytes = value.text;
            }
            m_state = State::Unwrapped;
            return true;
        });
        if (found)
            break;
    }
    if (m_state == State::None)
        return nullptr;
    m_json.begin(m_bytes);
    return &m_json;
}

bool WrappedEvent::holds(const TextMatcher& matcher) {
    return m_state == State::Unwrapped &&
           (matcher.is_in(m_bytes) || m_json.escaped_text_holds(matcher));
}

std::string_view WrappedEvent::path_within(std::string_view path, const FieldPaths& paths) {
    for (const std::string& original : paths.originals())
        if (path.size() > original.size() + 1 && path[original.size()] == '.' &&
            path.substr(0, original.size()) == original)
            return path.substr(original.size() + 1);
    return {};
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/mapped_fields.h"

#include <algorithm>

namespace weir {

void MappedFields::begin(const FieldPaths* paths, EventJson& json, std::string_view body,
                         const HeaderView* headers, std::size_t header_count) {
    m_paths = paths;
    m_json = &json;
    m_body = body;
    m_headers = headers;
    m_header_count = header_count;
    m_wrapped.begin();
}

bool MappedFields::wrapped_holds(const TextMatcher& matcher) {
    return m_paths != nullptr && m_wrapped.of(*m_json, *m_paths) != nullptr &&
           m_wrapped.holds(matcher);
}

const std::vector<MappedFields::Path>& MappedFields::paths_of(const std::string& name) {
    if (m_known_for != m_paths) {
        m_known.clear();
        m_known_for = m_paths;
    }
    const auto [entry, fresh] = m_known.try_emplace(name);
    if (!fresh)
        return entry->second;
    constexpr std::string_view header = "header:";
    const std::vector<std::string>& columns = m_paths->columns();
    for (const std::string& text : m_paths->paths(name)) {
        const auto column = std::find(columns.begin(), columns.end(), text);
        if (text.starts_with(header))
            entry->second.push_back({text.substr(header.size()), {}, {}, {}});
        else if (column != columns.end())
            entry->second.push_back(
                {{}, {}, {}, static_cast<std::size_t>(column - columns.begin())});
        else if (std::optional<JsonPath> path = JsonPath::parse(text))
            entry->second.push_back({{},
                                     std::move(*path),
                                     JsonPath::parse(WrappedEvent::path_within(text, *m_paths)),
                                     {}});
    }
    return entry->second;
}

std::string_view MappedFields::column_text(std::size_t number) const {
    std::string_view rest = m_body.substr(0, m_body.find_last_not_of("\r\n") + 1);
    for (std::size_t i = 0; i < number; ++i) {
        const std::size_t tab = rest.find('\t');
        if (tab == std::string_view::npos)
            return {};
        rest.remove_prefix(tab + 1);
    }
    return rest.substr(0, rest.find('\t'));
}

} // namespace weir

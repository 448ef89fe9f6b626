// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/mapped_fields.h"

#include <algorithm>

#include "models/event/filter/filter_fields.h"

namespace weir {

namespace {

JsonPath json_path(const std::vector<std::string>& keys) {
    JsonPath path;
    for (const std::string& key : keys)
        path.steps.push_back({JsonPathStep::Kind::Member, 0, key});
    return path;
}

} // namespace

void MappedFields::begin(const FieldPaths* paths, EventJson& json, std::string_view body,
                         const HeaderView* headers, std::size_t header_count) {
    if (paths != m_paths || m_known_here == nullptr)
        m_known_here = &m_known[paths];
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

const std::vector<MappedFields::Path>& MappedFields::paths_of(std::string_view name) {
    if (const auto known = m_known_here->find(name); known != m_known_here->end())
        return known->second;
    std::vector<Path>& paths = (*m_known_here)[std::string(name)];
    if (m_paths == nullptr) {
        if (find_filter_field(name) == nullptr)
            paths.push_back({{}, json_path({std::string(name)}), {}, {}});
        return paths;
    }
    for (const std::string& text : m_paths->placed(name))
        if (const auto path = FieldPath::parse(text))
            add_placed(*path, paths);
    for (const std::string& text : m_paths->paths(name))
        if (const auto path = FieldPath::parse(text)) {
            const auto within = FieldPath::parse(WrappedEvent::path_within(text, *m_paths));
            add(*path, within ? std::optional(json_path(within->keys)) : std::nullopt, paths);
        }
    return paths;
}

/// It leads on from the event, which a dead letter has within it.
void MappedFields::add_placed(const FieldPath& path, std::vector<Path>& to) const {
    for (const std::string& text : m_paths->originals()) {
        auto original = FieldPath::parse(text);
        if (path.header || !original || original->header)
            continue;
        original->keys.insert(original->keys.end(), path.keys.begin(), path.keys.end());
        add(*original, json_path(path.keys), to);
    }
    add(path, std::nullopt, to);
}

void MappedFields::add(const FieldPath& path, std::optional<JsonPath> within,
                       std::vector<Path>& to) const {
    const std::vector<std::string>& columns = m_paths->columns();
    if (path.header) {
        to.push_back({path.keys.front(), {}, {}, {}});
        return;
    }
    const auto column = std::find(columns.begin(), columns.end(), path.keys.front());
    if (column != columns.end() && path.keys.size() == 1)
        to.push_back({{}, {}, {}, static_cast<std::size_t>(column - columns.begin())});
    else
        to.push_back({{}, json_path(path.keys), std::move(within), {}});
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

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/path_census.h"

#include <algorithm>

#include "models/event/filter/filter_fields.h"
#include "models/event/filter/path_names.h"
#include "models/event/grouped.h"

namespace weir {

std::shared_ptr<PathCensus> PathCensus::of(const Filter& filter, const Vocabulary& vocabulary) {
    std::shared_ptr<PathCensus> census(new PathCensus);
    for (JsonPath& path : filter.paths()) {
        const bool one_word = !path.from_root && path.steps.size() == 1;
        if (!one_word || vocabulary.dimension(path.steps.front().name) < 0)
            census->m_asked.push_back({std::move(path)});
    }
    return census->m_asked.empty() ? nullptr : census;
}

void PathCensus::take(std::string_view event) {
    const std::lock_guard lock(m_mutex);
    ++m_events;
    if (!m_tape.parse(event))
        return;
    m_json.begin(event, &m_tape);
    for (Asked& one : m_asked)
        one.found = one.found || m_json.any(one.path, [](const FilterValue&) { return true; });
    collect_path_names(m_tape, m_names);
}

/// The path that ends in what was written, or one that differs by a slip.
std::string PathCensus::near(const std::string& path) const {
    const auto ends_so = std::find_if(m_names.begin(), m_names.end(), [&](const std::string& name) {
        return name.ends_with("." + path);
    });
    if (ends_so != m_names.end())
        return *ends_so;
    return std::string(likely_meant(path, {m_names.begin(), m_names.end()}));
}

std::vector<std::string> PathCensus::absences() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> told;
    for (const Asked& one : m_asked) {
        if (one.found || m_events == 0)
            continue;
        const std::string path = one.path.text();
        const std::string meant = near(path);
        std::string text = path + " is in none of the " + grouped(m_events) +
                           (m_events == 1 ? " event" : " events") + " looked into for it" +
                           (meant.empty() ? "" : "; near: " + meant);
        if (std::find(told.begin(), told.end(), text) == told.end())
            told.push_back(std::move(text));
    }
    return told;
}

} // namespace weir

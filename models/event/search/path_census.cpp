// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/path_census.h"

#include <algorithm>

#include "models/event/filter/filter_fields.h"
#include "models/event/filter/path_names.h"
#include "models/event/grouped.h"

namespace weir {

namespace {

/// The path that ends in what was written, or one that differs by a slip.
std::string near_path(const std::string& path, const std::set<std::string>& names) {
    const auto ends_so = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
        return name.ends_with("." + path);
    });
    if (ends_so != names.end())
        return *ends_so;
    return std::string(likely_meant(path, {names.begin(), names.end()}));
}

} // namespace

std::string absence_text(const JsonPath& path, std::uint64_t events,
                         const std::set<std::string>& names) {
    const std::string written = path.text();
    const std::string meant = near_path(written, names);
    return written + " is in none of the " + grouped(events) +
           (events == 1 ? " event" : " events") + " looked into for it" +
           (meant.empty() ? "" : "; near: " + meant);
}

std::shared_ptr<PathCensus> PathCensus::of(const Filter& filter, const Vocabulary& vocabulary,
                                           const DisclosurePolicy& policy) {
    std::shared_ptr<PathCensus> census(new PathCensus(policy));
    for (FilterSubject& subject : filter.subjects()) {
        if (subject.anywhere) {
            census->m_asks_text = census->m_masks;
            continue;
        }
        const JsonPath& path = subject.path;
        const bool one_word = !path.from_root && path.steps.size() == 1;
        const bool is_path = subject.kind == FilterFieldKind::Path &&
                             (!one_word || vocabulary.dimension(path.steps.front().name) < 0);
        if (is_path || (census->m_masks && subject.by_value))
            census->m_asked.push_back({std::move(subject), is_path});
    }
    return census->m_asked.empty() && !census->m_asks_text ? nullptr : census;
}

bool PathCensus::differs(const FilterInput& raw, const FilterInput& shown) {
    if (raw.key != shown.key || raw.value != shown.value)
        return true;
    const std::size_t headers = std::min(raw.header_count, shown.header_count);
    for (std::size_t i = 0; i < headers; ++i)
        if (raw.headers[i].value != shown.headers[i].value)
            return true;
    return raw.envelope != nullptr && raw.envelope->text() != shown.envelope->text();
}

void PathCensus::begin(Side& side, const FilterInput& input, const JsonTape* tape) {
    side.json.begin(input.value, tape);
    side.mapped.begin(input.paths, side.json, input.value, input.headers, input.header_count);
}

/// All values that an event has of it, null and containers as they are written.
std::vector<std::string> PathCensus::values(Side& side, const FilterInput& input,
                                            const FilterSubject& subject) {
    std::vector<std::string> found;
    const auto take = [&](const FilterValue& value) {
        found.emplace_back(value.text);
        return false;
    };
    switch (subject.kind) {
    case FilterFieldKind::Path:
        side.json.any(subject.path, take);
        break;
    case FilterFieldKind::Key:
        found.emplace_back(input.key);
        break;
    case FilterFieldKind::Header:
        for (std::size_t i = 0; i < input.header_count; ++i)
            if (input.headers[i].name == subject.name)
                found.emplace_back(input.headers[i].value);
        break;
    default:
        side.mapped.any(subject.name, take);
    }
    return found;
}

void PathCensus::take(const FilterInput& raw, const FilterInput& shown) {
    const std::lock_guard lock(m_mutex);
    ++m_events;
    const bool is_json = m_tape.parse(shown.value);
    begin(m_shown, shown, is_json ? &m_tape : nullptr);
    m_hides_text = m_hides_text || (m_asks_text && differs(raw, shown));
    if (m_masks)
        begin(m_raw, raw, nullptr);
    for (Asked& one : m_asked) {
        const bool looks_for_mask = m_masks && one.subject.by_value && !one.masked;
        if (!looks_for_mask && (one.found || !one.is_path))
            continue;
        const std::vector<std::string> values_shown = values(m_shown, shown, one.subject);
        one.found = one.found || !values_shown.empty();
        if (looks_for_mask)
            one.masked = values(m_raw, raw, one.subject) != values_shown;
    }
    if (is_json)
        collect_path_names(m_tape, m_names);
}

std::vector<std::string> PathCensus::masked() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> told;
    for (const Asked& one : m_asked)
        if (one.masked && std::find(told.begin(), told.end(), one.subject.text) == told.end())
            told.push_back(one.subject.text);
    return told;
}

bool PathCensus::hides_text() const {
    const std::lock_guard lock(m_mutex);
    return m_hides_text;
}

std::vector<std::string> PathCensus::absences() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> told;
    for (const Asked& one : m_asked) {
        if (one.found || !one.is_path || m_events == 0)
            continue;
        std::string text = absence_text(one.subject.path, m_events, m_names);
        if (std::find(told.begin(), told.end(), text) == told.end())
            told.push_back(std::move(text));
    }
    return told;
}

std::vector<std::string> PathCensus::remarks(bool matched) const {
    std::vector<std::string> told;
    if (!matched)
        told = absences();
    for (const std::string& field : masked())
        told.push_back(field + (m_tokens ? " is shown as tokens here; only these can be found"
                                         : " is masked here; its values cannot be found"));
    if (hides_text() && !matched)
        told.push_back(m_tokens
                           ? "of what is masked here only the tokens were searched for the text"
                           : "what is masked here was not searched for the text (its field "
                             "may be asked whether it exists)");
    return told;
}

} // namespace weir

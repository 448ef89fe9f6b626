// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/field_finder.h"

#include <algorithm>
#include <charconv>

namespace weir {

std::optional<std::int64_t> version_of(std::string_view text) {
    if (text.empty())
        return std::nullopt;
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    return error == std::errc() && end == text.data() + text.size() ? version : -1;
}

FieldFinder::FieldFinder(std::shared_ptr<const Vocabulary> vocabulary,
                         std::shared_ptr<const DisclosurePolicy> policy)
    : m_vocabulary(std::move(vocabulary))
    , m_policy(std::move(policy))
    , m_version(m_vocabulary ? m_vocabulary->dimension("schema_version") : -1) {}

EventFields FieldFinder::of(ValueId dialect,
                            const std::array<ValueId, max_dimensions>& dimensions) {
    if (!m_policy->masks())
        return {};
    const ValueId type = dimensions[0];
    const ValueId version =
        m_version < 0 ? no_value : dimensions[static_cast<std::size_t>(m_version)];
    const std::uint64_t key = std::uint64_t{dialect.value()} << 32U |
                              std::uint64_t{type.value()} << 16U | version.value();
    if (const auto known = m_known.find(key); known != m_known.end())
        return known->second;
    // "(other)" stands for a value that was one too many: which, is not known.
    const auto text = [](const Interner& values, ValueId id) {
        return id == other_value ? std::string() : values.text(id);
    };
    const auto number =
        m_version < 0
            ? std::nullopt
            : version_of(
                  text(*m_vocabulary->dimensions[static_cast<std::size_t>(m_version)], version));
    const EventFields found = m_policy->fields_of(m_vocabulary->dialects->text(dialect),
                                                  text(*m_vocabulary->dimensions[0], type), number);
    if (m_known.size() >= known_max)
        m_known.clear();
    m_known.emplace(key, found);
    return found;
}

EventFields FieldFinder::of(const StoredRow& row) {
    std::array<ValueId, max_dimensions> dimensions;
    std::transform(row.dimensions.begin(), row.dimensions.end(), dimensions.begin(),
                   [](std::uint16_t id) { return ValueId(id); });
    return of(ValueId(row.dialect), dimensions);
}

} // namespace weir

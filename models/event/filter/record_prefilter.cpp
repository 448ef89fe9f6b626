// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/record_prefilter.h"

#include <algorithm>

#include "models/event/filter/wrapped_event.h"

namespace weir {

RecordPrefilter::RecordPrefilter(std::shared_ptr<const Filter> filter)
    : m_filter(std::move(filter))
    , m_finder(m_filter->required_literal().bytes, m_filter->required_literal().fold_case) {}

bool RecordPrefilter::in_scope(const Record& record) const {
    const FilterScope& scope = m_filter->scope();
    const auto among = [](const auto& choice, const auto& value) {
        return !choice || std::binary_search(choice->begin(), choice->end(), value, std::less<>());
    };
    return !scope.nothing && among(scope.topics, record.topic) &&
           among(scope.partitions, record.partition) &&
           (!scope.keys || (!record.key_null && among(scope.keys, record.key))) &&
           (!scope.offset_from || record.offset >= *scope.offset_from) &&
           (!scope.offset_to || record.offset < *scope.offset_to) &&
           (!scope.time_from || record.timestamp >= *scope.time_from) &&
           (!scope.time_to || record.timestamp < *scope.time_to);
}

bool RecordPrefilter::may_match(const Record& record, const HeaderView* headers,
                                bool raw_bytes_are_json) const {
    if (!in_scope(record))
        return false;
    if (has_no_literal() || !raw_bytes_are_json || m_finder.found_or_escaped(record.value) ||
        m_finder.found_in(record.key) ||
        (m_filter->required_literal().of_event && may_wrap_event(record.value)))
        return true;
    return std::any_of(headers, headers + record.header_count, [&](const HeaderView& header) {
        return m_finder.found_in(header.name) || m_finder.found_in(header.value);
    });
}

} // namespace weir

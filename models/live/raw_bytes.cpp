// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/raw_bytes.h"

#include <algorithm>
#include <iterator>

namespace weir {

RawBytes::RawBytes(std::string_view value, const std::vector<MaskedSpan>& masked, bool all_listed)
    : m_value(value) {
    std::uint32_t shown = 0; // so much of `value` is accounted for
    m_hidden.reserve(masked.size() + 1);
    for (const MaskedSpan& span : masked) {
        const std::uint32_t begin = m_size + (span.begin - shown);
        m_size = begin + span.hidden_bytes;
        shown = span.begin + span.size;
        m_hidden.push_back({begin, m_size, shown});
    }
    const auto rest = static_cast<std::uint32_t>(value.size()) - shown;
    m_size += rest;
    if (!all_listed && rest > 0)
        m_hidden.push_back({m_size - rest, m_size, static_cast<std::uint32_t>(value.size())});
}

std::vector<RawBytes::Hidden>::const_iterator RawBytes::behind(std::uint32_t offset) const {
    return std::upper_bound(m_hidden.begin(), m_hidden.end(), offset,
                            [](std::uint32_t at, const Hidden& part) { return at < part.end; });
}

std::optional<unsigned char> RawBytes::at(std::uint32_t offset) const {
    const auto next = behind(offset);
    if (next != m_hidden.end() && next->begin <= offset)
        return std::nullopt;
    if (next == m_hidden.begin())
        return static_cast<unsigned char>(m_value[offset]);
    const Hidden& before = *std::prev(next);
    return static_cast<unsigned char>(m_value[before.shown_end + (offset - before.end)]);
}

bool RawBytes::masked_within(std::uint32_t begin, std::uint32_t end) const {
    const auto next = behind(begin);
    return next != m_hidden.end() && next->begin < end;
}

} // namespace weir

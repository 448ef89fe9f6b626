// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/page.h"

#include <algorithm>
#include <cstring>

namespace weir::warehouse {

namespace {
constexpr std::size_t chunk_bytes = 64 * 1024;
}

Page Page::of(const std::vector<std::string>& names) {
    auto columns = std::make_shared<Columns>();
    for (const std::string& name : names)
        columns->push_back({name, ValueKind::Text, {}});
    return Page(std::move(columns));
}

const Columns& Page::columns() const {
    static const Columns none;
    return m_columns ? *m_columns : none;
}

std::string_view Page::keep(std::string_view text) {
    if (text.empty())
        return {};
    if (text.size() > m_chunk_left) {
        const std::size_t size = std::max(text.size(), chunk_bytes);
        m_chunks.push_back(std::make_unique_for_overwrite<char[]>(size));
        m_next = m_chunks.back().get();
        m_chunk_left = size;
    }
    char* const place = m_next;
    std::memcpy(place, text.data(), text.size());
    m_next += text.size();
    m_chunk_left -= text.size();
    m_bytes += text.size();
    return {place, text.size()};
}

void Page::add(Value value) {
    value.text = keep(value.text);
    m_values.push_back(value);
}

} // namespace weir::warehouse

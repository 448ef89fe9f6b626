// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/row_list.h"

#include <algorithm>
#include <cassert>

namespace weir {

namespace {

void add(RowPart& part, RowRef ref) {
    part.chunk->refs[part.size++] = ref;
    part.min_segment = std::min(part.min_segment, ref.segment);
    part.max_segment = std::max(part.max_segment, ref.segment);
}

RowPart new_part() {
    RowPart part;
    part.chunk = std::make_shared<RowChunk>();
    return part;
}

} // namespace

RowRef RowList::at(std::uint64_t index) const {
    assert(index < m_size);
    const auto behind =
        std::upper_bound(m_parts.begin(), m_parts.end(), index,
                         [](std::uint64_t i, const RowPart& part) { return i < part.first; });
    const RowPart& part = *std::prev(behind);
    return part.chunk->refs[index - part.first];
}

RowListBuilder::RowListBuilder(const RowListBuilder& other)
    : m_parts(other.m_parts)
    , m_size(other.m_size)
    , m_sealed(true) {}

RowListBuilder& RowListBuilder::operator=(const RowListBuilder& other) {
    if (this != &other) {
        m_parts = other.m_parts;
        m_size = other.m_size;
        m_sealed = true;
    }
    return *this;
}

void RowListBuilder::clear() {
    m_parts.clear();
    m_size = 0;
    m_sealed = false;
}

void RowListBuilder::append(RowRef ref) {
    if (m_parts.empty() || m_sealed || m_parts.back().size == RowChunk::capacity) {
        m_parts.push_back(new_part());
        m_sealed = false;
    }
    add(m_parts.back(), ref);
    ++m_size;
}

void RowListBuilder::append_part(const std::vector<RowRef>& refs, std::deque<RowPart>& to) {
    for (std::size_t i = 0; i < refs.size(); ++i) {
        if (i % RowChunk::capacity == 0)
            to.push_back(new_part());
        add(to.back(), refs[i]);
    }
}

void RowListBuilder::prepend(const std::vector<RowRef>& refs) {
    if (refs.empty())
        return;
    m_size += refs.size();
    // A scan that finds a few rows at a time shall not leave a chunk for each find.
    const bool fits = !m_parts.empty() && m_parts.size() > 1 &&
                      m_parts.front().size + refs.size() <= RowChunk::capacity;
    std::vector<RowRef> merged = refs;
    if (fits) {
        const RowPart& front = m_parts.front();
        merged.insert(merged.end(), front.chunk->refs.begin(),
                      front.chunk->refs.begin() + front.size);
        m_parts.pop_front();
    } else if (m_parts.empty()) {
        m_sealed = false;
    }
    std::deque<RowPart> front;
    append_part(merged, front);
    m_parts.insert(m_parts.begin(), front.begin(), front.end());
}

void RowListBuilder::replace_tail(std::uint64_t from, const std::vector<RowRef>& refs) {
    std::deque<RowPart> kept;
    std::vector<RowRef> tail;
    std::uint64_t index = 0;
    for (RowPart& part : m_parts) {
        const std::uint64_t stays =
            std::min<std::uint64_t>(part.size, from - std::min(from, index));
        index += part.size;
        if (stays == part.size)
            kept.push_back(std::move(part));
        else // of a part that is cut the rows are written anew
            tail.insert(tail.end(), part.chunk->refs.begin(), part.chunk->refs.begin() + stays);
    }
    tail.insert(tail.end(), refs.begin(), refs.end());
    append_part(tail, kept);
    m_sealed = tail.empty(); // a chunk made here is nobody else's
    m_parts = std::move(kept);
    m_size = from + refs.size();
}

void RowListBuilder::drop(const std::function<bool(std::uint32_t)>& gone, std::uint32_t max_segment,
                          const std::vector<std::uint64_t*>& positions) {
    std::deque<RowPart> kept;
    std::vector<RowRef> survivors;
    std::uint64_t index = 0;
    std::vector<std::uint64_t> lowered(positions.size(), 0);
    const bool last_kept = !m_parts.empty() && m_parts.back().min_segment > max_segment;
    for (RowPart& part : m_parts) {
        if (part.min_segment > max_segment) {
            append_part(survivors, kept);
            survivors.clear();
            index += part.size;
            kept.push_back(std::move(part));
            continue;
        }
        for (std::uint32_t i = 0; i < part.size; ++i, ++index) {
            const RowRef ref = part.chunk->refs[i];
            if (ref.segment > max_segment || !gone(ref.segment)) {
                survivors.push_back(ref);
                continue;
            }
            --m_size;
            for (std::size_t p = 0; p < positions.size(); ++p)
                lowered[p] += index < *positions[p] ? 1 : 0;
        }
    }
    append_part(survivors, kept);
    m_parts = std::move(kept);
    m_sealed = m_sealed && last_kept; // a chunk made here is nobody else's
    for (std::size_t p = 0; p < positions.size(); ++p)
        *positions[p] -= lowered[p];
}

RowList RowListBuilder::list() const {
    RowList list;
    list.m_parts.assign(m_parts.begin(), m_parts.end());
    for (RowPart& part : list.m_parts) {
        part.first = list.m_size;
        list.m_size += part.size;
    }
    return list;
}

} // namespace weir

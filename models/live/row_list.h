// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An ordered list of stored rows as an immutable value: chunks of references, shared between one
// version of the list and the next, so that publishing costs what changed and not what is held.
//
// Thread contract: a RowList is immutable below its size and shared; a RowListBuilder belongs to
// one thread. A chunk is written only behind the sizes that were handed out.
// Bound: 8 bytes a row; the caller bounds the rows.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "models/event/store/segment.h"

namespace weir {

struct RowChunk {
    static constexpr std::uint32_t capacity = 4096;
    std::array<RowRef, capacity> refs;
};

struct RowPart {
    std::shared_ptr<RowChunk> chunk;
    std::uint32_t size = 0;
    std::uint32_t min_segment = UINT32_MAX;
    std::uint32_t max_segment = 0;
    std::uint64_t first = 0; // index of its first row; filled by RowListBuilder::list()
};

class RowList {
  public:
    std::uint64_t size() const { return m_size; }
    /// REQUIRES: index < size(). Index 0 is the oldest row.
    RowRef at(std::uint64_t index) const;
    /// Calls `visit` for [from, to) in order.
    template <class Visit>
    void each(std::uint64_t from, std::uint64_t to, Visit visit) const {
        for (const RowPart& part : m_parts) {
            if (part.first + part.size <= from)
                continue;
            if (part.first >= to)
                return;
            const std::uint64_t begin = from > part.first ? from - part.first : 0;
            const std::uint64_t end = std::min<std::uint64_t>(part.size, to - part.first);
            for (std::uint64_t i = begin; i < end; ++i)
                visit(part.chunk->refs[i]);
        }
    }

  private:
    friend class RowListBuilder;
    std::vector<RowPart> m_parts;
    std::uint64_t m_size = 0;
};

class RowListBuilder {
  public:
    RowListBuilder() = default;
    RowListBuilder(RowListBuilder&&) = default;
    RowListBuilder& operator=(RowListBuilder&&) = default;
    /// A copy shares all chunks and starts a new one at its first append.
    RowListBuilder(const RowListBuilder& other);
    RowListBuilder& operator=(const RowListBuilder& other);

    std::uint64_t size() const { return m_size; }
    void clear();
    void append(RowRef ref);
    /// Puts `refs` (oldest first) before all that is held.
    void prepend(const std::vector<RowRef>& refs);
    /// Leaves the first `from` rows and puts `refs` in the place of those behind them. What was
    /// handed out stays as it is. REQUIRES: from <= size().
    void replace_tail(std::uint64_t from, const std::vector<RowRef>& refs);
    /// Takes away every row whose segment `gone` names; segments above `max_segment` are not
    /// asked for. Each of `positions` (a number of leading rows) is lowered by what went before it.
    void drop(const std::function<bool(std::uint32_t segment)>& gone, std::uint32_t max_segment,
              const std::vector<std::uint64_t*>& positions);
    /// The list as it is now.
    RowList list() const;

  private:
    void append_part(const std::vector<RowRef>& refs, std::deque<RowPart>& to);

    std::deque<RowPart> m_parts;
    std::uint64_t m_size = 0;
    bool m_sealed = false; // the last chunk is shared with another builder
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes of an event at the offsets that they really have: what is masked takes the room of what
// it hides, and is no byte.
// Thread contract: immutable. Bound: 12 bytes a masked part.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/event/disclosure/disclosure.h"

namespace weir {

class RawBytes {
  public:
    RawBytes() = default;
    /// `value` and its `masked` parts, in their order, as disclosed; `all_listed`: there are no
    /// others. Behind the last one of those that are, nothing is known where there are. `value`
    /// must outlive this.
    RawBytes(std::string_view value, const std::vector<MaskedSpan>& masked, bool all_listed);

    std::uint32_t size() const { return m_size; }
    /// Nothing: it is masked. REQUIRES: offset < size().
    std::optional<unsigned char> at(std::uint32_t offset) const;
    /// Whether one of [begin, end) is masked.
    bool masked_within(std::uint32_t begin, std::uint32_t end) const;

  private:
    struct Hidden {
        std::uint32_t begin, end; // in the event as it was read
        std::uint32_t shown_end;  // in `value`, of what stands there instead
    };
    /// The first hidden part that ends behind `offset`, or end().
    std::vector<Hidden>::const_iterator behind(std::uint32_t offset) const;

    std::string_view m_value;
    std::vector<Hidden> m_hidden;
    std::uint32_t m_size = 0;
};

} // namespace weir

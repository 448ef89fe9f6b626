// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The events that have gone through, for as long as one that comes again is to be known as such:
// 8 bytes each, in sets that are made and dropped by record time. An entry is 48 bits of the
// event's and place's hash and 16 of its content's: among 4 million the chance that a new event is
// taken for an old one is below 1 in 60 million.
//
// Thread contract: one owner.
// Bound: entries_max in three sets, which are filled to three quarters. Past it the oldest set goes
// before its time: the window is shorter, and cut_short() says so.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace weir {

class SeenIds {
  public:
    SeenIds(std::size_t entries_max, std::uint32_t window_s);

    void add(std::uint64_t key, std::uint16_t place, std::uint16_t content, std::uint32_t time_s);
    /// The content with which it was seen; nothing: it was not, within the window before `time_s`.
    std::optional<std::uint16_t> find(std::uint64_t key, std::uint16_t place,
                                      std::uint32_t time_s) const;
    void prefetch(std::uint64_t key, std::uint16_t place) const;

    std::size_t size() const;
    /// A set had to go before its time.
    bool cut_short() const { return m_cut_short; }

  private:
    static constexpr std::size_t sets = 3;
    struct Set {
        std::vector<std::uint64_t> entries; // 0: free
        std::size_t used = 0;
        std::uint32_t begin_s = 0;

        std::size_t home(std::uint64_t entry) const;
        void insert(std::uint64_t entry);
        std::optional<std::uint16_t> find(std::uint64_t entry) const;
        void grow();
    };
    void rotate(std::uint32_t time_s);

    const std::size_t m_set_max;
    const std::uint32_t m_window_s;
    const std::uint32_t m_set_s;
    std::array<Set, sets> m_sets; // the newest first
    bool m_cut_short = false;
};

} // namespace weir

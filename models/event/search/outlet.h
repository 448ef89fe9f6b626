// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the lanes of a search hand in their matches, and from where these go out: as they come, or
// in the order of their record times. To keep an order a match is held until no partition can bring
// an earlier one (a later one, if the newest come first); that takes the record times within a
// partition to be in order. Where they are not, or more is held than fits, matches still all go
// out, and ordered() is false.
//
// A match from memory goes out once: when the topic brings the same record, that is not handed out
// again; nor is one from memory that the topic brought first. While memory is still being looked
// through nothing that is held goes out. The same event is the same offset, ordinal, time and
// content: a topic that was made anew has other records at the same offsets.
//
// Thread contract: every method from any lane (one lock). Bound: held_bytes_max.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/event/search/hit.h"
#include "models/event/search/slots.h"

namespace weir {

enum class SearchOrder { AsRead, OldestFirst, NewestFirst };

class SearchOutlet {
  public:
    static constexpr std::size_t held_bytes_max = 64u << 20;
    static constexpr std::size_t known_max = 1'000'000;

    SearchOutlet(HitSink& sink, SearchOrder order, std::uint64_t limit);

    enum class Answer {
        More,    // taken; go on
        Enough,  // taken; no more are wanted
        Refused, // not taken: no more were wanted
    };
    /// A match of a partition.
    Answer offer(SearchSlot& slot, const HitView& hit);
    /// Memory is looked through at the same time, up to no_more_known(). Before the first offer.
    void expect_known();
    void no_more_known();
    /// A match from memory: it does not go out again when the topic brings it. False: it was not
    /// taken (no more are wanted, or too many are known already).
    bool offer_known(SearchSlot& slot, const HitView& hit);

    /// Oldest first: everything held that is not younger than `up_to_us` goes out.
    bool release_up_to(std::int64_t up_to_us);
    /// Newest first: everything held that is not older than `down_to_us` goes out.
    bool release_down_to(std::int64_t down_to_us);
    /// All that is held, in order.
    bool release_all();

    bool ordered() const { return m_ordered.load(); }
    bool limit_reached() const { return m_limit_reached.load(); }
    /// Matches that were held to keep the order when the limit was reached: they do not go out.
    std::uint64_t left_out() const;
    /// Matches from memory that the topic did not bring, of the partitions that were read whole.
    std::uint64_t vanished() const;

  private:
    /// Matches from memory, within a partition. By their content, too: of a topic that was made
    /// anew there can be several at one offset.
    struct Place {
        std::int64_t offset;
        std::uint16_t ordinal;
        std::uint64_t content;
        bool operator==(const Place&) const = default;
    };
    struct PlaceHash {
        std::size_t operator()(const Place& place) const {
            return place.content ^
                   (static_cast<std::uint64_t>(place.offset) * 65'599U + place.ordinal);
        }
    };
    using Known = std::unordered_map<Place, bool, PlaceHash>; // whether the topic brought it too
    struct Held {
        std::int64_t time_us;
        SearchSlot* slot;
        std::int64_t offset;
        std::uint16_t ordinal;
        std::string bytes;
    };
    bool is_new(SearchSlot& slot, const HitView& hit);
    bool deliver_or_hold(SearchSlot& slot, const HitView& hit);
    bool deliver(SearchSlot& slot, const HitView& hit);
    bool deliver_held(const Held& held);
    bool release_first(); // the one whose turn it is
    bool later(const Held& a, const Held& b) const;

    HitSink& m_sink;
    const SearchOrder m_order;
    const std::uint64_t m_limit;
    mutable std::mutex m_mutex;
    std::uint64_t m_delivered = 0;
    std::vector<Held> m_held; // a heap; the next one to go out is in front
    std::size_t m_held_bytes = 0;
    std::int64_t m_last_us;
    std::unordered_map<const SearchSlot*, Known> m_known;
    std::size_t m_known_count = 0;
    bool m_known_open = false; // memory is being looked through
    bool m_closed = false;
    std::atomic<bool> m_ordered{true};
    std::atomic<bool> m_limit_reached{false};
    UnpackedHit m_unpacked;
};

} // namespace weir

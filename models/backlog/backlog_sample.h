// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a consumer group's place in a partition was seen to be over time. Looks that found the same
// are one sample that says how many there were; when there is no more room, every second sample of
// the older half is merged into its neighbour, so that what is recent stays dense and what is old
// stays there.
// Thread contract: plain values; a SampleHistory's samples are immutable and shared.
// Bound: `capacity` samples of 40 bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/types.h"

namespace weir {

struct BacklogSample {
    Micros at;
    std::int64_t committed = -1;   // next to be read; -1: nothing committed
    std::int64_t end = -1;         // read uncommitted; -1: not known
    std::int64_t last_stable = -1; // -1: not asked
    std::uint32_t looks = 1;       // since the sample before, this one included
    std::uint32_t moves = 0;       // of these, how many found another committed offset

    std::int64_t lag() const { return end - committed; }
    bool measured() const { return committed >= 0 && end >= 0; }
    bool operator==(const BacklogSample&) const = default;
};

using BacklogSamples = std::vector<BacklogSample>; // oldest first

class SampleHistory {
  public:
    static constexpr std::size_t capacity = 96;

    /// An earlier time than that of the newest sample is ignored: clocks are set back.
    void add(BacklogSample sample, std::size_t room = capacity);
    /// Puts looks of a time at which nobody looked, oldest first, between the newest sample before
    /// `run_began` and what came since; those that do not lie there are left out.
    void fill(const BacklogSamples& recalled, Micros run_began, std::size_t room = capacity);
    /// Never null.
    const std::shared_ptr<const BacklogSamples>& samples() const { return m_samples; }
    bool empty() const { return m_samples->empty(); }

    /// For a file of Weir's own.
    std::string to_bytes() const;
    /// False, and no change, where the bytes are not what to_bytes() writes.
    bool from_bytes(std::string_view bytes);

  private:
    void keep(BacklogSamples samples, std::size_t room);

    std::shared_ptr<const BacklogSamples> m_samples = std::make_shared<BacklogSamples>();
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A token bucket per source: so many events a second, with a burst. Who floods is told when to come
// back, and nobody else notices.
//
// Thread contract: any thread (one lock, held for some look-ups). Bound: sources_max buckets; when
// they are all in use, those that are full (idle ones) make room; if none is, further sources share
// one bucket.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::sandbox {

struct RateLimit {
    double events_per_s = 0; // 0: no limit
    double burst = 0;        // 0: what comes in two seconds
};

class RateLimiter {
  public:
    static constexpr std::size_t sources_max = 10'000;
    using Clock = std::chrono::steady_clock;
    struct Share {
        std::string_view source;
        std::size_t events = 0;
    };

    explicit RateLimiter(RateLimit limit);
    bool limits() const { return m_rate > 0; }

    /// Takes all or nothing. 0: taken; else seconds until it may be tried again. A batch larger
    /// than the burst passes when its bucket is full, and is worked off later.
    double take(const std::vector<Share>& shares, Clock::time_point now = Clock::now());

  private:
    struct Bucket {
        double tokens = 0;
        Clock::time_point filled;
    };
    Bucket& bucket(std::string_view source, Clock::time_point now);
    void make_room(Clock::time_point now);
    void fill(Bucket& bucket, Clock::time_point now) const;

    const double m_rate;
    const double m_burst;
    std::mutex m_mutex;
    std::unordered_map<std::string, Bucket> m_buckets;
    Bucket m_shared;
    Clock::time_point m_swept;
};

} // namespace weir::sandbox

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/rate_limiter.h"

#include <algorithm>

namespace weir::sandbox {

namespace {
constexpr std::chrono::seconds sweep_pause{1};
}

RateLimiter::RateLimiter(RateLimit limit)
    : m_rate(limit.events_per_s)
    , m_burst(limit.burst > 0 ? limit.burst : std::max(1.0, 2 * limit.events_per_s)) {
    m_shared.tokens = m_burst;
}

void RateLimiter::fill(Bucket& bucket, Clock::time_point now) const {
    const std::chrono::duration<double> passed = now - bucket.filled;
    bucket.tokens = std::min(m_burst, bucket.tokens + std::max(0.0, passed.count()) * m_rate);
    bucket.filled = now;
}

void RateLimiter::make_room(Clock::time_point now) {
    if (now - m_swept < sweep_pause)
        return;
    m_swept = now;
    for (auto it = m_buckets.begin(); it != m_buckets.end();) {
        fill(it->second, now);
        it = it->second.tokens >= m_burst ? m_buckets.erase(it) : std::next(it);
    }
}

RateLimiter::Bucket& RateLimiter::bucket(std::string_view source, Clock::time_point now) {
    const std::string name(source);
    auto found = m_buckets.find(name);
    if (found == m_buckets.end()) {
        if (m_buckets.size() >= sources_max)
            make_room(now);
        if (m_buckets.size() >= sources_max)
            return m_shared;
        found = m_buckets.emplace(name, Bucket{m_burst, now}).first;
    }
    return found->second;
}

double RateLimiter::take(const std::vector<Share>& shares, Clock::time_point now) {
    if (!limits())
        return 0;
    const std::lock_guard lock(m_mutex);
    double wait_s = 0;
    for (const Share& share : shares) {
        Bucket& held = bucket(share.source, now);
        fill(held, now);
        const double needed = std::min(static_cast<double>(share.events), m_burst);
        if (held.tokens < needed)
            wait_s = std::max(wait_s, (needed - held.tokens) / m_rate);
    }
    if (wait_s > 0)
        return wait_s;
    for (const Share& share : shares)
        bucket(share.source, now).tokens -= static_cast<double>(share.events);
    return 0;
}

} // namespace weir::sandbox

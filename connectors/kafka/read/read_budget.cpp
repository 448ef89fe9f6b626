// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read/read_budget.h"

#include <algorithm>

namespace weir::kafka {

namespace {
constexpr double bytes_per_mb = 1e6;
constexpr double bucket_s = 0.25;
} // namespace

ReadBudget::ReadBudget(double mb_s, Clock clock)
    : m_clock(std::move(clock))
    , m_rate_bytes_s(std::max(0.0, mb_s) * bytes_per_mb)
    , m_tokens(m_rate_bytes_s * bucket_s)
    , m_filled(m_clock()) {}

double ReadBudget::rate_mb_s() const {
    const std::lock_guard lock(m_mutex);
    return m_rate_bytes_s / bytes_per_mb;
}

void ReadBudget::set_rate_mb_s(double mb_s) {
    {
        const std::lock_guard lock(m_mutex);
        m_rate_bytes_s = std::max(0.0, mb_s) * bytes_per_mb;
        m_tokens = 0;
        m_filled = m_clock();
    }
    m_changed.notify_all();
}

void ReadBudget::refill() {
    const auto now = m_clock();
    const double passed_s = std::chrono::duration<double>(now - m_filled).count();
    m_tokens = std::min(m_tokens + passed_s * m_rate_bytes_s, m_rate_bytes_s * bucket_s);
    m_filled = now;
}

double ReadBudget::pause_s() const {
    if (m_rate_bytes_s <= 0 || m_tokens >= 0)
        return 0;
    return -m_tokens / m_rate_bytes_s;
}

bool ReadBudget::wait_turn(std::chrono::milliseconds wait) {
    std::unique_lock lock(m_mutex);
    if (m_rate_bytes_s <= 0)
        return true;
    refill();
    const double needed_s = pause_s();
    if (needed_s <= 0)
        return true;
    const auto slice =
        std::min(std::chrono::duration<double>(wait), std::chrono::duration<double>(needed_s));
    m_changed.wait_for(lock, slice);
    if (m_rate_bytes_s > 0)
        refill();
    return pause_s() <= 0;
}

void ReadBudget::take(std::int64_t bytes) {
    const std::lock_guard lock(m_mutex);
    m_bytes_taken += bytes;
    if (m_rate_bytes_s <= 0)
        return;
    refill();
    m_tokens -= static_cast<double>(bytes);
}

std::chrono::microseconds ReadBudget::pause() const {
    const std::lock_guard lock(m_mutex);
    return std::chrono::microseconds(static_cast<std::int64_t>(pause_s() * 1e6));
}

void ReadBudget::wake() {
    m_changed.notify_all();
}

std::int64_t ReadBudget::bytes_taken() const {
    const std::lock_guard lock(m_mutex);
    return m_bytes_taken;
}

} // namespace weir::kafka

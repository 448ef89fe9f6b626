// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The last events that the collector took or refused, for tests to ask about: counts are exact
// since the last reset, the events themselves the most recent ones. A scope keeps tests that share
// a collector apart: it is an event's source (write key, app id) or what the request's header
// `X-Weir-Scope` says.
//
// Thread contract: any thread; one lock a batch. Bound: events_max good and as many bad ones, and
// bytes_max of requests; scopes_max scopes are counted, further ones only in all.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/sandbox/batch.h"

namespace weir::sandbox {

struct MicroLimits {
    std::size_t events = 10'000; // of each kind; 0: nothing is kept
    std::size_t bytes = 64u << 20;
};

struct MicroCounts {
    std::uint64_t good = 0;
    std::uint64_t bad = 0;
};

/// One event with the request it came in.
struct MicroEvent {
    std::shared_ptr<const Batch> batch;
    std::size_t index = 0;
    const JudgedEvent& event() const { return batch->events[index]; }
};

class MicroStore {
  public:
    static constexpr std::size_t scopes_max = 1'000;

    explicit MicroStore(MicroLimits limits)
        : m_limits(limits) {}

    /// A batch that the broker has acknowledged.
    void add(const std::shared_ptr<const Batch>& batch);
    /// Of one scope, or of all.
    MicroCounts counts(const std::optional<std::string>& scope) const;
    /// Oldest first.
    std::vector<MicroEvent> events(bool good, const std::optional<std::string>& scope) const;
    void reset(const std::optional<std::string>& scope);

  private:
    static bool in_scope(const MicroEvent& event, const std::string& scope);
    void count(const std::string& scope, bool good);
    void trim(std::deque<MicroEvent>& events);

    const MicroLimits m_limits;
    mutable std::mutex m_mutex;
    std::deque<MicroEvent> m_good;
    std::deque<MicroEvent> m_bad;
    std::size_t m_bytes = 0; // of the batches, each counted with each of its events' share
    MicroCounts m_all;
    std::unordered_map<std::string, MicroCounts> m_scopes;
};

} // namespace weir::sandbox

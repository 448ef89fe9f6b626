// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The last events that the collector took or refused, for tests to ask about: counts are exact
// since the last reset, the events themselves the most recent ones. A scope keeps tests that share
// a collector apart: it is an event's source (write key, app id) or what the request's header
// `X-Weir-Scope` says.
//
// Thread contract: any thread; one lock a batch. Bound: MicroLimits, over which the oldest go, good
// ones first; a batch counts with all that it holds until the last of its events has gone.
// scopes_max pairs of source and test are counted, further ones only in all.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
    /// A batch of which some events are kept.
    struct Kept {
        std::shared_ptr<const Batch> batch;
        std::size_t bytes = 0;
        std::size_t events = 0;
    };
    struct Entry {
        std::shared_ptr<Kept> kept;
        std::size_t index = 0;
    };
    /// An event's source and the test that sent it: in the scope of either.
    using Scopes = std::pair<std::string, std::string>;
    struct ScopesLess {
        using is_transparent = void;
        template <class A, class B>
        bool operator()(const A& a, const B& b) const {
            const int sources = std::string_view(a.first).compare(b.first);
            return sources != 0 ? sources < 0 : std::string_view(a.second) < b.second;
        }
    };

    void count(const JudgedEvent& event, std::string_view test);
    void keep(const std::shared_ptr<const Batch>& batch, std::size_t bytes, bool good);
    void let_go(const Entry& entry);
    void trim(std::deque<Entry>& events);

    const MicroLimits m_limits;
    mutable std::mutex m_mutex;
    std::deque<Entry> m_good;
    std::deque<Entry> m_bad;
    std::size_t m_bytes = 0; // of all batches that are kept
    MicroCounts m_all;
    std::map<Scopes, MicroCounts, ScopesLess> m_scopes;
};

} // namespace weir::sandbox

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A scenario fitted to events that were seen: their rate, the rhythm of day and week, the mix of
// types, platforms and app versions. Only sums are kept, and a value that fewer than sessions_min
// sessions had is dropped: nothing of a single person goes into a scenario.
//
// Thread contract: one owner. Bound: values_max app versions a platform, sessions_min sessions
// each.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "connectors/base/result.h"
#include "models/event/sighting.h"

namespace weir::synth {

class Fit {
  public:
    static constexpr std::size_t sessions_min = 20;
    static constexpr std::size_t values_max = 10'000;
    static constexpr std::size_t hours_max = 20'000; // in which there are events

    /// The dimensions that a decoder has to find for it.
    static std::shared_ptr<Vocabulary> vocabulary();

    void add(const SightingBatch& batch, const Vocabulary& vocabulary);

    struct Counts {
        std::uint64_t events = 0;
        std::uint64_t unreadable = 0;    // no dialect reads them, or without a time to go by
        std::uint64_t other_types = 0;   // that the synthetic shop does not know
        std::uint64_t rare_versions = 0; // events of app versions that were dropped
    };
    const Counts& counts() const { return m_counts; }

    /// The scenario's file. Errors: Config (there is nothing to learn from).
    Result<std::string> scenario(const std::string& name);

  private:
    struct Version {
        std::uint64_t events = 0;
        std::set<std::uint32_t> sessions; // at most sessions_min, then it is common
    };
    struct Platform {
        std::uint64_t events = 0;
        std::map<std::string, Version, std::less<>> versions;
    };
    void add(const Sighting& sighting, const Vocabulary& vocabulary);
    nlohmann::ordered_json platform_json(std::string_view word, std::uint32_t weight);
    void add_client(const Sighting& sighting, const Vocabulary& vocabulary, Platform& platform);

    std::map<std::string, Platform, std::less<>> m_platforms; // web, ios, android
    std::map<std::string, std::uint64_t, std::less<>> m_types;
    std::map<std::int64_t, std::uint64_t> m_hours; // events by hour since 1970
    Micros m_first{0}, m_last{0};
    Counts m_counts;
};

} // namespace weir::synth

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether the JSON paths that a filter asks for are there at all. A misspelt path finds nothing, as
// one does that is there with other values: so a sample of what is read is looked into, whether it
// could match or not, and what no event of it has is told, with what was probably meant.
//
// Thread contract: any thread; take() holds a lock while it looks into one event. Bound:
// events_max of each scanner that samples, path_names_max names.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/filter/event_json.h"
#include "models/event/filter/filter.h"

namespace weir {

class PathCensus {
  public:
    /// Null: the filter asks for no path. A dimension of the vocabulary is none.
    static std::shared_ptr<PathCensus> of(const Filter& filter, const Vocabulary& vocabulary);
    /// Whether the record with this number, as one scanner counts them, is of the sample: the first
    /// ones, then one in a thousand.
    static bool due(std::uint64_t number) {
        return number < first_events ||
               (number % every_events == 0 && number / every_events < events_max);
    }

    /// Looks into an event's own bytes, as they may be shown.
    void take(std::string_view event);

    /// "properties.pirce is in none of the 512 events looked into for it; near: properties.price".
    std::vector<std::string> absences() const;

  private:
    PathCensus() = default;

    static constexpr std::uint64_t first_events = 256;
    static constexpr std::uint64_t every_events = 1024;
    static constexpr std::uint64_t events_max = 8192;

    struct Asked {
        JsonPath path;
        bool found = false;
    };
    std::string near(const std::string& path) const;

    mutable std::mutex m_mutex;
    std::vector<Asked> m_asked; // this and what follows: behind m_mutex
    std::set<std::string> m_names;
    std::uint64_t m_events = 0;
    JsonTape m_tape;
    EventJson m_json;
};

} // namespace weir

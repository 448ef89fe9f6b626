// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether what a filter asks for is there at all. A misspelt path finds nothing, as one does that
// is there with other values, or that is masked: so a sample of what is read is looked into,
// whether it could match or not, and what no event of it has is told, with what was probably meant;
// and what is masked in some.
//
// Thread contract: any thread; take() holds a lock while it looks into one event. Bound:
// events_max of each scanner that samples, path_names_max names.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "models/event/disclosure/disclosure.h"
#include "models/event/filter/event_json.h"
#include "models/event/filter/filter.h"
#include "models/event/filter/mapped_fields.h"

namespace weir {

/// "properties.pirce is in none of the 512 events looked into for it; near: properties.price":
/// `names` are the paths that these events have.
std::string absence_text(const JsonPath& path, std::uint64_t events,
                         const std::set<std::string>& names);

class PathCensus {
  public:
    /// Null: the filter asks for no path (a dimension of the vocabulary is none), and for nothing
    /// that may be masked.
    static std::shared_ptr<PathCensus> of(const Filter& filter, const Vocabulary& vocabulary,
                                          const DisclosurePolicy& policy);
    /// Whether the record with this number, as one scanner counts them, is of the sample: the first
    /// ones, then one in a thousand.
    static bool due(std::uint64_t number) {
        return number < first_events ||
               (number % every_events == 0 && number / every_events < events_max);
    }

    /// Looks into an event, as it was read and as it may be shown. REQUIRES: both have an envelope,
    /// or none has.
    void take(const FilterInput& raw, const FilterInput& shown);

    /// What absence_text() says of each path that no event had.
    std::vector<std::string> absences() const;
    /// What the filter asks for by its value and was masked in some event, as it is written.
    std::vector<std::string> masked() const;
    /// The filter looks for a text, and something was masked in some event: whatever it was, so
    /// that nobody learns from this whether it held the text.
    bool hides_text() const;
    /// Sentences about all of this, each once; of what only explains why nothing matched, where
    /// something `matched`, nothing.
    std::vector<std::string> remarks(bool matched) const;

  private:
    explicit PathCensus(const DisclosurePolicy& policy)
        : m_masks(policy.masks())
        , m_tokens(policy.tokens() != nullptr) {}

    static constexpr std::uint64_t first_events = 256;
    static constexpr std::uint64_t every_events = 1024;
    static constexpr std::uint64_t events_max = 8192;

    struct Asked {
        FilterSubject subject;
        bool is_path = false; // and must be somewhere
        bool found = false;
        bool masked = false;
    };
    /// One side of an event.
    struct Side {
        EventJson json;
        MappedFields mapped;
    };
    /// Whether any part of an event, or what stands around it, is shown otherwise than it was read.
    static bool differs(const FilterInput& raw, const FilterInput& shown);
    static void begin(Side& side, const FilterInput& input, const JsonTape* tape);
    static std::vector<std::string> values(Side& side, const FilterInput& input,
                                           const FilterSubject& subject);

    const bool m_masks;
    const bool m_tokens; // stand for what is masked
    mutable std::mutex m_mutex;
    std::vector<Asked> m_asked; // this and what follows: behind m_mutex
    bool m_asks_text = false;
    bool m_hides_text = false;
    std::set<std::string> m_names;
    std::uint64_t m_events = 0;
    JsonTape m_tape;
    Side m_raw, m_shown;
};

} // namespace weir

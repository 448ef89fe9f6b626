// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many events there are of each combination of fields' values and of each stretch of time.
// Thread contract: as HitSink; the results once the search has finished.
// Bound: Limits; what comes new past them is counted as "(other)".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/field_reader.h"
#include "models/event/search/hit.h"

namespace weir::cli {

class EventCounts : public HitSink {
  public:
    struct Limits {
        std::size_t groups = 1'000'000;
        std::size_t bytes = 256u << 20; // of values, and what keeping them costs
    };
    struct Key {
        std::int64_t time_us = 0; // of the stretch's begin; -1: the record has no time
        FieldValues values;
        friend bool operator<(const Key& a, const Key& b) {
            return std::tie(a.time_us, a.values) < std::tie(b.time_us, b.values);
        }
    };
    using Group = std::pair<const Key, std::uint64_t>;

    /// `every_us` 0: all time is one stretch.
    EventCounts(std::optional<FieldReader> fields, std::int64_t every_us, Limits limits);
    EventCounts(std::optional<FieldReader> fields, std::int64_t every_us)
        : EventCounts(std::move(fields), every_us, Limits()) {}

    bool take(const HitView& hit) override;

    std::vector<std::string> names() const;
    /// As FieldReader::know() and absences().
    void know(std::shared_ptr<const Vocabulary> vocabulary,
              std::shared_ptr<const DisclosurePolicy> disclosure) {
        if (m_fields)
            m_fields->know(std::move(vocabulary), std::move(disclosure));
    }
    std::vector<std::string> absences() const {
        return m_fields ? m_fields->absences() : std::vector<std::string>();
    }
    bool asks_for_violations() const { return m_fields && m_fields->asks_for_violations(); }
    bool by_time() const { return m_every_us > 0; }
    /// In time order; within a stretch the most first.
    std::vector<const Group*> sorted() const;
    std::uint64_t other() const { return m_other; }
    /// What is in other(), and why.
    std::string other_text() const;

  private:
    std::optional<FieldReader> m_fields;
    const std::int64_t m_every_us;
    const Limits m_limits;
    std::map<Key, std::uint64_t> m_counts;
    std::size_t m_bytes = 0;
    std::uint64_t m_other = 0;
};

} // namespace weir::cli

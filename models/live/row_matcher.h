// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Holds stored rows against a filter, evaluated on what is disclosed: a value that the policy masks
// cannot be found by searching for it. What a filter finds in a topic it finds among its rows.
// Thread contract: one thread at a time. Bound: scratch memory of one record.
#pragma once

#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosed_input.h"
#include "models/event/store/segment.h"
#include "models/live/row_envelope.h"
#include "models/live/row_sighting.h"

namespace weir {

/// Record times [from, to) that are wanted. A record without a time lies in no bounded span.
struct TimeSpan {
    std::int64_t from_us = std::numeric_limits<std::int64_t>::min();
    std::int64_t to_us = std::numeric_limits<std::int64_t>::max();

    bool bounded() const { return *this != TimeSpan(); }
    bool holds(const StoredRow& row) const;
    bool operator==(const TimeSpan&) const = default;
};

class RowMatcher {
  public:
    RowMatcher(std::shared_ptr<const Vocabulary> vocabulary,
               std::shared_ptr<const DisclosurePolicy> policy, std::unique_ptr<Decoder> decoder,
               std::unique_ptr<ViolationFinder> violations = nullptr);
    ~RowMatcher();

    /// Null matches everything.
    void set_filter(std::shared_ptr<const Filter> filter);
    void set_time_span(const TimeSpan& span) { m_span = span; }
    /// REQUIRES: row < segment.size().
    bool matches(const Segment& segment, std::uint32_t row);

  private:
    bool in_scope(const StoredRow& stored) const;
    const std::string& topic(std::uint16_t place);

    std::shared_ptr<const Vocabulary> m_vocabulary;
    std::unique_ptr<Decoder> m_decoder;            // null: no field paths
    std::unique_ptr<ViolationFinder> m_violations; // null: nobody knows
    std::shared_ptr<const DisclosurePolicy> m_policy;
    std::shared_ptr<const Filter> m_filter;
    TimeSpan m_span;
    std::unique_ptr<DisclosedFilter> m_disclosed; // of m_filter
    RowEnvelope m_envelope;
    std::vector<HeaderView> m_headers;
    RowSighting m_sighting;
    std::deque<std::string> m_topics; // by place; filled when met
};

} // namespace weir

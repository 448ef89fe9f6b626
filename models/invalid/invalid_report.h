// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lanes' books put together: a row for each class and reason of invalid events, and for each
// value of what else they are told apart by, with what its count is of, how that was in the period
// before, and what is known of the reason. What the command line prints and the window shows alike.
// Thread contract: pure functions over published snapshots. Bound: what was published.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/event/disclosure/disclosure.h"
#include "models/event/fold/record_range.h"
#include "models/invalid/invalid_book.h"
#include "models/invalid/reason_facts.h"

namespace weir {

/// The books of an observation's lanes, or of several whose words are the same.
struct InvalidSeen {
    std::vector<std::shared_ptr<const InvalidSnapshot>> lanes; // none is null

    bool operator==(const InvalidSeen&) const = default;
};

/// What tells rows apart beyond class and reason.
struct InvalidGrouping {
    bool message = true;
    bool masks = false; // messages that are masked are all one; said by the report's policy
    bool pointer = true;
    bool producer = false;
    bool place = false;
    std::array<bool, max_dimensions> dimensions{};

    InvalidKey of(const InvalidKey& key) const;
    DimensionValues of(const DimensionValues& values) const;
};

struct InvalidQuestion {
    RecordRange range; // widened to whole minutes, of what is old to hours and beyond
    /// The period to compare with; nothing: none. It is compared if it was observed from its
    /// beginning on.
    std::optional<RecordRange> before;
    InvalidGrouping grouping;
    /// Only events of one row of a report that was grouped so; of which there are, stays what it
    /// was: shares are of all events.
    struct Within {
        InvalidGrouping grouping;
        InvalidKey key;
    };
    std::optional<Within> within;
    bool partial = false; // what was read is not all of the range
};

/// A count of what it is of; nothing: that is not known.
struct InvalidShare {
    std::uint64_t events = 0;
    std::optional<std::uint64_t> of;
    std::optional<double> share() const; // 0 to 1
};

struct InvalidRow {
    InvalidKey key; // what is not told apart is no_value
    std::string reason, message, pointer, producer, topic;
    std::vector<std::string> values; // by dimension of the vocabulary; "" where not told apart
    InvalidShare now;
    std::optional<InvalidShare> before;
    DistinctSketch users, sessions;
    std::int64_t first_us = INT64_MAX; // of all that is held, not of the range alone
    std::int64_t last_us = INT64_MIN;
    bool is_new = false; // never seen before the range, though there was a before
    Severity severity = Severity::Error;
    ReasonFacts facts;
    std::vector<InvalidSample> samples; // of the range, newest first, at most samples_max

    static constexpr std::string_view masked_message = "(masked)";
    static constexpr std::size_t samples_max = 50;
    bool bot() const { return key.bot != 0; }
    /// Percentage points more than before; nothing: one of the two is not known.
    std::optional<double> trend_pp() const;
};

struct InvalidTotals {
    std::uint64_t failed = 0, passed = 0, unreadable = 0; // without bots
    std::uint64_t bots = 0;
    std::optional<std::uint64_t>
        of; // all events that came in; nothing: only dead letters were read

    std::uint64_t invalid() const { return failed + unreadable; }
    std::uint64_t all() const { return failed + passed + unreadable + bots; }
    /// Of those that did not pass, without bots.
    std::optional<double> share() const;
};

struct InvalidReport {
    InvalidQuestion question;
    std::vector<InvalidRow> rows; // the most events first, bots behind all others
    InvalidTotals now;
    std::optional<InvalidTotals> before;
    std::uint64_t overflowed = 0; // events counted under "(other)" for want of room
    bool checks = false;          // what passes was held against contracts
};

/// By class, reason, message, pointer, and those of type, source, platform and app_version that the
/// vocabulary has.
InvalidGrouping usual_grouping(const Vocabulary& vocabulary);
/// By class and reason, and besides by "reason" (nothing else), "message", "pointer", "producer",
/// "topic", "contract_version" or a dimension of the vocabulary; nothing: there is none of that
/// name.
std::optional<InvalidGrouping> grouping_by(const Vocabulary& vocabulary, std::string_view name);

/// The period of the same length before `range`; nothing: it has no beginning or no end.
std::optional<RecordRange> period_before(const RecordRange& range);

/// `before`: what the period before is read from, if not from `seen`.
InvalidReport invalid_report(const InvalidSeen& seen, const Vocabulary& vocabulary,
                             const DisclosurePolicy& disclosure, InvalidQuestion question,
                             const InvalidSeen* before = nullptr);

/// {"total","reasons":[…],…}: one JSON document on one line, without its end.
std::string to_json(const InvalidReport& report, const Vocabulary& vocabulary);

/// "failed", "passed", "unreadable"
const char* to_word(InvalidKind kind);

struct InvalidSlice {
    std::int64_t begin_us = 0, width_us = 0;
    std::map<std::pair<InvalidKind, ValueId>, std::uint64_t> events; // by class and reason
    std::uint64_t seen = 0;                                          // all that came in
};
/// By time, stretches of at least `width_us`, without those in which nothing was seen; bots are
/// left out. Of what is older than its beginning is kept for, nothing.
std::vector<InvalidSlice> invalid_slices(const InvalidSeen& seen, const RecordRange& range,
                                         std::int64_t width_us);

} // namespace weir

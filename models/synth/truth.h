// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The truth about a run of synthetic events: for every event what should become of it, and what the
// systems of record hold whether tracking reflects it or not. As NDJSON: a head, a line for each
// time that an event is sent (or should have been), for each order, each user and where each came
// from, and an end, by which a truth that breaks off is told from a whole one.
// resources/scenarios/README.md has the members.
//
// Thread contract: plain values and functions. Bound: a line of some 300 bytes each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/base/types.h"
#include "models/contract/violation.h"
#include "models/synth/generator.h"
#include "models/synth/json_buffer.h"
#include "models/synth/scenario.h"
#include "models/synth/touch_book.h"

namespace weir::synth {

/// What should become of an event; of several with the same id the first of these counts.
enum class Fate : std::uint8_t {
    Warehouse, // there once
    Invalid,   // refused by the collector, in `invalid_events`
    NeverSent,
    Lost,      // by a worker that loses events silently, where that is carried out
    Duplicate, // dropped on the way: another one went before it
};
inline constexpr int fate_count = 5;
std::string_view to_word(Fate fate);
bool from_word(std::string_view word, Fate& fate);

struct EventTruth {
    std::string_view id; // a UUID; of its bytes, or what they should have had
    std::string_view type;
    std::string_view session;
    std::string_view platform;
    std::string_view app_version;
    Micros event_time;
    Micros sent_at; // to the collector; of one never sent: when it would have been
    Fate fate = Fate::Warehouse;
    TroubleSet troubles = 0;                           // that befell it
    ViolationReason reason = ViolationReason::NotJson; // Invalid only
    std::string_view pointer;                          // Invalid only; "" is the whole
    std::string_view lost_by;                          // Lost only: the stage
    std::string_view of;                               // a retry: the id of the one before it
    std::string_view order;                            // purchase, order_completed
    std::string_view user;                             // signup: who it is
};

struct OrderTruth {
    std::string_view id;
    std::string_view user;
    Micros time;
    std::int64_t total_cents = 0;
    std::string_view currency;
    std::string_view platform; // it was placed on
};

struct UserTruth {
    std::string_view id;
    Micros time;
    std::string_view platform;
};

/// Where a user is to be said to come from.
struct AttributionTruth {
    std::string_view user;
    std::string_view event; // id of the user's first event that reaches the pipeline
    Micros time;            // when it does
    Landing landing;        // as the events of that visit had told it by then
};

/// What the run was, before its first event.
struct TruthHead {
    std::uint64_t seed = 0;
    double events_per_s = 0;
    Micros begin;
    bool live = false;
    TroubleSet carried_out = 0; // of the scenario's incidents
};

/// What was written.
struct TruthTotals {
    std::uint64_t events = 0; // lines of events
    std::uint64_t fates[fate_count] = {};
    std::uint64_t troubles[trouble_count] = {};
    std::uint64_t orders = 0;
    std::uint64_t users = 0;
    std::uint64_t attributions = 0;
};

/// How a run ended.
struct TruthEnd {
    bool whole = true;          // false: somebody ended it before its time
    std::uint64_t not_held = 0; // ScenarioStream::not_held()
};

/// Writes lines, and counts them. Thread contract: one owner.
class TruthWriter {
  public:
    /// The first lines: the run, and the scenario's incidents.
    std::string head(const TruthHead& head, const Scenario& scenario);
    /// One line with its end, valid until the next call. REQUIRES: texts that need no escapes.
    std::string_view line(const EventTruth& truth);
    std::string_view line(const OrderTruth& truth);
    std::string_view line(const UserTruth& truth);
    std::string_view line(const AttributionTruth& truth);
    /// The last line.
    std::string end(const TruthEnd& end) const;

    const TruthTotals& totals() const { return m_totals; }

  private:
    void name(std::string_view name);
    void add(std::string_view name, std::string_view value);
    void add(std::string_view name, Micros time);
    void add_or_null(std::string_view name, std::string_view value);
    void add_troubles(TroubleSet troubles);
    std::string_view ended();

    JsonBuffer m_out;
    TruthTotals m_totals;
};

/// The reason for which the collector refuses an event with this fault in this member, by the demo
/// shop's contracts. REQUIRES: fault is not None.
ViolationReason reason_of(Fault fault, std::string_view pointer);

} // namespace weir::synth

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A fold: which events are invalid, why, and of how many. Dead letters by the reason they give,
// events that passed though they violate their contract, and what no dialect can read; each event
// once, by its main reason. Beside them all events that came in, so that every count has what it is
// of: those at the places where events enter, and the dead letters that were refused before that.
//
// Counts are exact, but for what is past a bound; distinct users and sessions are estimates beyond
// DistinctSketch::exact_max. It emits no deltas yet: it knows what was read since the observation
// began.
//
// Thread contract: as Fold: one instance a lane; snapshots from any thread.
// Bound, a lane: InvalidTrail's. For all lanes: InvalidWords'.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/contract/event_checker.h"
#include "models/event/disclosure/disclosure.h"
#include "models/event/fold/fold.h"
#include "models/invalid/failure_reader.h"
#include "models/invalid/invalid_trail.h"
#include "models/invalid/invalid_words.h"

namespace weir {

struct InvalidOptions {
    std::string connection;           // of the places
    std::vector<std::string> entries; // places where events come in; none: all but dead letters'
    std::vector<std::string> dead_letters; // places; other dead letters are known by their shape
    std::shared_ptr<const DialectSet> dialects;
    /// Null, or it answers null: what passes is not held against contracts.
    EventCheckers checkers;
    /// Counts up when the contracts are others. Null: they never are.
    std::function<std::uint64_t()> contracts_revision;
    /// Under what policy a message that quotes its event is not shown, where messages are masked.
    /// Asked for anew with the contracts. Null, or it masks nothing: then none is shown there.
    std::function<std::shared_ptr<const DisclosurePolicy>()> masking;
    std::shared_ptr<InvalidWords> words = std::make_shared<InvalidWords>();
    /// Only what is within them is looked at; half-open, of record time.
    std::int64_t from_us = INT64_MIN, to_us = INT64_MAX;
    InvalidTrail::Limits limits;
};

/// One lane's book as it stood at publish().
struct InvalidSnapshot {
    std::shared_ptr<const InvalidOptions> options; // what the book was told; never null
    InvalidBuckets buckets;
    std::uint64_t entered = 0;    // events seen at places where they come in
    std::uint64_t overflowed = 0; // events that are counted under "(other)" for want of room
    bool checks = false;          // what passes is held against contracts
};

class InvalidBook final : public Fold {
  public:
    InvalidBook(std::shared_ptr<const Vocabulary> vocabulary,
                std::shared_ptr<const InvalidOptions> options);
    ~InvalidBook() override;

    std::string_view name() const override { return "invalid"; }
    void absorb(const SightingBatch& batch) override;
    void publish() override;

    /// The newest published snapshot; never null.
    std::shared_ptr<const InvalidSnapshot> snapshot() const { return m_published.get(); }

  private:
    enum class Role : std::uint8_t { Unknown, Entry, DeadLetter, Within };

    Role role(PlaceId place);
    void count_failed(const SightingBatch& batch, const Sighting& s, bool dead_letter);
    void check_passed(const SightingBatch& batch, const Sighting& s);
    void count(InvalidKey key, const Sighting& s, const Failure& failure);
    bool is_wanted(const Sighting& s) const;
    struct Reason {
        ValueId id;               // no_value: not yet known
        bool says_it_all = false; // a message adds nothing to it
        bool mostly_bots = false;
    };
    const Reason& reason_of(const Sighting& s, const Failure& failure);
    const Reason& facts_of(ValueId reason);
    bool is_masked(std::string_view message, const SightingBatch& batch, const Sighting& s);
    void renew_rules();

    const std::shared_ptr<const Vocabulary> m_vocabulary;
    const std::shared_ptr<const InvalidOptions> m_options;
    InvalidTrail m_trail;
    FailureReader m_reader;
    std::unique_ptr<EventChecker> m_checker; // null: nothing is checked
    /// What shows how much of a message; null: nothing of any.
    struct Masking;
    std::unique_ptr<Masking> m_masking;
    std::optional<std::uint64_t> m_revision; // of the contracts
    std::vector<Role> m_roles;               // by place number
    WordCache m_reasons, m_messages, m_pointers, m_producers;
    std::vector<ValueId> m_own_reasons; // by the vocabulary's number; no_value: not yet known
    std::vector<Reason> m_facts;        // by our own
    std::uint64_t m_entered = 0;
    std::uint64_t m_words_overflowed = 0;
    bool m_changed = true;
    Published<InvalidSnapshot> m_published;
};

} // namespace weir

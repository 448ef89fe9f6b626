// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// unique_events → enriched_events: what is known about an event, or must not be, is written into it
// (enrich/enrichment.h). An event with a user also goes to events_by_user, keyed by that user.
// Where a session came from is remembered until its user is known: the first such event carries the
// session's touch, of which the stage `attribute` keeps each user's first.
//
// An event whose consent refuses "analytics" goes no further.
//
// Thread contract: as Stage. Bound: the window, and sessions_max sessions a partition; the oldest
// are forgotten first, also in the state topic. Some 300 bytes a session.
#pragma once

#include <deque>
#include <map>
#include <unordered_map>

#include "models/sandbox/contract_judge.h"
#include "models/sandbox/enrich/enrichment.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

/// The header in which an event's audit travels to where it is loaded.
inline constexpr std::string_view audit_header = "weir-audit";
inline constexpr const char* enriched_topic = "enriched_events";
inline constexpr const char* by_user_topic = "events_by_user";

struct EnrichOptions {
    Micros window{24LL * 3600 * 1'000'000}; // since a session's state last changed
    std::size_t sessions_max = 500'000;     // of one partition
};

class Enrich final : public Stage {
  public:
    /// `contracts` may be null. `tokeniser` may be null: then tokens are made with a key that
    /// everybody knows, and can be undone by trying values.
    Enrich(std::shared_ptr<const ContractShelf> contracts,
           std::shared_ptr<const Tokeniser> tokeniser, EnrichOptions options = {});

    const StageInfo& info() const override { return m_info; }
    void take_on(PartitionId partition) override { m_partitions[partition] = {}; }
    void restore(PartitionId partition, std::string_view key, std::string_view value) override;
    void let_go(PartitionId partition) override { m_partitions.erase(partition); }
    void process(const StageInput& input, StageOutput& output) override;

    /// Sessions that are remembered.
    std::size_t remembered(PartitionId partition) const;

  private:
    struct Session {
        Micros at{0}; // of its last change
        Touch touch;
        std::uint64_t user = 0; // hash of who touched last; 0: nobody yet
    };
    struct Partition {
        std::unordered_map<std::string, Session> sessions;
        std::deque<std::pair<Micros, std::string>> order; // by change
        Micros newest{0};
    };

    Session known(const Partition& partition, const std::string& key, Micros now) const;
    void keep(Partition& partition, const std::string& key, Session session);
    void forget_old(Partition& partition, StageOutput* output) const;

    const StageInfo m_info;
    const std::shared_ptr<const ContractShelf> m_contracts;
    const EnrichOptions m_options;
    Enrichment m_enrichment;
    std::map<PartitionId, Partition> m_partitions;
    std::string m_scratch;
};

} // namespace weir::sandbox

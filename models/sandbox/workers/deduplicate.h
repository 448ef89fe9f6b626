// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// raw_events → unique_events: of events with the same id the first one goes on. By a contract's
// `unique_by` two events with different ids are one, too. What was seen is remembered per
// partition: the topic is keyed by session, so that a client's retries meet in one partition.
//
// Thread contract: as Stage. Bound: the window, and ids_max ids a partition; the oldest are
// forgotten first. About 80 bytes an id.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>

#include "models/sandbox/contract_judge.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

struct DeduplicateOptions {
    Micros window{24LL * 3600 * 1'000'000}; // of record time: what is older is forgotten
    std::size_t ids_max = 4'000'000;        // of one partition
};

class Deduplicate final : public Stage {
  public:
    /// `contracts` may be null: then there are no business keys.
    explicit Deduplicate(std::shared_ptr<const ContractShelf> contracts,
                         DeduplicateOptions options = {});

    const StageInfo& info() const override { return m_info; }
    void take_on(PartitionId partition) override { m_partitions[partition] = {}; }
    void restore(PartitionId partition, std::string_view key, std::string_view value) override;
    void let_go(PartitionId partition) override { m_partitions.erase(partition); }
    void process(const StageInput& input, StageOutput& output) override;

    /// Ids that are remembered.
    std::size_t remembered(PartitionId partition) const;

  private:
    /// 128 bits: a UUID's own, else a hash.
    using Id = std::array<std::uint64_t, 2>;
    struct HashOf {
        std::size_t operator()(const Id& id) const noexcept { return id[0] ^ (id[1] << 1); }
    };
    struct Seen {
        Micros at;
        std::uint64_t content = 0;
        std::int64_t replays = 0; // how often it went in again, repaired
    };
    struct Partition {
        std::unordered_map<Id, Seen, HashOf> seen;
        std::deque<std::pair<Micros, Id>> order; // by arrival
        Micros newest{0};
    };

    std::optional<Id> id_of(const StageInput& input);
    std::optional<Id> business_id(const StageInput& input);
    static std::uint64_t content_of(const StageInput& input);
    static std::string text_of(const Seen& seen);
    const Seen* find(const Partition& partition, const std::optional<Id>& id) const;
    void keep(Partition& partition, const Id& id, const Seen& seen) const;

    const StageInfo m_info;
    const std::shared_ptr<const ContractShelf> m_contracts;
    const DeduplicateOptions m_options;
    std::map<PartitionId, Partition> m_partitions;
    std::string m_scratch;
};

} // namespace weir::sandbox

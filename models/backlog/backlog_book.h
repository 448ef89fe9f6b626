// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps what was read of consumer groups over time and judges it. What it makes of a group is
// immutable and shared: a snapshot costs what has changed.
// Thread contract: one thread. Bound: samples_max samples of 40 bytes over all places (with many
// places, fewer each); groups that are no longer listed are forgotten.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/store/backlog_store.h"
#include "models/backlog/backlog_snapshot.h"
#include "models/backlog/group_reader.h"

namespace weir {

class BacklogBook {
  public:
    static constexpr std::size_t samples_max = 2'000'000;
    static constexpr std::size_t moments_max = 32;

    explicit BacklogBook(AssessRules rules = {});

    void absorb(std::vector<GroupReading> readings);
    /// Groups that are not among these are forgotten.
    void keep_only(const std::vector<std::string>& groups);
    /// By id.
    std::vector<std::shared_ptr<const GroupBacklog>> groups() const;
    std::shared_ptr<const GroupBacklog> group(const std::string& id) const;

    /// History of former days; before anything is absorbed. Rows that cannot be read are left out.
    void restore(const store::BacklogRow& row);
    /// Looks of the time before the first reading, where nobody looked; it shows in what is made of
    /// the next reading.
    void fill(const std::string& group, const kafka::TopicPartition& at,
              const BacklogSamples& recalled);
    /// Places that were sampled since the last call.
    std::vector<store::BacklogRow> unsaved();

  private:
    struct Place {
        SampleHistory history;
        bool unsaved = false;
    };
    struct Group {
        std::map<kafka::TopicPartition, Place> places;
        std::vector<GroupMoment> moments;
        std::shared_ptr<const GroupBacklog> made; // null: restored, not read yet
    };
    std::size_t room() const;
    void note_moment(Group& group, GroupFacts& facts) const;
    std::shared_ptr<const GroupBacklog> judged(Group& group, GroupReading reading);

    const AssessRules m_rules;
    std::map<std::string, Group> m_groups;
    std::size_t m_places = 0;
    std::optional<Micros> m_began; // the first reading
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the consumer groups of a cluster again and again, judges them, and keeps what was seen
// between two starts. The command line and the window's watch stand on it; who calls it says when.
// Thread contract: one thread; blocks for the cluster's answers and for its file. Bound: as
// GroupReader, BacklogBook and recall(); what was not seen for kept_days goes from the file.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/backlog/backlog_book.h"

namespace weir {

struct BacklogOptions {
    std::vector<std::string> groups; // named by hand; empty: all that may be seen
    std::vector<std::string> known;  // of the workspace: read although the list lacks them
    std::chrono::milliseconds timeout{10'000};
    AssessRules rules;
    bool keeps_history = true;
};

class BacklogKeeper {
  public:
    static constexpr int kept_days = 14;

    BacklogKeeper(std::shared_ptr<kafka::Cluster> cluster, BacklogOptions options);

    /// Which groups there are; to be asked again now and then. Errors: Admin::groups'.
    Result<void> list();
    /// All that are to be read, by id.
    const std::vector<std::string>& groups() const { return m_groups; }
    void read(const std::vector<std::string>& groups, GroupReader::Looks looks,
              const std::stop_token& stop = {});
    /// Reads groups and looks back: what they committed in the `span` before the start, where
    /// __consumer_offsets may be read, stands for looks that nobody took. Once a group; false:
    /// nothing was read. Where it may not be read a note says so, and nothing else is missing.
    bool recall(const std::vector<std::string>& groups, Micros span,
                const std::stop_token& stop = {});
    /// Writes what is new to the file. A file that another Weir writes is left to that one.
    void save();

    std::shared_ptr<const BacklogSnapshot> snapshot() const;

  private:
    void open_history();
    std::vector<std::string> notes() const;
    void absorb(std::vector<GroupReading> readings);

    const std::shared_ptr<kafka::Cluster> m_cluster;
    const BacklogOptions m_options;
    GroupReader m_reader;
    BacklogBook m_book;
    std::unique_ptr<store::BacklogStore> m_store; // null: not kept
    bool m_history_opened = false;
    std::optional<Error> m_history_error;
    std::vector<std::string> m_groups;
    std::set<std::string> m_read;     // of these
    std::set<std::string> m_recalled; // of these
    std::optional<Error> m_recall_error;
    std::size_t m_listed = 0;
    bool m_can_list = true;
    std::vector<Error> m_missing;
    std::optional<Error> m_trouble;
    const Micros m_started = Micros::now();
    Micros m_at{-1};
};

} // namespace weir

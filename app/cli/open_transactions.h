// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a reader of committed records is told of transactions that hold records back: each that
// still stands after `patience`, once; those that a reading up to an end has left behind, all.
// Transactions come and go all the time; one that stays is why nothing is printed.
//
// Thread contract: one thread. Bound: one entry a partition.
#pragma once

#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include "app/cli/console.h"
#include "connectors/kafka/read/reader.h"

namespace weir::cli {

class OpenTransactions {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds patience{5'000};

    explicit OpenTransactions(Console& console)
        : m_console(console) {}

    /// Whether it is time for another look: progress is copied.
    bool due(Clock::time_point now = Clock::now()) const { return now >= m_next_look; }
    /// Of a reader that follows. To be called whenever it is due.
    void look(const std::vector<kafka::PartitionProgress>& partitions,
              Clock::time_point now = Clock::now());
    /// Of one that has read to its end.
    void tell_left(const std::vector<kafka::PartitionProgress>& partitions);

  private:
    struct Standing {
        Offset at; // the last stable offset
        Clock::time_point since;
        bool told = false;
    };
    void tell(const kafka::PartitionProgress& partition, Offset from, Offset to) const;

    Console& m_console;
    Clock::time_point m_next_look{};
    std::map<std::pair<std::string, PartitionId>, Standing> m_standing;
};

} // namespace weir::cli

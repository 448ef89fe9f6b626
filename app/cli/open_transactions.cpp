// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/open_transactions.h"

#include <algorithm>

#include "models/event/partition_news.h"

namespace weir::cli {

void OpenTransactions::look(const std::vector<kafka::PartitionProgress>& partitions,
                            Clock::time_point now) {
    m_next_look = now + std::chrono::seconds(1);
    for (const kafka::PartitionProgress& p : partitions) {
        const std::pair place(p.topic, p.partition);
        const bool waits =
            p.last_stable.value() >= 0 && p.next >= p.last_stable && p.end_seen > p.last_stable;
        if (!waits) {
            m_standing.erase(place);
            continue;
        }
        const auto [known, fresh] = m_standing.try_emplace(place, Standing{p.last_stable, now});
        Standing& standing = known->second;
        if (!fresh && standing.at != p.last_stable)
            standing = {p.last_stable, now};
        if (standing.told || now - standing.since < patience)
            continue;
        standing.told = true;
        tell(p, p.last_stable, p.end_seen);
    }
}

void OpenTransactions::tell_left(const std::vector<kafka::PartitionProgress>& partitions) {
    for (const kafka::PartitionProgress& p : partitions) {
        const Offset to = std::min(p.end, p.end_seen); // what is to come is held back by nothing
        if (p.state == kafka::ReadState::Finished && p.next < to)
            tell(p, p.next, to);
    }
}

void OpenTransactions::tell(const kafka::PartitionProgress& partition, Offset from,
                            Offset to) const {
    m_console.note(
        "weir: " +
        partition_news(
            {partition.topic, partition.partition, PartitionNote::OpenTransaction, from, to, {}}));
}

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is to be said of a group or a partition beside its verdict, as pairs of a name and a text.
// Thread contract: pure functions.
#pragma once

#include <QString>

#include <vector>

#include "models/backlog/backlog_snapshot.h"

namespace weir {

struct BacklogFact {
    QString name;
    QString text;
};

std::vector<BacklogFact> facts_of(const GroupBacklog& group);
std::vector<BacklogFact> facts_of(const GroupBacklog& group, const PartitionBacklog& partition);
/// "12 min 5 s, from the record at the committed offset"; "not known".
QString lag_time_text(const std::optional<std::int64_t>& us, LagMethod method);
/// "offset 104, 535 bytes, 12 min old"; empty: nothing is known to be unread.
QString next_unread_text(const PartitionBacklog& partition, Micros now);

/// How many groups have which verdict, the worst first: "2 STALLED · 1 WARN · 39 OK".
QString verdicts_text(const BacklogSnapshot& snapshot);

} // namespace weir

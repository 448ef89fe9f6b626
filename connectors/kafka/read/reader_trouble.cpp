// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a partition fails and when it is read again: told once each.
#include "connectors/kafka/read/reader_stream.h"

namespace weir::kafka {

void mark_failed(std::vector<PartitionEvent>& told, PartitionState& p, const Error& error,
                 Micros since) {
    PartitionProgress& at = p.progress;
    at.trouble = error.text();
    if (at.state == ReadState::Failed)
        return;
    at.state = ReadState::Failed;
    at.failed_since = since;
    told.push_back({at.topic, at.partition, PartitionNote::Failed, at.next, at.next, error});
}

void mark_recovered(std::vector<PartitionEvent>& told, PartitionState& p) {
    PartitionProgress& at = p.progress;
    if (at.state != ReadState::Failed)
        return;
    at.state = ReadState::Reading;
    at.failed_since = Micros(-1);
    at.trouble.clear();
    p.failed_by_watch = false;
    p.strikes = 0;
    told.push_back({at.topic, at.partition, PartitionNote::Recovered, at.next, at.next, {}});
}

} // namespace weir::kafka

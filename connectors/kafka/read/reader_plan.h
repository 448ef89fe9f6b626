// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a ReadRequest to partitions with exact offsets: which topics, where each partition starts
// and where it ends. Thread contract: from any thread; blocks up to the deadline.
// Bound: the partitions of the cluster.
#pragma once

#include <set>
#include <utility>

#include "connectors/kafka/read/reader_stream.h"

namespace weir::kafka {

/// A topic that a request is about, with its partitions as they are now.
struct FoundTopic {
    std::string name;
    std::vector<PartitionId> partitions; // those that the request is about
    int partition_count = 0;             // of the topic
};

/// The topics that exist now and that `request` names or matches. A name that does not exist, or of
/// which brokers tell an error (it may not be read), is an error; for who looks again and gives
/// `untold` it is none: it holds up no other one, and those with an error of their own are added. A
/// pattern matches internal topics ("__…")
/// only if it says so itself, by starting with "__".
/// Errors: NotFound, NotPermitted, Usage (a pattern), Connection, Timeout, Authentication.
Result<std::vector<FoundTopic>> find_topics(ObservedCluster& cluster, const ReadRequest& request,
                                            Deadline deadline,
                                            std::set<std::string>* untold = nullptr);

/// Where each of these partitions starts and ends; one whose offsets cannot be had is Failed.
/// Errors: none of them answers.
Result<std::vector<PartitionState>> plan_partitions(ObservedCluster& cluster,
                                                    const ReadRequest& request,
                                                    const std::vector<FoundTopic>& topics,
                                                    Deadline deadline);

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of a diagnosis that is about topics, and what its parts share.
// Thread contract: main thread. Bound: topics_max topics are read.
#pragma once

#include "app/cli/diagnosis.h"
#include "connectors/kafka/admin/admin.h"

namespace weir::cli {

constexpr std::size_t topics_max = 100;

void add(Diagnosis& out, CheckResult finding);
/// "not permitted: …", with what was tried and what to do.
CheckResult failed_check(const std::string& check, const Error& error);

struct TopicFindings {
    std::vector<std::string> readable;
    std::int64_t newest_broker_us = 0; // the newest time that a broker has set on a record
};

/// A row for each topic: may it be seen, read, and its settings be seen; and for each pattern that
/// matches nothing.
TopicFindings check_topics(const std::shared_ptr<kafka::Cluster>& cluster,
                           const kafka::ClusterInfo& info, const DiagnosisRequest& request,
                           Diagnosis& out);

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words for tests of searches: what is looked for, where, and what came out of it.
// Thread contract: one thread. Waits are for conditions; the limit is when a test has failed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connectors/kafka/cluster.h"
#include "models/event/search/search.h"
#include "tests/support/kafka_broker.h"

namespace weir::test {

/// Keeps what a search hands out, as "topic/partition@offset value", with "[ordinal]" behind the
/// offset where the record holds several events.
class KeptHits : public HitSink {
  public:
    bool take(const HitView& hit) override;
    std::vector<std::string> places;
    std::vector<std::string> values;
    std::vector<std::int64_t> times_ms;
};

struct Found {
    SearchCoverage coverage;
    SearchPlan plan;
    std::shared_ptr<KeptHits> hits = std::make_shared<KeptHits>();
    std::string error; // prepare() failed: its text
    std::vector<std::string> remarks;

    /// The coverage line of a partition: "0: [0,5) read 5 matched 1 complete".
    std::vector<std::string> lines() const;
};

std::shared_ptr<const Filter> filter(const std::string& text);
SearchParts parts_for(std::shared_ptr<kafka::Cluster> cluster,
                      std::shared_ptr<const DisclosurePolicy> policy = DisclosurePolicy::none());
SearchRequest request_for(const std::string& topic, const std::string& expression);

/// Runs a search to its end.
Found find(SearchRequest request, SearchParts parts);

/// Segment calls of these types, with ids "<name>-0" and so on, in one record.
std::string segment_batch(const std::string& name, const std::vector<std::string>& types);
/// One of them as it stands there.
std::string segment_call(const std::string& name, std::size_t i, const std::string& type);

/// {"event_id":"e-7","event_type":"page_view"}
std::string page_view(std::int64_t n);

/// What memory holds once it has read the newest `last_n` records of each partition of the topic.
std::shared_ptr<const LaneSnapshot> remembered(const SearchParts& parts, const std::string& topic,
                                               std::int64_t last_n);

/// A cluster as Weir observes it, read at so many MB/s (0: as fast as it can be).
std::shared_ptr<kafka::Cluster> observed(const KafkaBroker& broker, double budget_mb_s = 0);
/// A new topic with so many page views, keyed "k0", "k1", …; its name.
std::string filled_topic(const KafkaBroker& broker, std::int64_t records, int partitions);

} // namespace weir::test

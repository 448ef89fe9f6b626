// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Search over topics, and over what is in memory of them, at once. Its end is fixed when it is
// prepared (the read-uncommitted end); it is complete only if every partition was read up to it,
// and its coverage proves that (law 4). One thread looks through memory, one per stream of the
// reader polls, passes over what
// cannot match by its raw bytes, and judges the rest (scanner.h).
//
// One log. A topic that is deleted and made again while it is searched is two logs. So what was
// read first of each partition is read again at the end, across all slices; if another record is
// there, or the log does not reach it, or nobody answers, that partition is not complete.
//
// Order. AsRead is the quickest: per partition oldest first, partitions as they come. OldestFirst
// reads the same way and merges by record time. NewestFirst reads slices from the end down, each
// four times as long as the one before, so that the newest matches come first and a limit ends the
// search early.
//
// Pruning. The filter's terms on topic, partition, offset and a least time leave out only what
// cannot match. An exact key leaves out partitions only if the partitioner found in sampled keys is
// the one that wrote all of them: that is an assumption, coverage names it, and the search is then
// not complete unless `exhaustive`.
//
// Thread contract: prepare(), start(), cancel(), progress() from any thread; the sink is called by
// the search's own threads. The destructor cancels and joins.
// Bound: one batch per stream, SearchOutlet::held_bytes_max when an order is kept; a stream that
// brings nothing for `stall_limit` ends the search as failed.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "connectors/kafka/read/reader.h"
#include "models/event/search/outlet.h"
#include "models/event/search/scanner.h"
#include "models/event/store/event_store.h"

namespace weir {

struct SearchRequest {
    std::vector<std::string> topics;
    std::vector<std::string> topic_patterns;
    std::vector<PartitionId> only_partitions;
    std::shared_ptr<const Filter> filter; // never null
    kafka::StartAt start{kafka::StartAt::Kind::Beginning, 0, {}, {}};
    kafka::EndAt end{kafka::EndAt::Kind::Snapshot, 0, {}};
    kafka::Isolation isolation = kafka::Isolation::ReadUncommitted;
    SearchOrder order = SearchOrder::AsRead;
    std::uint64_t limit = 0; // matches; 0: all
    bool exhaustive = false;
    int streams = 2;
    std::chrono::milliseconds open_timeout{10'000};
    std::chrono::milliseconds stall_limit{30'000};
    std::stop_token stop; // ends prepare() with Cancelled, once the question asked is answered
};

/// What a search stands on.
struct SearchParts {
    std::function<Result<std::unique_ptr<kafka::Reader>>(kafka::ReadRequest)> open_reader;
    std::function<std::unique_ptr<Decoder>()> make_decoder;
    ViolationFinders violations; // may be empty
    std::shared_ptr<const Vocabulary> vocabulary;
    std::shared_ptr<const DisclosurePolicy> disclosure;
    /// What is in memory of these topics: looked through while they are read. May be empty.
    std::vector<std::shared_ptr<const LaneSnapshot>> memory;
    bool tell_violations = false; // hits say how they break their contracts
    /// Hits say where they are masked, and why. REQUIRES: they are asked for as they are read.
    bool tell_masked = false;
    std::string connection;      // whose rows of `memory` are meant
    double read_budget_mb_s = 0; // of the cluster; only for the estimate
    double record_bytes = 600;   // of a usual record; only for the estimate
};

/// What lies ahead, before anything is read. Offsets are no events: holes have offsets too.
struct SearchPlan {
    std::size_t partitions = 0; // to be read
    std::size_t partitions_left_out = 0;
    std::uint64_t offsets_at_most = 0;
    std::uint64_t bytes_estimate = 0; // of keys and values
    double records_per_s = 0;         // assumed, or measured by an earlier search
    bool rate_measured = false;
    std::int64_t estimate_us = 0;
    double limit_mb_s = 0;      // the read limit, if that is what sets the pace; 0: it does not
    std::string assumed;        // partitioner; empty: nothing
    bool times_assumed = false; // records past an end found by time are taken to be later
    bool contradictory = false; // the filter can match nothing
};

struct SearchProgress {
    std::uint64_t offsets_done = 0;
    std::uint64_t offsets_total = 0;
    std::uint64_t read = 0;
    std::uint64_t bytes = 0;
    std::uint64_t matched = 0;
    std::uint64_t undecodable = 0; // of those that were looked into
    std::int64_t elapsed_us = 0;
    std::int64_t remaining_us = -1; // -1: cannot be told yet
    std::string trouble;            // a partition that cannot be read now
    bool finished = false;
};

class Search {
  public:
    /// Connects, fixes ranges, samples keys if the filter names one. Blocks up to a few times
    /// request.open_timeout, or until request.stop. Errors: as Reader::open.
    static Result<std::unique_ptr<Search>> prepare(SearchRequest request, SearchParts parts);
    virtual ~Search() = default;

    virtual const SearchPlan& plan() const = 0;
    /// Another order than was asked for. REQUIRES: not started yet.
    virtual void set_order(SearchOrder order) = 0;
    /// REQUIRES: not started yet.
    virtual void start(std::shared_ptr<HitSink> sink) = 0;
    virtual void cancel() = 0;
    virtual bool finished() const = 0;
    /// Waits until finished, at most `wait`. True: finished.
    virtual bool wait_for(std::chrono::milliseconds wait) = 0;
    virtual SearchProgress progress() const = 0;
    /// So far; final once finished.
    virtual SearchCoverage coverage() const = 0;
    /// Where nothing matched: which of the filter's paths no event had that was looked into. In any
    /// case: which of its fields were masked.
    virtual std::vector<std::string> remarks() const = 0;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Retention of the sandbox's warehouse: days past the hot period move into archive files or go;
// archive files, ids and what was made of events go on time. A pass does what is due; a database
// that is not marked as a sandbox cannot be handed in. The loader goes on beside it: it waits while
// a day's rows are deleted, and for no longer.
//
// Thread contract: pass() from one thread; counts() and cancel() from any. Bound: one connection; a
// day at a time.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "connectors/http/open_metrics.h"
#include "models/sandbox/retention/day_archive.h"
#include "models/sandbox/retention/expiry.h"
#include "models/sandbox/retention/retention_plan.h"

namespace weir::sandbox {

/// What was done since it was made.
struct RetentionCounts {
    std::uint64_t passes = 0;        // that did all that was due
    std::uint64_t failed_passes = 0; // that ended with an error
    std::int64_t archived_days = 0;
    std::int64_t archived_events = 0;
    std::int64_t archived_bytes = 0;
    std::int64_t deleted_events = 0; // without an archive
    std::int64_t deleted_files = 0;
    ExpiredRows expired;
    std::string trouble;    // why the last pass failed; empty: it did not
    Micros succeeded_at{0}; // 0: none has yet
};

class Retention {
  public:
    Retention(RetentionPlan plan, warehouse::DatabaseTicket ticket, ArchiveTold told = {});

    /// Does what is due on this day. What it has done is done, also if it then fails; the next pass
    /// goes on from there. Errors: those of WritableWarehouse::open(), archive_day(),
    /// ArchiveFolder::open(); Cancelled.
    Result<void> pass(Day today);

    RetentionCounts counts() const;
    /// Ends the pass that runs, at a point where nothing is half done, and every later one.
    void cancel();

  private:
    Result<void> connect();
    Result<void> still_wanted() const;
    Result<void> do_pass(Day today);
    Result<void> move_days(Day today, bool& all);
    Result<void> move_day(Day day, const ArchiveFolder* folder, Day first_archived, bool& all);
    Result<void> delete_files(const ArchiveFolder& folder, Day first_archived);
    Result<void> expire_rows(Day today);
    template <class Change>
    void count(Change change);

    const RetentionPlan m_plan;
    const warehouse::DatabaseTicket m_ticket;
    const ArchiveTold m_told;
    std::optional<Day> m_expired; // the last day on which rows were looked through
    std::atomic<bool> m_cancelled{false};
    mutable std::mutex m_mutex; // guards m_counts, and m_db against cancel()
    RetentionCounts m_counts;
    std::unique_ptr<warehouse::WritableWarehouse> m_db; // while a pass runs
};

/// The counters as families of a page.
void append_retention(const RetentionCounts& counts, http::OpenMetrics& page);

} // namespace weir::sandbox

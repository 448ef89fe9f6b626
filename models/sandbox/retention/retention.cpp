// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/retention/retention.h"

#include <array>

#include "models/sandbox/retention/day_rows.h"

namespace weir::sandbox {

using warehouse::Value;
using warehouse::WritableWarehouse;

namespace {

constexpr std::chrono::seconds connect_wait{20};
constexpr std::chrono::hours statement_wait{1}; // a day is read by one

} // namespace

Retention::Retention(RetentionPlan plan, warehouse::DatabaseTicket ticket, ArchiveTold told)
    : m_plan(std::move(plan))
    , m_ticket(std::move(ticket))
    , m_told(std::move(told)) {}

template <class Change>
void Retention::count(Change change) {
    const std::lock_guard lock(m_mutex);
    change(m_counts);
}

RetentionCounts Retention::counts() const {
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

void Retention::cancel() {
    m_cancelled = true;
    const std::lock_guard lock(m_mutex);
    if (m_db)
        m_db->cancel();
}

Result<void> Retention::connect() {
    auto db = WritableWarehouse::open(m_ticket, connect_wait);
    if (!db)
        return db.error();
    (*db)->set_timeout(statement_wait);
    const std::lock_guard lock(m_mutex);
    m_db = std::move(*db);
    return still_wanted();
}

Result<void> Retention::still_wanted() const {
    if (m_cancelled)
        return Error{.code = ErrorCode::Cancelled, .what = "retention was told to end"};
    return {};
}

Result<void> Retention::pass(Day today) {
    auto done = connect();
    if (done)
        done = do_pass(today);
    count([&](RetentionCounts& counts) {
        m_db.reset();
        ++(done ? counts.passes : counts.failed_passes);
        counts.trouble = done ? std::string() : done.error().text();
        if (done)
            counts.succeeded_at = Micros::now();
    });
    return done;
}

Result<void> Retention::do_pass(Day today) {
    bool all = true;
    if (auto moved = move_days(today, all); !moved)
        return moved;
    // An id goes after its row; and each table is looked through whole: once a day is enough.
    if (!all || m_expired == today)
        return {};
    auto expired = still_wanted();
    if (expired)
        expired = expire_rows(today);
    if (expired)
        m_expired = today;
    return expired;
}

/// `all`: none was left for the next pass.
Result<void> Retention::move_days(Day today, bool& all) {
    std::unique_ptr<ArchiveFolder> folder;
    if (m_plan.archives()) {
        auto opened = ArchiveFolder::open(m_plan.folder);
        if (!opened)
            return opened.error();
        folder = std::move(*opened);
    }
    const Day first_archived = RetentionPlan::first_kept(today, m_plan.archive);
    const auto days = days_before(*m_db, RetentionPlan::first_kept(today, m_plan.hot));
    if (!days)
        return days.error();
    for (const Day day : *days)
        if (auto moved = move_day(day, folder.get(), first_archived, all); !moved)
            return moved;
    return folder ? delete_files(*folder, first_archived) : Result<void>();
}

Result<void> Retention::move_day(Day day, const ArchiveFolder* folder, Day first_archived,
                                 bool& all) {
    if (auto wanted = still_wanted(); !wanted)
        return wanted;
    if (folder == nullptr || day < first_archived) {
        const auto deleted = delete_day(*m_db, day);
        if (!deleted)
            return deleted.error();
        count([&](RetentionCounts& counts) { counts.deleted_events += *deleted; });
        return {};
    }
    const auto archived = archive_day(*m_db, *folder, day, m_told);
    if (!archived)
        return archived.error();
    all &= archived->moved;
    count([&](RetentionCounts& counts) {
        counts.archived_days += archived->moved ? 1 : 0;
        counts.archived_events += archived->events;
        counts.archived_bytes += archived->bytes;
    });
    return {};
}

/// The files first: a row without its file does no harm.
Result<void> Retention::delete_files(const ArchiveFolder& folder, Day first_archived) {
    const auto removed = folder.remove_before(first_archived);
    if (!removed)
        return removed.error();
    count([&](RetentionCounts& counts) { counts.deleted_files += *removed; });
    const std::string day = text_of(first_archived);
    const auto forgotten = m_db->execute(
        "DELETE FROM " + m_db->quoted(event_archives_table) + " WHERE archive = $1 AND day < $2",
        std::array{Value::of(std::string_view(folder.id())), Value::of(std::string_view(day))});
    return forgotten ? Result<void>() : Result<void>(forgotten.error());
}

Result<void> Retention::expire_rows(Day today) {
    ExpiredRows gone;
    auto done = expire_ids(*m_db, RetentionPlan::first_kept(today, m_plan.ids), gone);
    if (done)
        done = expire_side_tables(*m_db, RetentionPlan::first_kept(today, m_plan.all()), gone);
    count([&](RetentionCounts& counts) {
        for (const auto& [table, rows] : gone)
            counts.expired[table] += rows;
    });
    return done;
}

void append_retention(const RetentionCounts& counts, http::OpenMetrics& page) {
    using Metric = http::OpenMetrics::Kind;
    page.family(Metric::Counter, "weir_retention_passes", "Passes, by how they ended.");
    page.add({{"result", "done"}}, counts.passes);
    page.add({{"result", "failed"}}, counts.failed_passes);
    const std::tuple<const char*, const char*, std::int64_t> totals[] = {
        {"weir_retention_archived_days", "Days moved into archive files.", counts.archived_days},
        {"weir_retention_archived_events", "Their rows.", counts.archived_events},
        {"weir_retention_deleted_events", "Rows deleted without an archive.",
         counts.deleted_events},
        {"weir_retention_deleted_files", "Archive files deleted.", counts.deleted_files}};
    for (const auto& [name, help, value] : totals)
        page.single(Metric::Counter, name, help, static_cast<std::uint64_t>(value));
    page.family(Metric::Counter, "weir_retention_archived_bytes",
                "What archive files have grown by.", "bytes");
    page.add({}, static_cast<std::uint64_t>(counts.archived_bytes));
    page.family(Metric::Counter, "weir_retention_expired_rows",
                "Rows of other tables that were deleted, by table.");
    for (const auto& [table, rows] : counts.expired)
        page.add({{"table", table}}, static_cast<std::uint64_t>(rows));
    if (counts.succeeded_at.value() == 0)
        return;
    page.family(Metric::Gauge, "weir_retention_success_timestamp_seconds",
                "When the last pass had done all that was due.", "seconds");
    page.add_micro({}, counts.succeeded_at.value());
}

} // namespace weir::sandbox

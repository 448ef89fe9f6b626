// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sandbox_retention.h"

#include "app/cli/sandbox_database.h"
#include "app/cli/target.h"
#include "models/event/json/json_tape.h"
#include "models/sandbox/retention/day_restore.h"

namespace weir::cli {

namespace {

constexpr std::chrono::hours restore_wait{1}; // a statement's, which may be a whole day's

std::string counted(std::int64_t number) {
    return grouped(static_cast<std::uint64_t>(number));
}

} // namespace

std::vector<Option> retention_options() {
    return {
        {"retain", "PERIODS",
         "hot=7d,archive=90d: rows stay 7 days, then go into archive files, which stay till 90; "
         "hot=7d alone: they go; without --stages: do it once, now"},
        {"archive", "DIR", "where archive files are kept"},
        {"restore", "DAY", "put the archive file of 2026-05-01 back into the warehouse", 0, true}};
}

Result<std::optional<sandbox::RetentionPlan>> retention_of(const Arguments& arguments) {
    if (!arguments.has("retain")) {
        if (arguments.has("archive"))
            return usage_error("--archive: it is not said what goes there",
                               "Add --retain hot=7d,archive=90d.");
        return std::optional<sandbox::RetentionPlan>();
    }
    if (!arguments.has("warehouse"))
        return usage_error("--retain is for a warehouse", "Add --warehouse ADDRESS.");
    auto plan = sandbox::parse_retention(arguments.value("retain"));
    if (!plan)
        return plan.error();
    plan->folder = arguments.value("archive");
    if (plan->archives() == plan->folder.empty())
        return usage_error("an archive's period and its folder go together",
                           "Write --retain hot=7d,archive=90d --archive DIR.");
    return std::optional(std::move(*plan));
}

int run_retention(const Arguments& arguments, std::chrono::milliseconds wait, Console& console) {
    auto plan = retention_of(arguments);
    if (!plan)
        return console.fail(plan.error());
    const auto connection = sandbox_warehouse_of(arguments);
    if (!connection)
        return console.fail(connection.error());
    auto ticket = ready_warehouse(**connection, arguments, wait);
    if (!ticket)
        return console.fail(ticket.error());
    sandbox::Retention retention(std::move(**plan), std::move(*ticket),
                                 [&console](sandbox::ArchiveStep, sandbox::Day day) {
                                     console.progress("archiving " + sandbox::text_of(day));
                                 });
    const auto done = retention.pass(sandbox::day_of(Micros::now()));
    console.progress("");
    const sandbox::RetentionCounts counts = retention.counts();
    console.out(arguments.has("json") ? retention_json(counts) + "\n"
                                      : retention_text(counts) + "\n");
    return done ? exit_fine : console.fail(done.error());
}

int run_restore(const Arguments& arguments, std::chrono::milliseconds wait, Console& console) {
    std::vector<sandbox::Day> days;
    for (const std::string& text : arguments.values("restore")) {
        const auto day = sandbox::day_of_text(text);
        if (!day)
            return console.fail(
                usage_error("--restore " + text + ": not a day", "Write it as 2026-05-01."));
        days.push_back(*day);
    }
    if (arguments.has("retain") || !arguments.has("archive") || !arguments.has("warehouse"))
        return console.fail(
            usage_error("--restore is done alone, from an archive into a warehouse",
                        "weir sandbox --restore DAY --archive DIR --warehouse ADDRESS"));
    const auto connection = sandbox_warehouse_of(arguments);
    if (!connection)
        return console.fail(connection.error());
    const auto ticket = ready_warehouse(**connection, arguments, wait);
    if (!ticket)
        return console.fail(ticket.error());
    const auto db = warehouse::WritableWarehouse::open(*ticket, wait);
    if (!db)
        return console.fail(db.error());
    (*db)->set_timeout(restore_wait);
    const auto folder = sandbox::ArchiveFolder::open(arguments.value("archive"));
    if (!folder)
        return console.fail(folder.error());
    for (const sandbox::Day day : days) {
        const auto events = restore_day(**db, **folder, day);
        if (!events)
            return console.fail(events.error());
        const std::string text = sandbox::text_of(day);
        console.out(arguments.has("json") ? "{\"restored\":\"" + text +
                                                "\",\"events\":" + std::to_string(*events) + "}\n"
                                          : text + ": " + counted(*events) + " events restored\n");
    }
    return exit_fine;
}

namespace {

std::int64_t expired_rows(const sandbox::RetentionCounts& counts) {
    std::int64_t rows = 0;
    for (const auto& [table, count] : counts.expired)
        rows += count;
    return rows;
}

} // namespace

std::string retention_json(const sandbox::RetentionCounts& counts) {
    std::string text;
    for (const auto& [name, value] : {std::pair{"archived_days", counts.archived_days},
                                      {"archived_events", counts.archived_events},
                                      {"archived_bytes", counts.archived_bytes},
                                      {"deleted_events", counts.deleted_events},
                                      {"deleted_files", counts.deleted_files}})
        text += (text.empty() ? "{\"" : ",\"") + std::string(name) + "\":" + std::to_string(value);
    text += ",\"expired\":{";
    for (const auto& [table, rows] : counts.expired) {
        text += text.back() == '{' ? "" : ",";
        append_json_string(table, text);
        text += ":" + std::to_string(rows);
    }
    return text + "}}";
}

std::string retention_text(const sandbox::RetentionCounts& counts) {
    return counted(counts.archived_events) + " events of " + counted(counts.archived_days) +
           " days archived (" + counted(counts.archived_bytes) + " bytes), " +
           counted(counts.deleted_events) + " events and " + counted(counts.deleted_files) +
           " archive files deleted, " + counted(expired_rows(counts)) + " rows of other tables";
}

} // namespace weir::cli

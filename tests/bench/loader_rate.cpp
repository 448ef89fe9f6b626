// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows a second through the loading stage alone (events of a real broker's topic, read, decoded,
// loaded with their ids and offsets) against the bare client library that puts the very same rows
// into the very same tables: COPY and a unique insert on PostgreSQL, prepared inserts on SQLite.
// The bare side gets its rows ready-made. In turns, each on a new database.
// Usage: loader_rate [EVENTS] [ROUNDS]
#include <QCoreApplication>
#include <QTemporaryDir>

#include <libpq-fe.h>
#include <sqlite3.h>
#include <thread>

#include "models/sandbox/workers/pipeline.h"
#include "tests/bench/pipeline_ground.h"

using namespace weir;
using namespace weir::bench;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t batch_rows = 10'000;

/// From the first batch on: joining the group is not loading.
double by_weir(const kafka::SandboxTicket& ticket, const warehouse::ConnectionOptions& db,
               std::size_t events) {
    sandbox::PipelineOptions options;
    options.stages = {"load"};
    const auto pipeline =
        sandbox::Pipeline::start(ticket, options,
                                 {.warehouse = prove_sandbox_database(db, {}, 20s).value()})
            .value();
    const auto loaded = [&] { return pipeline->reports().front().counts.out; };
    std::size_t first = 0;
    while ((first = loaded()) == 0)
        std::this_thread::sleep_for(1ms);
    const auto begun = Clock::now();
    while (loaded() < events)
        std::this_thread::sleep_for(1ms);
    return rate(events - first, begun);
}

// ---- PostgreSQL by libpq

PGresult* run(PGconn* db, const std::string& sql, ExecStatusType expected) {
    PGresult* const result = PQexec(db, sql.c_str());
    require(PQresultStatus(result) == expected, PQerrorMessage(db));
    return result;
}

void command(PGconn* db, const std::string& sql) {
    PQclear(run(db, sql, PGRES_COMMAND_OK));
}

std::vector<std::string> copy_out(PGconn* db, const std::string& sql) {
    PQclear(run(db, sql, PGRES_COPY_OUT));
    std::vector<std::string> lines;
    char* line = nullptr;
    for (int size; (size = PQgetCopyData(db, &line, 0)) > 0; PQfreemem(line))
        lines.emplace_back(line, static_cast<std::size_t>(size));
    PQclear(PQgetResult(db));
    return lines;
}

void copy_in(PGconn* db, const std::string& sql, const std::string& text) {
    PQclear(run(db, sql, PGRES_COPY_IN));
    require(PQputCopyData(db, text.data(), static_cast<int>(text.size())) == 1, "COPY");
    require(PQputCopyEnd(db, nullptr) == 1, "COPY");
    PGresult* const result = PQgetResult(db);
    require(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(db));
    PQclear(result);
    PQclear(PQgetResult(db));
}

std::vector<std::string> batches_of(const std::vector<std::string>& lines) {
    std::vector<std::string> batches;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i % batch_rows == 0)
            batches.emplace_back();
        batches.back() += lines[i];
    }
    return batches;
}

struct PgRows {
    std::vector<std::string> ids; // a batch each, as COPY has them
    std::vector<std::string> events;
    std::size_t count = 0;
};

PgRows rows_of(PGconn* db) {
    const auto ids = copy_out(db, "COPY (SELECT event_id, day FROM analytics.events) TO STDOUT");
    const auto events = copy_out(db, "COPY (SELECT * FROM analytics.events) TO STDOUT");
    return {batches_of(ids), batches_of(events), events.size()};
}

double by_libpq(PGconn* db, const PgRows& rows) {
    command(db, "SET client_min_messages=warning");
    const auto begun = Clock::now();
    for (std::size_t i = 0; i < rows.ids.size(); ++i) {
        command(db, "BEGIN");
        command(db, "CREATE TEMP TABLE IF NOT EXISTS stage (event_id text, day date) "
                    "ON COMMIT DELETE ROWS");
        copy_in(db, "COPY stage FROM STDIN", rows.ids[i]);
        command(db, "INSERT INTO analytics.event_ids SELECT * FROM stage ON CONFLICT DO NOTHING");
        copy_in(db, "COPY analytics.events FROM STDIN", rows.events[i]);
        command(db, "COMMIT");
    }
    return rate(rows.count, begun);
}

// ---- SQLite by its own library

struct LiteRows {
    std::vector<sqlite3_value*> values;
    std::size_t width = 0;
    LiteRows() = default;
    LiteRows(const LiteRows&) = delete;
    LiteRows& operator=(const LiteRows&) = delete;
    ~LiteRows() {
        for (sqlite3_value* value : values)
            sqlite3_value_free(value);
    }
};

sqlite3* open_file(const warehouse::ConnectionOptions& options) {
    sqlite3* db = nullptr;
    require(sqlite3_open(options.address.substr(std::string("sqlite:").size()).c_str(), &db) ==
                SQLITE_OK,
            "SQLite");
    sqlite3_exec(db, "PRAGMA synchronous=NORMAL", nullptr, nullptr, nullptr);
    return db;
}

sqlite3_stmt* prepare(sqlite3* db, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    require(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK,
            sqlite3_errmsg(db));
    return statement;
}

void read_rows(const warehouse::ConnectionOptions& options, LiteRows& rows) {
    sqlite3* const db = open_file(options);
    sqlite3_stmt* const all = prepare(db, "SELECT * FROM analytics_events");
    rows.width = static_cast<std::size_t>(sqlite3_column_count(all));
    while (sqlite3_step(all) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(all); ++i)
            rows.values.push_back(sqlite3_value_dup(sqlite3_column_value(all, i)));
    sqlite3_finalize(all);
    sqlite3_close(db);
}

double by_sqlite(sqlite3* db, const LiteRows& rows) {
    std::string marks = "?";
    for (std::size_t i = 1; i < rows.width; ++i)
        marks += ",?";
    sqlite3_stmt* const id =
        prepare(db, "INSERT INTO analytics_event_ids VALUES (?,?) ON CONFLICT DO NOTHING");
    sqlite3_stmt* const event = prepare(db, "INSERT INTO analytics_events VALUES (" + marks + ")");
    const std::size_t count = rows.values.size() / rows.width;
    const auto begun = Clock::now();
    for (std::size_t row = 0; row < count; ++row) {
        if (row % batch_rows == 0)
            sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
        sqlite3_value* const* const values = &rows.values[row * rows.width];
        sqlite3_bind_value(id, 1, values[0]);
        sqlite3_bind_value(id, 2, values[rows.width - 1]);
        for (std::size_t i = 0; i < rows.width; ++i)
            sqlite3_bind_value(event, static_cast<int>(i) + 1, values[i]);
        for (sqlite3_stmt* const statement : {id, event}) {
            require(sqlite3_step(statement) == SQLITE_DONE, sqlite3_errmsg(db));
            sqlite3_reset(statement);
        }
        if (row % batch_rows == batch_rows - 1 || row + 1 == count)
            sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
    }
    const double reached = rate(count, begun);
    sqlite3_finalize(id);
    sqlite3_finalize(event);
    return reached;
}

// ---- rounds

void tell(const char* kind, double bare, double weir) {
    std::printf("%-10s bare %8.0f   loader %8.0f rows/s   ratio %.2f\n", kind, bare, weir,
                weir / bare);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const QTemporaryDir folder;
    qputenv("WEIR_OBSERVED_IDS", folder.filePath(QStringLiteral("ids.json")).toUtf8());
    const auto events = static_cast<std::size_t>(argc > 1 ? std::atoll(argv[1]) : 200'000);
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    const SandboxBroker ground = SandboxBroker::start();
    const auto server = test::PostgresServer::start().value();
    ground.fill("enriched_events", events);
    for (int round = 0; round < rounds; ++round) {
        const auto loaded = new_tables(server.get(), folder.path());
        const double weir_pg = by_weir(*ground.ticket, loaded, events);
        const auto name = [](const warehouse::ConnectionOptions& of) {
            return of.address.substr(of.address.rfind('/') + 1);
        };
        PGconn* const from = PQconnectdb(server->address(name(loaded), "postgres").c_str());
        const PgRows rows = rows_of(from);
        PQfinish(from);
        PGconn* const to = PQconnectdb(
            server->address(name(new_tables(server.get(), folder.path())), "postgres").c_str());
        tell("postgresql", by_libpq(to, rows), weir_pg);
        PQfinish(to);

        const auto loaded_lite = new_tables(nullptr, folder.path());
        const double weir_lite = by_weir(*ground.ticket, loaded_lite, events);
        LiteRows lite;
        read_rows(loaded_lite, lite);
        sqlite3* const file = open_file(new_tables(nullptr, folder.path()));
        tell("sqlite", by_sqlite(file, lite), weir_lite);
        sqlite3_close(file);
    }
    return 0;
}

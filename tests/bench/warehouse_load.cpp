// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows a second through a WritableWarehouse (insert_new() of the ids, append() of the rows, a
// transaction a batch) against the same by the bare client library: COPY and a unique insert on
// PostgreSQL, prepared inserts on SQLite. In turns, so that a busy machine hurts both.
// Usage: warehouse_load [ROWS] [ROUNDS] [BATCH]
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <libpq-fe.h>
#include <sqlite3.h>

#include "connectors/warehouse/sandbox/writable.h"
#include "tests/support/postgres_server.h"

using namespace weir;
using namespace weir::warehouse;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t payload_bytes = 540;

struct Load {
    std::size_t rows = 200'000;
    std::size_t batch = 10'000;
    std::string payload = "{\"text\":\"" + std::string(payload_bytes, 'x') + "\"}";
};

void require(bool holds, const std::string& why) {
    if (holds)
        return;
    std::fprintf(stderr, "warehouse_load: %s\n", why.c_str());
    std::exit(1);
}

std::string uuid(std::size_t round, std::size_t row) {
    char text[40];
    std::snprintf(text, sizeof text, "%08zx-0000-4000-8000-%012zx", round * 7919, row * 104729);
    return text;
}

const char* const tables[] = {
    "CREATE TABLE event_ids (event_id uuid PRIMARY KEY, day date)",
    "CREATE TABLE events (event_id uuid, day date, payload text)",
    "CREATE TABLE event_ids (event_id text PRIMARY KEY, day text) WITHOUT ROWID",
    "CREATE TABLE events (event_id text, day text, payload text)",
};

double rate(const Load& load, Clock::time_point began) {
    return static_cast<double>(load.rows) /
           std::chrono::duration<double>(Clock::now() - began).count();
}

double by_weir(WritableWarehouse& db, const Load& load, std::size_t round) {
    const auto began = Clock::now();
    for (std::size_t from = 0; from < load.rows; from += load.batch) {
        Page ids = Page::of({"event_id", "day"});
        Page rows = Page::of({"event_id", "day", "payload"});
        for (std::size_t i = from; i < std::min(load.rows, from + load.batch); ++i) {
            const std::string id = uuid(round, i);
            ids.add(Value::of(std::string_view(id)));
            ids.add_borrowed(Value::of("2026-05-01"));
            rows.add(Value::of(std::string_view(id)));
            rows.add_borrowed(Value::of("2026-05-01"));
            rows.add_borrowed(Value::of(std::string_view(load.payload)));
        }
        require(db.begin().ok(), "begin");
        const auto added = db.insert_new({"", "event_ids"}, "event_id", ids);
        require(added.ok(), added.ok() ? "" : added.error().text());
        const auto done = db.append({"", "events"}, rows);
        require(done.ok() && db.commit().ok(), done.ok() ? "commit" : done.error().text());
    }
    return rate(load, began);
}

void run(PGconn* db, const char* sql, ExecStatusType expected) {
    PGresult* const result = PQexec(db, sql);
    require(PQresultStatus(result) == expected, PQerrorMessage(db));
    PQclear(result);
}

void copy(PGconn* db, const char* sql, const std::string& text) {
    run(db, sql, PGRES_COPY_IN);
    require(PQputCopyData(db, text.data(), static_cast<int>(text.size())) == 1, "COPY");
    require(PQputCopyEnd(db, nullptr) == 1, "COPY");
    PGresult* result = PQgetResult(db);
    require(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(db));
    PQclear(result);
    while ((result = PQgetResult(db)) != nullptr)
        PQclear(result);
}

double by_libpq(PGconn* db, const Load& load, std::size_t round) {
    const auto began = Clock::now();
    for (std::size_t from = 0; from < load.rows; from += load.batch) {
        std::string ids;
        std::string rows;
        for (std::size_t i = from; i < std::min(load.rows, from + load.batch); ++i) {
            const std::string line = uuid(round, i) + "\t2026-05-01";
            ids += line + "\n";
            rows += line + "\t" + load.payload + "\n";
        }
        run(db, "BEGIN", PGRES_COMMAND_OK);
        run(db,
            "CREATE TEMP TABLE IF NOT EXISTS stage (event_id uuid, day date) ON COMMIT DELETE ROWS",
            PGRES_COMMAND_OK);
        copy(db, "COPY stage FROM STDIN", ids);
        run(db, "INSERT INTO event_ids SELECT * FROM stage ON CONFLICT DO NOTHING",
            PGRES_COMMAND_OK);
        copy(db, "COPY events FROM STDIN", rows);
        run(db, "COMMIT", PGRES_COMMAND_OK);
    }
    return rate(load, began);
}

double by_sqlite(sqlite3* db, const Load& load, std::size_t round) {
    const auto began = Clock::now();
    sqlite3_stmt* id_insert = nullptr;
    sqlite3_stmt* row_insert = nullptr;
    sqlite3_prepare_v2(db, "INSERT INTO event_ids VALUES (?,?) ON CONFLICT DO NOTHING", -1,
                       &id_insert, nullptr);
    sqlite3_prepare_v2(db, "INSERT INTO events VALUES (?,?,?)", -1, &row_insert, nullptr);
    for (std::size_t from = 0; from < load.rows; from += load.batch) {
        sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
        for (std::size_t i = from; i < std::min(load.rows, from + load.batch); ++i) {
            const std::string id = uuid(round, i);
            for (sqlite3_stmt* const insert : {id_insert, row_insert}) {
                sqlite3_bind_text(insert, 1, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
                sqlite3_bind_text(insert, 2, "2026-05-01", -1, SQLITE_STATIC);
                if (insert == row_insert)
                    sqlite3_bind_text(insert, 3, load.payload.data(),
                                      static_cast<int>(load.payload.size()), SQLITE_STATIC);
                require(sqlite3_step(insert) == SQLITE_DONE, sqlite3_errmsg(db));
                sqlite3_reset(insert);
            }
        }
        require(sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK,
                sqlite3_errmsg(db));
    }
    sqlite3_finalize(id_insert);
    sqlite3_finalize(row_insert);
    return rate(load, began);
}

/// A marked sandbox with the tables.
std::unique_ptr<WritableWarehouse> open(const ConnectionOptions& options, const char* const* make) {
    const auto marked = init_sandbox_database(options, {}, {}, 20s);
    require(marked.ok(), marked.ok() ? "" : marked.error().text());
    auto db =
        WritableWarehouse::open(prove_sandbox_database(options, {}, 20s).value(), 20s).value();
    require(db->execute(make[0]).ok() && db->execute(make[1]).ok(), "making tables");
    return db;
}

} // namespace

int main(int argc, char** argv) {
    Load load;
    load.rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : load.rows;
    const std::size_t rounds = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 3;
    load.batch = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : load.batch;
    const QTemporaryDir folder;
    qputenv("WEIR_OBSERVED_IDS", folder.filePath(QStringLiteral("ids.json")).toUtf8());
    auto server = test::PostgresServer::start();
    require(server.ok(), server.ok() ? "" : server.error().text());
    const std::string database = (*server)->new_database();
    const auto pg = open((*server)->connection(database, Environment::Sandbox, "postgres"), tables);
    PGconn* const bare_pg = PQconnectdb((*server)->address(database, "postgres").c_str());
    ConnectionOptions options;
    options.address = "sqlite:" + folder.filePath(QStringLiteral("a.sqlite")).toStdString();
    options.environment = Environment::Sandbox;
    const auto lite = open(options, tables + 2);
    sqlite3* bare_lite = nullptr;
    sqlite3_open(options.address.substr(7).c_str(), &bare_lite);
    sqlite3_exec(bare_lite, "PRAGMA synchronous=NORMAL", nullptr, nullptr, nullptr);
    for (std::size_t round = 0; round < rounds; ++round) {
        const double bare = by_libpq(bare_pg, load, 2 * round + 1);
        const double ours = by_weir(*pg, load, 2 * round + 2);
        std::printf("postgresql: bare %.0f, weir %.0f rows a second, ratio %.2f\n", bare, ours,
                    ours / bare);
        const double bare_sqlite = by_sqlite(bare_lite, load, 2 * round + 1);
        const double ours_sqlite = by_weir(*lite, load, 2 * round + 2);
        std::printf("sqlite: bare %.0f, weir %.0f rows a second, ratio %.2f\n", bare_sqlite,
                    ours_sqlite, ours_sqlite / bare_sqlite);
    }
    sqlite3_close(bare_lite);
    PQfinish(bare_pg);
    return 0;
}

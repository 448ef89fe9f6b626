// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <map>
#include <thread>

#include "models/sandbox/warehouse/schema.h"
#include "tests/support/postgres_server.h"
#include "tests/support/sandbox_warehouse.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::sandbox;
using namespace weir::test;
using namespace weir::warehouse;
using namespace std::chrono_literals;

namespace {

/// "events: event_id event_type …" of each table, without the day partitions.
std::map<std::string, std::string> described(const ConnectionOptions& options) {
    const auto db = Warehouse::open(options, {}).value();
    std::map<std::string, std::string> tables;
    const auto found = db->tables(20s);
    for (const TableName& table : *found) {
        std::string columns;
        const auto named = db->columns(table, 20s);
        for (const Column& column : *named)
            columns += column.name + " ";
        const bool qualified = table.schema != "main" && table.schema != "public";
        tables[qualified ? table.schema + "_" + table.table : table.table] = columns;
    }
    return tables;
}

} // namespace

class TestSchema : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_server = running_postgres();
    }
    void cleanupTestCase() { m_server.reset(); }

    void both_kinds_have_the_same_tables_and_columns() {
        const auto lite = new_database(false);
        const auto pg = new_database(true);
        VERIFY_OK(migrate(*write(lite)));
        VERIFY_OK(migrate(*write(pg)));
        const auto tables = described(lite);
        for (const char* name :
             {"analytics_events", "analytics_event_ids", "loader_offsets", "users", "orders",
              "sessions", "identities", "attribution", "enrichment_audit", "identity_signals",
              "event_archives", "session_event_ids"})
            QVERIFY2(tables.count(name) == 1, name);
        QCOMPARE(tables, described(pg));
    }

    void a_table_of_a_schema_is_read_by_the_same_name_on_both_data() { add_warehouse_kinds(); }
    void a_table_of_a_schema_is_read_by_the_same_name_on_both() {
        QFETCH(bool, postgresql);
        const auto options = new_database(postgresql);
        VERIFY_OK(migrate(*write(options)));
        const auto db = Warehouse::open(options, {}).value();
        const auto rows = db->read({.table = {"analytics", "events"}});
        const auto page = rows->next();
        VERIFY_OK(page);
        QCOMPARE(page->rows(), 0u);
    }

    void it_is_done_once_and_an_upgrade_goes_on_from_there_data() { add_warehouse_kinds(); }
    void it_is_done_once_and_an_upgrade_goes_on_from_there() {
        QFETCH(bool, postgresql);
        const auto db = write(new_database(postgresql));
        VERIFY_OK(migrate(*db));
        VERIFY_OK(db->execute("INSERT INTO users (user_id, signed_up_at, updated_at) "
                              "VALUES ('u1', $1, $1)",
                              std::array{Value::of(Micros(1))}));
        VERIFY_OK(migrate(*db));
        QCOMPARE(db->execute("SELECT * FROM users")->rows.rows(), 1u);
        const auto versions = db->execute("SELECT version FROM weir_schema ORDER BY version");
        const auto known = migrations_of(db->kind());
        QCOMPARE(versions->rows.rows(), known.size());
        for (std::size_t i = 0; i < known.size(); ++i) {
            QCOMPARE(versions->rows.at(i, 0).integer, known[i].number);
            QCOMPARE(known[i].number, static_cast<int>(i) + 1);
        }
    }

    void tables_of_a_newer_weir_are_left_alone_data() { add_warehouse_kinds(); }
    void tables_of_a_newer_weir_are_left_alone() {
        QFETCH(bool, postgresql);
        const auto db = write(new_database(postgresql));
        VERIFY_OK(migrate(*db));
        VERIFY_OK(db->execute("INSERT INTO weir_schema (version, name) VALUES (9999, 'later')"));
        VERIFY_ERROR(migrate(*db), ErrorCode::Unsupported);
    }

    void a_migration_that_fails_leaves_nothing_behind_data() { add_warehouse_kinds(); }
    void a_migration_that_fails_leaves_nothing_behind() {
        QFETCH(bool, postgresql);
        const auto db = write(new_database(postgresql));
        VERIFY_OK(db->execute("CREATE TABLE enrichment_audit (mine integer)")); // the last one
        const auto failed = migrate(*db);
        VERIFY_ERROR(failed, ErrorCode::Usage);
        QVERIFY2(failed.error().what.find("0001_warehouse") != std::string::npos,
                 failed.error().text().c_str());
        VERIFY_ERROR(db->execute("SELECT * FROM users"), ErrorCode::NotFound);
        VERIFY_OK(db->execute("DROP TABLE enrichment_audit"));
        VERIFY_OK(migrate(*db));
    }

    void several_at_once_take_turns_data() { add_warehouse_kinds(); }
    void several_at_once_take_turns() {
        QFETCH(bool, postgresql);
        const auto options = new_database(postgresql);
        std::vector<std::thread> threads;
        std::array<std::string, 4> wrong;
        for (std::string& text : wrong)
            threads.emplace_back([&] {
                const auto db = write(options);
                auto done = migrate(*db);
                if (done)
                    done = make_day(*db, day_of(Micros(1'777'636'800'000'000)));
                text = done ? "" : done.error().text();
            });
        for (std::thread& thread : threads)
            thread.join();
        for (const std::string& text : wrong)
            QCOMPARE(text, std::string());
    }

    void a_day_has_a_partition_on_postgresql() {
        const auto db = write(new_database(true));
        VERIFY_OK(migrate(*db));
        const Day day = day_of(Micros(1'777'636'800'123'456));
        QCOMPARE(text_of(day), std::string("2026-05-01"));
        QCOMPARE(text_of(day_of(Micros(-1))), std::string("1969-12-31"));
        VERIFY_OK(make_day(*db, day));
        VERIFY_OK(make_day(*db, day));
        const char* const insert =
            "INSERT INTO analytics.events (payload, origin_topic, origin_partition, origin_offset, "
            "load_batch, loaded_at, day) VALUES ('{}', 't', 0, 0, 'b', now(), $1)";
        VERIFY_OK(db->execute(insert, std::array{Value::of("2026-05-01")}));
        VERIFY_ERROR(db->execute(insert, std::array{Value::of("2026-05-02")}), ErrorCode::Usage);
        QCOMPARE(db->execute("SELECT count(*) FROM analytics.\"events_2026-05-01\"")
                     ->rows.at(0, 0)
                     .integer,
                 1);
    }

    void a_days_rows_go_and_others_stay_data() { add_warehouse_kinds(); }
    void a_days_rows_go_and_others_stay() {
        QFETCH(bool, postgresql);
        const auto db = write(new_database(postgresql));
        VERIFY_OK(migrate(*db));
        const Day day = day_of(Micros(1'777'636'800'123'456));
        for (const Day each : {day, day + std::chrono::days(1)}) {
            VERIFY_OK(make_day(*db, each));
            const std::string text = text_of(each);
            VERIFY_OK(db->execute(
                "INSERT INTO " + db->quoted(events_table) +
                    " (payload, origin_topic, origin_partition, origin_offset, load_batch, "
                    "loaded_at, day) VALUES ('{}', 't', 0, 0, 'b', $1, $2)",
                std::array{Value::of(Micros::now()), Value::of(std::string_view(text))}));
        }
        VERIFY_OK(db->begin());
        VERIFY_OK(hold_day(*db, day));
        VERIFY_OK(drop_day(*db, day));
        VERIFY_OK(db->commit());
        const auto left = db->execute("SELECT day FROM " + db->quoted(events_table));
        QCOMPARE(left->rows.rows(), 1u);
        QCOMPARE(std::string(left->rows.at(0, 0).text), std::string("2026-05-02"));
        VERIFY_OK(make_day(*db, day)); // it may come back
    }

  private:
    ConnectionOptions new_database(bool postgresql) {
        return new_sandbox_warehouse(postgresql ? m_server.get() : nullptr, m_folder.path());
    }
    static std::unique_ptr<WritableWarehouse> write(const ConnectionOptions& options) {
        return write_to(options);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<PostgresServer> m_server;
};

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <thread>

#include "connectors/base/observed_ids.h"
#include "connectors/secrets/secrets.h"
#include "tests/support/postgres_server.h"
#include "tests/support/stranger.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::test;
using namespace weir::warehouse;
using namespace std::chrono_literals;

class TestPostgresql : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_server = running_postgres();
    }
    void cleanupTestCase() { m_server.reset(); }
    void init() { m_database = m_server->new_database(); }

    void values_come_without_loss() {
        VERIFY_OK(m_server->psql(m_database, "ALTER DATABASE " + m_database +
                                                 " SET TimeZone = 'Asia/Kolkata'"));
        const auto db = open();
        QCOMPARE(
            query(*db, "SELECT 9223372036854775807::bigint AS big, 1.50::numeric AS d,"
                       "123456789012345678901234567890.000::numeric AS long, 'NaN'::numeric"
                       " AS nan, 0.1::float8 AS r, '-Infinity'::float8 AS inf, true AS b,"
                       "NULL::int AS none"),
            std::string("{\"big\":9223372036854775807,\"d\":1.50,"
                        "\"long\":123456789012345678901234567890.000,\"nan\":\"NaN\",\"r\":0.1,"
                        "\"inf\":\"-Infinity\",\"b\":true,\"none\":null}\n"));
        QCOMPARE(query(*db, "SELECT '2026-05-01 12:00:00.123456+00'::timestamptz AS at,"
                            "'2026-05-01 12:00:00.1'::timestamp AS wall, 'infinity'::timestamptz"
                            " AS never, '0044-03-15 BC'::timestamptz AT TIME ZONE 'UTC' AS ides"),
                 std::string("{\"at\":\"2026-05-01T12:00:00.123456Z\","
                             "\"wall\":\"2026-05-01T12:00:00.1\",\"never\":\"infinity\","
                             "\"ides\":\"0044-03-15 00:00:00 BC\"}\n"));
        QCOMPARE(query(*db, "SELECT '\\x00ff'::bytea AS x, '{\"n\": 1.50}'::json AS j,"
                            "'{\"n\": 1.50, \"n\": 2}'::jsonb AS jb, 'a\"ü'::text AS s,"
                            "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid AS u,"
                            "'{1,2}'::int[] AS a"),
                 std::string("{\"x\":\"\\\\x00ff\",\"j\":{\"n\": 1.50},\"jb\":{\"n\": 2},"
                             "\"s\":\"a\\\"ü\",\"u\":\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\","
                             "\"a\":\"{1,2}\"}\n"));
    }

    void parameters_are_bound() {
        const auto db = open();
        QCOMPARE(
            query(*db,
                  "SELECT $1::text AS s, $2::bigint AS n, $3::timestamptz AS at,"
                  "$4::bytea AS x, $5::text AS none",
                  {Value::of("'; DROP TABLE t; --"), Value::of(std::int64_t{-5}),
                   Value::of(Micros(1'777'636'800'123'456)), Value::bytes("\x01z"), Value::null()}),
            std::string("{\"s\":\"'; DROP TABLE t; --\",\"n\":-5,"
                        "\"at\":\"2026-05-01T12:00:00.123456Z\",\"x\":\"\\\\x017a\","
                        "\"none\":null}\n"));
        QVERIFY(
            query(*db, "SELECT $1::text", {Value::of(std::string_view("a\0b", 3))}).find("NUL") !=
            std::string::npos);
    }

    void nothing_can_be_written_data() {
        QTest::addColumn<QString>("sql");
        const auto row = [](const char* sql) { QTest::newRow(sql) << QString::fromLatin1(sql); };
        row("INSERT INTO t VALUES (9)");
        row("commit; begin read write; insert into t values (9)");
        row("SELECT 1) q; COMMIT; BEGIN READ WRITE; INSERT INTO t VALUES (9); --");
        row("WITH x AS (INSERT INTO t VALUES (9) RETURNING *) SELECT * FROM x");
        row("SELECT i FROM t FOR UPDATE");
        row("SELECT setval('s', 99)");
        row("SELECT nextval('s')");
        row("SELECT set_config('transaction_read_only', 'off', true)");
        row("SELECT write_t()");
        row("SELECT write_t_as_owner()");
        row("COPY t TO STDOUT");
        row("SELECT 1) q; COPY t FROM STDIN; --");
        row("SET transaction_read_only = off");
        row("CREATE TEMP TABLE x (i int)");
        row("TRUNCATE t");
        row("VACUUM");
        row("DO 'BEGIN INSERT INTO t VALUES (9); END'");
        row("CALL p()");
        row("LISTEN x");
    }
    void nothing_can_be_written() {
        QFETCH(QString, sql);
        prepare_targets();
        const auto db = open(); // as the owner, who may write
        const Error error = query_error(*db, sql.toStdString());
        QVERIFY2(error.code == ErrorCode::Usage || error.code == ErrorCode::Refused ||
                     error.code == ErrorCode::Unsupported,
                 error.text().c_str());
        check_untouched(*db);
    }

    void what_the_server_lets_pass_is_undone() {
        prepare_targets();
        const auto db = open("postgres"); // even as a superuser
        for (const char* sql : {"SELECT lo_create(4711)",
                                "SELECT set_config('default_transaction_read_only','off',"
                                "false), set_config('role', 'reader', false)",
                                "SELECT pg_advisory_xact_lock(5)"})
            (void)query(*db, sql);
        QCOMPARE(query(*db, "SELECT count(*) AS n FROM pg_largeobject_metadata"),
                 std::string("{\"n\":0}\n"));
        QCOMPARE(query(*db, "SELECT current_user AS u, current_setting('transaction_read_only')"
                            " AS ro"),
                 std::string("{\"u\":\"postgres\",\"ro\":\"on\"}\n"));
        check_untouched(*db);
    }

    void a_role_that_may_not_is_stopped_by_the_server() {
        prepare_targets();
        VERIFY_OK(m_server->psql(m_database, "CREATE EXTENSION dblink"));
        const auto db = open("reader");
        for (const char* sql : {"SELECT pg_read_file('postgresql.conf')",
                                "SELECT lo_export(1, '/tmp/x')", "SELECT * FROM t"}) {
            const Error error = query_error(*db, sql);
            QVERIFY2(error.code == ErrorCode::NotPermitted, error.text().c_str());
        }
        const Error error = query_error(*db, "SELECT dblink_exec('dbname=" + m_database +
                                                 "', 'INSERT INTO t VALUES (9)')");
        QVERIFY2(error.text().find("password") != std::string::npos, error.text().c_str());
        check_untouched(*open());
    }

    void a_mistake_is_told_at_its_column() {
        const auto db = open();
        const Error error = query_error(*db, "SELECT 'ü', nothere");
        QCOMPARE(error.code, ErrorCode::NotFound);
        QCOMPARE(error.column, 13); // bytes, as the text has them
        QCOMPARE(query_error(*db, "SELECT 1 FRO x y").code, ErrorCode::Usage);
        QCOMPARE(query_error(*db, "SELECT * FROM nowhere").code, ErrorCode::NotFound);
        QCOMPARE(query_error(*db, "SELECT 1/0").code, ErrorCode::Usage);
        QCOMPARE(query(*db, "SELECT 1 AS x -- a comment;"), std::string("{\"x\":1}\n"));
        QCOMPARE(query(*db, "SELECT 1 AS x;"), std::string("{\"x\":1}\n"));
    }

    void rows_stream_in_pages_up_to_a_bound() {
        const auto db = open();
        // More than fits in memory at once if it did not stream: ended at the bound, at once.
        Query asked{"SELECT generate_series(1, 2000000000) AS i, repeat('x', 100) AS x", {}, {}};
        asked.limits.rows_max = 1200;
        const auto rows = db->query(asked);
        std::size_t count = 0;
        for (auto page = rows->next();; page = rows->next()) {
            VERIFY_OK(page);
            if (page->empty())
                break;
            count += page->rows();
        }
        QCOMPARE(count, 1200u);
        QCOMPARE(rows->end(), Rows::End::RowBound);
        QCOMPARE(query(*db, "SELECT 1 AS x"), std::string("{\"x\":1}\n"));
        QCOMPARE(active_queries(), std::string("0")); // the server has been told
    }

    void a_slow_query_ends_at_its_limit_or_when_it_is_cancelled() {
        const auto db = open();
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(query_error(*db, "SELECT pg_sleep(60)", 300ms).code, ErrorCode::Timeout);
        const auto rows = db->query({"SELECT pg_sleep(60)", {}, {}});
        std::thread other([&] {
            std::this_thread::sleep_for(100ms);
            rows->cancel();
        });
        VERIFY_ERROR(rows->next(), ErrorCode::Cancelled);
        other.join();
        QVERIFY(timer.elapsed() < 20'000);
        QCOMPARE(query(*db, "SELECT 1 AS x"), std::string("{\"x\":1}\n"));
        QCOMPARE(active_queries(), std::string("0"));
    }

    void passwords_are_resolved_and_never_told() {
        const SecretResolver good = [](const SecretRef&) {
            return Result<std::string>("locked-secret");
        };
        const SecretResolver bad = [](const SecretRef&) { return Result<std::string>("hunter2"); };
        ConnectionOptions options = connection("locked");
        options.password.text = "env:ANY";
        QCOMPARE(query(*Warehouse::open(options, good).value(), "SELECT current_user AS u"),
                 std::string("{\"u\":\"locked\"}\n"));
        const auto wrong = Warehouse::open(options, bad).value();
        const Error refused = query_error(*wrong, "SELECT 1");
        QVERIFY2(refused.code == ErrorCode::Authentication, refused.text().c_str());
        QVERIFY(refused.text().find("hunter2") == std::string::npos);
        QCOMPARE(wrong->health().state, Health::State::AuthenticationFailed);
        QVERIFY(wrong->health().trouble.find("hunter2") == std::string::npos);
        options.password = {};
        const Error none = query_error(*Warehouse::open(options, good).value(), "SELECT 1");
        QVERIFY2(none.code == ErrorCode::Authentication, none.text().c_str());
        options.password.text = "env:WEIR_TEST_NOT_SET";
        const Error missing = query_error(
            *Warehouse::open(options, secret_resolver(options.name)).value(), "SELECT 1");
        QVERIFY2(missing.code == ErrorCode::NotFound, missing.text().c_str());
    }

    void tls_is_checked_as_far_as_it_is_asked_for() {
        const std::string ca = m_server->certificate("ca.pem");
        const std::string other = m_server->certificate("other-ca.pem");
        const auto with = [&](const std::string& parameters) {
            ConnectionOptions options = connection();
            options.address += "?" + parameters;
            return Warehouse::open(options, {}).value();
        };
        const char* const asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        QCOMPARE(query(*with("sslmode=verify-full&sslrootcert=" + ca), asked),
                 std::string("{\"ssl\":true}\n"));
        QCOMPARE(query(*with("sslmode=disable"), asked), std::string("{\"ssl\":false}\n"));
        const Error error = query_error(*with("sslmode=verify-ca&sslrootcert=" + other), asked);
        QVERIFY2(error.code == ErrorCode::Connection, error.text().c_str());
        QVERIFY2(error.text().find("sslrootcert") != std::string::npos, error.text().c_str());
    }

    void what_is_not_there_is_told() {
        ConnectionOptions options = connection();
        options.address = m_server->address("nowhere");
        QCOMPARE(query_error(*Warehouse::open(options, {}).value(), "SELECT 1").code,
                 ErrorCode::NotFound);
        options.address = m_server->address(m_database, "nobody");
        QCOMPARE(query_error(*Warehouse::open(options, {}).value(), "SELECT 1").code,
                 ErrorCode::Authentication);
        options.address = m_server->address(m_database) + "?sslmode=perhaps";
        QCOMPARE(query_error(*Warehouse::open(options, {}).value(), "SELECT 1").code,
                 ErrorCode::Config);
        options.address = "postgresql://127.0.0.1:1/x";
        const Error error = query_error(*Warehouse::open(options, {}).value(), "SELECT 1");
        QVERIFY2(error.code == ErrorCode::Connection, error.text().c_str());
        QVERIFY2(error.text().find("test-postgres") != std::string::npos, error.text().c_str());
    }

    void a_port_that_accepts_and_says_nothing_is_given_up_in_time() {
        const Stranger silent;
        ConnectionOptions options = connection();
        options.address = "postgresql://" + silent.address() + "/x";
        QElapsedTimer timer;
        timer.start();
        const Error error = query_error(*Warehouse::open(options, {}).value(), "SELECT 1", 500ms);
        QVERIFY2(error.code == ErrorCode::Timeout, error.text().c_str());
        QVERIFY(timer.elapsed() < 5000);
    }

    void a_server_that_hangs_is_given_up_and_found_again() {
        const auto db = open();
        QCOMPARE(query(*db, "SELECT 1 AS x"), std::string("{\"x\":1}\n"));
        m_server->pause();
        QElapsedTimer timer;
        timer.start();
        const Error error = query_error(*db, "SELECT 1", 500ms);
        const auto waited = timer.elapsed();
        m_server->resume();
        QVERIFY2(error.code == ErrorCode::Timeout, error.text().c_str());
        QVERIFY2(waited < 15'000, std::to_string(waited).c_str());
        QCOMPARE(query(*db, "SELECT 1 AS x"), std::string("{\"x\":1}\n"));
    }

    void a_server_that_crashed_is_found_again_without_being_asked() {
        const auto db = open();
        QCOMPARE(query(*db, "SELECT 1 AS x"), std::string("{\"x\":1}\n"));
        m_server->kill();
        const Error error = query_error(*db, "SELECT 1", 2000ms);
        QVERIFY2(error.code == ErrorCode::Connection, error.text().c_str());
        QCOMPARE(db->health().state, Health::State::Down);
        QVERIFY(db->health().trouble.find("test-postgres") != std::string::npos);
        VERIFY_OK(m_server->restart());
        QCOMPARE(query(*db, "SELECT 1 AS x"), std::string("{\"x\":1}\n"));
        QCOMPARE(db->health().state, Health::State::Up);
        // A kept connection that died is replaced within the very query.
        VERIFY_OK(m_server->restart());
        QCOMPARE(query(*db, "SELECT 1 AS x"), std::string("{\"x\":1}\n"));
    }

    void a_production_database_is_noted_and_one_beside_it_is_another() {
        const auto id = open()->database_id(20s);
        VERIFY_OK(id);
        QVERIFY(id->rfind("postgresql:", 0) == 0);
        QCOMPARE(ObservedIds().find(*id)->connection, std::string("test-postgres"));
        m_database = m_server->new_database();
        const auto other = open("reader")->database_id(20s); // any role may ask
        VERIFY_OK(other);
        QVERIFY(*other != *id);
    }

    void tables_and_columns_are_listed() {
        prepare_targets();
        const auto db = open();
        const auto tables = db->tables(10s);
        VERIFY_OK(tables);
        QCOMPARE(tables->size(), 1u);
        QCOMPARE(tables->front().text(), std::string("public.t"));
        const auto columns = db->columns(tables->front(), 10s);
        VERIFY_OK(columns);
        QCOMPARE(columns->front().declared, std::string("integer"));
    }

  private:
    void prepare_targets() {
        VERIFY_OK(m_server->psql(m_database, "GRANT CREATE ON SCHEMA public TO owner"));
        VERIFY_OK(m_server->psql(
            m_database,
            "CREATE TABLE t (i int); INSERT INTO t VALUES (1); CREATE SEQUENCE s;"
            "CREATE FUNCTION write_t() RETURNS int LANGUAGE sql AS"
            "   'INSERT INTO t VALUES (9) RETURNING i';"
            "CREATE FUNCTION write_t_as_owner() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS"
            "   'BEGIN PERFORM set_config(''transaction_read_only'', ''off'', true);"
            "    INSERT INTO t VALUES (9); RETURN 1; END';"
            "CREATE PROCEDURE p() LANGUAGE sql AS 'INSERT INTO t VALUES (9)'",
            "owner"));
    }
    void check_untouched(Warehouse& db) {
        QCOMPARE(query(db, "SELECT (SELECT array_agg(i)::text FROM t) AS t, last_value AS s,"
                           "is_called AS c FROM s"),
                 std::string("{\"t\":\"{1}\",\"s\":1,\"c\":false}\n"));
    }
    std::string active_queries() const {
        return m_server
            ->psql(m_database, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND "
                               "application_name = 'weir'")
            .value();
    }
    ConnectionOptions connection(const std::string& user = "owner") const {
        return m_server->connection(m_database, Environment::Production, user);
    }
    std::shared_ptr<Warehouse> open(const std::string& user = "owner") const {
        return Warehouse::open(connection(user), {}).value();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<PostgresServer> m_server;
    std::string m_database;
};

QTEST_GUILESS_MAIN(TestPostgresql)
#include "tst_postgresql.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <thread>

#include "connectors/base/observed_ids.h"
#include "tests/support/process.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::test;
using namespace weir::warehouse;
using namespace std::chrono_literals;

namespace {

constexpr const char* endless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0";

} // namespace

class TestSqlite : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }
    void init() {
        m_file = m_folder.filePath(QStringLiteral("db-%1.sqlite").arg(++m_count)).toStdString();
    }

    void values_come_without_loss() {
        make("db.execute('CREATE TABLE t (id INTEGER, b BOOLEAN, d DECIMAL_TEXT, r REAL, s TEXT,"
             "x BLOB, j JSON, at TIMESTAMP_US)')\n"
             "db.execute('INSERT INTO t VALUES (?,?,?,?,?,?,?,?)', (9223372036854775807, 1,"
             "'12345678901234567890.10', 0.1, 'a\"\\n\\u00fc', b'\\x00\\xff',"
             "'{\"n\": 1.50}', 1777636800123456))\n"
             "db.execute('INSERT INTO t VALUES (-9223372036854775808, 2, \"no number\", 1e300,"
             "NULL, NULL, \"{,\", NULL)')");
        const auto db = open();
        QCOMPARE(
            query(*db, "SELECT * FROM t"),
            std::string("{\"id\":9223372036854775807,\"b\":true,\"d\":12345678901234567890.10,"
                        "\"r\":0.1,\"s\":\"a\\\"\\u000aü\",\"x\":\"\\\\x00ff\","
                        "\"j\":{\"n\": 1.50},\"at\":\"2026-05-01T12:00:00.123456Z\"}\n"
                        "{\"id\":-9223372036854775808,\"b\":2,\"d\":\"no number\",\"r\":1e+300,"
                        "\"s\":null,\"x\":null,\"j\":\"{,\",\"at\":null}\n"));
    }

    void json_that_would_forge_a_member_stays_text() {
        make("db.execute('CREATE TABLE t (j JSON)')\n"
             "for j in ['{}, \"id\": 1', '{\"a\":1}\\0, \"id\": 1', '[1', '01', ' {} ']:\n"
             "    db.execute('INSERT INTO t VALUES (?)', (j,))");
        const auto db = open();
        QCOMPARE(query(*db, "SELECT * FROM t"),
                 std::string("{\"j\":\"{}, \\\"id\\\": 1\"}\n"
                             "{\"j\":\"{\\\"a\\\":1}\\u0000, \\\"id\\\": 1\"}\n"
                             "{\"j\":\"[1\"}\n{\"j\":1}\n{\"j\": {} }\n"));
    }

    void parameters_are_bound() {
        make_numbers(5);
        const auto db = open();
        QCOMPARE(query(*db, "SELECT i FROM t WHERE i > $2 AND s <> $1",
                       {Value::of("row 4"), Value::of(std::int64_t{2})}),
                 std::string("{\"i\":3}\n{\"i\":5}\n"));
        QCOMPARE(query(*db, "SELECT $1 AS x", {Value::of("'; DROP TABLE t; --")}),
                 std::string("{\"x\":\"'; DROP TABLE t; --\"}\n"));
        QCOMPARE(query_error(*db, "SELECT $1").code, ErrorCode::Usage);
    }

    void nothing_can_be_written_data() {
        QTest::addColumn<QString>("sql");
        const auto row = [](const char* sql) { QTest::newRow(sql) << QString::fromLatin1(sql); };
        row("INSERT INTO t VALUES (1, 'x')");
        row("INSERT INTO t VALUES (1, 'x') RETURNING *");
        row("commit; begin immediate; insert into t values (1, 'x')");
        row("SELECT 1) q; INSERT INTO t VALUES (1, 'x'); --");
        row("SELECT 1) q; COMMIT; --");
        row("WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x");
        row("ATTACH 'other.sqlite' AS o");
        row("SELECT 1) q; ATTACH 'other.sqlite' AS o; --");
        row("PRAGMA query_only=0");
        row("PRAGMA user_version=7");
        row("SELECT * FROM pragma_user_version(7)");
        row("SELECT * FROM pragma_table_list");
        row("SELECT load_extension('x')");
        row("SELECT writefile('x', 'y')");
        row("CREATE TABLE x (i)");
        row("DROP TABLE t");
        row("VACUUM INTO 'copy.sqlite'");
        row("REINDEX");
        row("SAVEPOINT s");
        row("EXPLAIN SELECT 1");
        row("");
        row(" ; ");
    }
    void nothing_can_be_written() {
        QFETCH(QString, sql);
        make_numbers(3);
        const std::string before = read_text(m_file);
        const auto db = open();
        const Error error = query_error(*db, sql.toStdString());
        // A lone word is taken for a table's name.
        QVERIFY2(error.code == ErrorCode::Usage || error.code == ErrorCode::Refused ||
                     error.code == ErrorCode::NotFound,
                 error.text().c_str());
        QCOMPARE(query(*db, "SELECT count(*) AS n FROM t"), std::string("{\"n\":3}\n"));
        QVERIFY(read_text(m_file) == before);
        QVERIFY(!QFile::exists(QStringLiteral("other.sqlite")));
    }

    void a_mistake_is_told_at_its_column() {
        make_numbers(1);
        const auto db = open();
        const Error error = query_error(*db, "SELECT i FRO t");
        QCOMPARE(error.code, ErrorCode::Usage);
        QVERIFY2(error.column >= 9 && error.column <= 14, std::to_string(error.column).c_str());
        QCOMPARE(query_error(*db, "SELECT * FROM nowhere").code, ErrorCode::NotFound);
        QCOMPARE(query(*db, "SELECT 1 AS x -- a comment;"), std::string("{\"x\":1}\n"));
        QCOMPARE(query(*db, "SELECT 1 AS x;;"), std::string("{\"x\":1}\n"));
    }

    void rows_come_in_pages_up_to_a_bound() {
        make_numbers(1000);
        const auto db = open();
        Query asked{"SELECT i FROM t ORDER BY i", {}, {}};
        asked.limits.page_rows = 300;
        asked.limits.rows_max = 700;
        const auto rows = db->query(asked);
        QCOMPARE(rows->next()->rows(), 300u);
        QCOMPARE(rows->end(), Rows::End::NotYet);
        QCOMPARE(rows->next()->rows(), 300u);
        QCOMPARE(rows->next()->rows(), 100u);
        QVERIFY(rows->next()->empty());
        QCOMPARE(rows->end(), Rows::End::RowBound);

        asked.limits.rows_max = 1000;
        const auto all = db->query(asked);
        while (!all->next()->empty()) {
        }
        QCOMPARE(all->end(), Rows::End::All); // a bound that was met exactly hides nothing

        asked.limits.bytes_max = 10'000;
        const auto few = db->query(asked);
        while (!few->next()->empty()) {
        }
        QCOMPARE(few->end(), Rows::End::ByteBound);

        asked.sql = "SELECT zeroblob(100000)";
        VERIFY_ERROR(db->query(asked)->next(), ErrorCode::TooLarge);
    }

    void a_slow_query_ends_at_its_limit_or_when_it_is_cancelled() {
        make_numbers(1);
        const auto db = open();
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(query_error(*db, endless, 300ms).code, ErrorCode::Timeout);
        QVERIFY(timer.elapsed() < 5000);

        const auto rows = db->query({endless, {}, {}});
        std::thread other([&] {
            std::this_thread::sleep_for(100ms);
            rows->cancel();
        });
        VERIFY_ERROR(rows->next(), ErrorCode::Cancelled);
        other.join();
        VERIFY_ERROR(rows->next(), ErrorCode::Cancelled);
        QCOMPARE(query(*db, "SELECT i FROM t"), std::string("{\"i\":1}\n"));
    }

    void more_queries_than_sessions_wait_for_each_other() {
        make_numbers(3000);
        const auto db = open();
        std::vector<std::unique_ptr<Rows>> open_rows;
        for (std::size_t i = 0; i < Warehouse::sessions_max; ++i) {
            open_rows.push_back(db->query({"SELECT * FROM t", {}, {}}));
            QCOMPARE(open_rows.back()->next()->rows(), 500u);
        }
        QCOMPARE(query_error(*db, "SELECT 1", 200ms).code, ErrorCode::Timeout);
        open_rows.pop_back();
        QCOMPARE(query(*db, "SELECT 1 AS x"), std::string("{\"x\":1}\n"));
    }

    void another_process_writes_while_we_read() {
        make_numbers(1000, "db.execute('PRAGMA journal_mode=WAL')\n");
        const auto db = open();
        const std::string out = m_file + ".out";
        const auto writer =
            python_beside(m_file,
                          "i = 1000\n"
                          "while True:\n"
                          "    i += 2\n"
                          "    db.execute('BEGIN IMMEDIATE')\n"
                          "    db.execute('INSERT INTO t VALUES (?,?)', (i, 'a'))\n"
                          "    db.execute('INSERT INTO t VALUES (?,?)', (i+1,'b'))\n"
                          "    db.execute('COMMIT')",
                          out);
        VERIFY_OK(writer);
        std::string last;
        for (int i = 0; i < 50; ++i) {
            // Each query sees whole transactions.
            const std::string now = query(*db, "SELECT count(*) % 2 AS odd FROM t");
            QCOMPARE(now, std::string("{\"odd\":0}\n"));
        }
        last = query(*db, "SELECT count(*) > 1000 AS more FROM t");
        QTRY_COMPARE_WITH_TIMEOUT(query(*db, "SELECT count(*) > 1000 AS more FROM t"),
                                  std::string("{\"more\":1}\n"), 10'000);
        end_process(*writer, SIGKILL, 5000);
        QVERIFY2(child_alive(*writer) || read_text(out).empty(), read_text(out).c_str());
        QCOMPARE(query(*db, "SELECT count(*) % 2 AS odd FROM t"), std::string("{\"odd\":0}\n"));
    }

    void a_file_that_is_held_is_waited_for_and_then_told() {
        make_numbers(3);
        const std::string out = m_file + ".out";
        const auto holder = python_beside(m_file,
                                          "db.execute('BEGIN EXCLUSIVE')\n"
                                          "open(sys.argv[1] + '.held', 'w').close()\n"
                                          "time.sleep(60)",
                                          out);
        VERIFY_OK(holder);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(QString::fromStdString(m_file + ".held")), 20'000);
        const auto db = open();
        const Error error = query_error(*db, "SELECT * FROM t", 300ms);
        QCOMPARE(error.code, ErrorCode::Timeout);
        QVERIFY2(error.text().find("holds the file") != std::string::npos, error.text().c_str());
        QCOMPARE(db->health().state, Health::State::Down);
        std::thread other([&] {
            std::this_thread::sleep_for(300ms);
            end_process(*holder, SIGKILL, 5000);
        });
        const std::string found = query(*db, "SELECT count(*) AS n FROM t");
        other.join();
        QCOMPARE(found, std::string("{\"n\":3}\n"));
        QCOMPARE(db->health().state, Health::State::Up);
    }

    void files_that_are_no_database_are_told() {
        QCOMPARE(query_error(*open(), "SELECT 1").code, ErrorCode::NotFound);
        QVERIFY(!QFile::exists(QString::fromStdString(m_file))); // looking for it makes none
        VERIFY_OK(write_text(m_file, std::string(8192, 'x')));
        QCOMPARE(query_error(*open(), "SELECT 1").code, ErrorCode::Corrupt);
        m_file = m_folder.path().toStdString();
        QCOMPARE(query_error(*open(), "SELECT 1").code, ErrorCode::Config);
        m_file = "/dev/zero";
        QCOMPARE(query_error(*open(), "SELECT 1").code, ErrorCode::Config);
    }

    void a_damaged_or_newer_file_is_told() {
        make_numbers(2000);
        std::string bytes = read_text(m_file);
        const std::string whole = bytes;
        for (std::size_t i = 4096; i < bytes.size(); ++i)
            bytes[i] = 'x';
        VERIFY_OK(write_text(m_file, bytes));
        QCOMPARE(query_error(*open(), "SELECT sum(i) FROM t").code, ErrorCode::Corrupt);
        bytes = whole;
        bytes[47] = 9; // the schema's format
        VERIFY_OK(write_text(m_file, bytes));
        const Error error = query_error(*open(), "SELECT * FROM t");
        QVERIFY2(error.code == ErrorCode::Unsupported, error.text().c_str());
    }

    void tables_and_columns_are_listed() {
        make_numbers(1, "db.execute('CREATE VIEW v AS SELECT 1 AS one')\n");
        const auto db = open();
        const auto tables = db->tables(10s);
        VERIFY_OK(tables);
        QCOMPARE(tables->size(), 2u);
        QCOMPARE((*tables)[1].text(), std::string("main.v"));
        const auto columns = db->columns({"", "t"}, 10s);
        VERIFY_OK(columns);
        QCOMPARE((*columns)[0].name, std::string("i"));
        QCOMPARE((*columns)[0].declared, std::string("INTEGER"));
    }

    void a_production_file_is_noted_with_the_first_query() {
        make_numbers(1);
        const auto db = open();
        QCOMPARE(query(*db, "SELECT 1 AS x"), std::string("{\"x\":1}\n"));
        const auto id = db->database_id(10s);
        VERIFY_OK(id);
        QCOMPARE(ObservedIds().find(*id)->connection, std::string("test-sqlite"));
        // It is known again by its path, too.
        QCOMPARE(ObservedIds().find("sqlite:" + m_file)->connection, std::string("test-sqlite"));
    }

  private:
    void make(const std::string& script) { VERIFY_OK(python_on(m_file, script)); }
    void make_numbers(int rows, const std::string& first = {}) {
        make(first +
             "db.execute('CREATE TABLE t (i INTEGER, s TEXT)')\n"
             "db.execute('BEGIN')\n"
             "for i in range(1, " +
             std::to_string(rows + 1) +
             "):\n    db.execute('INSERT INTO t VALUES (?,?)', (i, 'row %d' % i))\n"
             "db.execute('COMMIT')");
    }
    std::shared_ptr<Warehouse> open() const {
        ConnectionOptions options;
        options.name = "test-sqlite";
        options.address = "sqlite:" + m_file;
        return Warehouse::open(options, {}).value();
    }

    QTemporaryDir m_folder;
    std::string m_file;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestSqlite)
#include "tst_sqlite.moc"

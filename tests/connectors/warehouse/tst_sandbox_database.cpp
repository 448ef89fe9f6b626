// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <type_traits>

#include "connectors/warehouse/sandbox/writable.h"
#include "tests/support/postgres_server.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::test;
using namespace weir::warehouse;
using namespace std::chrono_literals;

// Law 6 in the type system: no ticket but by proof, nothing that writes but by a ticket.
static_assert(!std::is_default_constructible_v<DatabaseTicket>);
static_assert(!std::is_aggregate_v<DatabaseTicket>);
static_assert(!std::is_constructible_v<DatabaseTicket, ConnectionOptions>);
static_assert(!std::is_constructible_v<DatabaseTicket, ConnectionOptions, SecretResolver,
                                       std::vector<std::string>, ObservedIds>);
static_assert(!std::is_default_constructible_v<WritableWarehouse>);
static_assert(!std::is_copy_constructible_v<WritableWarehouse>);
static_assert(!std::is_constructible_v<WritableWarehouse, DatabaseTicket>);
static_assert(!std::is_invocable_v<decltype(&WritableWarehouse::open), ConnectionOptions,
                                   std::chrono::milliseconds>);
static_assert(!std::is_convertible_v<std::shared_ptr<Warehouse>, DatabaseTicket>);
static_assert(!std::is_default_constructible_v<LeaveToWrite>);
static_assert(!std::is_aggregate_v<LeaveToWrite>);

class TestSandboxDatabase : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("default.json")).toUtf8());
        m_server = running_postgres();
    }
    void cleanupTestCase() { m_server.reset(); }
    void init() {
        m_list = ObservedIds(
            m_folder.filePath(QStringLiteral("list-%1.json").arg(++m_count)).toStdString());
    }

    void a_database_must_be_marked_and_is_then_written_to_data() { add_warehouse_kinds(); }
    void a_database_must_be_marked_and_is_then_written_to() {
        const ConnectionOptions sandbox = new_database();
        const auto before = prove(sandbox);
        QVERIFY(!before);
        if (before.error().code != ErrorCode::NotFound) { // SQLite: there is no file yet
            VERIFY_ERROR(before, ErrorCode::Refused);
            QVERIFY2(before.error().advice.find("--init --warehouse postgresql://") !=
                         std::string::npos,
                     before.error().text().c_str());
        }
        for (const Environment e : {Environment::Production, Environment::Staging}) {
            VERIFY_ERROR(init_database(as(sandbox, e)), ErrorCode::Refused);
            VERIFY_ERROR(prove(as(sandbox, e)), ErrorCode::Refused);
        }
        VERIFY_OK(init_database(sandbox));
        VERIFY_OK(init_database(sandbox)); // again: nothing happens

        const auto ticket = prove(sandbox);
        VERIFY_OK(ticket);
        const auto writer = WritableWarehouse::open(*ticket, 20s);
        VERIFY_OK(writer);
        VERIFY_OK((*writer)->execute("CREATE TABLE t (i integer)"));
        VERIFY_OK((*writer)->execute("INSERT INTO t VALUES (1)"));
        Page forged = Page::of({"database_id"});
        forged.add(Value::of("x"));
        VERIFY_ERROR((*writer)->append({"", "weir_sandbox"}, forged), ErrorCode::Refused);

        // Its own tables do not stand in the way, and to look at it writes nothing down.
        VERIFY_OK(init_database(sandbox));
        QCOMPARE(query(*Warehouse::open(sandbox, {}).value(), "SELECT i FROM t"),
                 std::string("{\"i\":1}\n"));
        VERIFY_OK(prove(sandbox));

        // From the day it is observed as production, no workspace can bring it back.
        VERIFY_OK(m_list.record({ticket->database_id(), "prod", Environment::Production, {}}));
        VERIFY_ERROR(prove(sandbox), ErrorCode::Refused);
        VERIFY_ERROR(init_database(sandbox), ErrorCode::Refused);
        VERIFY_ERROR(WritableWarehouse::open(*ticket, 20s), ErrorCode::Refused);
    }

    void what_was_observed_as_production_is_never_marked_data() { add_warehouse_kinds(); }
    void what_was_observed_as_production_is_never_marked() {
        const ConnectionOptions sandbox = new_database();
        make_empty(sandbox);
        const auto observed = Warehouse::open(as(sandbox, Environment::Production), {}).value();
        QCOMPARE(query(*observed, "SELECT 1 AS x"), std::string("{\"x\":1}\n"));
        // By the default list, which observing writes to.
        VERIFY_ERROR(init_sandbox_database(sandbox, {}, {}, 20s), ErrorCode::Refused);
        VERIFY_ERROR(prove_sandbox_database(sandbox, {}, 20s), ErrorCode::Refused);
    }

    void a_sandbox_that_is_looked_at_by_its_address_stays_one_data() { add_warehouse_kinds(); }
    void a_sandbox_that_is_looked_at_by_its_address_stays_one() {
        const ConnectionOptions sandbox = new_database();
        VERIFY_OK(init_sandbox_database(sandbox, {}, {}, 20s));
        ConnectionOptions assumed = as(sandbox, Environment::Production);
        assumed.environment_assumed = true;
        QCOMPARE(query(*Warehouse::open(assumed, {}).value(), "SELECT 1 AS x"),
                 std::string("{\"x\":1}\n"));
        VERIFY_OK(prove_sandbox_database(sandbox, {}, 20s));
        // Where somebody says that it is production, that holds.
        (void)query(*Warehouse::open(as(sandbox, Environment::Production), {}).value(), "SELECT 1");
        VERIFY_ERROR(prove_sandbox_database(sandbox, {}, 20s), ErrorCode::Refused);
    }

    void tables_of_others_must_be_named_data() { add_warehouse_kinds(); }
    void tables_of_others_must_be_named() {
        const ConnectionOptions sandbox = new_database();
        make_empty(sandbox);
        by_hand(sandbox, "CREATE TABLE orders (i int)");
        by_hand(sandbox, "CREATE VIEW payments AS SELECT 1 AS i");
        const auto refused = init_database(sandbox);
        VERIFY_ERROR(refused, ErrorCode::Refused);
        QVERIFY2(refused.error().what.find("orders, payments") != std::string::npos,
                 refused.error().text().c_str());
        VERIFY_ERROR(init_database(sandbox, {"orders"}), ErrorCode::Refused);
        VERIFY_ERROR(prove(sandbox), ErrorCode::Refused);
        VERIFY_OK(init_database(sandbox, {"orders", "payments"}));
        VERIFY_OK(prove(sandbox));
    }

    void a_marker_that_names_another_database_proves_nothing_data() { add_warehouse_kinds(); }
    void a_marker_that_names_another_database_proves_nothing() {
        const ConnectionOptions sandbox = new_database();
        make_empty(sandbox);
        by_hand(sandbox, "CREATE TABLE weir_sandbox (format text, version int, database_id text)");
        VERIFY_ERROR(prove(sandbox), ErrorCode::Refused); // empty
        for (const char* row : {"'weir-sandbox', 1, 'postgresql:1/2'", "'weir-sandbox', 1, ''",
                                "'weir-sandbox', 1, NULL", "'other', 1, 'x'"}) {
            by_hand(sandbox, "DELETE FROM weir_sandbox");
            by_hand(sandbox, std::string("INSERT INTO weir_sandbox VALUES (") + row + ")");
            VERIFY_ERROR(prove(sandbox), ErrorCode::Refused);
        }
        by_hand(sandbox, "DROP TABLE weir_sandbox");
        by_hand(sandbox, "CREATE TABLE weir_sandbox (i int)"); // not Weir's at all
        VERIFY_ERROR(prove(sandbox), ErrorCode::Refused);
    }

    void a_copy_of_a_sandbox_is_none() {
        const ConnectionOptions sandbox = new_database(false);
        VERIFY_OK(init_database(sandbox));
        const QString file = QString::fromStdString(sandbox.address).mid(7);
        ConnectionOptions copy = sandbox;
        copy.address += ".copy";
        QVERIFY(QFile::copy(file, file + QStringLiteral(".copy")));
        VERIFY_ERROR(prove(copy), ErrorCode::Refused);
        // The same file under another name is the same file, also for what was observed.
        ConnectionOptions link = sandbox;
        link.address += ".link";
        QVERIFY(QFile::link(file, file + QStringLiteral(".link")));
        VERIFY_OK(prove(link));
        VERIFY_OK(m_list.record({prove(sandbox)->database_id(), "prod", Environment::Staging, {}}));
        VERIFY_ERROR(prove(link), ErrorCode::Refused);
    }

    void a_database_made_from_a_sandbox_is_none() {
        const ConnectionOptions sandbox = new_database(true);
        VERIFY_OK(init_database(sandbox));
        const std::string name = sandbox.address.substr(sandbox.address.rfind('/') + 1);
        VERIFY_OK(m_server->psql("postgres",
                                 "CREATE DATABASE copy_of_it TEMPLATE " + name + " OWNER owner"));
        const ConnectionOptions copy = m_server->connection("copy_of_it", Environment::Sandbox);
        const auto refused = prove(copy);
        VERIFY_ERROR(refused, ErrorCode::Refused);
        QVERIFY2(refused.error().what.find("another database's") != std::string::npos,
                 refused.error().text().c_str());
    }

    void a_path_that_was_production_is_no_sandbox_even_if_the_file_is_gone() {
        const ConnectionOptions sandbox = new_database(false);
        const std::string path = sandbox.address.substr(7);
        VERIFY_OK(m_list.record({sandbox.address, "prod", Environment::Production, {}}));
        VERIFY_ERROR(init_database(sandbox), ErrorCode::Refused);
        QVERIFY(!QFile::exists(QString::fromStdString(path)));
    }

    void a_list_that_cannot_be_read_refuses_everything_data() { add_warehouse_kinds(); }
    void a_list_that_cannot_be_read_refuses_everything() {
        const ConnectionOptions sandbox = new_database();
        make_empty(sandbox);
        QFile file(QString::fromStdString(m_list.path()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{ broken");
        file.close();
        VERIFY_ERROR(prove(sandbox), ErrorCode::Corrupt);
        VERIFY_ERROR(init_database(sandbox), ErrorCode::Corrupt);
    }

    void a_ticket_is_for_its_database_alone() {
        const ConnectionOptions sandbox = new_database(false);
        VERIFY_OK(init_database(sandbox));
        const auto ticket = prove(sandbox).value();
        const QString file = QString::fromStdString(sandbox.address).mid(7);
        QVERIFY(QFile::rename(file, file + QStringLiteral(".old")));
        ConnectionOptions other = sandbox;
        VERIFY_OK(init_database(other)); // a sandbox, too, at the same path
        VERIFY_ERROR(WritableWarehouse::open(ticket, 20s), ErrorCode::Refused);
        by_hand(sandbox, "DROP TABLE weir_sandbox");
        VERIFY_ERROR(prove(sandbox), ErrorCode::Refused);
    }

    void a_sandbox_writes_to_no_other_file() {
        const ConnectionOptions sandbox = new_database(false);
        VERIFY_OK(init_database(sandbox));
        const auto writer = WritableWarehouse::open(prove(sandbox).value(), 20s).value();
        for (const char* sql :
             {"ATTACH 'other.sqlite' AS o", "VACUUM INTO 'other.sqlite'",
              "PRAGMA writable_schema=1", "CREATE TABLE x (i); ATTACH 'other.sqlite' AS o"}) {
            const auto refused = writer->execute(sql);
            QVERIFY2(!refused, sql);
        }
        QVERIFY(!QFile::exists(QStringLiteral("other.sqlite")));
    }

  private:
    ConnectionOptions new_database() {
        QFETCH(bool, postgresql);
        return new_database(postgresql);
    }
    ConnectionOptions new_database(bool postgresql) {
        if (postgresql)
            return m_server->connection(m_server->new_database(), Environment::Sandbox);
        ConnectionOptions options;
        options.name = "test-sqlite";
        options.environment = Environment::Sandbox;
        options.address =
            "sqlite:" + m_folder.filePath(QStringLiteral("%1.sqlite").arg(++m_count)).toStdString();
        return options;
    }
    static ConnectionOptions as(ConnectionOptions options, Environment environment) {
        options.environment = environment;
        return options;
    }
    static void make_empty(const ConnectionOptions& options) {
        if (options.address.rfind("sqlite:", 0) == 0)
            VERIFY_OK(python_on(options.address.substr(7), "db.execute('VACUUM')"));
    }
    void by_hand(const ConnectionOptions& options, const std::string& sql) const {
        if (options.address.rfind("sqlite:", 0) == 0)
            VERIFY_OK(python_on(options.address.substr(7), "db.execute(\"" + sql + "\")"));
        else
            VERIFY_OK(m_server->psql(options.address.substr(options.address.rfind('/') + 1), sql,
                                     "owner"));
    }
    Result<DatabaseTicket> prove(const ConnectionOptions& options) const {
        return prove_sandbox_database(options, {}, 20s, m_list);
    }
    Result<void> init_database(const ConnectionOptions& options,
                               const std::vector<std::string>& allowed = {}) const {
        return init_sandbox_database(options, {}, allowed, 20s, m_list);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<PostgresServer> m_server;
    ObservedIds m_list;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestSandboxDatabase)
#include "tst_sandbox_database.moc"

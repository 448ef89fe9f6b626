// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The simulated servers write their systems of record into a SQLite file and a real PostgreSQL.
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "models/sandbox/server_side.h"
#include "tests/support/postgres_server.h"
#include "tests/support/source_path.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::test;
using sandbox::ServerSide;

class TestServerSide : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { m_server = running_postgres(); }

    void what_the_servers_know_is_in_their_tables_once_data() { add_warehouse_kinds(); }
    void what_the_servers_know_is_in_their_tables_once() {
        QFETCH(bool, postgresql);
        const warehouse::ConnectionOptions connection = new_database(postgresql);
        const auto ticket =
            warehouse::prove_sandbox_database(connection, {}, std::chrono::seconds(10));
        VERIFY_OK(ticket);
        auto database = warehouse::WritableWarehouse::open(*ticket, std::chrono::seconds(10));
        VERIFY_OK(database);
        ServerSide servers(std::move(*database));
        VERIFY_OK(servers.flush()); // of nothing
        const Micros time(1'772'323'200'123'000);
        for (int run = 0; run < 2; ++run) { // the second time they are there already
            servers.add(synth::UserTruth{"u-1000001", time, "ios"});
            servers.add(
                synth::OrderTruth{"23958446825000000001", "u-1000001", time, 4990, "EUR", "ios"});
            servers.add(synth::OrderTruth{"5000000002", "u-1000001", time, 5, "USD", "web"});
            QCOMPARE(servers.waiting(), std::size_t(3));
            VERIFY_OK(servers.flush());
            QCOMPARE(servers.waiting(), std::size_t(0));
        }
        const auto reader = warehouse::Warehouse::open(connection, {});
        VERIFY_OK(reader);
        QCOMPARE(query(**reader, "SELECT order_id, user_id, amount, currency, platform, status, "
                                 "ordered_at FROM orders ORDER BY order_id"),
                 std::string(R"({"order_id":"23958446825000000001","user_id":"u-1000001",)"
                             R"("amount":49.90,"currency":"EUR","platform":"ios",)"
                             R"("status":"paid","ordered_at":"2026-03-01T00:00:00.123Z"})"
                             "\n"
                             R"({"order_id":"5000000002","user_id":"u-1000001",)"
                             R"("amount":0.05,"currency":"USD","platform":"web",)"
                             R"("status":"paid","ordered_at":"2026-03-01T00:00:00.123Z"})"
                             "\n"));
        QCOMPARE(query(**reader, "SELECT user_id, signed_up_at, platform FROM users"),
                 std::string(R"({"user_id":"u-1000001",)"
                             R"("signed_up_at":"2026-03-01T00:00:00.123Z","platform":"ios"})"
                             "\n"));
    }

  private:
    warehouse::ConnectionOptions new_database(bool postgresql) {
        warehouse::ConnectionOptions connection;
        if (postgresql)
            connection = m_server->connection(m_server->new_database(), Environment::Sandbox);
        else
            connection.address =
                "sqlite:" + m_folder.filePath(QStringLiteral("w.db")).toStdString();
        connection.name = "warehouse";
        connection.environment = Environment::Sandbox;
        const auto marked =
            warehouse::init_sandbox_database(connection, {}, {}, std::chrono::seconds(10));
        if (!marked)
            qFatal("%s", marked.error().text().c_str());
        make_tables(connection, postgresql);
        return connection;
    }
    void make_tables(const warehouse::ConnectionOptions& connection, bool postgresql) {
        const std::string kind = postgresql ? "postgresql" : "sqlite";
        QFile file(
            QString::fromStdString(source_path("resources/sql/" + kind + "/0001_warehouse.sql")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const std::string sql = file.readAll().toStdString();
        const std::string name = connection.address.substr(connection.address.rfind('/') + 1);
        if (postgresql)
            VERIFY_OK(m_server->psql(name, sql, "owner"));
        else
            VERIFY_OK(python_on(connection.address.substr(connection.address.find(':') + 1),
                                "db.executescript('''" + sql + "''')"));
    }

    QTemporaryDir m_folder;
    std::unique_ptr<PostgresServer> m_server;
};

QTEST_GUILESS_MAIN(TestServerSide)
#include "tst_server_side.moc"

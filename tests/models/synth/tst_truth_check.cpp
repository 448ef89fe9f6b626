// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The truth held against the sandbox's own tables, in SQLite and in a real PostgreSQL.
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "models/synth/truth_check.h"
#include "tests/support/postgres_server.h"
#include "tests/support/source_path.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::synth;
using namespace weir::test;

namespace {

const std::string id_a = "aaaaaaaa-0000-4000-8000-000000000001";
const std::string id_b = "bbbbbbbb-0000-4000-8000-000000000002";
const std::string id_c = "cccccccc-0000-4000-8000-000000000003";
const std::string id_d = "dddddddd-0000-4000-8000-000000000004";

/// A run of four events, of which one is sent twice, an order and a user.
std::string small_truth() {
    TruthWriter writer;
    std::string text = writer.head({}, Scenario());
    EventTruth event;
    event.type = "purchase";
    event.id = id_a;
    text += writer.line(event);
    event.fate = Fate::Duplicate;
    event.of = id_a;
    text += writer.line(event);
    event.of = {};
    event.id = id_b;
    event.fate = Fate::NeverSent;
    text += writer.line(event);
    event.id = id_c;
    event.fate = Fate::Invalid;
    event.reason = ViolationReason::WrongType;
    text += writer.line(event);
    event.id = id_d;
    event.fate = Fate::Warehouse;
    text += writer.line(event);
    text +=
        writer.line(OrderTruth{"23958446825000000001", "u-1000001", Micros(0), 4990, "EUR", "web"});
    text += writer.line(UserTruth{"u-1000001", Micros(0), "web"});
    return text + writer.end({});
}

std::string sql_file(const std::string& name) {
    QFile file(QString::fromStdString(source_path("resources/sql/" + name)));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s is not there", name.c_str());
    return file.readAll().toStdString();
}

std::string told(const TruthVerdict& verdict) {
    std::string text;
    for (const NamedDifference& one : verdict.named)
        text += std::string(to_word(one.difference)) + " " + one.id + " (" + one.expected + ") (" +
                one.found + ")\n";
    return text;
}

} // namespace

class TestTruthCheck : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        m_server = running_postgres();
        const std::string file = m_folder.filePath(QStringLiteral("truth")).toStdString();
        QFile out(QString::fromStdString(file));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(QByteArray::fromStdString(small_truth()));
        out.close();
        auto truth = Truth::load(file);
        VERIFY_OK(truth);
        m_truth = std::move(*truth);
    }

    void a_retry_is_the_event_that_it_repeats() {
        QCOMPARE(m_truth.events.size(), std::size_t(4));
        QVERIFY(m_truth.events.front().fate == Fate::Warehouse);
    }

    void both_kinds_of_warehouse_are_held_against_it_data() { add_warehouse_kinds(); }
    void both_kinds_of_warehouse_are_held_against_it() {
        QFETCH(bool, postgresql);
        begin(postgresql);
        add_event(id_a, "purchase");
        add_event(id_d, "purchase");
        run("INSERT INTO orders VALUES ('23958446825000000001', 'u-1000001', " + time() +
            ", '49.90', 'EUR', 'web', 'paid', " + time() + ")");
        run("INSERT INTO users VALUES ('u-1000001', " + time() + ", 'web', NULL, " + time() + ")");
        const auto equal = check();
        VERIFY_OK(equal);
        QCOMPARE(told(*equal), std::string());
        QCOMPARE(equal->events_expected, std::uint64_t(2));
        QCOMPARE(equal->rows, std::uint64_t(2));
        QCOMPARE(equal->orders, std::uint64_t(1));

        run("DELETE FROM " + events() + " WHERE event_id = '" + id_d + "'");
        add_event(id_a, "purchase");
        add_event(id_b, "purchase");
        add_event(id_c, "purchase");
        run("UPDATE orders SET amount = '49.9'");
        run("DELETE FROM users");
        const auto different = check();
        VERIFY_OK(different);
        QCOMPARE(told(*different),
                 "missing " + id_d + " (purchase) ()\n" + "doubled " + id_a +
                     " (purchase) (2 rows)\n" + "unexpected " + id_b +
                     " (purchase, never sent) (1 row)\n" + "unexpected " + id_c +
                     " (purchase, refused: wrong_type) (1 row)\n" +
                     "order_different 23958446825000000001 (u-1000001 49.90 EUR) (u-1000001 49.9 "
                     "EUR)\n" +
                     "user_missing u-1000001 (signed up 1970-01-01T00:00:00.000Z) ()\n");
        QCOMPARE(different->differences(), std::uint64_t(6));
    }

    void a_warehouse_without_tables_misses_all() {
        begin(false);
        run("DROP TABLE analytics_events");
        const auto verdict = check();
        VERIFY_OK(verdict);
        QVERIFY(verdict->absent == std::vector<std::string>{"analytics.events"});
        QCOMPARE(verdict->counts[static_cast<int>(Difference::Missing)], std::uint64_t(2));
    }

    void it_can_be_ended_before_its_end() {
        begin(false);
        TruthCheckOptions options;
        options.cancelled = [] { return true; };
        VERIFY_ERROR(check(options), ErrorCode::Cancelled);
    }

  private:
    void begin(bool postgresql) {
        m_postgresql = postgresql;
        if (postgresql) {
            m_database = m_server->new_database();
            run(sql_file("postgresql/0001_warehouse.sql") +
                "CREATE TABLE analytics.events_any PARTITION OF analytics.events DEFAULT;"
                "GRANT USAGE ON SCHEMA analytics TO owner;"
                "GRANT SELECT ON ALL TABLES IN SCHEMA analytics, public TO owner");
            m_connection = m_server->connection(m_database);
        } else {
            m_database = m_folder.filePath(QStringLiteral("w%1.db").arg(++m_number)).toStdString();
            run(sql_file("sqlite/0001_warehouse.sql"));
            m_connection.address = "sqlite:" + m_database;
        }
        m_connection.name = "warehouse";
    }
    std::string events() const { return m_postgresql ? "analytics.events" : "analytics_events"; }
    std::string time() const { return m_postgresql ? "now()" : "0"; }

    void add_event(const std::string& id, const std::string& type) {
        run("INSERT INTO " + events() +
            " (event_id, event_type, payload, origin_topic, origin_partition, origin_offset, "
            "load_batch, loaded_at, day) VALUES ('" +
            id + "', '" + type + "', '{}', 't', 0, 0, 'b', " + time() + ", '2026-01-01')");
    }
    void run(const std::string& sql) {
        if (m_postgresql)
            VERIFY_OK(m_server->psql(m_database, sql));
        else
            VERIFY_OK(python_on(m_database, "db.executescript(\"\"\"" + sql + "\"\"\")"));
    }
    Result<TruthVerdict> check(const TruthCheckOptions& options = {}) const {
        const auto warehouse = warehouse::Warehouse::open(m_connection, {});
        return warehouse ? check_truth(m_truth, **warehouse, options) : warehouse.error();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<PostgresServer> m_server;
    Truth m_truth;
    std::string m_database;
    warehouse::ConnectionOptions m_connection;
    bool m_postgresql = false;
    int m_number = 0;
};

QTEST_GUILESS_MAIN(TestTruthCheck)
#include "tst_truth_check.moc"

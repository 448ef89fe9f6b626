// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include "models/sandbox/retention/retention_clock.h"
#include "tests/models/sandbox/retention/retention_world.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_kinds_test.h"

using namespace weir;
using namespace weir::sandbox;
using namespace weir::test;
using namespace weir::warehouse;
using namespace std::chrono_literals;

namespace {

/// A row of a table of the warehouse, changed so many days ago.
void add_row(WritableWarehouse& db, const std::string& table, const std::string& columns,
             const std::string& values, int days_ago) {
    const Micros then = Micros::now() - Micros(days_ago * 86'400'000'000LL);
    const auto done =
        db.execute("INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ")",
                   std::array{Value::of(then)});
    if (!done)
        qFatal("%s", done.error().text().c_str());
}

std::string users_of(const RetentionWorld& world, const std::string& table) {
    std::string users;
    const auto rows = world.db->execute("SELECT user_id FROM " + table + " ORDER BY user_id");
    for (std::size_t i = 0; i < rows->rows.rows(); ++i)
        users += std::string(rows->rows.at(i, 0).text) + " ";
    return users;
}

} // namespace

class TestRetention : public WarehouseKindsTest {
    Q_OBJECT
  private Q_SLOTS:
    void old_days_move_into_files_and_recent_ones_stay_data() { add_warehouse_kinds(); }
    void old_days_move_into_files_and_recent_ones_stay() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 1'300, 9, ",\"user_id\":\"ü\\n1\"");
        world.load(1'300, 1'350, 8);
        world.load(1'350, 1'400, 7);
        world.load(1'400, 1'450, 0);
        VERIFY_OK(world.pass());
        QCOMPARE(world.ids_in_table().size(), std::size_t{100});
        QVERIFY(world.file_there(9) && world.file_there(8) && !world.file_there(7));
        QCOMPARE(world.wrong_with(1'450), std::string());
        VERIFY_OK(world.pass()); // and nothing more is to be done
        QCOMPARE(world.wrong_with(1'450), std::string());
    }

    void a_line_has_the_rows_columns_and_the_payload_byte_for_byte_data() { add_warehouse_kinds(); }
    void a_line_has_the_rows_columns_and_the_payload_byte_for_byte() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 1, 9, ",\"user_id\":\"u1\"");
        VERIFY_OK(world.pass());
        const std::string file = world.file_of(9);
        const auto lines = world.lines_of(file, std::string::npos);
        QCOMPARE(lines.size(), std::size_t{1});
        const QJsonObject row =
            QJsonDocument::fromJson(QByteArray::fromStdString(lines[0])).object();
        const QString day = QString::fromStdString(text_of(RetentionWorld::days_ago(9)));
        QCOMPARE(row[QStringLiteral("event_id")].toString(), QStringLiteral("e0"));
        QCOMPARE(row[QStringLiteral("day")].toString(), day);
        QCOMPARE(row[QStringLiteral("record_time")].toString(), day + QStringLiteral("T12:00:00Z"));
        QCOMPARE(row[QStringLiteral("user_id")].toString(), QStringLiteral("u1"));
        QVERIFY(row[QStringLiteral("event_time")].isNull());
        QCOMPARE(row[QStringLiteral("payload")].toString(),
                 QStringLiteral("{\"event_id\":\"e0\",\n\"event_type\":\"page_view\",\"user_id\":"
                                "\"u1\"}"));
        const auto shown = run({"gzip", "-dc", file});
        VERIFY_OK(shown);
        QCOMPARE(shown->substr(0, shown->find('\n')),
                 "{\"weir_archive\":1,\"table\":\"analytics.events\",\"day\":\"" +
                     day.toStdString() + "\"}");
    }

    void rows_that_come_later_are_added_to_their_days_file_data() { add_warehouse_kinds(); }
    void rows_that_come_later_are_added_to_their_days_file() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 40, 9);
        VERIFY_OK(world.pass());
        world.load(40, 60, 9);
        VERIFY_OK(world.pass());
        world.load(60, 61, 9);
        VERIFY_OK(world.pass());
        QVERIFY(world.ids_in_table().empty());
        QCOMPARE(world.wrong_with(61), std::string());
        QCOMPARE(world.number("SELECT events FROM event_archives"), 61);
    }

    void what_stands_in_a_file_beyond_the_warehouses_word_is_written_anew() {
        RetentionWorld world(nullptr, m_folder.path());
        world.load(0, 10, 9);
        VERIFY_OK(world.pass());
        const std::string whole = read_text(world.file_of(9));
        VERIFY_OK(write_text(world.file_of(9), whole + "left by somebody who was killed"));
        world.load(10, 20, 9);
        VERIFY_OK(world.pass());
        QCOMPARE(world.wrong_with(20), std::string());
        QCOMPARE(world.lines_of(world.file_of(9), std::string::npos).size(), std::size_t{20});
    }

    void a_file_that_is_not_what_was_put_there_is_not_added_to_data() { add_warehouse_kinds(); }
    void a_file_that_is_not_what_was_put_there_is_not_added_to() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 10, 9);
        VERIFY_OK(world.pass());
        std::string bytes = read_text(world.file_of(9));
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
        VERIFY_OK(write_text(world.file_of(9), bytes));
        world.load(10, 20, 9);
        VERIFY_ERROR(world.pass(), ErrorCode::Corrupt);
        QCOMPARE(world.ids_in_table().size(), std::size_t{10});
        QCOMPARE(read_text(world.file_of(9)), bytes);
        QVERIFY(QFile::remove(QString::fromStdString(world.file_of(9)))); // taken away: begun anew
        VERIFY_OK(world.pass());
        QCOMPARE(world.ids_in_archive().size(), std::size_t{10});
    }

    void files_and_rows_past_their_period_go_data() { add_warehouse_kinds(); }
    void files_and_rows_past_their_period_go() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 10, 95);
        world.load(10, 20, 89);
        VERIFY_OK(world.pass());
        QVERIFY(!world.file_there(95) && world.file_there(89)); // too old for an archive even
        QCOMPARE(world.ids_in_archive().size(), std::size_t{10});
        const QString other = QString::fromStdString(world.archive + "/events-notes.txt");
        VERIFY_OK(write_text(other.toStdString(), "mine"));
        VERIFY_OK(write_text(world.file_of(89) + ".part", "left"));
        VERIFY_OK(world.pass("hot=7d,archive=90d", 1));
        QVERIFY(world.file_there(89));
        VERIFY_OK(world.pass("hot=7d,archive=90d", 2));
        QVERIFY(!world.file_there(89));
        QVERIFY(!QFile::exists(QString::fromStdString(world.file_of(89) + ".part")));
        QVERIFY(QFile::exists(other));
        QCOMPARE(world.number("SELECT count(*) FROM event_archives"), 0);
        QVERIFY(world.ids_in_table().empty());
    }

    void without_an_archive_rows_go_after_the_hot_period_data() { add_warehouse_kinds(); }
    void without_an_archive_rows_go_after_the_hot_period() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 10, 8);
        world.load(10, 20, 7);
        Retention retention(world.plan("hot=7d"), world.db->ticket());
        VERIFY_OK(retention.pass(RetentionWorld::days_ago(0)));
        QCOMPARE(world.ids_in_table().size(), std::size_t{10});
        QCOMPARE(retention.counts().deleted_events, std::int64_t{10});
        QVERIFY(!QDir(QString::fromStdString(world.archive)).exists());
    }

    void an_archived_event_that_comes_again_stays_out_as_long_as_its_id_is_kept_data() {
        add_warehouse_kinds();
    }
    void an_archived_event_that_comes_again_stays_out_as_long_as_its_id_is_kept() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 10, 9);
        VERIFY_OK(world.pass("hot=7d,archive=30d,ids=60d"));
        QCOMPARE(world.load(0, 10, 0), std::uint64_t{0});
        QCOMPARE(world.load(0, 10, 9), std::uint64_t{0});
        VERIFY_OK(world.pass("hot=7d,archive=30d,ids=60d", 51)); // its file has gone
        QVERIFY(!world.file_there(9));
        QCOMPARE(world.load(0, 10, 0), std::uint64_t{0});
        VERIFY_OK(world.pass("hot=7d,archive=30d,ids=60d", 52)); // past the bound it is a new one
        QCOMPARE(world.load(0, 10, 0), std::uint64_t{10});
    }

    void what_was_made_of_events_goes_with_the_last_trace_of_a_user_data() {
        add_warehouse_kinds();
    }
    void what_was_made_of_events_goes_with_the_last_trace_of_a_user() {
        RetentionWorld world(server(), m_folder.path());
        WritableWarehouse& db = *world.db;
        for (const auto& [user, seen] : {std::pair{"gone", 91}, {"back", 3}}) {
            const std::string id = "'" + std::string(user) + "'";
            add_row(db, "sessions",
                    "session_id, user_id, anonymous_id, started_at, ended_at, events, late_events, "
                    "updated_at",
                    id + ", " + id + ", " + id + ", $1, $1, 1, 0, $1", seen);
            add_row(db, "identities",
                    "anonymous_id, user_id, method, confidence, first_seen_at, last_seen_at, "
                    "updated_at",
                    id + ", " + id + ", 'deterministic', 1, $1, $1, $1", seen);
            add_row(db, "identity_signals", "seen, signal, anonymous_id, user_id, first_seen_at",
                    id + ", 's', " + id + ", " + id + ", $1", 120);
            add_row(db, "attribution", "user_id, touched_at, rule, rule_version, updated_at",
                    id + ", $1, 'r', 1, $1", 120);
            add_row(db, "users", "user_id, signed_up_at, updated_at", id + ", $1, $1", 120);
            add_row(db, "orders",
                    "order_id, user_id, ordered_at, amount, currency, status, updated_at",
                    id + ", " + id + ", $1, '1.50', 'EUR', 'paid', $1", seen);
            add_row(db, "enrichment_audit", "event_id, rule, rule_version, at", id + ", 'r', 1, $1",
                    seen);
        }
        Retention retention(world.plan(), db.ticket());
        VERIFY_OK(retention.pass(RetentionWorld::days_ago(0)));
        for (const char* table :
             {"sessions", "identities", "identity_signals", "attribution", "users", "orders"}) {
            QVERIFY2(users_of(world, table) == "back ", table);
            QCOMPARE(retention.counts().expired.at(table), std::int64_t{1});
        }
        QCOMPARE(world.number("SELECT count(*) FROM enrichment_audit"), 1);
    }

    void a_database_that_is_not_marked_any_more_is_left_alone_data() { add_warehouse_kinds(); }
    void a_database_that_is_not_marked_any_more_is_left_alone() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 10, 9);
        VERIFY_OK(world.db->execute("DELETE FROM weir_sandbox"));
        VERIFY_ERROR(world.pass(), ErrorCode::Refused);
        QCOMPARE(world.ids_in_table().size(), std::size_t{10});
        QVERIFY(!world.file_there(9));
    }

    void two_do_not_work_in_one_folder_at_once() {
        RetentionWorld world(nullptr, m_folder.path());
        world.load(0, 10, 9);
        const auto other = ArchiveFolder::open(world.archive);
        VERIFY_OK(other);
        VERIFY_ERROR(world.pass(), ErrorCode::Refused);
        QCOMPARE(world.ids_in_table().size(), std::size_t{10});
    }

    void rows_that_come_while_a_file_is_written_are_not_lost_data() { add_warehouse_kinds(); }
    void rows_that_come_while_a_file_is_written_are_not_lost() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 10, 9);
        bool once = false;
        Retention retention(world.plan(), world.db->ticket(), [&](ArchiveStep step, Day) {
            if (step == ArchiveStep::Written && !std::exchange(once, true))
                world.load(10, 15, 9);
        });
        VERIFY_OK(retention.pass(RetentionWorld::days_ago(0)));
        QCOMPARE(world.wrong_with(15), std::string());
        QCOMPARE(world.ids_in_table().size(), std::size_t{15});
        VERIFY_OK(retention.pass(RetentionWorld::days_ago(0)));
        QCOMPARE(world.wrong_with(15), std::string());
        QVERIFY(world.ids_in_table().empty());
    }

    void a_folder_without_room_leaves_the_rows_where_they_are() {
        RetentionWorld world(nullptr, m_folder.path());
        world.load(0, 10, 9);
        VERIFY_OK(write_text(world.archive, "a file stands there"));
        VERIFY_ERROR(world.pass(), ErrorCode::Io);
        QCOMPARE(world.ids_in_table().size(), std::size_t{10});
    }

    void it_runs_beside_the_loader_and_tells_what_it_did_data() { add_warehouse_kinds(); }
    void it_runs_beside_the_loader_and_tells_what_it_did() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 10, 9);
        const RetentionClock clock(world.plan(), world.db->ticket(), {.usual = 50ms});
        QVERIFY(wait_for([&] { return clock.counts().archived_events == 10; }, 30s));
        for (int i = 1; i < 5; ++i)
            QCOMPARE(world.load(i * 10, i * 10 + 10, 9), std::uint64_t{10});
        QVERIFY(wait_for([&] { return clock.counts().archived_events == 50; }, 30s));
        QCOMPARE(world.wrong_with(50), std::string());
        std::string text;
        http::OpenMetrics page(text);
        append_retention(clock.counts(), page);
        QVERIFY2(text.find("weir_retention_archived_events_total 50\n") != std::string::npos,
                 text.c_str());
    }

    void ended_in_the_middle_of_a_wait_it_ends_soon() {
        RetentionWorld world(m_server.get(), m_folder.path());
        world.load(0, 10, 9);
        const auto holder = write_to(world.options);
        VERIFY_OK(holder->begin());
        VERIFY_OK(holder->execute("LOCK TABLE analytics.events IN ACCESS EXCLUSIVE MODE"));
        QElapsedTimer time;
        {
            const RetentionClock clock(world.plan(), world.db->ticket());
            QTest::qWait(200);
            time.start();
        }
        QVERIFY2(time.elapsed() < 5'000, std::to_string(time.elapsed()).c_str());
        VERIFY_OK(holder->rollback());
        QCOMPARE(world.ids_in_table().size(), std::size_t{10});
    }
};

QTEST_GUILESS_MAIN(TestRetention)
#include "tst_retention.moc"

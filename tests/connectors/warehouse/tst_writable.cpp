// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <thread>

#include "connectors/warehouse/sandbox/writable.h"
#include "tests/support/process.h"
#include "tests/support/sandbox_warehouse.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_kinds_test.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::test;
using namespace weir::warehouse;
using namespace std::chrono_literals;

namespace {

const TableName ids_table{"", "event_ids"};

Page ids(const std::vector<std::string>& wanted) {
    Page page = Page::of({"event_id", "day"});
    for (const std::string& id : wanted) {
        page.add(Value::of(std::string_view(id)));
        page.add(Value::of("2026-05-01"));
    }
    return page;
}

std::string uuid(int number, bool upper = false) {
    const QString text = QStringLiteral("%1").arg(number, 12, 16, QLatin1Char('0'));
    const QString whole = QStringLiteral("abcdef00-0000-4000-8000-") + text;
    return (upper ? whole.toUpper() : whole).toStdString();
}

} // namespace

class TestWritable : public WarehouseKindsTest {
    Q_OBJECT
  private Q_SLOTS:
    void a_transaction_is_whole_or_not_at_all_data() { add_warehouse_kinds(); }
    void a_transaction_is_whole_or_not_at_all() {
        const auto db = writer();
        VERIFY_OK(db->begin());
        VERIFY_OK(db->execute("INSERT INTO event_ids VALUES ($1, $2)", row(1)));
        QCOMPARE(count(), std::string("0")); // nobody else sees it
        VERIFY_OK(db->rollback());
        QCOMPARE(count(), std::string("0"));
        VERIFY_OK(db->begin());
        VERIFY_ERROR(db->begin(), ErrorCode::Internal);
        const auto inserted = db->execute("INSERT INTO event_ids VALUES ($1, $2)", row(1));
        VERIFY_OK(inserted);
        QCOMPARE(inserted->affected, 1);
        VERIFY_OK(db->commit());
        QCOMPARE(count(), std::string("1"));
        VERIFY_ERROR(db->commit(), ErrorCode::Internal);
    }

    void a_transaction_with_a_failed_statement_is_not_committed_data() { add_warehouse_kinds(); }
    void a_transaction_with_a_failed_statement_is_not_committed() {
        const auto db = writer();
        VERIFY_OK(db->begin());
        VERIFY_OK(db->execute("INSERT INTO event_ids VALUES ($1, $2)", row(1)));
        VERIFY_ERROR(db->execute("INSERT INTO event_ids VALUES ($1, $2)", row(1)),
                     ErrorCode::Usage);
        VERIFY_ERROR(db->commit(), ErrorCode::Refused);
        QCOMPARE(count(), std::string("0"));
        VERIFY_OK(db->begin()); // and the next one is a new one
        VERIFY_OK(db->rollback());
    }

    void what_failed_after_a_savepoint_is_undone_and_the_transaction_goes_on_data() {
        add_warehouse_kinds();
    }
    void what_failed_after_a_savepoint_is_undone_and_the_transaction_goes_on() {
        const auto db = writer();
        VERIFY_OK(db->begin());
        VERIFY_OK(db->append(ids_table, ids({uuid(1)})));
        VERIFY_OK(db->mark_savepoint());
        VERIFY_OK(db->append(ids_table, ids({uuid(2)})));
        VERIFY_ERROR(db->append(ids_table, ids({uuid(3), uuid(1)})), ErrorCode::Usage);
        VERIFY_OK(db->back_to_savepoint());
        VERIFY_OK(db->append(ids_table, ids({uuid(4)})));
        VERIFY_OK(db->mark_savepoint()); // the newest one counts
        VERIFY_OK(db->append(ids_table, ids({uuid(5)})));
        VERIFY_OK(db->back_to_savepoint());
        VERIFY_OK(db->commit());
        const auto left = db->execute("SELECT event_id FROM event_ids ORDER BY 1");
        VERIFY_OK(left);
        QCOMPARE(left->rows.rows(), 2u);
        QCOMPARE(std::string(left->rows.at(0, 0).text), uuid(1));
        QCOMPARE(std::string(left->rows.at(1, 0).text), uuid(4));
        VERIFY_OK(db->begin());
        VERIFY_ERROR(db->back_to_savepoint(), ErrorCode::Usage); // there is none
        VERIFY_ERROR(db->commit(), ErrorCode::Refused);
    }

    void statements_answer_with_rows_data() { add_warehouse_kinds(); }
    void statements_answer_with_rows() {
        const auto db = writer();
        const auto returned = db->execute(
            "INSERT INTO event_ids VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id",
            row(7));
        VERIFY_OK(returned);
        QCOMPARE(returned->rows.rows(), 1u);
        QCOMPARE(std::string(returned->rows.at(0, 0).text), uuid(7));
        const auto again = db->execute(
            "INSERT INTO event_ids VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id",
            row(7));
        VERIFY_OK(again);
        QCOMPARE(again->rows.rows(), 0u);
        QCOMPARE(again->affected, 0);
    }

    void the_fence_lets_one_loader_through_data() { add_warehouse_kinds(); }
    void the_fence_lets_one_loader_through() {
        const auto db = writer();
        VERIFY_OK(db->execute("CREATE TABLE loader_offsets (part integer, next bigint)"));
        VERIFY_OK(db->execute("INSERT INTO loader_offsets VALUES (0, 0)"));
        const std::array<Value, 2> values = {Value::of(std::int64_t{10}),
                                             Value::of(std::int64_t{0})};
        const char* const fence =
            "UPDATE loader_offsets SET next = $1 WHERE part = 0 AND next = $2";
        QCOMPARE(db->execute(fence, values)->affected, 1);
        QCOMPARE(db->execute(fence, values)->affected, 0);
    }

    void only_new_ids_are_inserted_and_named_by_number_data() { add_warehouse_kinds(); }
    void only_new_ids_are_inserted_and_named_by_number() {
        const auto db = writer();
        VERIFY_OK(db->begin());
        const auto first = db->insert_new(ids_table, "event_id", ids({uuid(1), uuid(2), uuid(1)}));
        VERIFY_OK(first);
        QCOMPARE(*first, (std::vector<std::size_t>{0, 1}));
        const auto second = db->insert_new(ids_table, "event_id", ids({uuid(3), uuid(2), uuid(4)}));
        VERIFY_OK(second);
        QCOMPARE(*second, (std::vector<std::size_t>{0, 2}));
        VERIFY_OK(db->rollback());
        // Outside of a transaction it is one of its own; after a rollback the ids are new again.
        const auto third = db->insert_new(ids_table, "event_id", ids({uuid(2)}));
        VERIFY_OK(third);
        QCOMPARE(*third, (std::vector<std::size_t>{0}));
        QCOMPARE(count(), std::string("1"));
        QVERIFY(db->insert_new(ids_table, "event_id", ids({}))->empty());
    }

    void what_is_there_is_changed_as_the_caller_says_data() { add_warehouse_kinds(); }
    void what_is_there_is_changed_as_the_caller_says() {
        const auto db = writer();
        VERIFY_OK(db->execute("CREATE TABLE sums (word text PRIMARY KEY, n bigint NOT NULL)"));
        const auto add = [&](const std::vector<std::pair<const char*, std::int64_t>>& rows) {
            Page page = Page::of({"word", "n"});
            for (const auto& [word, n] : rows) {
                page.add(Value::of(word));
                page.add(Value::of(n));
            }
            return db->upsert({"", "sums"},
                              "(word) DO UPDATE SET n = kept.n + excluded.n WHERE excluded.n > 0",
                              page);
        };
        VERIFY_OK(add({{"a", 1}, {"b", -2}}));
        VERIFY_OK(add({{"a", 2}, {"b", -3}, {"c", 4}}));
        VERIFY_OK(add({}));
        const auto found = db->execute("SELECT word, n FROM sums ORDER BY word");
        VERIFY_OK(found);
        std::string text;
        for (std::size_t i = 0; i < found->rows.rows(); ++i)
            text += std::string(found->rows.at(i, 0).text) + "=" +
                    std::to_string(found->rows.at(i, 1).integer) + " ";
        QCOMPARE(text, std::string("a=3 b=-2 c=4 "));
        VERIFY_ERROR(db->upsert({"", "weir_sandbox"}, "DO NOTHING", Page::of({"x"})),
                     ErrorCode::Refused);
    }

    void a_uuid_in_capitals_is_the_same_id_on_postgresql() {
        const auto db = writer(true);
        QCOMPARE(*db->insert_new(ids_table, "event_id", ids({uuid(10), uuid(10, true)})),
                 (std::vector<std::size_t>{0}));
        QCOMPARE(*db->insert_new(ids_table, "event_id", ids({uuid(11, true), uuid(10, true)})),
                 (std::vector<std::size_t>{0}));
    }

    void bulk_rows_arrive_as_they_are_data() { add_warehouse_kinds(); }
    void bulk_rows_arrive_as_they_are() {
        QFETCH(bool, postgresql);
        const auto db = writer(postgresql);
        VERIFY_OK(db->execute(postgresql ? "CREATE TABLE odd (n bigint, d numeric, s text, x bytea,"
                                           "b boolean, at timestamptz, j jsonb)"
                                         : "CREATE TABLE odd (n integer, d decimal_text, s text,"
                                           "x blob, b boolean, at timestamp_us, j json)"));
        const std::string all_bytes = [] {
            std::string bytes;
            for (int i = 0; i < 256; ++i)
                bytes += static_cast<char>(i);
            return bytes;
        }();
        Page page = Page::of({"n", "d", "s", "x", "b", "at", "j"});
        const std::string odd = "tab\t line\n cr\r back\\slash \\N \\. quote\"' ü";
        for (int i = 0; i < 3; ++i) {
            page.add(Value::of(INT64_MIN));
            page.add(Value::decimal("12345678901234567890.10"));
            page.add(Value::of(std::string_view(odd)));
            page.add(Value::bytes(all_bytes));
            page.add(Value::of(true));
            page.add(Value::of(Micros(1'777'636'800'123'456)));
            page.add(Value::json("{\"a\": \"\\n\"}"));
        }
        for (int i = 0; i < 7; ++i)
            page.add(Value::null());
        VERIFY_OK(db->append({"", "odd"}, page));
        const auto back = db->execute("SELECT * FROM odd");
        VERIFY_OK(back);
        QCOMPARE(back->rows.rows(), 4u);
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(back->rows.at(i, 0).integer, INT64_MIN);
            QCOMPARE(std::string(back->rows.at(i, 1).text), std::string("12345678901234567890.10"));
            QCOMPARE(std::string(back->rows.at(i, 2).text), odd);
            QVERIFY(back->rows.at(i, 3).text == all_bytes);
            QCOMPARE(back->rows.at(i, 4).kind, ValueKind::Boolean);
            QCOMPARE(back->rows.at(i, 5).kind, ValueKind::Timestamp);
            QCOMPARE(back->rows.at(i, 5).integer, 1'777'636'800'123'456);
            QCOMPARE(std::string(back->rows.at(i, 6).text), std::string("{\"a\": \"\\n\"}"));
        }
        for (std::size_t column = 0; column < 7; ++column)
            QVERIFY(back->rows.at(3, column).is_null());
    }

    void a_bad_row_fails_the_whole_of_it_and_is_named() {
        const auto db = writer(true);
        Page page = ids({uuid(20), "no uuid"});
        const auto refused = db->append(ids_table, page);
        VERIFY_ERROR(refused, ErrorCode::Usage);
        QVERIFY2(refused.error().what.find("line 2") != std::string::npos,
                 refused.error().text().c_str());
        QCOMPARE(count(), std::string("0"));
        VERIFY_OK(db->append(ids_table, ids({uuid(20)})));
    }

    void many_rows_go_in_bulk_data() { add_warehouse_kinds(); }
    void many_rows_go_in_bulk() {
        const auto db = writer();
        std::vector<std::string> many;
        for (int i = 0; i < 20'000; ++i)
            many.push_back(uuid(i));
        QCOMPARE(db->insert_new(ids_table, "event_id", ids(many))->size(), 20'000u);
        QCOMPARE(db->insert_new(ids_table, "event_id", ids(many))->size(), 0u);
        QCOMPARE(count(), std::string("20000"));
    }

    void a_lock_is_waited_for_and_can_be_cancelled_data() { add_warehouse_kinds(); }
    void a_lock_is_waited_for_and_can_be_cancelled() {
        const auto db = writer();
        const auto other = WritableWarehouse::open(db->ticket(), 20s).value();
        VERIFY_OK(other->begin());
        VERIFY_OK(other->execute("INSERT INTO event_ids VALUES ($1, $2)", row(1)));
        db->set_timeout(300ms);
        const auto late = db->execute("INSERT INTO event_ids VALUES ($1, $2)", row(1));
        VERIFY_ERROR(late, ErrorCode::Timeout);
        db->set_timeout(30s);
        std::thread canceller([&] {
            std::this_thread::sleep_for(200ms);
            db->cancel();
        });
        VERIFY_ERROR(db->execute("INSERT INTO event_ids VALUES ($1, $2)", row(1)),
                     ErrorCode::Cancelled);
        canceller.join();
        VERIFY_OK(other->rollback());
        VERIFY_OK(db->execute("INSERT INTO event_ids VALUES ($1, $2)", row(1)));
    }

    void a_crash_undoes_what_was_not_committed_and_the_next_begin_connects_again() {
        const auto db = writer(true);
        VERIFY_OK(db->append(ids_table, ids({uuid(1)})));
        VERIFY_OK(db->begin());
        VERIFY_OK(db->append(ids_table, ids({uuid(2)})));
        m_server->kill();
        VERIFY_ERROR(db->append(ids_table, ids({uuid(3)})), ErrorCode::Connection);
        VERIFY_ERROR(db->commit(), ErrorCode::Connection);
        VERIFY_ERROR(db->begin(), ErrorCode::Connection);
        VERIFY_OK(m_server->restart());
        VERIFY_OK(db->begin());
        VERIFY_OK(db->append(ids_table, ids({uuid(3)})));
        VERIFY_OK(db->commit());
        QCOMPARE(count(), std::string("2"));
        // A server that was restarted between two transactions is not even noticed.
        VERIFY_OK(m_server->restart());
        VERIFY_OK(db->append(ids_table, ids({uuid(4)})));
        QCOMPARE(count(), std::string("3"));
    }

    void a_marker_that_was_taken_away_ends_the_writing_with_the_connection() {
        const auto db = writer(true);
        VERIFY_OK(m_server->psql(m_database, "DROP TABLE weir_sandbox"));
        VERIFY_OK(m_server->restart());
        VERIFY_ERROR(db->begin(), ErrorCode::Refused);
    }

    void a_writer_that_is_killed_leaves_whole_transactions() {
        const auto db = writer(false);
        const std::string file = m_options.address.substr(7);
        const auto other = python_beside(file,
                                         "i = 0\n"
                                         "while True:\n"
                                         "    db.execute('BEGIN IMMEDIATE')\n"
                                         "    for k in range(10):\n"
                                         "        i += 1\n"
                                         "        db.execute('INSERT INTO event_ids VALUES (?,?)',"
                                         " ('other-%d' % i, 'x'))\n"
                                         "    db.execute('COMMIT')",
                                         file + ".out");
        VERIFY_OK(other);
        for (int i = 0; i < 40; ++i)
            VERIFY_OK(db->append(ids_table, ids({uuid(100 + i)})));
        QTRY_VERIFY_WITH_TIMEOUT(std::stoi(count()) > 100, 20'000);
        end_process(*other, SIGKILL, 5000);
        QCOMPARE(db->execute("SELECT count(*) % 10 FROM event_ids WHERE event_id LIKE 'other%'")
                     ->rows.at(0, 0)
                     .integer,
                 0);
        QCOMPARE(db->execute("SELECT count(*) FROM event_ids WHERE event_id NOT LIKE 'other%'")
                     ->rows.at(0, 0)
                     .integer,
                 40);
    }

    void rows_are_read_a_page_at_a_time_data() { add_warehouse_kinds(); }
    void rows_are_read_a_page_at_a_time() {
        const auto db = writer();
        std::vector<std::string> many;
        for (int i = 0; i < 1'200; ++i)
            many.push_back(uuid(i));
        VERIFY_OK(db->append(ids_table, ids(many)));
        const char* const sql = "SELECT event_id FROM event_ids WHERE day = $1 ORDER BY event_id";
        const auto day = std::array{Value::of("2026-05-01")};
        std::vector<std::string> read;
        std::size_t largest = 0;
        VERIFY_OK(db->read(sql, day, [&](const Page& page) -> Result<void> {
            for (std::size_t i = 0; i < page.rows(); ++i)
                read.emplace_back(page.at(i, 0).text);
            largest = std::max(largest, page.rows());
            return {};
        }));
        QVERIFY(read == many);
        QVERIFY(largest <= 500);
        int pages = 0;
        VERIFY_ERROR(db->read(sql, day,
                              [&](const Page&) -> Result<void> {
                                  ++pages;
                                  return Error{.code = ErrorCode::DiskFull, .what = "no room"};
                              }),
                     ErrorCode::DiskFull);
        QCOMPARE(pages, 1);
        QCOMPARE(count(), std::string("1200"));
        VERIFY_OK(db->begin()); // it is as usable as before
        VERIFY_OK(db->rollback());
        VERIFY_OK(db->read("SELECT 1 WHERE 1 = 0", {}, [](const Page&) -> Result<void> {
            return Error{.code = ErrorCode::Internal, .what = "a page without rows"};
        }));
    }

  private:
    std::unique_ptr<WritableWarehouse> writer() {
        QFETCH(bool, postgresql);
        return writer(postgresql);
    }
    std::unique_ptr<WritableWarehouse> writer(bool postgresql) {
        m_options = new_sandbox_warehouse(postgresql ? m_server.get() : nullptr, m_folder.path());
        m_database = m_options.address.substr(m_options.address.rfind('/') + 1);
        auto opened = write_to(m_options);
        (void)opened->execute(postgresql
                                  ? "CREATE TABLE event_ids (event_id uuid PRIMARY KEY, day date)"
                                  : "CREATE TABLE event_ids (event_id text PRIMARY KEY, day text)"
                                    " WITHOUT ROWID");
        return opened;
    }
    static std::array<Value, 2> row(int number) {
        static std::string id;
        id = uuid(number);
        return {Value::of(std::string_view(id)), Value::of("2026-05-01")};
    }
    /// As somebody else sees it.
    std::string count() const {
        const auto db = Warehouse::open(m_options, {}).value();
        const std::string text = query(*db, "SELECT count(*) AS n FROM event_ids");
        return text.substr(5, text.size() - 7); // {"n":…}
    }

    ConnectionOptions m_options;
    std::string m_database;
};

QTEST_GUILESS_MAIN(TestWritable)
#include "tst_writable.moc"

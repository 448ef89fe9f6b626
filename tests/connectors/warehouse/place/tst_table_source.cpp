// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QTemporaryDir>
#include <QtTest>

#include <thread>

#include "connectors/warehouse/place/table_source.h"
#include "connectors/warehouse/sandbox/writable.h"
#include "tests/support/postgres_server.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::test;
using namespace weir::warehouse;
using namespace std::chrono_literals;

namespace {

/// A warehouse whose queries are paid for; none is ever asked.
class PaidWarehouse final : public Warehouse {
  public:
    const ConnectionOptions& options() const override { return m_options; }
    bool queries_cost() const override { return true; }
    std::unique_ptr<Rows> query(Query) override { return nullptr; }
    std::unique_ptr<Rows> read(TableRead) override { return nullptr; }
    Result<std::vector<TableName>> tables(std::chrono::milliseconds) override { return Error{}; }
    Result<Columns> columns(const TableName&, std::chrono::milliseconds) override {
        return Error{};
    }
    Result<std::string> database_id(std::chrono::milliseconds) override { return Error{}; }
    Health health() const override { return {}; }

  private:
    ConnectionOptions m_options;
};

TablePlace place() {
    TablePlace place;
    place.name = "events table";
    place.table = {"", "events"};
    place.order_column = "loaded_at";
    place.key_columns = {"event_id"};
    place.interval = 1s;
    return place;
}

/// What a source delivers, as text, until it has come to the table's end once more.
struct Reading {
    std::string keys;
    std::string values;
    std::string notes;
    std::vector<std::int64_t> offsets;
    Micros end_observed;
    void until_end(TableSource& source) {
        QElapsedTimer timer;
        timer.start();
        for (bool ended = false; !ended && timer.elapsed() < 30'000;) {
            const RecordBatch batch = source.poll(0, 100ms);
            for (const Record& record : batch.records) {
                keys += std::string(record.key) + " ";
                values += std::string(record.value) + "\n";
                offsets.push_back(record.offset.value());
            }
            for (const PartitionEvent& event : batch.events) {
                ended = ended || event.note == PartitionNote::ReachedEnd ||
                        event.note == PartitionNote::Finished;
                end_observed = batch.observed;
                if (event.note == PartitionNote::Failed)
                    notes += "failed: " + event.error.text() + "\n";
                if (event.note == PartitionNote::Recovered)
                    notes += "recovered\n";
            }
            if (!batch.events.empty() && batch.events.front().note == PartitionNote::Failed)
                return;
        }
    }
};

} // namespace

class TestTableSource : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_server = running_postgres();
    }
    void cleanupTestCase() { m_server.reset(); }
    void init() {
        m_database = m_server->new_database();
        VERIFY_OK(init_sandbox_database(connection(), {}, {}, 20s));
        sql("CREATE TABLE events (event_id uuid, loaded_at timestamptz DEFAULT now(), price "
            "numeric,"
            "properties jsonb)");
    }

    void rows_become_records() {
        sql("INSERT INTO events VALUES ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',"
            "'2026-05-01 12:00:00.123456+00', 1.50, '{\"sku\": \"x\"}')");
        const auto source = open(beginning());
        RecordBatch batch;
        while (batch.records.empty())
            batch = source->poll(0, 1s);
        const Record& record = batch.records.front();
        QCOMPARE(std::string(record.topic), std::string("events table"));
        QCOMPARE(record.partition, PartitionId(0));
        QCOMPARE(record.offset, Offset(0));
        QCOMPARE(record.timestamp, Micros(1'777'636'800'123'456));
        QCOMPARE(record.timestamp_type, TimestampType::LogAppendTime);
        QCOMPARE(std::string(record.key), std::string("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"));
        QCOMPARE(std::string(record.value),
                 std::string("{\"event_id\":\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\","
                             "\"loaded_at\":\"2026-05-01T12:00:00.123456Z\",\"price\":1.50,"
                             "\"properties\":{\"sku\": \"x\"}}"));
    }

    // Transaction A takes its time first and commits last: its row lies below what was read.
    void a_row_that_is_committed_late_is_delivered_once() {
        const auto early = writer();
        const auto late = writer();
        VERIFY_OK(early->begin());
        VERIFY_OK(early->execute(insert(1)));
        std::this_thread::sleep_for(10ms);
        VERIFY_OK(late->begin());
        VERIFY_OK(late->execute(insert(2)));
        VERIFY_OK(late->commit());
        const auto source = open(beginning());
        Reading reading;
        reading.until_end(*source);
        QCOMPARE(reading.keys, id(2) + " ");
        VERIFY_OK(early->commit());
        reading.until_end(*source);
        QCOMPARE(reading.keys, id(2) + " " + id(1) + " ");
        reading.until_end(*source); // and not again
        QCOMPARE(reading.keys, id(2) + " " + id(1) + " ");
        QCOMPARE(reading.offsets, (std::vector<std::int64_t>{0, 1}));
        QVERIFY(source->progress().reread >= 3);
        QCOMPARE(source->progress().rows, 2);
    }

    void without_an_overlap_it_would_be_missed() {
        const auto early = writer();
        VERIFY_OK(early->begin());
        VERIFY_OK(early->execute(insert(1)));
        std::this_thread::sleep_for(10ms);
        VERIFY_OK(writer()->execute(insert(2)));
        TablePlace narrow = place();
        narrow.overlap = 0us;
        const auto source = TableSource::open(warehouse(), narrow, beginning()).value();
        Reading reading;
        reading.until_end(*source);
        VERIFY_OK(early->commit());
        reading.until_end(*source);
        QCOMPARE(reading.keys, id(2) + " "); // this is what the overlap is for
    }

    void a_sequence_orders_as_well() {
        sql("CREATE TABLE numbered (event_id text, n bigserial)");
        const auto early = writer();
        VERIFY_OK(early->begin());
        VERIFY_OK(early->execute("INSERT INTO numbered VALUES ('first')"));
        VERIFY_OK(writer()->execute("INSERT INTO numbered VALUES ('second')"));
        TablePlace numbered = place();
        numbered.table = {"public", "numbered"};
        numbered.order_column = "n";
        const auto source = TableSource::open(warehouse(), numbered, beginning()).value();
        Reading reading;
        reading.until_end(*source);
        VERIFY_OK(early->commit());
        reading.until_end(*source);
        QCOMPARE(reading.keys, std::string("second first "));
    }

    void from_the_end_what_is_there_is_not_delivered() {
        sql(insert(1));
        sql("INSERT INTO events VALUES ('" + id(9) + "', NULL)"); // nobody knows when: never read
        const auto source = open({});
        Reading reading;
        reading.until_end(*source);
        QCOMPARE(reading.keys, std::string());
        sql(insert(2));
        reading.until_end(*source);
        QCOMPARE(reading.keys, id(2) + " ");
    }

    void a_restart_goes_on_where_it_was() {
        sql(insert(1));
        TablePosition position;
        {
            const auto source = open(beginning());
            Reading reading;
            reading.until_end(*source);
            QCOMPARE(reading.keys, id(1) + " ");
            position = source->position();
        }
        sql(insert(2));
        const auto source = open(position);
        Reading reading;
        reading.until_end(*source);
        QCOMPARE(reading.keys, id(2) + " ");
        QCOMPARE(reading.offsets, std::vector<std::int64_t>{1});
    }

    void the_end_says_up_to_where_nothing_can_turn_up_any_more() {
        const Micros before = Micros::now();
        const auto source = open(beginning());
        Reading reading;
        reading.until_end(*source);
        const std::int64_t overlap = place().overlap.count();
        QVERIFY(reading.end_observed.value() >= before.value() - overlap);
        QVERIFY(reading.end_observed.value() <= Micros::now().value() - overlap);
    }

    void an_outage_is_told_and_healed() {
        sql(insert(1));
        const auto source = open(beginning());
        Reading reading;
        reading.until_end(*source);
        m_server->kill();
        while (reading.notes.empty())
            reading.until_end(*source);
        QVERIFY2(reading.notes.find("failed: test-postgres") == 0, reading.notes.c_str());
        QVERIFY(!source->progress().trouble.empty());
        VERIFY_OK(m_server->restart());
        sql(insert(2));
        for (int pass = 0; pass < 5 && reading.offsets.size() < 2; ++pass)
            reading.until_end(*source);
        QVERIFY2(reading.notes.find("recovered") != std::string::npos, reading.notes.c_str());
        QCOMPARE(reading.keys, id(1) + " " + id(2) + " ");
    }

    void many_rows_come_in_batches_and_stop_ends_it_at_any_time() {
        sql("INSERT INTO events SELECT gen_random_uuid(), now() FROM generate_series(1, 20000)");
        const auto source = open(beginning());
        std::size_t records = 0;
        for (int i = 0; i < 4; ++i) {
            const RecordBatch batch = source->poll(0, 20s);
            QVERIFY(batch.records.size() <= TableSource::batch_records);
            records += batch.records.size();
        }
        QVERIFY(records > 0);
        source->stop(); // the worker waits for room in the queue
        QVERIFY(source->poll(0, 1s).empty());
        QVERIFY(source->finished());
    }

    void read_once_it_is_finished() {
        sql(insert(1));
        TablePlace once = place();
        once.once = true;
        const auto source = TableSource::open(warehouse(), once, beginning()).value();
        Reading reading;
        reading.until_end(*source);
        QCOMPARE(reading.keys, id(1) + " ");
        QTRY_VERIFY(source->finished());
    }

    void a_row_is_looked_up_by_its_id() {
        sql(insert(1));
        const auto db = warehouse();
        const auto found =
            find_rows(*db, place(), QString::fromStdString(id(1)).toUpper().toStdString(), 20s);
        VERIFY_OK(found);
        QCOMPARE(found->records.size(), 1u);
        QCOMPARE(found->records.front().offset, Offset(-1));
        QCOMPARE(find_rows(*db, place(), id(2), 20s)->records.size(), 0u);
        QCOMPARE(find_rows(*db, place(), "no uuid", 20s)->records.size(), 0u);
        TablePlace elsewhere = place();
        elsewhere.table.table = "nowhere";
        VERIFY_ERROR(find_rows(*db, elsewhere, id(1), 20s), ErrorCode::NotFound);
    }

    void a_place_that_cannot_be_watched_is_refused() {
        const auto paid = std::make_shared<PaidWarehouse>();
        VERIFY_ERROR(TableSource::open(paid, place(), {}), ErrorCode::Refused);
        TablePlace unnamed = place();
        unnamed.order_column.clear();
        VERIFY_ERROR(TableSource::open(warehouse(), unnamed, {}), ErrorCode::Config);
        TablePlace hasty = place();
        hasty.interval = 10ms;
        VERIFY_ERROR(TableSource::open(warehouse(), hasty, {}), ErrorCode::Config);
        TablePlace wrong = place();
        wrong.key_columns = {"nothere"};
        sql(insert(1));
        const auto source = TableSource::open(warehouse(), wrong, beginning()).value();
        Reading reading;
        reading.until_end(*source);
        QVERIFY2(reading.notes.find("no column nothere") != std::string::npos,
                 reading.notes.c_str());
    }

    void a_sqlite_table_is_read_while_another_process_writes() {
        const std::string file = m_folder.filePath(QStringLiteral("t.sqlite")).toStdString();
        VERIFY_OK(python_on(file, "db.execute('PRAGMA journal_mode=WAL')\n"
                                  "db.execute('CREATE TABLE events (event_id TEXT, "
                                  "loaded_at TIMESTAMP_US)')"));
        ConnectionOptions options;
        options.name = "test-sqlite";
        options.address = "sqlite:" + file;
        const auto source =
            TableSource::open(Warehouse::open(options, {}).value(), place(), beginning()).value();
        const auto writer = python_beside(file,
                                          "for i in range(3000):\n"
                                          "    db.execute('INSERT INTO events VALUES (?, ?)', "
                                          "('e%d' % i, int(time.time()*1e6)))\n"
                                          "time.sleep(60)",
                                          file + ".out");
        VERIFY_OK(writer);
        std::map<std::string, int> seen;
        QElapsedTimer timer;
        timer.start();
        while (seen.size() < 3000 && timer.elapsed() < 60'000)
            for (const RecordBatch batch = source->poll(0, 100ms);
                 const Record& record : batch.records)
                ++seen[std::string(record.key)];
        QCOMPARE(seen.size(), std::size_t{3000});
        for (const auto& [key, times] : seen)
            QVERIFY2(times == 1, key.c_str());
    }

  private:
    static TablePosition beginning() {
        TablePosition position;
        position.from = TablePosition::From::Beginning;
        return position;
    }
    static std::string id(int number) {
        return QStringLiteral("abcdef00-0000-4000-8000-%1")
            .arg(number, 12, 16, QLatin1Char('0'))
            .toStdString();
    }
    static std::string insert(int number) {
        return "INSERT INTO events (event_id) VALUES ('" + id(number) + "')";
    }
    void sql(const std::string& text) const { VERIFY_OK(m_server->psql(m_database, text)); }
    std::shared_ptr<Warehouse> warehouse() const {
        return Warehouse::open(connection(), {}).value();
    }
    ConnectionOptions connection() const {
        return m_server->connection(m_database, Environment::Sandbox, "postgres");
    }
    /// Somebody else's connection, for transactions that lie across each other.
    std::unique_ptr<WritableWarehouse> writer() const {
        return WritableWarehouse::open(prove_sandbox_database(connection(), {}, 20s).value(), 20s)
            .value();
    }
    std::unique_ptr<TableSource> open(TablePosition start) const {
        return TableSource::open(warehouse(), place(), std::move(start)).value();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<PostgresServer> m_server;
    std::string m_database;
};

QTEST_GUILESS_MAIN(TestTableSource)
#include "tst_table_source.moc"

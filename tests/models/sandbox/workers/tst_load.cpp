// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include "models/sandbox/workers/load.h"
#include "tests/models/sandbox/workers/keeper_story.h"
#include "tests/support/sandbox_warehouse.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_kinds_test.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::sandbox;
using namespace weir::test;
using namespace weir::warehouse;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

constexpr const char* id_a = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
constexpr const char* id_a_capitals = "6F9619FF-8B86-4D01-B42D-00CF4FC964FF";
constexpr const char* id_b = "00000000-8b86-4d01-b42d-00cf4fc964ff";

std::string of_type(const std::string& type, const std::string& id, const std::string& more = {}) {
    return "{\"event_id\":\"" + id + "\",\"event_type\":\"" + type + "\"" + more + "}";
}

std::string page_view(const std::string& id, const std::string& more = {}) {
    return of_type("page_view", id, more);
}

} // namespace

/// Loading without Kafka: batches go in, the warehouse is looked at.
class TestLoad : public WarehouseKindsTest {
    Q_OBJECT
  private Q_SLOTS:
    void an_event_is_a_row_with_all_its_fields_data() { add_warehouse_kinds(); }
    void an_event_is_a_row_with_all_its_fields() {
        KeeperStory story(loader());
        const std::string value =
            R"({"event_id":"6F9619FF-8B86-4D01-B42D-00CF4FC964FF","event_type":"pur\u0063hase",)"
            R"("schema_version":2,"session_id":"s1","anonymous_id":"a1","user_id":"u1",)"
            R"("source":"client","source_id":"k1","platform":"web",)"
            R"("event_time":"2026-05-01T10:00:00.5Z","sent_time":"never","received_time":null,)"
            R"("context":{"app_version":"1.2"},"n":12345678901234567890.10})";
        story.take(0, 7, value, Micros(1'777'636'800'123'456),
                   {{"weir-origin", "raw_events/3/42"}});
        VERIFY_OK(story.keep());
        QCOMPARE(rows("SELECT event_id, event_type, schema_version, event_time, sent_time, "
                      "received_time, record_time, user_id, anonymous_id, session_id, source, "
                      "source_id, platform, app_version, origin_topic, origin_partition, "
                      "origin_offset, day FROM $events"),
                 R"({"event_id":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff","event_type":"purchase",)"
                 R"("schema_version":"2","event_time":"2026-05-01T10:00:00.5Z","sent_time":null,)"
                 R"("received_time":null,"record_time":"2026-05-01T12:00:00.123456Z",)"
                 R"("user_id":"u1","anonymous_id":"a1","session_id":"s1","source":"client",)"
                 R"("source_id":"k1","platform":"web","app_version":"1.2",)"
                 R"("origin_topic":"raw_events","origin_partition":3,"origin_offset":42,)"
                 R"("day":"2026-05-01"})"
                 "\n"s);
        const auto page = m_db->execute("SELECT payload FROM " + m_db->quoted(events_table));
        QCOMPARE(std::string(page->rows.at(0, 0).text), value);
        QCOMPARE(rows("SELECT event_id, day FROM $ids"),
                 R"({"event_id":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff","day":"2026-05-01"})"
                 "\n"s);
    }

    void an_id_becomes_one_row_however_often_and_however_written_data() { add_warehouse_kinds(); }
    void an_id_becomes_one_row_however_often_and_however_written() {
        KeeperStory story(loader());
        story.take(0, 0, page_view(id_a));
        story.take(0, 1, page_view(id_a));
        story.take(1, 0, page_view(id_b));
        auto kept = story.keep();
        VERIFY_OK(kept);
        QCOMPARE(kept->loaded, std::uint64_t{2});
        QCOMPARE(kept->known, std::uint64_t{1});
        story.take(0, 2, page_view(id_a_capitals));
        story.take(0, 3, page_view("not-a-uuid"));
        kept = story.keep();
        VERIFY_OK(kept);
        QCOMPARE(kept->loaded, std::uint64_t{1});
        QCOMPARE(kept->known, std::uint64_t{1});
        QCOMPARE(rows("SELECT count(*) AS n FROM $events"), "{\"n\":3}\n"s);
        QCOMPARE(rows("SELECT count(DISTINCT load_batch) AS n FROM $events"), "{\"n\":2}\n"s);
    }

    void without_an_id_it_is_known_by_where_it_was_first_written_data() { add_warehouse_kinds(); }
    void without_an_id_it_is_known_by_where_it_was_first_written() {
        KeeperStory story(loader());
        const std::string value = R"({"event_type":"page_view","session_id":"s1"})";
        story.take(0, 0, value, Micros(0), {{"weir-origin", "raw_events/3/42"}});
        story.take(0, 1, value, Micros(0), {{"weir-origin", "raw_events/3/42"}});
        story.take(0, 2, value, Micros(0), {{"weir-origin", "raw_events/99999999999/1"}});
        VERIFY_OK(story.keep());
        QCOMPARE(rows("SELECT event_id, origin_topic, origin_offset FROM $events "
                      "ORDER BY origin_offset"),
                 R"({"event_id":null,"origin_topic":"enriched_events","origin_offset":2})"
                 "\n"
                 R"({"event_id":null,"origin_topic":"raw_events","origin_offset":42})"
                 "\n"s);
    }

    void what_enrichment_did_is_kept_beside_it_data() { add_warehouse_kinds(); }
    void what_enrichment_did_is_kept_beside_it() {
        KeeperStory story(loader());
        const std::string changes = "\"before\":{\"/n\":1e2},\"after\":{\"/n\":\"x\"}";
        const std::string audit = "{\"rule\":\"enrichment\",\"version\":3," + changes + "}";
        story.take(0, 0, page_view(id_a_capitals), Micros(0), {{"weir-audit", audit}});
        story.take(0, 1, page_view(id_a), Micros(0), {{"weir-audit", audit}}); // known already
        story.take(0, 2, page_view("b"), Micros(0), {{"weir-audit", "no audit"}});
        story.take(0, 3, page_view("c"));
        VERIFY_OK(story.keep());
        QCOMPARE(rows("SELECT event_id, rule, rule_version, before, after FROM enrichment_audit"),
                 "{\"event_id\":\""s + id_a + "\",\"rule\":\"enrichment\",\"rule_version\":3," +
                     changes + "}\n");
        QCOMPARE(rows("SELECT count(*) AS n FROM $events"), "{\"n\":3}\n"s);
    }

    void it_goes_on_where_the_warehouse_stands_data() { add_warehouse_kinds(); }
    void it_goes_on_where_the_warehouse_stands() {
        Load& load = loader();
        KeeperStory story(load);
        QCOMPARE(story.started(0), -1);
        story.take(0, 40, page_view(id_a));
        story.take(0, 41, "not for a row");
        VERIFY_OK(story.keep());
        KeeperStory next(load);
        QCOMPARE(next.started(0), 42);
        QCOMPARE(next.started(1), -1);
        KeeperStory elsewhere(load, "another-cluster");
        QCOMPARE(elsewhere.started(0), -1);
    }

    void whoever_lags_behind_another_loader_is_refused_data() { add_warehouse_kinds(); }
    void whoever_lags_behind_another_loader_is_refused() {
        Load& load = loader();
        const auto load_too = loader_of(m_options);
        KeeperStory slow(load);
        KeeperStory quick(*load_too);
        quick.take(0, 0, page_view(id_a));
        VERIFY_OK(quick.keep());
        slow.take(0, 0, page_view(id_a));
        slow.take(0, 1, page_view(id_b));
        VERIFY_ERROR(slow.keep(), ErrorCode::Refused);
        QCOMPARE(rows("SELECT count(*) AS n FROM $events"), "{\"n\":1}\n"s);
        QCOMPARE(rows("SELECT count(*) AS n FROM $ids"), "{\"n\":1}\n"s);
        KeeperStory again(load);
        QCOMPARE(again.started(0), 1);
        again.take(0, 1, page_view(id_b));
        VERIFY_OK(again.keep());
    }

    void what_the_database_refuses_is_handed_back_and_the_rest_is_loaded_data() {
        add_warehouse_kinds();
    }
    void what_the_database_refuses_is_handed_back_and_the_rest_is_loaded() {
        KeeperStory story(loader());
        refuse_rows("event_type = 'poison'");
        for (int i = 0; i < 100; ++i)
            story.take(0, i,
                       i == 13 || i == 14 || i == 99 ? of_type("poison", "p" + std::to_string(i))
                                                     : page_view("e" + std::to_string(i % 90)));
        const auto kept = story.keep();
        VERIFY_OK(kept);
        QCOMPARE(kept->loaded, std::uint64_t{88});
        QCOMPARE(kept->known, std::uint64_t{9});
        QCOMPARE(story.refused_rows, (std::vector<std::size_t>{13, 14, 99}));
        QCOMPARE(rows("SELECT count(*) AS n FROM $events"), "{\"n\":88}\n"s);
        QCOMPARE(rows("SELECT count(*) AS n FROM $ids"), "{\"n\":88}\n"s);
        QCOMPARE(KeeperStory(*m_load).started(0), 100);
    }

    void odd_bytes_are_refused_by_postgresql_one_by_one() {
        KeeperStory story(loader(true));
        std::string long_id;
        for (unsigned i = 0; i < 3'000; ++i)
            long_id += std::to_string(i * 2654435761U);
        story.take(0, 0, page_view("nul", R"(,"user_id":"a\u0000b")"));
        story.take(0, 1, page_view(long_id));
        story.take(0, 2, page_view("lone", R"(,"user_id":"\ud800","properties":{"x":"\ud800"})"));
        story.take(0, 3, page_view("back\\\\slash\\ttab\\nline"));
        const auto kept = story.keep();
        VERIFY_OK(kept);
        QCOMPARE(story.refused_rows, (std::vector<std::size_t>{0, 1}));
        const auto odd = m_db->execute("SELECT event_id FROM analytics.events ORDER BY 1");
        QCOMPARE(std::string(odd->rows.at(0, 0).text), "back\\slash\ttab\nline"s);
    }

    void a_dead_letter_that_cannot_be_written_keeps_the_batch_waiting_data() {
        add_warehouse_kinds();
    }
    void a_dead_letter_that_cannot_be_written_keeps_the_batch_waiting() {
        KeeperStory story(loader());
        refuse_rows("event_type = 'poison'");
        story.take(0, 0, page_view(id_a));
        story.take(0, 1, of_type("poison", "p"));
        story.refusal = Error{.code = ErrorCode::Timeout, .what = "no broker"};
        VERIFY_ERROR(story.keep(), ErrorCode::Timeout);
        QCOMPARE(rows("SELECT count(*) AS n FROM $ids"), "{\"n\":0}\n"s);
        QCOMPARE(KeeperStory(*m_load).started(0), -1);
    }

    void a_database_in_trouble_is_not_the_rows_fault_data() { add_warehouse_kinds(); }
    void a_database_in_trouble_is_not_the_rows_fault() {
        KeeperStory story(loader());
        refuse_rows("1 = 1");
        story.take(0, 0, page_view(id_a));
        VERIFY_ERROR(story.keep(), ErrorCode::Usage);
        QVERIFY(story.refused_rows.empty());
        QCOMPARE(KeeperStory(*m_load).started(0), -1);
    }

    void a_table_that_is_held_ends_the_batch_in_time_and_it_can_be_done_again_data() {
        add_warehouse_kinds();
    }
    void a_table_that_is_held_ends_the_batch_in_time_and_it_can_be_done_again() {
        QFETCH(bool, postgresql);
        Load& load = loader();
        const auto other = write_to(m_options);
        KeeperStory story(load);
        story.take(0, 0, page_view(id_a));
        VERIFY_OK(other->begin());
        if (postgresql)
            VERIFY_OK(other->execute("LOCK TABLE analytics.event_ids"));
        VERIFY_ERROR(story.keep(), ErrorCode::Timeout);
        VERIFY_OK(other->rollback());
        KeeperStory again(load);
        again.take(0, 0, page_view(id_a));
        const auto kept = again.keep();
        VERIFY_OK(kept);
        QCOMPARE(kept->loaded, std::uint64_t{1});
    }

    void a_day_that_was_dropped_meanwhile_gets_room_again() {
        KeeperStory story(loader(true));
        const Micros noon(Micros::now() - Micros(86'400'000'000));
        story.take(0, 0, page_view(id_a), noon);
        VERIFY_OK(story.keep());
        VERIFY_OK(m_db->execute("DROP TABLE analytics.\"events_" + text_of(day_of(noon)) + "\""));
        story.take(0, 1, page_view(id_b), noon);
        VERIFY_OK(story.keep());
        QVERIFY(story.refused_rows.empty());
        QCOMPARE(rows("SELECT event_id FROM $events"),
                 "{\"event_id\":\"" + std::string(id_b) + "\"}\n");
    }

    void no_clock_makes_more_days_than_there_is_room_for_data() { add_warehouse_kinds(); }
    void no_clock_makes_more_days_than_there_is_room_for() {
        KeeperStory story(loader());
        story.take(0, 0, page_view("old"), Micros(0));
        story.take(0, 1, page_view("future"), Micros(4'102'444'800'000'000)); // 2100
        story.take(0, 2, page_view("odd", R"(,"event_time":"9999-12-31T23:59:59Z")"),
                   Micros::now());
        VERIFY_OK(story.keep());
        const std::string today = text_of(day_of(Micros::now()));
        QCOMPARE(rows("SELECT DISTINCT day FROM $events"), "{\"day\":\"" + today + "\"}\n"s);
        QCOMPARE(rows("SELECT event_time FROM $events WHERE event_id = 'odd'"),
                 "{\"event_time\":\"9999-12-31T23:59:59Z\"}\n"s);
    }

  private:
    Load& loader() {
        QFETCH(bool, postgresql);
        return loader(postgresql);
    }
    Load& loader(bool postgresql) {
        m_options = new_sandbox_warehouse(postgresql ? m_server.get() : nullptr, m_folder.path());
        m_db = write_to(m_options);
        if (const auto made = migrate(*m_db); !made)
            qFatal("%s", made.error().text().c_str());
        m_load = loader_of(m_options);
        return *m_load;
    }
    static std::unique_ptr<Load> loader_of(const ConnectionOptions& options) {
        return std::make_unique<Load>(prove_sandbox_database(options, {}, 20s).value(),
                                      LoadOptions{.statement_timeout = 500ms});
    }
    /// From now on the database does not take such rows.
    void refuse_rows(const std::string& condition) {
        QFETCH(bool, postgresql);
        const auto done =
            postgresql
                ? m_db->execute("ALTER TABLE analytics.events ADD CHECK (NOT (" + condition + "))")
                : m_db->execute("CREATE TRIGGER refusing BEFORE INSERT ON analytics_events BEGIN "
                                "SELECT raise(ABORT, 'refused') WHERE " +
                                (condition == "1 = 1" ? condition : "new." + condition) + "; END");
        if (!done)
            qFatal("%s", done.error().text().c_str());
    }
    /// As somebody else sees them; $events and $ids stand for the tables.
    std::string rows(std::string sql) {
        for (const auto& [word, table] :
             {std::pair{"$events", events_table}, std::pair{"$ids", event_ids_table}})
            if (const auto at = sql.find(word); at != std::string::npos)
                sql.replace(at, std::string(word).size(), m_db->quoted(table));
        return query(*Warehouse::open(m_options, {}).value(), sql);
    }

    ConnectionOptions m_options;
    std::unique_ptr<WritableWarehouse> m_db;
    std::unique_ptr<Load> m_load;
};

QTEST_GUILESS_MAIN(TestLoad)
#include "tst_load.moc"

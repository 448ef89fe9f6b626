// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <random>

#include "models/sandbox/workers/stitch_sessions.h"
#include "tests/models/sandbox/workers/side_table.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_kinds_test.h"

using namespace weir;
using namespace weir::sandbox;
using namespace weir::test;
using namespace std::string_literals;

namespace {

/// "12:05:00" of minute 5.
std::string at_minute(int minute) {
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return "\"2026-05-01T" + two(12 + minute / 60) + ":" + two(minute % 60) + ":00Z\"";
}

/// An event of its own that happened in that minute by a clock that is right, and was so many
/// minutes on its way.
std::string happened(const std::string& session, int minute, int held = 0,
                     const std::string& more = {}) {
    static int count = 0;
    return "{\"event_id\":\"e" + std::to_string(++count) +
           "\",\"event_type\":\"t\",\"session_id\":\"" + session +
           "\",\"event_time\":" + at_minute(minute) + ",\"sent_time\":" + at_minute(minute + held) +
           ",\"received_time\":" + at_minute(minute + held) + more + "}";
}

} // namespace

/// Sessions put together over batches, on both kinds of warehouse.
class TestStitchSessions : public WarehouseKindsTest {
    Q_OBJECT
  private Q_SLOTS:
    void a_session_grows_over_batches_and_late_events_close_its_gaps_data() {
        add_warehouse_kinds();
    }
    void a_session_grows_over_batches_and_late_events_close_its_gaps() {
        SideTable<StitchSessions> table(server(), m_folder.path());
        KeeperStory story(table.stage());
        story.take(0, 0, happened("s1", 0, 0, R"(,"anonymous_id":"a1","platform":"web")"));
        story.take(0, 1, happened("s1", 50, 0, R"(,"user_id":"u1")"));
        story.take(1, 0, happened("s2", 7));
        story.take(1, 1, R"({"event_id":"e","event_type":"without a session"})");
        auto kept = story.keep();
        VERIFY_OK(kept);
        QCOMPARE(kept->loaded, std::uint64_t{3});
        QCOMPARE(table.rows("SELECT session_id, events FROM sessions ORDER BY session_id, "
                            "started_at"),
                 "{\"session_id\":\"s1\",\"events\":1}\n{\"session_id\":\"s1\",\"events\":1}\n"
                 "{\"session_id\":\"s2\",\"events\":1}\n"s);
        story.take(0, 2, happened("s1", 25, 60)); // was offline
        VERIFY_OK(story.keep());
        QCOMPARE(table.rows("SELECT session_id, user_id, anonymous_id, platform, started_at, "
                            "ended_at, events, late_events FROM sessions ORDER BY session_id"),
                 R"({"session_id":"s1","user_id":"u1","anonymous_id":"a1","platform":"web",)"
                 R"("started_at":"2026-05-01T12:00:00Z","ended_at":"2026-05-01T12:50:00Z",)"
                 R"("events":3,"late_events":1})"
                 "\n"
                 R"({"session_id":"s2","user_id":null,"anonymous_id":null,"platform":null,)"
                 R"("started_at":"2026-05-01T12:07:00Z","ended_at":"2026-05-01T12:07:00Z",)"
                 R"("events":1,"late_events":0})"
                 "\n"s);
    }

    void an_event_that_comes_again_is_counted_once_data() { add_warehouse_kinds(); }
    void an_event_that_comes_again_is_counted_once() {
        SideTable<StitchSessions> table(server(), m_folder.path());
        const std::string one = happened("s1", 0);
        const std::string other = happened("s1", 5, 60);
        const std::string nameless = R"({"event_type":"t","session_id":"s2"})";
        KeeperStory story(table.stage());
        story.take(0, 0, one);
        story.take(0, 1, one);
        story.take(0, 2, nameless, Micros::now(), {{"weir-origin", "raw_events/3/42"}});
        auto kept = story.keep();
        VERIFY_OK(kept);
        QCOMPARE(kept->loaded, std::uint64_t{2});
        QCOMPARE(kept->known, std::uint64_t{1});
        story.take(0, 3, other);
        story.take(0, 4, one); // handed in again behind what it was handed in before
        story.take(0, 5, nameless, Micros::now(), {{"weir-origin", "raw_events/3/42"}});
        kept = story.keep();
        VERIFY_OK(kept);
        QCOMPARE(kept->loaded, std::uint64_t{1});
        const std::string expected = "{\"session_id\":\"s1\",\"events\":2,\"late_events\":1}\n"
                                     "{\"session_id\":\"s2\",\"events\":1,\"late_events\":0}\n";
        const char* const sessions =
            "SELECT session_id, events, late_events FROM sessions ORDER BY session_id";
        QCOMPARE(table.rows(sessions), expected);
        KeeperStory elsewhere(table.stage(), "another-cluster"); // which has them, too
        elsewhere.take(0, 0, one);
        elsewhere.take(0, 1, other);
        VERIFY_OK(elsewhere.keep());
        QCOMPARE(table.rows(sessions), expected);
    }

    void a_clock_that_is_off_does_no_harm() {
        SideTable<StitchSessions> table(nullptr, m_folder.path());
        KeeperStory story(table.stage());
        story.take(0, 0,
                   R"({"event_id":"e","event_type":"t","session_id":"s1",)"
                   R"("event_time":"2031-01-01T00:00:00Z","sent_time":"2031-01-01T00:00:05Z",)"
                   R"("received_time":"2026-05-01T12:00:05Z"})");
        VERIFY_OK(story.keep());
        QCOMPARE(table.rows("SELECT started_at, late_events FROM sessions"),
                 "{\"started_at\":\"2026-05-01T12:00:00Z\",\"late_events\":0}\n"s);
    }

    void every_order_and_every_cut_into_batches_gives_the_same_sessions() {
        std::mt19937 random(5);
        std::vector<std::string> events;
        for (int i = 0; i < 300; ++i)
            events.push_back(happened("s" + std::to_string(random() % 6),
                                      static_cast<int>(random() % 600),
                                      static_cast<int>(random() % 60)));
        std::string expected;
        for (int round = 0; round < 4; ++round) {
            SideTable<StitchSessions> table(nullptr, m_folder.path());
            KeeperStory story(table.stage());
            std::shuffle(events.begin(), events.end(), random);
            std::int64_t offset = 0;
            for (const std::string& each : events) {
                story.take(0, offset++, each);
                if (random() % 20 == 0)
                    VERIFY_OK(story.keep());
            }
            VERIFY_OK(story.keep());
            const std::string found =
                table.rows("SELECT session_id, started_at, ended_at, events, late_events "
                           "FROM sessions ORDER BY session_id, started_at");
            QVERIFY(round == 0 || found == expected);
            expected = found;
        }
        QVERIFY(std::count(expected.begin(), expected.end(), '\n') > 6);
    }

    void more_sessions_than_one_statement_takes_data() { add_warehouse_kinds(); }
    void more_sessions_than_one_statement_takes() {
        SideTable<StitchSessions> table(server(), m_folder.path());
        KeeperStory story(table.stage());
        for (int round = 0; round < 2; ++round) {
            for (int i = 0; i < 1'200; ++i)
                story.take(0, round * 1'200 + i, happened("s" + std::to_string(i), round));
            VERIFY_OK(story.keep());
        }
        QCOMPARE(table.rows("SELECT count(*) AS n, sum(events) AS events FROM sessions"),
                 "{\"n\":1200,\"events\":2400}\n"s);
    }
};

QTEST_GUILESS_MAIN(TestStitchSessions)
#include "tst_stitch_sessions.moc"

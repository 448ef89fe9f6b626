// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <random>

#include "models/sandbox/workers/attribute.h"
#include "tests/models/sandbox/workers/side_table.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_kinds_test.h"

using namespace weir;
using namespace weir::sandbox;
using namespace weir::test;
using namespace std::string_literals;

namespace {

/// An event as enrichment passes it on, received so many seconds after noon.
std::string touched(const std::string& user, int second, const std::string& source,
                    const std::string& id) {
    const std::string at = (second < 10 ? "0" : "") + std::to_string(second);
    return "{\"event_id\":\"" + id + "\",\"event_type\":\"login\",\"user_id\":\"" + user +
           "\",\"received_time\":\"2026-05-01T12:00:" + at +
           "Z\",\"enrichment\":{\"version\":1,\"touch\":{\"source\":" + source +
           ",\"medium\":null,\"campaign\":null,\"referrer\":null,\"landing_page\":\"/\"}}}";
}

} // namespace

/// Each user's first touch, in whatever order touches come.
class TestAttribute : public WarehouseKindsTest {
    Q_OBJECT
  private Q_SLOTS:
    void the_first_touch_stays_and_the_unknown_stays_unknown_data() { add_warehouse_kinds(); }
    void the_first_touch_stays_and_the_unknown_stays_unknown() {
        SideTable<Attribute> table(server(), m_folder.path());
        KeeperStory story(table.stage());
        story.take(0, 0, touched("u1", 5, "\"late\"", "e2"));
        story.take(0, 1, touched("u1", 3, "\"first\"", "e1"));
        story.take(1, 0, touched("u2", 7, "null", "e3"));
        story.take(1, 1, R"({"event_id":"e9","event_type":"t","user_id":"u3"})");
        const auto kept = story.keep();
        VERIFY_OK(kept);
        QCOMPARE(kept->loaded, std::uint64_t{3});
        story.take(0, 2, touched("u1", 4, "\"later\"", "e4"));
        story.take(1, 2, touched("u2", 8, "\"known\"", "e5"));
        VERIFY_OK(story.keep());
        QCOMPARE(table.rows("SELECT user_id, event_id, touched_at, source, landing_page, rule, "
                            "rule_version FROM attribution ORDER BY user_id"),
                 R"({"user_id":"u1","event_id":"e1","touched_at":"2026-05-01T12:00:03Z",)"
                 R"("source":"first","landing_page":"/","rule":"first_authenticated_touch",)"
                 R"("rule_version":1})"
                 "\n"
                 R"({"user_id":"u2","event_id":"e3","touched_at":"2026-05-01T12:00:07Z",)"
                 R"("source":null,"landing_page":"/","rule":"first_authenticated_touch",)"
                 R"("rule_version":1})"
                 "\n"s);
    }

    void what_no_table_takes_is_nobodys_touch_data() { add_warehouse_kinds(); }
    void what_no_table_takes_is_nobodys_touch() {
        SideTable<Attribute> table(server(), m_folder.path());
        KeeperStory story(table.stage());
        story.take(0, 0, touched("a\\u0000b", 1, "\"x\"", "e1"));
        story.take(0, 1, touched(std::string(5'000, 'u'), 1, "\"x\"", "e2"));
        story.take(0, 2, touched("u1", 1, "\"a\\u0000b\"", std::string(5'000, 'e')));
        VERIFY_OK(story.keep());
        QCOMPARE(table.rows("SELECT user_id, event_id, source FROM attribution"),
                 "{\"user_id\":\"u1\",\"event_id\":\"events_by_user/0/2\",\"source\":\"a\"}\n"s);
    }

    void every_order_and_every_cut_into_batches_gives_the_same_rows() {
        std::mt19937 random(7);
        std::vector<std::string> events;
        for (int i = 0; i < 200; ++i)
            events.push_back(touched(
                "u" + std::to_string(random() % 20), static_cast<int>(random() % 60),
                "\"s" + std::to_string(random() % 5) + "\"", "e" + std::to_string(1'000 + i)));
        std::string expected;
        for (int round = 0; round < 4; ++round) {
            SideTable<Attribute> table(nullptr, m_folder.path());
            KeeperStory story(table.stage());
            std::shuffle(events.begin(), events.end(), random);
            std::int64_t offset = 0;
            for (const std::string& event : events) {
                story.take(0, offset++, event);
                if (random() % 20 == 0)
                    VERIFY_OK(story.keep());
            }
            VERIFY_OK(story.keep());
            const std::string found =
                table.rows("SELECT user_id, event_id, source FROM attribution ORDER BY user_id");
            QVERIFY(round == 0 || found == expected);
            expected = found;
        }
        QCOMPARE(std::count(expected.begin(), expected.end(), '\n'), 20);
    }
};

QTEST_GUILESS_MAIN(TestAttribute)
#include "tst_attribute.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <random>
#include <set>

#include "models/sandbox/workers/deduplicate.h"
#include "tests/models/sandbox/workers/stage_story.h"

using namespace weir;
using sandbox::Deduplicate;
using test::StageStory;
using Lines = std::vector<std::string>;

namespace {

std::string page_view(const std::string& id, const std::string& more = "") {
    return "{\"event_id\":\"" + id + "\",\"event_type\":\"page_view\",\"session_id\":\"s1\"" +
           more + "}";
}
std::string purchase(const std::string& id, const std::string& order) {
    return "{\"event_id\":\"" + id +
           "\",\"event_type\":\"purchase\",\"schema_version\":3,\"session_id\":\"s1\","
           "\"properties\":{\"order_id\":" +
           order + "}}";
}
std::string passed(const std::string& value) {
    return "unique_events s1 " + value;
}

const std::string id_a = "7f3c91ab-0c1d-4e5f-8a9b-0123456789ab";
const std::string id_b = "7f3c91ab-0c1d-4e5f-8a9b-0123456789ac";

} // namespace

/// Of events that are one, the first goes on.
class TestDeduplicate : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_first_passes_unchanged_and_its_retry_does_not() {
        Deduplicate stage(nullptr);
        StageStory story(stage);
        const std::string first =
            page_view(id_a, R"(,  "received_time":"2026-01-01T00:00:00Z","n":1e2)");
        const std::string retry =
            page_view(id_a, R"(,  "received_time":"2026-01-01T00:00:09Z","n":1e2)");
        QCOMPARE(story.give("s1", first), Lines{passed(first)});
        QCOMPARE(story.give("s1", retry), Lines{"filtered: duplicate_same_bytes"});
        QCOMPARE(story.give("s1", page_view(id_b)), Lines{passed(page_view(id_b))});
    }

    void the_same_id_with_other_content_is_told_apart() {
        Deduplicate stage(nullptr);
        StageStory story(stage);
        story.give("s1", page_view(id_a, R"(,"n":1)"));
        QCOMPARE(story.give("s1", page_view(id_a, R"(,"n":2)")),
                 Lines{"filtered: duplicate_same_id"});
    }

    void an_id_is_one_however_it_is_spelt() {
        Deduplicate stage(nullptr);
        StageStory story(stage);
        story.give("s1", page_view(id_a));
        QCOMPARE(story.give("s1", page_view("7F3C91AB0C1D4E5F8A9B0123456789AB")),
                 Lines{"filtered: duplicate_same_id"});
        story.give("s1", page_view("order 17"));
        QCOMPARE(story.give("s1", page_view("order 17")), Lines{"filtered: duplicate_same_bytes"});
        QCOMPARE(story.give("s1", page_view("Order 17")).front(), passed(page_view("Order 17")));
    }

    void a_contract_says_what_makes_two_ids_one_event() {
        const auto set = ContractSet::built_in();
        const Contract* const contract = set->find("purchase", 3);
        QVERIFY(contract != nullptr && !contract->unique_by.empty());
        Deduplicate stage(std::make_shared<sandbox::ContractShelf>(set));
        StageStory story(stage);
        QCOMPARE(story.give("s1", purchase(id_a, "4711")), Lines{passed(purchase(id_a, "4711"))});
        QCOMPARE(story.give("s1", purchase(id_b, "4711")),
                 Lines{"filtered: duplicate_business_key"});
        QCOMPARE(story.give("s1", purchase(id_b, "4712")), Lines{passed(purchase(id_b, "4712"))});
    }

    void events_without_an_id_all_pass() {
        Deduplicate stage(nullptr);
        StageStory story(stage);
        const std::string none = R"({"event_type":"page_view","session_id":"s1"})";
        QCOMPARE(story.give("s1", none), Lines{passed(none)});
        QCOMPARE(story.give("s1", none), Lines{passed(none)});
    }

    void other_dialects_have_their_ids_elsewhere() {
        Deduplicate stage(nullptr);
        StageStory story(stage);
        const std::string track =
            R"({"type":"track","event":"Buy","messageId":"m-1","anonymousId":"a","originalTimestamp":"2026-01-01T00:00:00Z"})";
        QCOMPARE(story.give("a", track), Lines{"unique_events a " + track});
        QCOMPARE(story.give("a", track), Lines{"filtered: duplicate_same_bytes"});
    }

    void what_was_seen_outlives_a_restart() {
        Deduplicate stage(nullptr);
        StageStory story(stage);
        for (int i = 0; i < 100; ++i)
            story.give("s1", page_view("e" + std::to_string(i)), i);
        story.restart();
        QCOMPARE(stage.remembered(PartitionId(0)), std::size_t{100});
        for (int i = 0; i < 100; ++i)
            QCOMPARE(story.give("s1", page_view("e" + std::to_string(i)), 100 + i),
                     Lines{"filtered: duplicate_same_bytes"});
        QCOMPARE(story.give("s1", page_view("e100"), 300), Lines{passed(page_view("e100"))});
    }

    void the_window_ends_by_the_records_own_time() {
        Deduplicate stage(nullptr, {.window = Micros(60'000'000)});
        StageStory story(stage);
        story.give("s1", page_view(id_a), 1'000);
        QCOMPARE(story.give("s1", page_view(id_a), 1'060), Lines{"filtered: duplicate_same_bytes"});
        QCOMPARE(story.give("s1", page_view(id_a), 1'061), Lines{passed(page_view(id_a))});
        QCOMPARE(story.give("s1", page_view(id_a), 1'062), Lines{"filtered: duplicate_same_bytes"});
        story.give("s1", page_view(id_b), 5'000);
        QCOMPARE(stage.remembered(PartitionId(0)), std::size_t{1});
    }

    void no_more_than_the_bound_is_remembered_and_the_newest_stay() {
        Deduplicate stage(nullptr, {.ids_max = 10});
        StageStory story(stage);
        for (int i = 0; i < 1'000; ++i)
            story.give("s1", page_view("e" + std::to_string(i)), i);
        QCOMPARE(stage.remembered(PartitionId(0)), std::size_t{10});
        QCOMPARE(story.give("s1", page_view("e999"), 1'000),
                 Lines{"filtered: duplicate_same_bytes"});
        QCOMPARE(story.give("s1", page_view("e0"), 1'000), Lines{passed(page_view("e0"))});
    }

    void partitions_know_nothing_of_each_other() {
        Deduplicate stage(nullptr);
        StageStory story(stage);
        story.give("s1", page_view(id_a), 0, 0);
        QCOMPARE(story.give("s1", page_view(id_a), 0, 1), Lines{passed(page_view(id_a))});
        stage.let_go(PartitionId(0));
        QCOMPARE(stage.remembered(PartitionId(0)), std::size_t{0});
        QCOMPARE(stage.remembered(PartitionId(1)), std::size_t{1});
    }

    void it_lets_through_what_a_set_of_all_ids_would() {
        Deduplicate stage(nullptr);
        StageStory story(stage);
        std::set<int> seen;
        std::mt19937 random(5);
        for (int i = 0; i < 20'000; ++i) {
            const int id = static_cast<int>(random() % 5'000);
            const bool first = seen.insert(id).second;
            const Lines lines = story.give("s1", page_view("e" + std::to_string(id)), i);
            QCOMPARE(lines.front().rfind("unique_events", 0) == 0, first);
            if (i % 4'000 == 3'999)
                story.restart();
        }
    }
};

QTEST_GUILESS_MAIN(TestDeduplicate)
#include "tst_deduplicate.moc"

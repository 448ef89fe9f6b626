// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <algorithm>
#include <random>
#include <set>

#include "connectors/warehouse/place/seen_rows.h"

using namespace weir::warehouse;

namespace {

/// What a pass over these rows finds new, as text.
std::string pass(SeenRows& seen, std::int64_t from, const std::vector<SeenRow>& rows) {
    std::string text;
    seen.begin_pass(from);
    for (const SeenRow& row : rows)
        if (row.order >= from && seen.is_new(row.order, row.hash))
            text += std::to_string(row.order) + ":" + std::to_string(row.hash) + " ";
    seen.end_pass();
    return text;
}

} // namespace

class TestSeenRows : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_came_before_is_known_and_what_turned_up_in_between_is_new() {
        SeenRows seen(100);
        QCOMPARE(pass(seen, 0, {{1, 1}, {3, 3}, {3, 4}}), std::string("1:1 3:3 3:4 "));
        QCOMPARE(pass(seen, 0, {{1, 1}, {2, 2}, {3, 5}, {3, 3}, {3, 4}, {4, 6}}),
                 std::string("2:2 3:5 4:6 "));
        QCOMPARE(pass(seen, 3, {{3, 3}, {3, 4}, {3, 5}, {4, 6}}), std::string());
        QCOMPARE(pass(seen, 4, {}), std::string());
        QCOMPARE(pass(seen, 4, {{4, 6}, {5, 6}}), std::string("5:6 ")); // set anew: delivered anew
    }

    void a_pass_that_broke_off_forgets_nothing() {
        SeenRows seen(100);
        (void)pass(seen, 0, {{1, 1}, {2, 2}, {2, 3}, {3, 4}});
        QCOMPARE(pass(seen, 0, {{1, 1}, {2, 3}}), std::string()); // and then the server went away
        QCOMPARE(pass(seen, 0, {{1, 1}, {2, 2}, {2, 3}, {3, 4}}), std::string());
    }

    void what_is_known_outlives_the_run() {
        SeenRows first(100);
        (void)pass(first, 0, {{1, 1}, {2, 2}});
        SeenRows second(100, first.rows());
        QCOMPARE(pass(second, 1, {{1, 1}, {2, 2}, {2, 3}}), std::string("2:3 "));
    }

    void past_the_bound_the_oldest_are_forgotten_and_that_is_said() {
        SeenRows seen(2);
        QCOMPARE(seen.forgotten_to(), INT64_MIN);
        (void)pass(seen, 0, {{1, 1}, {2, 2}, {3, 3}});
        QCOMPARE(seen.rows().size(), 2u);
        QCOMPARE(seen.forgotten_to(), std::int64_t{2});
        QCOMPARE(pass(seen, seen.forgotten_to(), {{2, 2}, {3, 3}, {4, 4}}), std::string("4:4 "));
    }

    void each_row_is_new_once_whatever_the_order_of_commits() {
        std::mt19937 random(4711);
        SeenRows seen(100'000);
        std::vector<SeenRow> table;
        std::multiset<std::uint64_t> delivered;
        std::int64_t highest = 0;
        for (int round = 0; round < 200; ++round) {
            for (int i = 0; i < 50; ++i) // up to 40 below the newest, within the overlap
                table.push_back({highest - 40 + std::int64_t(random() % 60), table.size()});
            std::stable_sort(table.begin(), table.end(),
                             [](const SeenRow& a, const SeenRow& b) { return a.order < b.order; });
            const std::int64_t from = highest - 100;
            std::size_t left = round % 4 == 1 ? random() % 300 : table.size(); // some break off
            seen.begin_pass(from);
            for (const SeenRow& row : table) {
                if (row.order < from)
                    continue;
                if (left-- == 0)
                    break;
                if (seen.is_new(row.order, row.hash))
                    delivered.insert(row.hash);
                highest = std::max(highest, row.order);
            }
            seen.end_pass();
        }
        QCOMPARE(delivered.size(), table.size());
        for (std::uint64_t hash = 0; hash < table.size(); ++hash)
            QCOMPARE(delivered.count(hash), 1u);
    }
};

QTEST_GUILESS_MAIN(TestSeenRows)
#include "tst_seen_rows.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
//
// The rows of a paused view in the order of a column.
#include <QtTest>

#include "models/live/live_feed.h"
#include "models/live/sorted_rows.h"
#include "tests/support/live_world.h"

using namespace weir;

namespace {

using Kind = ColumnSpec::Kind;

/// A paused feed over what a test put into its world.
struct Paused {
    explicit Paused(LiveWorld& of)
        : world(of) {
        LiveFeedOptions options;
        options.vocabulary = world.vocabulary();
        options.rules.disclosure = DisclosurePolicy::none();
        feed = LiveFeed::start(std::move(options));
        feed->offer(world.snapshots());
        feed->pause();
    }
    bool ready(std::uint64_t rows) const {
        return feed->snapshot()->paused && feed->snapshot()->matched() == rows;
    }
    std::vector<std::int64_t> sorted(const ColumnSpec& column, bool descending = false) const {
        const auto snapshot = feed->snapshot();
        const auto job = SortJob::start(
            {snapshot, {column, descending}, world.vocabulary(), DisclosurePolicy::none()});
        if (!QTest::qWaitFor([&] { return job->finished(); }, 60'000))
            return {};
        std::vector<std::int64_t> offsets;
        job->rows().each(0, job->rows().size(), [&](RowRef ref) {
            offsets.push_back(snapshot->segment(ref)->row(ref.row).offset);
        });
        return offsets;
    }
    LiveWorld& world;
    std::unique_ptr<LiveFeed> feed;
};

std::vector<LiveWorldEvent> with_prices(const std::vector<const char*>& prices) {
    std::vector<LiveWorldEvent> events;
    for (const char* price : prices) {
        LiveWorldEvent event;
        event.offset = static_cast<std::int64_t>(events.size());
        event.value = *price == 0 ? "{}" : std::string("{\"price\":") + price + "}";
        events.push_back(std::move(event));
    }
    return events;
}

using Offsets = std::vector<std::int64_t>;

} // namespace

class TestSortJob : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void numbers_go_by_value_to_the_last_digit() {
        LiveWorld world;
        world.put(0, with_prices({"23958446825181076828", "9", "-7210194211959421178", "100",
                                  "23958446825181076827", "1e2", "-7210194211959421179"}));
        const Paused paused(world);
        QTRY_VERIFY(paused.ready(7));
        const ColumnSpec price{Kind::Path, "price"};
        // 100 and 1e2 are equal: the newer one stays on top.
        QCOMPARE(paused.sorted(price), (Offsets{6, 2, 1, 5, 3, 4, 0}));
        QCOMPARE(paused.sorted(price, true), (Offsets{0, 4, 5, 3, 1, 2, 6}));
    }

    void a_number_of_few_digits_is_told_from_its_neighbour_of_many() {
        LiveWorld world;
        world.put(
            0, with_prices({"100000000000000000001", "1e20", "99999999999999999999", "-1e20",
                            "-100000000000000000001", "0.30000000000000001", "0.3", "-0", "0.0"}));
        const Paused paused(world);
        QTRY_VERIFY(paused.ready(9));
        const ColumnSpec price{Kind::Path, "price"};
        QCOMPARE(paused.sorted(price), (Offsets{4, 3, 8, 7, 6, 5, 2, 1, 0}));
        QCOMPARE(paused.sorted(price, true), (Offsets{0, 1, 2, 5, 6, 8, 7, 3, 4}));
    }

    void text_is_compared_as_far_as_the_bound_allows() {
        QCOMPARE(SortJob::text_bytes(1), std::size_t{64});
        QCOMPARE(SortJob::text_bytes(2'000'000), std::size_t{64});
        QVERIFY(SortJob::text_bytes(20'000'000) >= 16);
        QVERIFY(20'000'000 * (SortJob::text_bytes(20'000'000) - 7) <= SortJob::texts_bytes_max);
        LiveWorld world;
        const std::string alike(63, 'a');
        const auto quoted = [](const std::string& text) { return "\"" + text + "\""; };
        const std::vector<std::string> texts{quoted(alike + "c"),  quoted(alike + "b"),
                                             quoted(alike + "bz"), quoted("aaaaaaaa"),
                                             quoted("aaaaaaaaa"),  quoted("aaaaaaab")};
        std::vector<const char*> prices;
        for (const std::string& text : texts)
            prices.push_back(text.c_str());
        world.put(0, with_prices(prices));
        const Paused paused(world);
        QTRY_VERIFY(paused.ready(6));
        // Of the second and the third, alike for 64 bytes, the newer one is on top.
        QCOMPARE(paused.sorted({Kind::Path, "price"}), (Offsets{3, 4, 2, 1, 0, 5}));
    }

    void what_is_missing_comes_last_either_way() {
        LiveWorld world;
        world.put(0, with_prices({"", "\"b\"", "7", "", "\"a\""}));
        const Paused paused(world);
        QTRY_VERIFY(paused.ready(5));
        const ColumnSpec price{Kind::Path, "price"};
        QCOMPARE(paused.sorted(price), (Offsets{2, 4, 1, 3, 0}));
        QCOMPARE(paused.sorted(price, true), (Offsets{1, 4, 2, 3, 0}));
    }

    void null_is_no_text_and_comes_last() {
        LiveWorld world;
        world.put(0, with_prices({"null", "\"null\"", "\"z\"", "\"a\""}));
        const Paused paused(world);
        QTRY_VERIFY(paused.ready(4));
        QCOMPARE(paused.sorted({Kind::Path, "price"}), (Offsets{3, 1, 2, 0}));
        QCOMPARE(paused.sorted({Kind::Path, "price"}, true), (Offsets{2, 1, 3, 0}));
    }

    void every_kind_of_column_sorts() {
        LiveWorld world;
        world.put(0, {{.topic = "b",
                       .partition = 2,
                       .offset = 1,
                       .type = "y",
                       .key = "10",
                       .value = "{}",
                       .headers = {{"trace", std::string(20, 'x')}},
                       .time_us = 300},
                      {.topic = "a",
                       .partition = 3,
                       .offset = 2,
                       .type = "z",
                       .key = "9",
                       .value = "{\"n\":1}",
                       .time_us = 100},
                      {.topic = "c",
                       .partition = 1,
                       .offset = 3,
                       .type = "x",
                       .key = "11",
                       .value = "{\"n\":12}",
                       .time_us = 200}});
        const Paused paused(world);
        QTRY_VERIFY(paused.ready(3));
        QCOMPARE(paused.sorted({Kind::Time, {}}), (Offsets{2, 3, 1}));
        QCOMPARE(paused.sorted({Kind::Topic, {}}), (Offsets{2, 1, 3}));
        QCOMPARE(paused.sorted({Kind::Partition, {}}), (Offsets{3, 1, 2}));
        QCOMPARE(paused.sorted({Kind::RecordOffset, {}}, true), (Offsets{3, 2, 1}));
        QCOMPARE(paused.sorted({Kind::Dimension, "type"}), (Offsets{3, 1, 2}));
        QCOMPARE(paused.sorted({Kind::EventSize, {}}), (Offsets{1, 2, 3}));
        QCOMPARE(paused.sorted({Kind::Size, {}}, true), (Offsets{1, 3, 2})); // with key and headers
        QCOMPARE(paused.sorted({Kind::Key, {}}), (Offsets{1, 3, 2}));        // keys are no numbers
    }

    void a_job_that_is_given_up_ends_at_once() {
        LiveWorld world;
        world.put(0, LiveWorld::purchases(200'000, 0));
        const Paused paused(world);
        QTRY_VERIFY_WITH_TIMEOUT(paused.ready(200'000), 20'000);
        auto job = SortJob::start({paused.feed->snapshot(),
                                   {{Kind::Summary, {}}, false},
                                   world.vocabulary(),
                                   DisclosurePolicy::built_in_detectors()});
        QTRY_VERIFY(job->share() > 0);
        job->cancel();
        QTRY_VERIFY(job->finished());
        QVERIFY(job->share() < 1);
        QCOMPARE(job->rows().size(), 0u);
    }

    void a_stream_that_goes_on_is_not_sorted_and_other_rows_are_sorted_anew() {
        LiveWorld world;
        world.put(0, with_prices({"3", "1", "2"}));
        const Paused paused(world);
        QTRY_VERIFY(paused.ready(3));
        SortedRows order;
        order.reset(world.vocabulary(), DisclosurePolicy::none(), {});
        order.sort_by(SortSpec{{Kind::Path, "price"}, false});
        const auto base = paused.feed->snapshot();
        QCOMPARE(order.apply(base, false), base);
        QVERIFY(!order.working());
        QTRY_VERIFY(order.apply(base, true) != base);
        QVERIFY(order.sorted());
        QCOMPARE(order.apply(base, true), order.apply(base, true)); // made once
        paused.feed->set_filter(Filter::parse("price > 1", Micros::now()).value());
        const auto narrowed = [&] {
            const auto now = paused.feed->snapshot();
            return now->matched() == 2 && order.apply(now, true)->matched() == 2 && order.sorted();
        };
        QTRY_VERIFY(narrowed());
        order.sort_by(std::nullopt);
        QCOMPARE(order.apply(base, true), base);
    }

    void a_million_rows_are_sorted_right() {
        constexpr std::int64_t rows = 1'000'000;
        LiveWorld world(1, {.rows = 1'100'000, .bytes = 2ULL << 30});
        for (std::int64_t at = 0; at < rows; at += 10'000)
            world.put(0, LiveWorld::purchases(10'000, at));
        const Paused paused(world);
        QTRY_VERIFY_WITH_TIMEOUT(paused.ready(rows), 60'000);
        // The price is the offset's remainder by 200; what is equal stays newest first.
        const Offsets by_price = paused.sorted({Kind::Path, "properties.price"}, true);
        QCOMPARE(by_price.size(), std::size_t{rows});
        QVERIFY(std::is_sorted(by_price.begin(), by_price.end(), [](auto a, auto b) {
            return a % 200 != b % 200 ? a % 200 > b % 200 : a > b;
        }));
        const Offsets by_partition = paused.sorted({Kind::Partition, {}});
        QCOMPARE(by_partition.size(), std::size_t{rows});
        QVERIFY(std::is_sorted(by_partition.begin(), by_partition.end(), [](auto a, auto b) {
            return a % 6 != b % 6 ? a % 6 < b % 6 : a > b;
        }));
    }
};

QTEST_GUILESS_MAIN(TestSortJob)
#include "tst_sort_job.moc"

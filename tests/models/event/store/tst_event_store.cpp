// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include <thread>

#include "models/event/search/hit.h"
#include "models/event/store/event_store.h"
#include "tests/support/sightings.h"

using namespace weir;
using test::EventText;

namespace {

std::vector<EventText> numbered(int first, int count, const std::string& value = "{}") {
    std::vector<EventText> events;
    for (int i = first; i < first + count; ++i)
        events.push_back({.id = std::to_string(i), .value = value, .offset = i});
    return events;
}

} // namespace

class TestEventStore : public QObject {
    Q_OBJECT

    std::shared_ptr<Vocabulary> m_words = Vocabulary::create({"type"});

  private Q_SLOTS:
    void it_keeps_bytes_headers_and_nulls_as_they_came() {
        EventStore store(0, 1, {});
        const std::string bytes("\x00\xFF{\"n\":-7210194211959421178}", 28);
        store.absorb(test::sightings(*m_words, {{.id = "a",
                                                 .value = bytes,
                                                 .offset = 5,
                                                 .headers = {{"h", "1"}, {"h", "\xFE"}, {"", ""}}},
                                                {.id = "b", .offset = 6, .tombstone = true}}));
        store.publish();
        const auto snapshot = store.snapshot();
        const Segment& segment = *snapshot->segments.at(0);
        QCOMPARE(segment.size(), 2u);
        QCOMPARE(segment.value(0), std::string_view(bytes));
        QCOMPARE(segment.key(0), std::string_view("key-a"));
        std::vector<HeaderView> headers;
        segment.headers(0, headers);
        QCOMPARE(headers.size(), 3u);
        QCOMPARE(headers[1].value, std::string_view("\xFE"));
        QVERIFY(!headers[2].null);
        QVERIFY(segment.row(1).value_null);
        QCOMPARE(segment.observed_time(1), Micros::from_ms(1'700'000'000'000));
    }

    void a_record_is_as_large_as_a_search_says() {
        const SightingBatch batch = test::sightings(
            *m_words, {{.id = "a", .headers = {{"h", "12"}, {"null", {}}, {"", ""}}}, {.id = "b"}});
        EventStore store(0, 1, {});
        store.absorb(batch);
        store.publish();
        const Segment& segment = *store.snapshot()->segments.at(0);
        QCOMPARE(segment.record_bytes(0), 5u + 2u + 3u + 4u); // key, value, two headers
        for (std::uint32_t row = 0; row < 2; ++row) {
            const Record& record = batch.records.records[row];
            QCOMPARE(segment.record_bytes(row),
                     record_bytes(record, batch.records.headers_of(record)));
        }
    }

    void the_events_of_one_record_share_its_payload() {
        SightingBatch batch = test::sightings(*m_words, {{.id = "a", .value = "[{},{}]"}});
        Sighting second = batch.sightings[0];
        batch.sightings[0].body_begin = 1;
        batch.sightings[0].body_size = 2;
        second.ordinal = 1;
        second.body_begin = 4;
        second.body_size = 2;
        batch.sightings.push_back(second);
        EventStore store(0, 1, {});
        store.absorb(batch);
        store.publish();
        const Segment& segment = *store.snapshot()->segments.at(0);
        QCOMPARE(segment.size(), 2u);
        QCOMPARE(segment.body(1), std::string_view("{}"));
        QVERIFY(segment.row(1).shares_record);
        QCOMPARE(segment.data_bytes(), std::size_t{5 + 7});
    }

    void the_oldest_go_first_and_are_counted() {
        EventStore store(0, 1, {.rows = 1000, .bytes = 1 << 20});
        for (int i = 0; i < 100; ++i)
            store.absorb(test::sightings(*m_words, numbered(i * 100, 100)));
        store.publish();
        const auto snapshot = store.snapshot();
        QCOMPARE(snapshot->rows_absorbed, 10'000u);
        std::uint64_t held = 0;
        for (std::size_t i = 0; i < snapshot->segments.size(); ++i)
            held += snapshot->rows_in(i);
        QCOMPARE(held, snapshot->rows_absorbed - snapshot->rows_released);
        QVERIFY2(held <= 1000 && held >= 800, qPrintable(QString::number(held)));
        const Segment& last = *snapshot->segments.back();
        QCOMPARE(last.row(last.size() - 1).offset, 9999);
    }

    void the_byte_bound_holds_whatever_goes_through() {
        const std::uint64_t bound = 4 << 20;
        EventStore store(0, 1, {.rows = 1'000'000, .bytes = bound, .failure_bytes = 1 << 20});
        const std::string value(3000, 'x');
        for (int i = 0; i < 200; ++i) {
            store.absorb(test::sightings(*m_words, numbered(i * 100, 100, value)));
            store.publish();
            QVERIFY(store.snapshot()->bytes_held <= bound);
        }
        QVERIFY(store.snapshot()->bytes_held > bound / 2);
    }

    void what_a_view_still_holds_counts_as_held() {
        const std::uint64_t bound = 8 << 20;
        EventStore store(0, 1, {.rows = 1'000'000, .bytes = bound, .failure_bytes = 1 << 20});
        const std::string value(3000, 'x');
        int next = 0;
        const auto read_on = [&] { // the ring once and a half
            for (int i = 0; i < 40; ++i) {
                store.absorb(test::sightings(*m_words, numbered(next, 100, value)));
                store.publish();
                next += 100;
            }
        };
        read_on();
        auto view = store.snapshot(); // holds a whole ring, which goes on without it
        const std::uint64_t held = view->bytes_held;
        QVERIFY2(held > bound * 3 / 4, qPrintable(QString::number(held)));
        read_on();
        const std::uint64_t beside = store.snapshot()->bytes_held;
        QVERIFY2(beside <= bound / 2, qPrintable(QString::number(beside)));
        QVERIFY2(beside > bound / 4, qPrintable(QString::number(beside))); // it goes on
        view.reset();
        read_on();
        QVERIFY(store.snapshot()->bytes_held > bound * 5 / 8);
    }

    void a_record_larger_than_a_segment_gets_one_of_its_own() {
        EventStore store(0, 1, {});
        store.absorb(test::sightings(
            *m_words, {{.id = "big", .value = std::string(20 << 20, 'y')}, {.id = "small"}}));
        store.publish();
        const auto snapshot = store.snapshot();
        QCOMPARE(snapshot->rows_absorbed, 2u);
        QCOMPARE(snapshot->segments.at(0)->value(0).size(), std::size_t{20} << 20);
    }

    void good_events_never_evict_failures() {
        EventStore store(0, 1, {.rows = 1000, .bytes = 1 << 20});
        store.absorb(test::sightings(
            *m_words, {{.id = "bad", .value = "{oops", .outcome = Outcome::Undecodable}}));
        for (int i = 0; i < 50; ++i)
            store.absorb(test::sightings(*m_words, numbered(i * 1000, 1000)));
        store.publish();
        const auto snapshot = store.snapshot();
        QCOMPARE(snapshot->failures_absorbed, 1u);
        QCOMPARE(snapshot->failures.at(0)->value(0), std::string_view("{oops"));
        QVERIFY(snapshot->rows_released > 0);
    }

    void a_snapshot_stays_readable_after_the_ring_let_it_go() {
        EventStore store(0, 1, {.rows = 100, .bytes = 1 << 20});
        store.absorb(test::sightings(*m_words, numbered(0, 10, "first")));
        store.publish();
        const auto old = store.snapshot();
        for (int i = 1; i < 100; ++i)
            store.absorb(test::sightings(*m_words, numbered(i * 100, 100, "later")));
        store.publish();
        QCOMPARE(old->rows_in(0), 10u);
        QCOMPARE(old->segments.at(0)->value(9), std::string_view("first"));
    }

    void readers_see_only_whole_rows_while_the_lane_writes() {
        EventStore store(0, 1, {.rows = 5000, .bytes = 8 << 20});
        std::atomic<bool> done{false};
        std::atomic<bool> wrong{false};
        std::thread reader([&] {
            while (!done) {
                const auto snapshot = store.snapshot();
                for (std::size_t s = 0; s < snapshot->segments.size(); ++s)
                    for (std::uint32_t row = 0; row < snapshot->rows_in(s); ++row) {
                        const Segment& segment = *snapshot->segments[s];
                        const std::string id = std::to_string(segment.row(row).offset);
                        if (segment.key(row) != "key-" + id || segment.value(row) != "{}")
                            wrong = true;
                    }
            }
        });
        for (int i = 0; i < 200; ++i) {
            store.absorb(test::sightings(*m_words, numbered(i * 100, 100)));
            store.publish();
        }
        done = true;
        reader.join();
        QVERIFY(!wrong);
    }
};

QTEST_GUILESS_MAIN(TestEventStore)
#include "tst_event_store.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// When an event happened, by whose clock.
#include <QtTest>

#include "models/latency/clock_policy.h"

using namespace weir;

namespace {

constexpr std::int64_t hour_us = 3'600LL * 1'000'000;
constexpr std::int64_t received_us = 1'795'521'600'000'000;

/// Created and sent so long before it was received, by the client's clock; -1: it does not say.
Sighting client_event(std::int64_t created_before_us, std::int64_t sent_before_us) {
    Sighting s;
    s.received_time = Micros(received_us);
    s.received_time_state = TimeState::Present;
    if (created_before_us != -1) {
        s.event_time = Micros(received_us - created_before_us);
        s.event_time_state = TimeState::Present;
    }
    if (sent_before_us != -1) {
        s.sent_time = Micros(received_us - sent_before_us);
        s.sent_time_state = TimeState::Present;
    }
    return s;
}

/// How long before its receipt it happened, by that policy.
std::optional<std::int64_t> before(const Sighting& s, ClockPolicy policy) {
    const auto happened = event_time(s, policy);
    return happened ? std::optional(received_us - happened->value()) : std::nullopt;
}

} // namespace

class TestClockPolicy : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_raw_clock_is_left_alone() {
        QCOMPARE(before(client_event(5, 2), ClockPolicy::Raw), std::optional<std::int64_t>(5));
        QCOMPARE(before(client_event(-hour_us, -hour_us - 3), ClockPolicy::Raw),
                 std::optional<std::int64_t>(-hour_us));
        QVERIFY(!before(client_event(-1, 2), ClockPolicy::Raw));
    }
    void a_clock_an_hour_off_is_undone_by_what_was_between_creating_and_sending() {
        for (const std::int64_t off_us : {hour_us, -hour_us})
            for (const ClockPolicy policy : {ClockPolicy::Snowplow, ClockPolicy::Segment})
                QCOMPARE(before(client_event(off_us + 30'000'000, off_us), policy),
                         std::optional<std::int64_t>(30'000'000));
    }
    void sent_before_it_was_created_is_where_the_two_part() {
        const Sighting odd = client_event(10, 15);
        QCOMPARE(before(odd, ClockPolicy::Snowplow), std::optional<std::int64_t>(0));
        QCOMPARE(before(odd, ClockPolicy::Segment), std::optional<std::int64_t>(-5));
    }
    void without_a_sent_time_one_takes_the_receipt_and_the_other_the_clock() {
        const Sighting unsent = client_event(40, -1);
        QCOMPARE(before(unsent, ClockPolicy::Snowplow), std::optional<std::int64_t>(0));
        QCOMPARE(before(unsent, ClockPolicy::Segment), std::optional<std::int64_t>(40));
        Sighting unreceived = client_event(40, 30);
        unreceived.received_time_state = TimeState::Missing;
        QVERIFY(!before(unreceived, ClockPolicy::Snowplow));
        QCOMPARE(before(unreceived, ClockPolicy::Segment), std::optional<std::int64_t>(40));
    }
    void nothing_happens_a_day_ahead() {
        QCOMPARE(before(client_event(-22 * hour_us, -1), ClockPolicy::Capped),
                 std::optional<std::int64_t>(-22 * hour_us));
        QCOMPARE(before(client_event(-24 * hour_us, -1), ClockPolicy::Capped),
                 std::optional<std::int64_t>(0));
    }
    void each_has_a_word() {
        for (const ClockPolicy policy : clock_policies)
            QCOMPARE(clock_policy(to_word(policy)), std::optional(policy));
        QVERIFY(!clock_policy("client"));
    }
};

QTEST_GUILESS_MAIN(TestClockPolicy)
#include "tst_clock_policy.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <algorithm>
#include <random>

#include "models/sandbox/stitch/session_parts.h"

using namespace weir;
using namespace weir::sandbox;
using namespace std::string_literals;

namespace {

Micros minute(int number) {
    return Micros(number * 60'000'000LL);
}
SessionPart at(int number, const std::string& user = {}) {
    return {minute(number), minute(number), 1, 0, user, {}, {}};
}
/// "0-20 x3 u1 | 60-60 x1": minutes, events, user.
std::string told(const std::vector<SessionPart>& parts) {
    std::string text;
    for (const SessionPart& part : parts) {
        text += (text.empty() ? "" : " | ") + std::to_string(part.started.value() / 60'000'000) +
                "-" + std::to_string(part.ended.value() / 60'000'000) + " x" +
                std::to_string(part.events);
        text += part.user.empty() ? "" : " " + part.user;
    }
    return text;
}
std::string stitched(const std::vector<SessionPart>& events) {
    std::vector<SessionPart> parts;
    for (const SessionPart& event : events)
        add_to(parts, event);
    return told(parts);
}

} // namespace

/// Events become sessions by their time, not by when they come.
class TestSessionParts : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_silence_longer_than_the_gap_begins_another_part() {
        QCOMPARE(stitched({at(0), at(30), at(60)}), "0-60 x3"s);
        QCOMPARE(stitched({at(0), at(31)}), "0-0 x1 | 31-31 x1"s);
    }
    void a_late_event_joins_what_it_lies_between() {
        QCOMPARE(stitched({at(0), at(50), at(100), at(25)}), "0-50 x3 | 100-100 x1"s);
        QCOMPARE(stitched({at(50), at(10)}), "10-10 x1 | 50-50 x1"s);
    }
    void the_user_is_who_was_told_first() {
        QCOMPARE(stitched({at(0), at(10, "u1"), at(5, "u2")}), "0-10 x3 u1"s);
        QCOMPARE(stitched({at(50, "late"), at(0, "early"), at(25)}), "0-50 x3 early"s);
    }

    void times_and_counts_are_those_of_the_sorted_events() {
        std::mt19937 random(9);
        for (int round = 0; round < 300; ++round) {
            std::vector<SessionPart> events;
            for (int i = 0; i < 60; ++i)
                events.push_back(at(static_cast<int>(random() % 1'500)));
            std::vector<SessionPart> sorted = events;
            std::sort(sorted.begin(), sorted.end(),
                      [](const auto& a, const auto& b) { return a.started < b.started; });
            std::vector<SessionPart> expected;
            for (const SessionPart& event : sorted) {
                if (expected.empty() || event.started - expected.back().ended > session_gap) {
                    expected.push_back(event);
                    continue;
                }
                expected.back().ended = event.ended;
                ++expected.back().events;
            }
            QCOMPARE(stitched(events), told(expected));
        }
    }
};

QTEST_GUILESS_MAIN(TestSessionParts)
#include "tst_session_parts.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a misspelt name was meant to be.
#include <QtTest>

#include "connectors/base/near_word.h"

using namespace weir;

class TestNearWord : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_slip_is_seen_through() {
        const std::vector<std::string> topics = {"invalid_events", "raw_events", "orders"};
        for (const char* slip : {"raw_event", "raw-events", "Raw_Events", "raw_evnets", "raw"})
            QCOMPARE(nearest_word(slip, topics), std::string("raw_events"));
    }
    void another_word_is_none() {
        QCOMPARE(nearest_word("payments", {"raw_events", "orders"}), std::string());
        QCOMPARE(nearest_word("a", {}), std::string());
    }
    void a_distance_counts_bytes() {
        QCOMPARE(edit_distance("", "abc"), std::size_t{3});
        QCOMPARE(edit_distance("abc", "abc"), std::size_t{0});
        QCOMPARE(edit_distance("abc", "axcd"), std::size_t{2});
    }
};

QTEST_GUILESS_MAIN(TestNearWord)
#include "tst_near_word.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a log tells of findings that come, grow and go.
#include <QtTest>

#include "models/finding/finding_changes.h"

using namespace weir;

namespace {

Finding about(const std::string& code, const std::string& stage, std::int64_t events) {
    Finding finding;
    finding.code = code;
    finding.scope.stage = stage;
    finding.events.count = events;
    return finding;
}

/// "began unaccounted enrich 3; ended …"
std::string text(const std::vector<FindingChange>& changes) {
    std::string out;
    for (const FindingChange& change : changes) {
        const Finding& finding = change.what.finding;
        out += (out.empty() ? "" : "; ") + std::string(to_word(change.state)) + " " + finding.code +
               " " + finding.scope.stage +
               (finding.events.count ? " " + std::to_string(*finding.events.count) : "") +
               (change.what.cause_code.empty() ? "" : " by " + change.what.cause_code);
    }
    return out;
}

} // namespace

class TestFindingChanges : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void what_goes_on_is_told_once() {
        FindingChanges log;
        QCOMPARE(text(log.next({about("unaccounted", "enrich", 100)})),
                 std::string("began unaccounted enrich 100"));
        for (const int more : {101, 150, 199})
            QCOMPARE(text(log.next({about("unaccounted", "enrich", more)})), std::string());
        QCOMPARE(text(log.next({about("unaccounted", "enrich", 200)})),
                 std::string("changed unaccounted enrich 200"));
        QCOMPARE(text(log.next({about("unaccounted", "enrich", 399)})), std::string());
        QCOMPARE(text(log.next({about("unaccounted", "enrich", 100)})),
                 std::string("changed unaccounted enrich 100"));
        QCOMPARE(text(log.next({})), std::string("ended unaccounted enrich 100"));
        QCOMPARE(text(log.next({})), std::string());
        QCOMPARE(text(log.next({about("unaccounted", "enrich", 100)})),
                 std::string("began unaccounted enrich 100"));
    }

    void another_cause_is_a_change_and_no_end() {
        FindingChanges log;
        log.next({about("unaccounted", "enrich", 5)});
        Finding stopped = about("group_stopped", "enrich", 9);
        stopped.consequences = {about("unaccounted", "enrich", 5)};
        QCOMPARE(text(log.next({stopped})),
                 std::string("began group_stopped enrich 9; changed unaccounted enrich 5 by "
                             "group_stopped"));
        QCOMPARE(text(log.next({about("unaccounted", "enrich", 5)})),
                 std::string("ended group_stopped enrich 9; changed unaccounted enrich 5"));
    }

    void other_events_at_the_same_place_are_a_change() {
        FindingChanges log;
        Finding one = about("unaccounted", "enrich", 5);
        log.next({one});
        one.scope.values = {{"app_version", "4.7.1"}};
        QVERIFY(!log.next({one}).empty());
        one.confidence = Confidence::Possible;
        QVERIFY(!log.next({one}).empty());
        one.sentence = "the same in other words";
        QVERIFY(log.next({one}).empty());
        one.events.count.reset(); // not known any more
        QVERIFY(!log.next({one}).empty());
    }

    void two_that_look_alike_are_two() {
        FindingChanges log;
        QCOMPARE(log.next({about("slo_broken", "load", 1), about("slo_broken", "load", 2)}).size(),
                 std::size_t{2});
        QCOMPARE(log.next({about("slo_broken", "load", 1)}).size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestFindingChanges)
#include "tst_finding_changes.moc"

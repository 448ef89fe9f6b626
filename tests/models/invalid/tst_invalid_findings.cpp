// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When invalid events are too many, and what is said of them.
#include <QtTest>

#include "models/invalid/invalid_findings.h"
#include "tests/support/invalid_world.h"

using namespace weir;
using namespace weir::test;

namespace {

std::vector<Finding> findings_in(const InvalidWorld& world,
                                 double share_max = usual_invalid_share) {
    return invalid_findings(world.seen(), *world.words, *DisclosurePolicy::none(), {}, "test",
                            false, share_max);
}

/// `good` events come in, and `bad` ones, of as many users, fail.
void see_events(InvalidWorld& world, int good, int bad) {
    for (int i = 0; i < good; ++i)
        world.see({{native_event("good" + std::to_string(i)), "raw_events", i % 60}});
    for (int i = 0; i < bad; ++i)
        world.see({{dead_letter("wrong_type", "/properties/price",
                                native_event("bad" + std::to_string(i))),
                    "invalid_events", 60 + i}});
}

} // namespace

class TestInvalidFindings : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void more_than_may_be_is_a_finding() {
        InvalidWorld world;
        see_events(world, 90, 3);
        const std::vector<Finding> found = findings_in(world);
        QCOMPARE(found.size(), std::size_t{1});
        const Finding& finding = found.front();
        QCOMPARE(finding.code, std::string("invalid_over_limit"));
        QCOMPARE(finding.events.count, std::optional<std::int64_t>(3));
        QCOMPARE(finding.users.count, std::optional<std::int64_t>(3));
        QCOMPARE(finding.scope.values.size(), std::size_t{1});
        QCOMPARE(finding.scope.values.front().second, std::string("wrong_type"));
        QCOMPARE(finding.evidence, std::vector<std::string>{"3 wrong_type in invalid_events"});
        QCOMPARE(finding.since,
                 std::optional(Micros(world.noon_us + 60 * InvalidWorld::second_us)));
        QVERIFY2(finding.sentence.ends_with("and 1 % may be"), finding.sentence.c_str());
    }

    void as_many_as_may_be_are_none() {
        InvalidWorld world;
        see_events(world, 200, 2);
        QVERIFY(findings_in(world).empty());
        QVERIFY(!findings_in(world, 0.005).empty());
    }

    void where_dead_letters_alone_are_read_one_is_enough() {
        InvalidWorld world;
        see_events(world, 0, 1);
        const std::vector<Finding> found = findings_in(world);
        QCOMPARE(found.size(), std::size_t{1});
    }

    void of_nothing_nothing_is_said() {
        InvalidWorld world;
        QVERIFY(findings_in(world).empty());
        QVERIFY(invalid_findings({}, *world.words, *DisclosurePolicy::none(), {}, "test", false)
                    .empty());
    }
};

QTEST_GUILESS_MAIN(TestInvalidFindings)
#include "tst_invalid_findings.moc"

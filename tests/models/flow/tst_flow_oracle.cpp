// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The ledger against a plain oracle: random events with random fates, seen in random orders.
#include <QtTest>

#include <map>
#include <random>
#include <set>

#include "tests/support/flow_world.h"

using namespace weir;
using namespace weir::test;

namespace {

struct Seen {
    std::string place;
    std::string id;
    std::int64_t time_us;
    std::uint16_t content;
};

/// What a stage should say, by counting alone.
struct Expected {
    std::int64_t in = 0, out = 0, rejected = 0, duplicate = 0, unaccounted = 0;
};

class Oracle {
  public:
    explicit Oracle(unsigned seed)
        : m_random(seed) {}

    /// Sightings of events that pass, are rejected or get lost somewhere, some of them repeated.
    std::vector<Seen> make(int events) {
        std::vector<Seen> all;
        for (int i = 0; i < events; ++i) {
            const std::string id = "e" + std::to_string(i);
            const std::int64_t begun_us = below(600) * FlowWorld::second_us;
            const int first = below(10) == 0 ? 1 : 0; // its first place was not watched
            for (int at = first; at < 3; ++at) {
                const int repeats = below(8) == 0 ? 1 + below(3) : 1;
                for (int n = 0; n < repeats; ++n)
                    all.push_back({FlowWorld::places[static_cast<std::size_t>(at)], id,
                                   begun_us + at * FlowWorld::second_us + n, content()});
                const int fate = below(12);
                if (fate == 0)
                    break; // lost
                if (fate == 1 && at < 2) {
                    all.push_back({"invalid_events", id, begun_us + 5 * FlowWorld::second_us, 1});
                    break;
                }
            }
        }
        std::shuffle(all.begin(), all.end(), m_random);
        return all;
    }

    static Expected expected(const std::vector<Seen>& all, std::size_t stage) {
        std::map<std::string, std::set<std::string>> at; // by place
        std::map<std::string, std::int64_t> sightings;
        for (const Seen& one : all) {
            at[one.place].insert(one.id);
            ++sightings[one.place];
        }
        const std::string& input = FlowWorld::places[stage];
        const std::string& output = FlowWorld::places[stage + 1];
        Expected e;
        e.in = sightings[input];
        e.duplicate = e.in - static_cast<std::int64_t>(at[input].size());
        for (const std::string& id : at[input]) {
            if (at[output].contains(id))
                ++e.out;
            else if (at["invalid_events"].contains(id))
                ++e.rejected;
            else
                ++e.unaccounted;
        }
        return e;
    }

    int below(int bound) { return static_cast<int>(m_random() % static_cast<unsigned>(bound)); }

  private:
    std::uint16_t content() { return static_cast<std::uint16_t>(1 + below(2)); }
    std::mt19937 m_random;
};

void compare(const FlowFigures& got, const Expected& wanted) {
    QCOMPARE(got[FlowCount::In], wanted.in);
    QCOMPARE(got[FlowCount::Out], wanted.out);
    QCOMPARE(got[FlowCount::Rejected], wanted.rejected);
    QCOMPARE(got.duplicate(), wanted.duplicate);
    QCOMPARE(got.unaccounted, wanted.unaccounted);
    QCOMPARE(got.pending + got.outside, 0);
    QCOMPARE(FlowWorld::missing(got), 0);
}

} // namespace

class TestFlowOracle : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void whatever_the_order_the_ledger_says_what_counting_says() {
        for (unsigned seed = 1; seed <= 40; ++seed) {
            Oracle oracle(seed);
            FlowWorld w(1 + static_cast<int>(seed % 3));
            const std::vector<Seen> all = oracle.make(400);
            std::size_t read = 0;
            for (const Seen& one : all) {
                w.see(one.place, one.id, one.time_us, one.content);
                if (++read % 500 != 0)
                    continue;
                const FlowReport report = w.report(); // nothing is covered yet: nothing is lost
                QVERIFY(!report.anything_unaccounted());
                for (const FlowRow& row : report.rows)
                    QCOMPARE(FlowWorld::missing(row.figures), 0);
            }
            w.read_all(60 * FlowWorld::minute_us);
            for (const std::size_t stage : {std::size_t{0}, std::size_t{1}}) {
                compare(w.stage(stage), Oracle::expected(all, stage));
                if (QTest::currentTestFailed())
                    QFAIL(qPrintable(QStringLiteral("seed %1, stage %2").arg(seed).arg(stage)));
            }
        }
    }

    void the_values_of_a_dimension_add_up_to_the_whole() {
        Oracle oracle(7);
        FlowWorld w;
        const std::vector<Seen> all = oracle.make(500);
        for (const Seen& one : all)
            w.see(one.place, one.id, one.time_us, one.content,
                  "v" + std::to_string(hash_event_id(one.id).value() % 5));
        w.read_all(180 * FlowWorld::minute_us);
        for (const std::size_t dimension : {std::size_t{0}, std::size_t{3}, std::size_t{4}}) {
            std::map<std::uint16_t, FlowFigures> sums;
            for (const FlowRow& row : w.report({.by = dimension}).rows)
                sums[row.stage].merge(row.figures);
            for (const std::uint16_t stage : {std::uint16_t{0}, std::uint16_t{1}})
                compare(sums[stage], Oracle::expected(all, stage));
        }
    }
};

QTEST_GUILESS_MAIN(TestFlowOracle)
#include "tst_flow_oracle.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The recorded histories of tests/fixtures/backlog/verdicts.txt through Weir's rules and through
// those of Burrow, as its documentation has them: they agree, or the history says why Burrow's is
// not the answer. (Beside the program itself: tst_against_burrow.)
#include <QtTest>

#include <algorithm>
#include <map>

#include "models/backlog/assessment.h"
#include "tests/support/backlog_cases.h"

using namespace weir;

using weir::test::backlog_cases;
using weir::test::BacklogCase;

namespace {

constexpr std::size_t intervals = 10; // commits, and ends of the log, that Burrow keeps

struct SeenByBurrow {
    struct Commit {
        std::int64_t at_us, offset, lag; // the lag as it was then
    };
    std::vector<Commit> commits;    // oldest first
    std::vector<std::int64_t> ends; // oldest first
    std::int64_t current_lag = 0;
    std::int64_t now_us = 0;
};

template <class T>
void keep_last(std::vector<T>& all) {
    if (all.size() > intervals)
        all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(intervals));
}

SeenByBurrow seen_of(const BacklogCase& c) {
    SeenByBurrow seen;
    for (const BacklogSample& look : c.looks) {
        seen.ends.push_back(look.end);
        const bool again = !seen.commits.empty() && seen.commits.back().offset == look.committed;
        if (look.committed >= 0 && (!again || c.commits_again))
            seen.commits.push_back(
                {look.at.value(), look.committed, std::max<std::int64_t>(0, look.lag())});
    }
    keep_last(seen.commits);
    keep_last(seen.ends);
    seen.now_us = c.now.value();
    if (!seen.commits.empty())
        seen.current_lag = std::max<std::int64_t>(0, seen.ends.back() - seen.commits.back().offset);
    return seen;
}

bool stopped(const SeenByBurrow& seen) {
    const std::int64_t span = seen.commits.back().at_us - seen.commits.front().at_us;
    return seen.now_us - seen.commits.back().at_us > span &&
           std::none_of(seen.ends.begin(), seen.ends.end(),
                        [&](std::int64_t end) { return end <= seen.commits.back().offset; });
}

bool rewound(const SeenByBurrow& seen) {
    const auto& commits = seen.commits;
    for (std::size_t i = 1; i < commits.size(); ++i)
        if (commits[i].offset < commits[i - 1].offset)
            return std::none_of(
                commits.begin() + static_cast<std::ptrdiff_t>(i), commits.end(),
                [&](const auto& later) { return later.offset >= commits[i - 1].offset; });
    return false;
}

/// With no lag allowed, as is its default. The first rule that hits wins.
const char* burrow_says(const SeenByBurrow& seen) {
    const auto& commits = seen.commits;
    if (commits.empty() || seen.current_lag == 0)
        return "OK";
    if (stopped(seen))
        return "STOP";
    if (rewound(seen))
        return "REWIND";
    if (std::any_of(commits.begin(), commits.end(), [](const auto& c) { return c.lag == 0; }))
        return "OK";
    if (std::all_of(commits.begin(), commits.end(),
                    [&](const auto& c) { return c.offset == commits.front().offset; }))
        return "STALL";
    if (std::is_sorted(commits.begin(), commits.end(),
                       [](const auto& a, const auto& b) { return a.lag < b.lag; }))
        return "WARN";
    return "OK";
}

/// In Weir's words; "": it is none of those that Burrow knows.
QString as_weirs(const QString& burrow) {
    const std::map<QString, QString> words{{QStringLiteral("OK"), QStringLiteral("OK")},
                                           {QStringLiteral("WARN"), QStringLiteral("WARN")},
                                           {QStringLiteral("STALL"), QStringLiteral("STALLED")},
                                           {QStringLiteral("STOP"), QStringLiteral("STOPPED")},
                                           {QStringLiteral("REWIND"), QStringLiteral("REWOUND")}};
    return words.at(burrow);
}

} // namespace

class TestBurrowRules : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void each_history_data() {
        QTest::addColumn<int>("number");
        const std::vector<BacklogCase> cases = backlog_cases();
        QVERIFY2(!cases.empty(), "the fixture cannot be read");
        for (std::size_t i = 0; i < cases.size(); ++i)
            QTest::newRow(qPrintable(cases[i].name)) << static_cast<int>(i);
    }

    void each_history() {
        QFETCH(int, number);
        const std::vector<BacklogCase> cases = backlog_cases();
        const BacklogCase& c = cases[static_cast<std::size_t>(number)];
        const QString burrow = QString::fromLatin1(burrow_says(seen_of(c)));
        QCOMPARE(burrow, c.burrow);
        const Assessment weir = assess(c.partition, c.group, *c.history().samples(), c.now);
        const bool agrees = as_weirs(burrow) == QLatin1String(to_word(weir.verdict));
        QVERIFY2(agrees == c.because.isEmpty(),
                 agrees ? "they agree: there is nothing to explain"
                        : qPrintable(QStringLiteral("not explained: Weir says %1, Burrow %2")
                                         .arg(QLatin1String(to_word(weir.verdict)), burrow)));
    }

    /// Each rule hits somewhere, and each of its known faults is among the histories.
    void every_rule_has_a_history() {
        const std::vector<BacklogCase> cases = backlog_cases();
        for (const char* word : {"OK", "WARN", "STALL", "STOP", "REWIND"})
            QVERIFY2(std::any_of(cases.begin(), cases.end(),
                                 [&](const BacklogCase& c) {
                                     return c.burrow == QLatin1String(word) && c.because.isEmpty();
                                 }),
                     word);
    }
};

QTEST_GUILESS_MAIN(TestBurrowRules)
#include "tst_burrow_rules.moc"

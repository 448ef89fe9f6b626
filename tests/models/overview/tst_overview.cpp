// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The pipeline at a glance: where stages stand, what flows, what is found; and its item models.
#include <QAbstractItemModelTester>
#include <QtTest>

#include "models/overview/finding_model.h"
#include "models/overview/flow_model.h"
#include "tests/support/invalid_world.h"
#include "tests/support/overview_world.h"

using namespace weir;
using namespace weir::test;

class TestOverview : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void stages_stand_in_the_order_in_which_events_flow() {
        OverviewWorld w;
        const Overview overview = make_overview(w.input());
        QCOMPARE(overview.stages.size(), std::size_t(3));
        QCOMPARE(overview.stages[0].column, 0);
        QCOMPARE(overview.stages[1].column, 1);
        QCOMPARE(overview.stages[2].column, 2);
        QCOMPARE(overview.links.size(), std::size_t(2));
        QCOMPARE(overview.dead_letters.size(), std::size_t(1));
        QCOMPARE(overview.dead_letters[0].place, std::string("invalid_events"));
    }

    void stages_that_go_round_in_a_circle_stand_somewhere() {
        OverviewWorld w;
        OverviewInput input = w.input();
        input.stages[0].inputs.push_back("enriched_events");
        for (const OverviewStage& stage : make_overview(input).stages)
            QVERIFY(stage.column < 3);
    }

    void too_many_invalid_events_are_a_finding_of_their_connection() {
        OverviewWorld w;
        InvalidWorld invalid;
        invalid.see({{.value = "{'event_id':'1','event_type':'purchase'}"}});
        OverviewInput input = w.input();
        input.flow.clear();
        input.latency.clear();
        input.backlog.clear();
        input.range = {};
        input.vocabulary = invalid.words;
        input.invalid["prod"] = invalid.seen();
        const Overview overview = make_overview(input);
        QCOMPARE(overview.findings.size(), std::size_t(1));
        QCOMPARE(overview.findings[0].code, std::string("invalid_over_limit"));
        QCOMPARE(overview.findings[0].scope.connection, std::string("prod"));
    }

    void what_flows_and_what_is_missing_is_counted() {
        OverviewWorld w;
        w.flow_through(100, 3);
        const Overview overview = make_overview(w.input());
        QCOMPARE(overview.stages[0].flow[FlowCount::In], 100);
        QCOMPARE(overview.stages[0].flow[FlowCount::Out], 97);
        QCOMPARE(overview.stages[0].flow.unaccounted, 3);
        QVERIFY(overview.stages[0].is_bad());
        QVERIFY(!overview.stages[2].judged); // its table is not observed
        QCOMPARE(overview.findings.size(), std::size_t(1));
        QCOMPARE(overview.findings[0].code, std::string("unaccounted"));
        QCOMPARE(overview.findings[0].events.count.value(), 3);
        QVERIFY(overview.findings[0].since);
    }

    void a_group_that_stands_still_is_told_at_its_stage() {
        OverviewWorld w;
        w.flow_through(10, 0);
        w.stall("weir-enrich", 40);
        const Overview overview = make_overview(w.input());
        QCOMPARE(overview.stages[1].lag_messages.value(), 40);
        QVERIFY(overview.stages[1].verdict == Verdict::Stalled);
        QCOMPARE(overview.findings.front().code, std::string("group_stalled"));
        QCOMPARE(overview.findings.front().scope.stage, std::string("enrich"));
    }

    void the_models_follow_what_is_found() {
        OverviewWorld w;
        FlowModel flow;
        FindingModel findings;
        QAbstractItemModelTester flow_tester(&flow,
                                             QAbstractItemModelTester::FailureReportingMode::Fatal);
        QAbstractItemModelTester finding_tester(
            &findings, QAbstractItemModelTester::FailureReportingMode::Fatal);
        const auto show = [&] {
            const auto made = std::make_shared<const Overview>(make_overview(w.input()));
            flow.setOverview(made);
            findings.setOverview(made);
        };
        show();
        QCOMPARE(flow.rowCount(), 3);
        QCOMPARE(findings.rowCount(), 0);
        w.flow_through(1'000, 3);
        w.stall("weir-deduplicate", 40);
        show();
        QCOMPARE(flow.index(0, FlowModel::In).data().toString(), QStringLiteral("1,000"));
        QCOMPARE(flow.index(0, FlowModel::Unaccounted).data().toString(), QStringLiteral("3"));
        QCOMPARE(flow.index(2, FlowModel::Out).data().toString(), QStringLiteral("–"));
        QCOMPARE(findings.rowCount(), 2); // what is missing may stand in front of the group
        QCOMPARE(findings.index(1).data(FindingModel::DepthRole).toInt(), 1);
        QVERIFY(findings.index(1).data().toString().startsWith(QStringLiteral("follows")));
        flow.setOverview(nullptr);
        findings.setOverview(nullptr);
        QCOMPARE(flow.rowCount(), 0);
        QCOMPARE(findings.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestOverview)
#include "tst_overview.moc"

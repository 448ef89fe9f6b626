// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Findings: what follows from what, in which order they are told, and as what they are handed on.
#include <QtTest>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "models/finding/finding.h"

using namespace weir;

namespace {

StageSpec stage(const std::string& name, const std::string& from, const std::string& to) {
    StageSpec made;
    made.name = name;
    made.inputs = {from};
    made.outputs = {to};
    return made;
}

const std::vector<StageSpec> pipeline{stage("deduplicate", "raw", "unique"),
                                      stage("enrich", "unique", "enriched"),
                                      stage("load", "enriched", "table")};

Finding finding(const std::string& code, const std::string& at, Fate fate, std::int64_t events) {
    Finding made;
    made.code = code;
    made.sentence = code + " at " + at;
    made.scope.stage = at;
    made.fate = fate;
    made.events.count = events;
    made.holds_up = code == "group_stalled";
    return made;
}

/// "code@stage(what follows)", in the order told.
std::string told(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& one : findings) {
        text += (text.empty() ? "" : " ") + one.code + "@" + one.scope.stage;
        if (!one.consequences.empty())
            text += "(" + told(one.consequences) + ")";
    }
    return text;
}

} // namespace

class TestFindings : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_is_late_behind_a_stalled_stage_follows_from_it() {
        const auto findings = ranked({finding("slo_broken", "load", Fate::Late, 5),
                                      finding("slo_broken", "enrich", Fate::Late, 9),
                                      finding("group_stalled", "enrich", Fate::Late, 100)},
                                     pipeline);
        QCOMPARE(told(findings),
                 std::string("group_stalled@enrich(slo_broken@enrich slo_broken@load)"));
    }

    void the_cause_is_the_one_that_lies_furthest_upstream() {
        const auto findings = ranked({finding("group_stalled", "load", Fate::Late, 500),
                                      finding("group_stalled", "deduplicate", Fate::Late, 10)},
                                     pipeline);
        QCOMPARE(told(findings), std::string("group_stalled@deduplicate(group_stalled@load)"));
    }

    void what_lies_upstream_of_it_does_not() {
        const auto findings = ranked({finding("slo_broken", "deduplicate", Fate::Late, 5),
                                      finding("group_stalled", "load", Fate::Late, 10)},
                                     pipeline);
        QCOMPARE(told(findings), std::string("group_stalled@load slo_broken@deduplicate"));
    }

    void what_is_lost_comes_before_what_is_late_and_many_before_few() {
        const auto findings = ranked({finding("slo_broken", "enrich", Fate::Late, 1'000),
                                      finding("unaccounted", "load", Fate::Lost, 2),
                                      finding("unaccounted", "enrich", Fate::Lost, 7)},
                                     pipeline);
        QCOMPARE(told(findings),
                 std::string("unaccounted@enrich unaccounted@load slo_broken@enrich"));
    }

    void what_is_missing_behind_a_stalled_stage_may_still_stand_in_front_of_it() {
        const auto findings = ranked({finding("unaccounted", "enrich", Fate::Lost, 7),
                                      finding("unaccounted", "load", Fate::Lost, 3),
                                      finding("group_stalled", "enrich", Fate::Late, 7)},
                                     pipeline);
        QCOMPARE(told(findings), std::string("unaccounted@load group_stalled@enrich("
                                             "unaccounted@enrich)"));
        QVERIFY(findings[1].consequences.front().fate == Fate::Unknown);
    }

    void without_stages_each_stands_by_itself() {
        QCOMPARE(told(ranked({finding("group_stalled", "", Fate::Late, 1),
                              finding("group_stalled", "", Fate::Late, 2)},
                             {})),
                 std::string("group_stalled@ group_stalled@"));
        QVERIFY(ranked({}, pipeline).empty());
    }

    void a_script_gets_all_of_it() {
        Finding one = finding("unaccounted", "enrich", Fate::Lost, 1'203);
        one.events.error = 40;
        one.since = Micros(1'795'521'600'000'000);
        one.scope.values = {{"platform", "android \"4\""}};
        one.command = {"flow", "--by", "two words"};
        one.consequences = {finding("slo_broken", "load", Fate::Late, 5)};
        const QJsonObject got =
            QJsonDocument::fromJson(QByteArray::fromStdString(to_json({one}, "-w shop.json")))
                .array()
                .first()
                .toObject();
        QCOMPARE(got[QStringLiteral("events")].toInt(), 1'203);
        QCOMPARE(got[QStringLiteral("events_error")].toInt(), 40);
        QVERIFY(got[QStringLiteral("users")].isNull());
        QCOMPARE(got[QStringLiteral("since_us")].toDouble(), 1'795'521'600'000'000.0);
        QCOMPARE(got[QStringLiteral("scope")][QStringLiteral("platform")].toString(),
                 QStringLiteral("android \"4\""));
        QCOMPARE(got[QStringLiteral("command")].toString(),
                 QStringLiteral("weir flow -w shop.json --by 'two words'"));
        QCOMPARE(got[QStringLiteral("consequences")].toArray().size(), 1);
    }

    void markdown_does_not_let_a_value_from_an_event_format_itself() {
        Finding one = finding("unaccounted", "enrich", Fate::Lost, 2);
        one.sentence = "from <script> [x](http://evil) *all*\n# top";
        const std::string text = to_markdown({one}, "");
        QVERIFY(text.find("\\<script\\>") != std::string::npos);
        QVERIFY(text.find("\\[x\\]\\(") != std::string::npos);
        QVERIFY(text.find("\n# top") == std::string::npos);
        QVERIFY(to_markdown({}, "").find("Nothing") == 0);
    }

    void a_number_that_is_not_known_is_not_nought() {
        QCOMPARE(AffectedCount().text(), std::string("not known"));
        QCOMPARE((AffectedCount{1'203, 0}).text(), std::string("1,203"));
        QCOMPARE((AffectedCount{1'203, 40}).text(), std::string("about 1,203 ± 40"));
    }
};

QTEST_GUILESS_MAIN(TestFindings)
#include "tst_findings.moc"

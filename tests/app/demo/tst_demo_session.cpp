// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "app/demo/demo_session.h"
#include "connectors/kafka/admin/admin.h"
#include "models/synth/truth_file.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;

/// What a user of the demo finds without having done anything.
class TestDemoSession : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void every_stage_of_its_workspace_works() {
        const auto session = open_demo_session({.events_per_s = 100});
        VERIFY_OK(session);
        const auto cluster = (*session)->cluster((*session)->workspace().connections.front().name);
        VERIFY_OK(cluster);
        kafka::Admin admin(*cluster);
        std::vector<std::string> groups;
        for (const auto& stage : (*session)->workspace().stages)
            groups.push_back(stage.consumer_group);
        QVERIFY(groups.size() >= 6);
        const auto all_have_committed = [&] {
            const auto offsets = admin.committed(groups, 5s);
            return std::all_of(offsets.begin(), offsets.end(), [](const auto& group) {
                return !group.error && !group.offsets.empty();
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(all_have_committed(), 60'000);
        QVERIFY(written(admin, "enriched_events") > 0);
    }

    void a_scenario_is_played_into_it_with_its_incidents() {
        auto scenario = synth::Scenario::parse(
            R"({"weir_scenario": 1, "name": "s", "events_per_s": 100, "duration": "5 s",
                "population": {"users": 500, "sessions": 100}, "faults": [
                {"fault": "bad_time", "share": 0.1},
                {"fault": "silent_drop", "stage": "enrich", "share": 0.2}]})",
            "s.json");
        VERIFY_OK(scenario);
        synth::Play play;
        play.live = true;
        play.events_per_s = 100;
        play.incidents = std::make_shared<synth::IncidentPlan>(*scenario, synth::all_incidents());
        play.scenario = std::make_shared<const synth::Scenario>(std::move(*scenario));
        const std::string truth = m_folder.filePath(QStringLiteral("s.truth")).toStdString();
        const auto session = open_demo_session({.play = play, .truth_file = truth});
        VERIFY_OK(session);
        const auto cluster = (*session)->cluster((*session)->workspace().connections.front().name);
        VERIFY_OK(cluster);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(QString::fromStdString(truth)), 60'000);
        const auto told = synth::Truth::load(truth);
        VERIFY_OK(told);
        const auto fated = [&](synth::Fate fate) {
            return std::count_if(told->events.begin(), told->events.end(),
                                 [&](const auto& one) { return one.fate == fate; });
        };
        QVERIFY(told->whole && fated(synth::Fate::Lost) > 40);
        kafka::Admin admin(*cluster);
        QTRY_COMPARE_WITH_TIMEOUT(written(admin, "enriched_events"), fated(synth::Fate::Warehouse),
                                  60'000);
        QCOMPARE(written(admin, "invalid_events"), fated(synth::Fate::Invalid));
    }

    void an_incident_that_cannot_be_had_is_told() {
        auto scenario = synth::Scenario::parse(
            R"({"weir_scenario": 1, "name": "s", "events_per_s": 100, "duration": "5 s",
                "faults": [{"fault": "stalled_worker", "stage": "shipping"}]})",
            "s.json");
        VERIFY_OK(scenario);
        synth::Play play;
        play.incidents = std::make_shared<synth::IncidentPlan>(*scenario, synth::all_incidents());
        play.scenario = std::make_shared<const synth::Scenario>(std::move(*scenario));
        VERIFY_ERROR(open_demo_session({.play = play}), ErrorCode::Config);
    }

  private:
    static std::ptrdiff_t written(kafka::Admin& admin, const std::string& topic) {
        std::vector<kafka::TopicPartition> partitions;
        const auto info = admin.topic_info(topic, 5s);
        for (const auto& p : info->partitions)
            partitions.push_back({topic, p.id});
        std::int64_t events = 0;
        for (const auto& offsets : admin.offsets(partitions, 5s))
            events += std::max<std::int64_t>(0, offsets.end.value());
        return events;
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestDemoSession)
#include "tst_demo_session.moc"

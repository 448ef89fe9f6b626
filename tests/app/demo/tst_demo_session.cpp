// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include "app/demo/demo_session.h"
#include "connectors/kafka/admin/admin.h"
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
        const auto enriched = admin.topic_info("enriched_events", 5s);
        VERIFY_OK(enriched);
        std::vector<kafka::TopicPartition> partitions;
        for (const auto& p : enriched->partitions)
            partitions.push_back({"enriched_events", p.id});
        std::int64_t events = 0;
        for (const auto& offsets : admin.offsets(partitions, 5s))
            events += std::max<std::int64_t>(0, offsets.end.value());
        QVERIFY(events > 0);
    }
};

QTEST_GUILESS_MAIN(TestDemoSession)
#include "tst_demo_session.moc"

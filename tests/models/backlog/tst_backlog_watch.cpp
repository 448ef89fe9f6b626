// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads broker
//
// The watch of a cluster's groups as the Backlog view has it: what is on screen has a history from
// before the window was opened.
#include "models/backlog/backlog_watch.h"

#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::test;

namespace {

std::shared_ptr<const BacklogSamples> samples_of(const BacklogWatch& watch,
                                                 const std::string& group) {
    static const auto none = std::make_shared<const BacklogSamples>();
    const auto snapshot = watch.snapshot();
    if (!snapshot)
        return none;
    for (const auto& one : snapshot->groups)
        if (one->group.id == group && !one->partitions.empty())
            return one->partitions[0].samples;
    return none;
}

} // namespace

class TestBacklogWatch : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_is_on_screen_has_a_history_from_before() {
        const QTemporaryDir folder;
        qputenv("WEIR_BACKLOG", folder.path().toUtf8());
        KafkaBroker& broker = KafkaBroker::shared();
        KafkaTool tool(broker);
        const std::string topic = unique_name("watched");
        const std::string group = unique_name("watched-group");
        VERIFY_OK(tool.create_topic(topic));
        VERIFY_OK(tool.write(topic, std::vector<TestRecord>(9, {.value = "x", .partition = 0})));
        VERIFY_OK(tool.commit(group, topic, {{0, 4}}));
        const Micros committed = Micros::now();
        QVERIFY(wait_for([&] { return (Micros::now() - committed).value() > 3'000'000; }));

        const Micros opened = Micros::now();
        BacklogWatch watch(kafka::Cluster::open(broker.connection(), {}).value(), {});
        watch.set_focus({group});
        QVERIFY(wait_for([&] {
            const auto samples = samples_of(watch, group);
            return !samples->empty() && samples->front().at < opened;
        }));
        const BacklogSample first = samples_of(watch, group)->front();
        QCOMPARE(first.committed, std::int64_t{4});
        QCOMPARE(first.end, std::int64_t{9});
        QVERIFY(watch.snapshot()->notes.empty());
    }
};

QTEST_GUILESS_MAIN(TestBacklogWatch)
#include "tst_backlog_watch.moc"

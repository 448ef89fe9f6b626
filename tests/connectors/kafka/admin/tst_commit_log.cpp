// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// What groups committed, read back from a real broker's __consumer_offsets.
#include "connectors/kafka/admin/commit_log.h"

#include <QtTest>

#include "connectors/secrets/secrets.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

std::vector<std::int64_t> offsets_of(const std::vector<SeenCommit>& commits) {
    std::vector<std::int64_t> all;
    for (const SeenCommit& commit : commits)
        all.push_back(commit.offset);
    return all;
}

const Micros hour(3'600'000'000);

} // namespace

class TestCommitLog : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    std::shared_ptr<Cluster> m_cluster = Cluster::open(m_broker.connection(), {}).value();

    std::string topic_of(int partitions) {
        const std::string topic = unique_name("commits");
        if (!m_tool.create_topic(topic, partitions))
            qFatal("no topic");
        return topic;
    }

  private Q_SLOTS:
    void every_commit_in_order_also_of_the_same_offset() {
        const std::string topic = topic_of(2);
        const std::string group = unique_name("committer");
        const Micros before = Micros::now();
        for (const std::int64_t offset : {3, 7, 7, 5})
            VERIFY_OK(m_tool.commit(group, topic, {{1, offset}}));
        const auto log =
            read_commits(m_cluster, {group, "of-which-nothing-is-known"}, before - hour, 20s);
        VERIFY_OK(log);
        const GroupCommits& found = log->groups.at(group);
        QCOMPARE(found.since, before - hour);
        QCOMPARE(found.places.size(), std::size_t{1});
        const auto& commits = found.places.at({topic, PartitionId(1)});
        QCOMPARE(offsets_of(commits), (std::vector<std::int64_t>{3, 7, 7, 5}));
        for (std::size_t i = 0; i < commits.size(); ++i) {
            QVERIFY(commits[i].at >= Micros::from_ms(before.ms()));
            QVERIFY(commits[i].at <= Micros::now());
            QVERIFY(i == 0 || commits[i - 1].at <= commits[i].at);
        }
        QVERIFY(log->groups.at("of-which-nothing-is-known").places.empty());
        QCOMPARE(log->unreadable, std::int64_t{0});
    }

    void nothing_is_read_from_before_and_groups_stay_apart() {
        const std::string topic = topic_of(1);
        std::vector<std::string> groups;
        for (int i = 0; i < 9; ++i) { // more than the topic has partitions
            groups.push_back(unique_name("one-of-many"));
            VERIFY_OK(m_tool.commit(groups.back(), topic, {{0, i}}));
        }
        const auto log = read_commits(m_cluster, groups, Micros::now() - hour, 20s);
        VERIFY_OK(log);
        for (int i = 0; i < 9; ++i)
            QCOMPARE(offsets_of(log->groups.at(groups[static_cast<std::size_t>(i)])
                                    .places.at({topic, PartitionId(0)})),
                     std::vector<std::int64_t>{i});
        const auto later = read_commits(m_cluster, groups, Micros::now() + hour, 20s);
        VERIFY_OK(later);
        QVERIFY(later->groups.at(groups[0]).places.empty());
    }

    /// Offsets that were sent to a transaction which is open, or was given up, are not committed.
    void an_open_transaction_holds_nothing_up() {
        const std::string topic = topic_of(1);
        const std::string group = unique_name("beside");
        VERIFY_OK(m_tool.commit(group, topic, {{0, 4}}));
        TransactionalWriter writer(m_broker, unique_name("tx"));
        VERIFY_OK(writer.begin());
        VERIFY_OK(writer.commit_offset(group, topic, 9));
        auto log = read_commits(m_cluster, {group}, Micros::now() - hour, 20s);
        VERIFY_OK(log);
        QCOMPARE(offsets_of(log->groups.at(group).places.at({topic, PartitionId(0)})),
                 std::vector<std::int64_t>{4});
        VERIFY_OK(writer.abort());
        VERIFY_OK(m_tool.commit(group, topic, {{0, 5}}));
        const auto seen = [&] {
            log = read_commits(m_cluster, {group}, Micros::now() - hour, 20s);
            return log ? offsets_of(log->groups.at(group).places.at({topic, PartitionId(0)}))
                       : std::vector<std::int64_t>();
        };
        QTRY_COMPARE_WITH_TIMEOUT(seen(), (std::vector<std::int64_t>{4, 5}), 20'000);
    }

    void the_right_that_is_missing_is_named() {
        const std::string group = unique_name("hidden");
        VERIFY_OK(m_tool.commit(group, topic_of(1), {{0, 4}}));
        VERIFY_OK(m_tool.forbid_all("historian")); // an earlier try may have been here
        const ConnectionOptions options = m_broker.connection(Listener::SaslPlaintext, "historian");
        const auto mine = Cluster::open(options, secret_resolver(options.name)).value();
        const auto read = [&] { return read_commits(mine, {group}, Micros::now() - hour, 20s); };
        auto log = read();
        VERIFY_ERROR(log, ErrorCode::NotPermitted);
        QVERIFY2(log.error().advice.find("DESCRIBE and READ on the topic __consumer_offsets") !=
                     std::string::npos,
                 log.error().text().c_str());
        VERIFY_OK(m_tool.allow("historian", "DESCRIBE", "TOPIC", "__consumer_offsets"));
        const auto code = [&] {
            log = read();
            return log ? ErrorCode::Internal : log.error().code;
        };
        QTRY_COMPARE_WITH_TIMEOUT(code(), ErrorCode::NotPermitted, 20'000);
        VERIFY_OK(m_tool.allow("historian", "READ", "TOPIC", "__consumer_offsets"));
        QTRY_VERIFY_WITH_TIMEOUT((log = read()).ok(), 20'000);
        QCOMPARE(log->groups.at(group).places.size(), std::size_t{1});
        VERIFY_OK(m_tool.forbid_all("historian"));
    }
};

QTEST_GUILESS_MAIN(TestCommitLog)
#include "tst_commit_log.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include <QCoreApplication>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

#include "tests/models/sandbox/workers/worker_world.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using test::wait_for;
using test::WorkerWorld;
using test::wrong_with_page_views;

/// Partitions that change hands in the middle of a transaction, on a real broker: what the one had
/// begun is committed before the other begins, or has never been.
class TestWorkerRebalance : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }
    void init() { m_world.emplace(WorkerWorld::make()); }
    void cleanup() { m_world.reset(); }

    void who_has_to_share_commits_what_it_has_begun() {
        const auto one = test::deduplicator(*m_world->ticket, never_committing("one"));
        m_world->send(0, 2'000);
        QVERIFY2(wait_for([&] { return one->counts().pending == 2'000; }, 60s),
                 one->counts().trouble.c_str());
        QCOMPARE(one->counts().in, std::uint64_t{0});
        QCOMPARE(committed(), std::size_t{0});
        auto two = test::deduplicator(*m_world->ticket, never_committing("two"));
        QVERIFY2(wait_for([&] { return one->counts().in == 2'000; }, 60s),
                 one->counts().trouble.c_str());
        // All again, and some that are new: whoever has them by now knows those that it did not
        // see itself.
        m_world->send(0, 2'400);
        const auto all_begun = [&] {
            return one->counts().pending > 0 && two->counts().pending > 0 &&
                   one->counts().pending + two->counts().pending == 2'400;
        };
        QVERIFY2(wait_for(all_begun, 60s), two->counts().trouble.c_str());
        QCOMPARE(committed(), std::size_t{2'000});
        two.reset(); // which leaves in the middle of a transaction, and commits it
        QVERIFY2(wait_for([&] { return one->counts().in > 2'000; }, 60s),
                 one->counts().trouble.c_str());
        QCOMPARE(wrong_with_page_views(m_world->all_of("unique_events", 2'400), 2'400), QString());
        QCOMPARE(one->counts().retried, std::uint64_t{0});
    }

    void what_was_begun_by_who_is_given_up_has_never_been() {
        const std::string log = m_folder.filePath(QStringLiteral("worker.log")).toStdString();
        auto slow = test::quick_worker("slow");
        slow.commit_every = 5s;
        slow.transaction_timeout = 12s;
        const auto child = m_world->spawn_worker(slow, log);
        VERIFY_OK(child);
        int sent = 0;
        bool amid = false; // a transaction
        for (int i = 0; i < 20 && !amid; ++i) {
            m_world->send(sent, sent + 200);
            sent += 200;
            QVERIFY2(wait_for([&] { return written() >= static_cast<std::size_t>(sent); }, 60s),
                     test::read_text(log).c_str());
            ::kill(*child, SIGSTOP);
            amid = committed() < static_cast<std::size_t>(sent);
            if (!amid)
                ::kill(*child, SIGCONT);
        }
        QVERIFY(amid);
        const std::size_t before = committed();
        const auto other = m_world->deduplicator("other");
        QVERIFY2(wait_for([&] { return committed() == static_cast<std::size_t>(sent); }, 120s),
                 other->counts().trouble.c_str());
        QCOMPARE(other->counts().out, static_cast<std::uint64_t>(sent) - before);
        // It wakes up as if nothing were, and has to learn that it is out.
        ::kill(*child, SIGCONT);
        for (int i = 0; i < 20; ++i, sent += 50)
            m_world->send(sent, sent + 50, 2);
        QCOMPARE(wrong_with_page_views(m_world->all_of("unique_events", sent, 120s), sent),
                 QString());
        QVERIFY(written() > committed()); // what it had begun lies there, and nobody gets it
        test::end_process(*child, SIGKILL, 5'000);
    }

  private:
    /// But where it has to.
    static sandbox::WorkerOptions never_committing(const std::string& instance) {
        auto options = test::quick_worker(instance);
        options.commit_every = 1h;
        options.transaction_timeout = 120s;
        return options;
    }
    std::size_t committed() const { return m_world->content("unique_events").records.size(); }
    std::size_t written() const {
        return m_world->content("unique_events", kafka::Isolation::ReadUncommitted).records.size();
    }

    QTemporaryDir m_folder;
    std::optional<WorkerWorld> m_world;
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (test::is_worker(argc, argv))
        return test::run_worker(argv);
    TestWorkerRebalance test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_worker_rebalance.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <sys/resource.h>

#include "tests/models/sandbox/workers/pipeline_world.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace std::chrono_literals;
using test::counts_of;
using test::PipelineWorld;
using test::wait_for;

namespace {

/// None of this process's files grows beyond that, as long as it lives or until it is lifted.
class FileLimit {
  public:
    explicit FileLimit(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN); // told as an error instead
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit tight{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &tight);
    }
    ~FileLimit() { lift(); }
    FileLimit(const FileLimit&) = delete;
    FileLimit& operator=(const FileLimit&) = delete;
    void lift() const { ::setrlimit(RLIMIT_FSIZE, &m_before); }

  private:
    rlimit m_before{};
};

} // namespace

/// A warehouse whose disk takes no more: the loader waits, and in the end has loaded all.
class TestLoadQuota : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }
    void init() { m_world.emplace(PipelineWorld::make(m_folder.path())); }
    void cleanup() { m_world.reset(); }

    /// What a quota says is no event's fault: none becomes a dead letter.
    void a_quota_that_is_hit_is_waited_for_and_told_of() {
        const auto pipeline = m_world->start_pipeline();
        VERIFY_OK(pipeline);
        m_world->send_more(500);
        QVERIFY(wait_for([&] { return m_world->loaded() >= m_world->sent; }, 120s));
        VERIFY_OK(m_world->server->limit_files(16 << 20));
        for (int i = 0; i < 14; ++i) // some 22 MB of rows that are not compressed
            m_world->send_more(1'000, 1, 1'000);
        QVERIFY(wait_for([&] { return !counts_of(**pipeline, "load").trouble.empty(); }, 120s));
        const std::string told = counts_of(**pipeline, "load").trouble;
        QVERIFY2(told.find("free disk space") != std::string::npos, told.c_str());
        QVERIFY(wait_for([&] { return counts_of(**pipeline, "enrich").out == 14'500; }, 120s));
        QVERIFY(m_world->loaded() < m_world->sent);
        VERIFY_OK(m_world->server->limit_files(std::nullopt));
        QVERIFY(wait_for([&] { return m_world->loaded() >= m_world->sent; }, 120s));
        QCOMPARE(counts_of(**pipeline, "load").failed_count(), std::uint64_t{0});
        QCOMPARE(m_world->wrong_with_rows(), std::string());
        QCOMPARE(m_world->wrong_with_side_tables(), std::string());
        QVERIFY(wait_for([&] { return counts_of(**pipeline, "load").trouble.empty(); }, 60s));
    }

    void a_full_disk_under_sqlite_is_waited_for_and_told_of() {
        const auto file = test::new_sandbox_warehouse(nullptr, m_folder.path());
        const auto pipeline = PipelineWorld::start_pipeline(*m_world->ticket, file, "1");
        VERIFY_OK(pipeline);
        m_world->send_more(100);
        QVERIFY(wait_for([&] { return counts_of(**pipeline, "load").out == 100; }, 60s));
        const FileLimit limit(2 << 20);
        m_world->send_more(3'000, 1, 1'300);
        QVERIFY(wait_for([&] { return !counts_of(**pipeline, "load").trouble.empty(); }, 120s));
        limit.lift();
        QVERIFY(wait_for([&] { return counts_of(**pipeline, "load").out == 3'100; }, 120s));
        QCOMPARE(counts_of(**pipeline, "load").failed_count(), std::uint64_t{0});
        const auto db = warehouse::Warehouse::open(file, {}).value();
        QCOMPARE(test::query(*db, "SELECT count(*) AS n, count(DISTINCT event_id) AS ids FROM "
                                  "analytics_events"),
                 std::string("{\"n\":3100,\"ids\":3100}\n"));
    }

  private:
    QTemporaryDir m_folder;
    std::optional<PipelineWorld> m_world;
};

QTEST_GUILESS_MAIN(TestLoadQuota)
#include "tst_load_quota.moc"

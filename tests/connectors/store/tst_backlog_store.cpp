// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/store/backlog_store.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/source_path.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::store;

namespace {

std::vector<BacklogRow> rows_of(BacklogStore& store) {
    std::vector<BacklogRow> rows;
    const auto loaded = store.load([&](BacklogRow row) { rows.push_back(std::move(row)); });
    if (!loaded)
        qWarning("%s", loaded.error().text().c_str());
    return rows;
}

} // namespace

class TestBacklogStore : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::string file(const char* name) const {
        return m_folder.filePath(QLatin1String(name)).toStdString();
    }

  private Q_SLOTS:
    void what_is_saved_is_there_after_a_restart() {
        const std::string path = file("kept.sqlite");
        {
            auto store = BacklogStore::open(path);
            VERIFY_OK(store);
            const std::string odd("group \0 '; DROP", 15);
            VERIFY_OK((*store)->save({{odd, "orders", PartitionId(3), Micros(5), "old"},
                                      {"b", "orders", PartitionId(0), Micros(9), "samples"}}));
            VERIFY_OK((*store)->save({{odd, "orders", PartitionId(3), Micros(7), "new"}}));
        }
        auto store = BacklogStore::open_read_only(path);
        VERIFY_OK(store);
        const auto rows = rows_of(**store);
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[1].group.size(), std::size_t{15});
        QCOMPARE(rows[1].samples, std::string("new"));
        QCOMPARE(rows[1].seen, Micros(7));
        QCOMPARE(rows[0].topic, std::string("orders"));
        QCOMPARE(rows[0].partition, PartitionId(0));
    }

    void what_was_not_seen_for_long_goes() {
        auto store = BacklogStore::open(file("old.sqlite"));
        VERIFY_OK((*store)->save({{"a", "t", PartitionId(0), Micros(5), ""},
                                  {"b", "t", PartitionId(0), Micros(9), ""}}));
        VERIFY_OK((*store)->forget(Micros(9)));
        const auto rows = rows_of(**store);
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows[0].group, std::string("b"));
    }

    void a_second_writer_is_refused() {
        const auto first = BacklogStore::open(file("one.sqlite"));
        VERIFY_OK(first);
        VERIFY_ERROR(BacklogStore::open(file("one.sqlite")), ErrorCode::Refused);
        VERIFY_OK(BacklogStore::open_read_only(file("one.sqlite")));
    }

    /// tests/fixtures/store/backlog-v1.sqlite was written by format 1.
    void a_file_of_version_1_is_read() {
        const std::string path = file("v1.sqlite");
        QVERIFY(QFile::copy(
            QString::fromStdString(test::source_path("tests/fixtures/store/backlog-v1.sqlite")),
            QString::fromStdString(path)));
        auto store = BacklogStore::open(path);
        VERIFY_OK(store);
        const auto rows = rows_of(**store);
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows[0].group, std::string("loader"));
        QVERIFY(!rows[0].samples.empty());
    }

    void a_clusters_file_stays_in_its_folder() {
        qputenv("WEIR_BACKLOG", m_folder.filePath(QStringLiteral("made/here")).toUtf8());
        const auto path = backlog_file("../../etc/x y");
        VERIFY_OK(path);
        QVERIFY(QString::fromStdString(*path).endsWith(
            QStringLiteral("/made/here/______etc_x_y.sqlite")));
        QVERIFY(QFile::exists(m_folder.filePath(QStringLiteral("made/here"))));
    }
};

QTEST_GUILESS_MAIN(TestBacklogStore)
#include "tst_backlog_store.moc"

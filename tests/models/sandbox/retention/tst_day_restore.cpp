// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "models/sandbox/retention/day_restore.h"
#include "tests/models/sandbox/retention/retention_world.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_kinds_test.h"
#include "tests/support/warehouse_reading.h"

using namespace weir;
using namespace weir::sandbox;
using namespace weir::test;

namespace {

/// All rows of the table.
std::string rows_of(const RetentionWorld& world) {
    return query(*warehouse::Warehouse::open(world.options, {}).value(),
                 "SELECT * FROM " + world.name(events_table) + " ORDER BY event_id");
}

Result<std::int64_t> restore(const RetentionWorld& world, int days) {
    const auto folder = ArchiveFolder::open(world.archive);
    if (!folder)
        return folder.error();
    return restore_day(*world.db, **folder, RetentionWorld::days_ago(days));
}

} // namespace

/// What retention has put into a file comes back as it was.
class TestDayRestore : public WarehouseKindsTest {
    Q_OBJECT
  private Q_SLOTS:
    void what_was_archived_comes_back_as_it_was_data() { add_warehouse_kinds(); }
    void what_was_archived_comes_back_as_it_was() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 1'100, 9,
                   ",\"user_id\":\"ü\\n\\\"1\",\"schema_version\":3,\"event_time\":"
                   "\"2026-05-01T12:00:00.123456Z\",\"n\":12345678901234567890.10");
        world.load(1'100, 1'150, 8);
        world.load(1'150, 1'160, 0);
        const std::string before = rows_of(world);
        VERIFY_OK(world.pass());
        QCOMPARE(world.ids_in_table().size(), std::size_t{10});
        const auto restored = restore(world, 9);
        VERIFY_OK(restored);
        QCOMPARE(*restored, std::int64_t{1'100});
        QVERIFY(!world.file_there(9) && world.file_there(8));
        QCOMPARE(world.wrong_with(1'160), std::string());
        VERIFY_OK(restore(world, 8));
        QVERIFY(rows_of(world) == before);
        QCOMPARE(world.number("SELECT count(*) FROM event_archives"), std::int64_t{0});
        // And goes again, if nobody says otherwise.
        VERIFY_OK(world.pass());
        QCOMPARE(world.ids_in_table().size(), std::size_t{10});
        QCOMPARE(world.wrong_with(1'160), std::string());
    }

    void an_event_that_comes_again_is_known_though_its_id_had_gone_data() { add_warehouse_kinds(); }
    void an_event_that_comes_again_is_known_though_its_id_had_gone() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 20, 9);
        VERIFY_OK(world.pass());
        VERIFY_OK(world.db->execute("DELETE FROM " + world.name(event_ids_table)));
        VERIFY_OK(restore(world, 9));
        QCOMPARE(world.load(0, 20, 9), std::uint64_t{0});
        QCOMPARE(world.wrong_with(20), std::string());
    }

    void rows_that_came_meanwhile_stay_beside_them_data() { add_warehouse_kinds(); }
    void rows_that_came_meanwhile_stay_beside_them() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 20, 9);
        VERIFY_OK(world.pass());
        world.load(20, 30, 9);
        VERIFY_OK(restore(world, 9));
        QCOMPARE(world.ids_in_table().size(), std::size_t{30});
        QCOMPARE(world.wrong_with(30), std::string());
    }

    void a_file_that_stayed_when_it_was_killed_belongs_to_nobody() {
        RetentionWorld world(nullptr, m_folder.path());
        world.load(0, 20, 9);
        VERIFY_OK(world.pass());
        const QString file = QString::fromStdString(world.file_of(9));
        QVERIFY(QFile::copy(file, file + QStringLiteral(".kept")));
        VERIFY_OK(restore(world, 9));
        QVERIFY(QFile::rename(file + QStringLiteral(".kept"), file));
        VERIFY_ERROR(restore(world, 9), ErrorCode::NotFound);
        QCOMPARE(world.wrong_with(20), std::string());
        VERIFY_OK(world.pass());
        QCOMPARE(world.wrong_with(20), std::string());
        QVERIFY(world.ids_in_table().empty());
    }

    void what_is_not_what_was_put_there_is_not_put_back_data() { add_warehouse_kinds(); }
    void what_is_not_what_was_put_there_is_not_put_back() {
        RetentionWorld world(server(), m_folder.path());
        world.load(0, 20, 9);
        VERIFY_ERROR(restore(world, 9), ErrorCode::NotFound);
        VERIFY_OK(world.pass());
        VERIFY_ERROR(restore(world, 8), ErrorCode::NotFound);
        const std::string whole = read_text(world.file_of(9));
        VERIFY_OK(write_text(world.file_of(9), whole.substr(0, whole.size() / 2)));
        VERIFY_ERROR(restore(world, 9), ErrorCode::Corrupt);
        QVERIFY(world.ids_in_table().empty());
        VERIFY_OK(write_text(world.file_of(9), whole));
        VERIFY_OK(restore(world, 9));
        QCOMPARE(world.wrong_with(20), std::string());
    }
};

QTEST_GUILESS_MAIN(TestDayRestore)
#include "tst_day_restore.moc"

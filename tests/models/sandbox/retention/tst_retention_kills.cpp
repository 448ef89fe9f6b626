// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

#include "tests/models/sandbox/retention/retention_world.h"
#include "tests/support/process.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_kinds_test.h"

using namespace weir;
using namespace weir::sandbox;
using namespace weir::test;

namespace {

/// This executable, to be killed: a pass over DATABASE into FOLDER, until so many steps are done.
int run_pass(const char* database, const char* folder, const char* steps) {
    warehouse::ConnectionOptions options;
    options.name = "killed";
    options.address = database;
    options.environment = Environment::Sandbox;
    auto plan = parse_retention("hot=7d,archive=90d").value();
    plan.folder = folder;
    int left = std::atoi(steps);
    const auto told = [&](ArchiveStep, Day) {
        if (--left == 0)
            ::raise(SIGKILL);
    };
    const auto ticket = warehouse::prove_sandbox_database(options, {}, std::chrono::seconds(30));
    const auto done = Retention(plan, ticket.value(), told).pass(day_of(Micros::now()));
    if (!done)
        std::fprintf(stderr, "%s\n", done.error().text().c_str());
    return done ? 0 : 1;
}

} // namespace

/// A pass that is killed after each of its steps, over and over on the same warehouse: at no moment
/// is an event lost, or in the table and in the archive.
class TestRetentionKills : public WarehouseKindsTest {
    Q_OBJECT
  private Q_SLOTS:
    void killed_after_any_step_nothing_is_lost_or_there_twice_data() { add_warehouse_kinds(); }
    void killed_after_any_step_nothing_is_lost_or_there_twice() {
        RetentionWorld world(server(), m_folder.path());
        int events = 0;
        int kills = 0;
        for (bool killed = true; killed; kills += killed ? 1 : 0) {
            for (const int days : {8, 9}) { // new days, and days that have a file by now
                world.load(events, events + 20, days);
                events += 20;
            }
            const auto ended =
                run({QCoreApplication::applicationFilePath().toStdString(), "--pass",
                     world.options.address, world.archive, std::to_string(kills + 1)});
            killed = !ended.ok();
            const std::string wrong = world.wrong_with(events);
            QVERIFY2(wrong.empty(), (std::to_string(kills + 1) + " steps: " + wrong).c_str());
        }
        QCOMPARE(kills, 14); // seven steps, two days
        QVERIFY(world.ids_in_table().empty());
        QCOMPARE(world.ids_in_archive().size(), static_cast<std::size_t>(events));
    }
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc == 5 && std::string_view(argv[1]) == "--pass")
        return run_pass(argv[2], argv[3], argv[4]);
    TestRetentionKills test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_retention_kills.moc"

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What was observed, kept: on good days, and with a file that is locked, broken, full or too new.
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <sqlite3.h>

#include "connectors/store/history_store.h"
#include "tests/support/source_path.h"

using namespace weir;
using namespace weir::store;

namespace {

constexpr std::int64_t minute = 60;
constexpr std::int64_t hour = 60 * minute;

void add_up(std::string_view, std::string& into, std::string_view delta) {
    into = std::to_string(std::stoi(into) + std::stoi(std::string(delta)));
}

HistoryCell cell(std::int64_t begin, const std::string& key, const std::string& value) {
    return {"flow", minute, begin, key, value};
}

std::string text_of(HistoryStore& store, std::string_view fold = "flow") {
    std::string text;
    const Result<void> done = store.cells(fold, [&](const HistoryCell& one) {
        text += std::to_string(one.width_us) + "@" + std::to_string(one.begin_us) + " " + one.key +
                "=" + one.value + "\n";
        return true;
    });
    return done ? text : done.error().text();
}

/// Another program that has the file for itself.
class OtherProgram {
  public:
    explicit OtherProgram(const std::string& file) {
        sqlite3_open(file.c_str(), &m_handle);
        run("BEGIN EXCLUSIVE");
    }
    ~OtherProgram() {
        run("ROLLBACK");
        sqlite3_close(m_handle);
    }
    OtherProgram(const OtherProgram&) = delete;
    OtherProgram& operator=(const OtherProgram&) = delete;

  private:
    void run(const char* sql) { sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr); }
    sqlite3* m_handle = nullptr;
};

} // namespace

class TestHistoryStore : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string file(const char* name) {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }

  private Q_SLOTS:
    void cells_are_added_up_and_the_rest_replaced_in_one_step() {
        auto store = *HistoryStore::open(file("a"));
        const std::string key("\0k", 2);
        QVERIFY(store
                    ->commit({.cells = {cell(0, key, "1"), cell(60, "b", "5")},
                              .ranges = {{"raw", PartitionId(1), {{Offset(3), Offset(9), {}}}}},
                              .watched = {{1, "raw", Micros(0), Micros(70)}}},
                             add_up)
                    .ok());
        QVERIFY(store
                    ->commit({.cells = {cell(60, "b", "2"), cell(60, "b", "3")},
                              .ranges = {{"raw",
                                          PartitionId(1),
                                          {{Offset(3), Offset(12), {}},
                                           {Offset(20), Offset(30), Micros(5)}}}},
                              .watched = {{1, "raw", Micros(0), Micros(130)}}},
                             add_up)
                    .ok());
        QCOMPARE(text_of(*store), "60@0 " + key + "=1\n60@60 b=10\n");
        const auto ranges = *store->ranges();
        QCOMPARE(ranges.size(), std::size_t(1));
        QCOMPARE(ranges[0].ranges.size(), std::size_t(2));
        QCOMPARE(ranges[0].ranges[0].next, Offset(12));
        QCOMPARE(ranges[0].ranges[1].newest, Micros(5));
        QCOMPARE(store->watched()->at(0).read_to, Micros(130));
    }

    void old_cells_get_wider_and_go_a_few_at_a_time() {
        auto store = *HistoryStore::open(file("b"));
        HistoryRows rows;
        constexpr int count = 1'200; // more than one step changes
        for (int i = 0; i < count; ++i)
            rows.cells.push_back(cell(i * minute, "in", "1"));
        QVERIFY(store->commit(rows, add_up).ok());
        int steps = 0;
        while (*store->roll_up("flow", minute, 10 * hour, hour, add_up))
            ++steps;
        QCOMPARE(steps, 2);
        int sum = 0;
        int wide = 0;
        (void)store->cells("flow", [&](const HistoryCell& one) {
            sum += std::stoi(one.value);
            wide += one.width_us == hour ? 1 : 0;
            return true;
        });
        QCOMPARE(sum, count);
        QCOMPARE(wide, 10);
        while (*store->forget("flow", hour, 5 * hour)) {
        }
        QVERIFY(text_of(*store).starts_with("3600@18000 in=60\n"));
    }

    void one_writes_and_others_read() {
        auto writer = *HistoryStore::open(file("c"));
        QVERIFY(writer->commit({.cells = {cell(0, "k", "1")}}, add_up).ok());
        const auto second = HistoryStore::open(file("c"));
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, ErrorCode::Refused);
        auto reader = *HistoryStore::open_read_only(file("c"));
        const auto both = reader->at_one_moment([&]() -> Result<void> {
            [&] { QCOMPARE(text_of(*reader), std::string("60@0 k=1\n")); }();
            (void)writer->commit({.cells = {cell(0, "k", "1")}}, add_up);
            [&] { QCOMPARE(text_of(*reader), std::string("60@0 k=1\n")); }();
            return {};
        });
        QVERIFY(both.ok());
        QCOMPARE(text_of(*reader), std::string("60@0 k=2\n"));
    }

    void a_locked_file_is_told_after_a_while_and_nothing_is_lost() {
        auto store = *HistoryStore::open(file("d"));
        QVERIFY(store->commit({.cells = {cell(0, "k", "1")}}, add_up).ok());
        {
            const OtherProgram other(file("d"));
            const auto refused = store->commit({.cells = {cell(0, "k", "5")}}, add_up);
            QVERIFY(!refused.ok());
            QCOMPARE(refused.error().code, ErrorCode::Timeout);
            QVERIFY(refused.error().text().find(file("d")) != std::string::npos);
        }
        QVERIFY(store->commit({.cells = {cell(0, "k", "5")}}, add_up).ok());
        QCOMPARE(text_of(*store), std::string("60@0 k=6\n"));
    }

    void a_full_file_takes_nothing_until_something_goes() {
        auto store = *HistoryStore::open(file("e"), 256 * 1024);
        const std::string big(8'000, '7');
        Result<void> done;
        int taken = 0;
        for (; done && taken < 1'000; ++taken)
            done = store->commit({.cells = {{"big", minute, taken * minute, "k", big}}}, add_up);
        QVERIFY(!done.ok());
        QCOMPARE(done.error().code, ErrorCode::DiskFull);
        QVERIFY(*store->bytes() <= 256 * 1024);
        const std::string before = text_of(*store, "big");
        QVERIFY(before.size() > 8'000U * static_cast<unsigned>(taken - 2));
        QVERIFY(*store->forget("big", minute, 10 * minute));
        QVERIFY(store->commit({.cells = {{"big", minute, taken * minute, "k", big}}}, add_up).ok());
    }

    void a_strange_file_is_named_not_overwritten() {
        QFile strange(QString::fromStdString(file("f")));
        QVERIFY(strange.open(QIODevice::WriteOnly));
        strange.write(QByteArray(5000, 'x'));
        strange.close();
        const auto opened = HistoryStore::open(file("f"));
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, ErrorCode::Corrupt);
        QVERIFY(opened.error().text().find(file("f")) != std::string::npos);
        QCOMPARE(QFile(strange.fileName()).size(), 5000);
    }

    void a_file_that_breaks_is_told() {
        {
            auto store = *HistoryStore::open(file("g"));
            HistoryRows rows;
            for (int i = 0; i < 500; ++i)
                rows.cells.push_back({"big", minute, i * minute, "k", std::string(3'000, '7')});
            QVERIFY(store->commit(rows, add_up).ok());
        }
        QFile broken(QString::fromStdString(file("g")));
        QVERIFY(broken.open(QIODevice::ReadWrite));
        broken.seek(4'096);
        broken.write(QByteArray(static_cast<int>(broken.size()) - 4'096, '\xA5'));
        broken.close();
        auto store = HistoryStore::open(file("g"));
        const auto read = store ? (*store)->cells("big", [](const HistoryCell&) { return true; })
                                : Result<void>(store.error());
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, ErrorCode::Corrupt);
        QVERIFY(!read.error().advice.empty());
    }

    void a_file_of_a_newer_weir_is_left_alone() {
        const FileKind newer{0x57656869, 9, 9, "history", {"CREATE TABLE x(y);"}};
        QVERIFY(Database::open_for_writing(file("h"), newer).ok());
        const auto opened = HistoryStore::open(file("h"));
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, ErrorCode::Unsupported);
    }

    void the_first_version_still_opens() {
        const QString copy = QString::fromStdString(file("v1"));
        QVERIFY(QFile::copy(
            QString::fromStdString(test::source_path("tests/fixtures/store/history-v1.sqlite")),
            copy));
        QVERIFY(QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner));
        auto store = *HistoryStore::open(copy.toStdString());
        QCOMPARE(text_of(*store), std::string("60@0 in=1\n"));
        QCOMPARE(store->ranges()->at(0).ranges.at(0).next, Offset(42));
        QCOMPARE(store->watched()->at(0).place, std::string("raw_events"));
    }

    void its_name_is_plain_whatever_things_are_called() {
        qputenv("WEIR_HISTORY", m_folder.path().toUtf8() + "/made");
        const auto named = history_file("Shop / Analytics", "prod", "../id");
        QVERIFY(named.ok());
        QCOMPARE(*named,
                 m_folder.path().toStdString() + "/made/Shop___Analytics-prod-___id.sqlite");
        qunsetenv("WEIR_HISTORY");
    }
};

QTEST_GUILESS_MAIN(TestHistoryStore)
#include "tst_history_store.moc"

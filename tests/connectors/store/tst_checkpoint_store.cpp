// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "connectors/store/checkpoint_store.h"
#include "tests/support/source_path.h"

using namespace weir;
using namespace weir::store;

namespace {

std::string text_of(CheckpointStore& store, std::string_view fold) {
    std::string text;
    const Result<void> done =
        store.deltas(fold, Micros(0), Micros(1'000'000), [&](const DeltaRow& row) {
            text += std::to_string(row.bucket.value()) + " " + row.key + "=" + row.value + "\n";
        });
    return done ? text : done.error().text();
}

void add_numbers(std::string& into, std::string_view delta) {
    into = std::to_string(std::stoi(into) + std::stoi(std::string(delta)));
}

} // namespace

class TestCheckpointStore : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string file(const char* name) {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }

  private Q_SLOTS:
    void deltas_are_appended_and_compaction_adds_them_up() {
        auto store = *CheckpointStore::open(file("a"));
        QVERIFY(store
                    ->commit({.deltas = {{"flow", Micros(60), "in", "3"},
                                         {"flow", Micros(0), "in", "1"}}})
                    .ok());
        QVERIFY(store
                    ->commit({.deltas = {{"flow", Micros(60), "in", "4"},
                                         {"other", Micros(0), "x", "9"}}})
                    .ok());
        QCOMPARE(text_of(*store, "flow"), std::string("0 in=1\n60 in=3\n60 in=4\n"));
        QVERIFY(store->compact("flow", add_numbers).ok());
        QCOMPARE(text_of(*store, "flow"), std::string("0 in=1\n60 in=7\n"));
        QCOMPARE(text_of(*store, "other"), std::string("0 x=9\n"));
    }

    void offsets_and_open_entries_are_replaced() {
        auto store = *CheckpointStore::open(file("b"));
        const std::string bytes("\0\xFFx", 3);
        QVERIFY(store
                    ->commit({.open_entries = {{"join", 0, "old"}},
                              .offsets = {{"raw", PartitionId(1), Offset(5)}}})
                    .ok());
        QVERIFY(store
                    ->commit({.open_entries = {{"join", 0, bytes}},
                              .offsets = {{"raw", PartitionId(1), Offset(9)}}})
                    .ok());
        QCOMPARE(store->open_entries()->at(0).bytes, bytes);
        QCOMPARE(store->offsets()->size(), 1u);
        QCOMPARE(store->offsets()->at(0).next, Offset(9));
    }

    void one_writes_and_others_read() {
        auto writer = *CheckpointStore::open(file("c"));
        QVERIFY(writer->commit({.deltas = {{"f", Micros(0), "k", "1"}}}).ok());
        const auto second = CheckpointStore::open(file("c"));
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, ErrorCode::Refused);
        auto reader = *CheckpointStore::open_read_only(file("c"));
        QCOMPARE(text_of(*reader, "f"), std::string("0 k=1\n"));
    }

    void a_strange_file_is_named_not_overwritten() {
        QFile strange(QString::fromStdString(file("d")));
        QVERIFY(strange.open(QIODevice::WriteOnly));
        strange.write(QByteArray(5000, 'x'));
        strange.close();
        const auto opened = CheckpointStore::open(file("d"));
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, ErrorCode::Corrupt);
        QVERIFY(opened.error().text().find(file("d")) != std::string::npos);
        QCOMPARE(QFile(strange.fileName()).size(), 5000);
    }

    void a_file_of_a_newer_weir_is_left_alone() {
        const FileKind newer{0x57656972, 9, 9, "checkpoint store", {"CREATE TABLE x(y);"}};
        QVERIFY(Database::open_for_writing(file("e"), newer).ok());
        const auto opened = CheckpointStore::open(file("e"));
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, ErrorCode::Unsupported);
    }

    void the_first_version_still_opens() {
        const QString copy = QString::fromStdString(file("v1"));
        QVERIFY(QFile::copy(
            QString::fromStdString(test::source_path("tests/fixtures/store/checkpoints-v1.sqlite")),
            copy));
        QVERIFY(QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner));
        auto store = *CheckpointStore::open(copy.toStdString());
        QCOMPARE(text_of(*store, "flow"), std::string("0 in=1\n"));
        QCOMPARE(store->offsets()->at(0).next, Offset(42));
    }

    void a_folder_that_does_not_exist_is_an_error_with_its_name() {
        const auto opened = CheckpointStore::open("/nowhere/at/all");
        QVERIFY(!opened.ok());
        QVERIFY(opened.error().text().find("/nowhere/at/all") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestCheckpointStore)
#include "tst_checkpoint_store.moc"

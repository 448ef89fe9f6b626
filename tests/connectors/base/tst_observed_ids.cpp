// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include <thread>

#include "connectors/base/observed_ids.h"
#include "tests/support/verify.h"

using namespace weir;

namespace {

void write(const QString& path, const QByteArray& text) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

ObservedId entry(const std::string& id, Environment environment = Environment::Production) {
    return {id, "prod-kafka", environment, Micros(1'700'000'000'000'001)};
}

} // namespace

class TestObservedIds : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void what_is_recorded_is_found_by_the_next_start() {
        VERIFY_OK(ids().record(entry("abc")));
        VERIFY_OK(ids().record(entry("def", Environment::Staging)));
        const auto all = ids().load();
        VERIFY_OK(all);
        QCOMPARE(all->size(), 2u);
        QCOMPARE((*all)[0].id, std::string("abc"));
        QCOMPARE((*all)[0].connection, std::string("prod-kafka"));
        QCOMPARE((*all)[0].first_seen, Micros(1'700'000'000'000'001));
        QCOMPARE((*all)[1].environment, Environment::Staging);
        QCOMPARE(ids().find("nobody").value().id, std::string());
    }

    void a_known_id_keeps_its_first_entry() {
        VERIFY_OK(ids().record(entry("abc")));
        VERIFY_OK(ids().record({"abc", "other", Environment::Staging, Micros(2)}));
        QCOMPARE(ids().load()->size(), 1u);
        QCOMPARE(ids().find("abc")->connection, std::string("prod-kafka"));
    }

    void sandboxes_are_kept_beside_and_are_no_observed_ones() {
        VERIFY_OK(ids().marked_sandboxes().record(entry("mine", Environment::Sandbox)));
        QCOMPARE(ids().find("mine").value().id, std::string());
        QCOMPARE(ids().marked_sandboxes().find("mine")->environment, Environment::Sandbox);
    }

    void without_a_file_nothing_was_observed() {
        VERIFY_OK(ids().load());
        QVERIFY(ids().load()->empty());
    }

    void a_file_that_cannot_be_understood_is_an_error_and_is_left_alone() {
        for (
            const char* text :
            {"", "{", "[]", R"({"format":"weir-observed-clusters"})",
             R"({"format":"weir-observed-clusters","version":9,"least_reader":9,"clusters":[]})",
             R"({"format":"weir-observed-clusters","version":1,"least_reader":1,"clusters":[{}]})"}) {
            write(path(), text);
            VERIFY_ERROR(ids().load(), ErrorCode::Corrupt);
            VERIFY_ERROR(ids().record(entry("abc")), ErrorCode::Corrupt);
            QFile file(path());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QCOMPARE(file.readAll(), QByteArray(text));
        }
    }

    void many_at_once_lose_nothing() {
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([this, t] {
                for (int i = 0; i < 10; ++i)
                    if (!ids().record(entry(std::to_string(t) + "-" + std::to_string(i))))
                        qFatal("an id was not recorded");
            });
        for (std::thread& t : threads)
            t.join();
        QCOMPARE(ids().load()->size(), 40u);
    }

    void a_folder_that_cannot_be_written_to_is_an_error() {
        const ObservedIds nowhere("/proc/weir/observed.json");
        VERIFY_ERROR(nowhere.record(entry("abc")), ErrorCode::Io);
    }

    void the_file_lies_outside_any_workspace_and_tests_can_move_it() {
        qputenv("WEIR_OBSERVED_IDS", "/somewhere/else.json");
        QCOMPARE(ObservedIds::default_path(), std::string("/somewhere/else.json"));
        qunsetenv("WEIR_OBSERVED_IDS");
        qputenv("XDG_DATA_HOME", "/data/home");
        QCOMPARE(ObservedIds::default_path(),
                 std::string("/data/home/weir/observed-clusters.json"));
        qunsetenv("XDG_DATA_HOME");
    }

  private:
    QString path() const { return m_folder->filePath(QStringLiteral("observed.json")); }
    ObservedIds ids() const { return ObservedIds(path().toStdString()); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestObservedIds)
#include "tst_observed_ids.moc"

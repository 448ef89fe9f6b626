// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include <QTemporaryDir>
#include <QtTest>

#include <random>

#include "models/event/json/json_tape.h"
#include "tests/models/sandbox/workers/worker_world.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using test::wait_for;
using test::WorkerWorld;

/// Topics that take less than is usual: what is too large for them becomes a dead letter, alone.
class TestWorkerSizes : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }
    void cleanup() { m_world.reset(); }

    void what_a_topic_does_not_take_becomes_a_dead_letter() {
        m_world.emplace(WorkerWorld::make({{"max.message.bytes", "20000"}}));
        m_world->send(0, 100);
        send_large(1, 50'000);
        for (int i = 2; i < 14; ++i) // each of them fits, together they would not
            send_large(i, 15'000);
        m_world->send(100, 200);
        const auto worker = m_world->deduplicator();
        QVERIFY2(wait_for([&] { return worker->counts().in == 213; }, std::chrono::seconds(60)),
                 worker->counts().trouble.c_str());
        QCOMPARE(worker->counts().out, std::uint64_t{212});
        QCOMPARE(worker->counts().failed.at("too_large"), std::uint64_t{1});
        QCOMPARE(worker->counts().retried, std::uint64_t{0});
        QCOMPARE(m_world->all_of("unique_events", 212).records.size(), std::size_t{212});
        check_letter();
    }

    void a_topic_that_comes_to_take_less_holds_nothing_up() {
        m_world.emplace(WorkerWorld::make());
        const auto worker = m_world->deduplicator();
        m_world->send(0, 100);
        QVERIFY2(wait_for([&] { return worker->counts().in == 100; }, std::chrono::seconds(60)),
                 worker->counts().trouble.c_str());
        test::KafkaTool tool(*m_world->broker);
        for (const char* topic : {"unique_events", "invalid_events"})
            VERIFY_OK(tool.configure(topic, {{"max.message.bytes", "20000"}}));
        send_large(1, 50'000);
        m_world->send(100, 200);
        QVERIFY2(wait_for([&] { return worker->counts().in == 201; }, std::chrono::seconds(120)),
                 worker->counts().trouble.c_str());
        QVERIFY(worker->counts().retried > 0);
        QCOMPARE(worker->counts().failed.at("too_large"), std::uint64_t{1});
        const test::Reading passed = m_world->all_of("unique_events", 200);
        QCOMPARE(test::wrong_with_page_views(passed, 200), QString());
        check_letter();
    }

  private:
    /// An event of so many bytes that no compression makes small.
    void send_large(int number, std::size_t bytes) {
        static constexpr std::string_view letters =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::string value = "{\"event_id\":\"large" + std::to_string(number) +
                            R"(","event_type":"page_view","session_id":"s","filler":")";
        while (value.size() < bytes - 2)
            value += letters[m_random() % letters.size()];
        value += "\"}";
        kafka::OutRecord record;
        record.topic = "raw_events";
        record.key = "s";
        record.key_null = false;
        record.value = value;
        WorkerWorld::demand(m_world->producer->send(record));
        WorkerWorld::demand(m_world->producer->flush(std::chrono::seconds(30)));
    }
    void check_letter() const {
        const test::Reading letters = m_world->all_of("invalid_events", 1);
        QCOMPARE(letters.records.size(), std::size_t{1});
        const std::string& letter = letters.records[0].value;
        QVERIFY(letter.size() > 15'000 && letter.size() < 20'000); // what fits of it is there
        JsonTape tape;
        QVERIFY(tape.parse(letter));
        QCOMPARE(tape.unescaped(*tape.at("/reason")), std::string("too_large"));
        QVERIFY(tape.at("/cut").has_value());
        QCOMPARE(std::string(tape.raw(*tape.at("/original_bytes"))), std::string("50000"));
    }

    QTemporaryDir m_folder;
    std::optional<WorkerWorld> m_world;
    std::mt19937 m_random{7};
};

QTEST_GUILESS_MAIN(TestWorkerSizes)
#include "tst_worker_sizes.moc"

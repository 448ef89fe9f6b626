// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a worker works between, for one test: a real broker that is marked as a sandbox, the topics
// of deduplication, and somebody who sends events "e0", "e1", … to raw_events. A worker may be a
// process of its own: the test's executable, which its main() turns into one where it is told so.
// Thread contract: one thread, which outlives such processes.
#pragma once

#include <QCoreApplication>
#include <QString>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "models/sandbox/workers/deduplicate.h"
#include "models/sandbox/workers/worker.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/process.h"

namespace weir::test {

/// All of a topic.
inline Reading content_of(const kafka::ConnectionOptions& connection, const std::string& topic,
                          kafka::Isolation isolation = kafka::Isolation::ReadCommitted) {
    const auto cluster = kafka::Cluster::open(connection, {}).value();
    Reading reading;
    const auto reader =
        kafka::Reader::open(cluster, whole(topic, isolation), std::chrono::seconds(20)).value();
    if (!read_all(*reader, reading))
        qFatal("%s was not read", topic.c_str());
    return reading;
}

/// Events `first` … `past`, each as often as `times` says, keyed by session.
inline void send_page_views(kafka::Producer& producer, int first, int past, int times = 1) {
    for (int id = first; id < past; ++id)
        for (int i = 0; i < times; ++i) {
            const std::string key = "s" + std::to_string(id % 50);
            const std::string value = "{\"event_id\":\"e" + std::to_string(id) +
                                      R"(","event_type":"page_view","session_id":")" + key + "\"}";
            kafka::OutRecord record;
            record.topic = "raw_events";
            record.key = key;
            record.key_null = false;
            record.value = value;
            if (auto sent = producer.send(record); !sent)
                qFatal("%s", sent.error().text().c_str());
        }
    if (auto flushed = producer.flush(std::chrono::seconds(30)); !flushed)
        qFatal("%s", flushed.error().text().c_str());
}

/// Each id once, and those of a session in the order they were sent in; else what is wrong.
inline QString wrong_with_page_views(const Reading& reading, int ids) {
    std::set<std::string> seen;
    std::map<std::string, int> newest;
    for (const Taken& taken : reading.records) {
        if (!seen.insert(taken.value).second)
            return QStringLiteral("twice: ") + QString::fromStdString(taken.value);
        const int id = std::stoi(taken.value.substr(std::string("{\"event_id\":\"e").size()));
        const auto [at, first] = newest.try_emplace(taken.key, id);
        if (!first && at->second > id)
            return QStringLiteral("out of order: ") + QString::fromStdString(taken.value);
        at->second = id;
    }
    if (seen.size() != static_cast<std::size_t>(ids))
        return QStringLiteral("%1 instead of %2").arg(seen.size()).arg(ids);
    return {};
}

/// Who was killed is given up after a moment.
inline sandbox::WorkerOptions quick_worker(const std::string& instance = "1") {
    sandbox::WorkerOptions options;
    options.instance = instance;
    options.session_timeout = std::chrono::seconds(6);
    options.transaction_timeout = std::chrono::seconds(5);
    return options;
}

/// One that works already.
inline std::unique_ptr<sandbox::Worker> deduplicator(const kafka::SandboxTicket& ticket,
                                                     sandbox::WorkerOptions options) {
    auto worker = std::make_unique<sandbox::Worker>(
        ticket, std::make_unique<sandbox::Deduplicate>(nullptr), std::move(options));
    worker->start();
    return worker;
}

inline bool is_worker(int argc, char** argv) {
    return argc == 6 && std::string_view(argv[1]) == "--worker";
}

/// That process, until it is killed: BROKER INSTANCE, and the milliseconds of a transaction and
/// until one is given up. Returns where it cannot begin.
inline int run_worker(char** argv) {
    kafka::ConnectionOptions connection;
    connection.name = "test-kafka";
    connection.bootstrap = argv[2];
    connection.environment = Environment::Sandbox;
    const auto ticket = prove_sandbox(connection, {}, std::chrono::seconds(30));
    if (!ticket) {
        std::fprintf(stderr, "%s\n", ticket.error().text().c_str());
        return 1;
    }
    sandbox::WorkerOptions options = quick_worker(argv[3]);
    options.commit_every = std::chrono::milliseconds(std::atoi(argv[4]));
    options.transaction_timeout = std::chrono::milliseconds(std::atoi(argv[5]));
    const auto worker = deduplicator(*ticket, options);
    for (;;)
        std::this_thread::sleep_for(std::chrono::seconds(1));
}

struct WorkerWorld {
    static constexpr int partitions = 4;

    /// `settings`: those of unique_events and invalid_events.
    static WorkerWorld make(const std::map<std::string, std::string>& settings = {}) {
        WorkerWorld world;
        world.broker = KafkaBroker::start().value();
        kafka::ConnectionOptions connection = world.broker->connection();
        connection.environment = Environment::Sandbox;
        demand(init_sandbox(connection, {}, {}, std::chrono::seconds(30)));
        world.ticket.emplace(prove_sandbox(connection, {}, std::chrono::seconds(30)).value());
        const std::map<std::string, std::map<std::string, std::string>> topics = {
            {"raw_events", {}},
            {"unique_events", settings},
            {"invalid_events", settings},
            {"deduplicate_state", {{"cleanup.policy", "compact"}}}};
        for (const auto& [name, configs] : topics)
            demand(
                create_topic(*world.ticket, {name, partitions, configs}, std::chrono::seconds(20)));
        world.producer = kafka::Producer::open(*world.ticket, {}, std::chrono::seconds(20)).value();
        return world;
    }

    static void demand(const Result<void>& done) {
        if (!done)
            qFatal("%s", done.error().text().c_str());
    }

    void send(int first, int past, int times = 1) const {
        send_page_views(*producer, first, past, times);
    }
    std::unique_ptr<sandbox::Worker> deduplicator(const std::string& instance = "1") const {
        return test::deduplicator(*ticket, quick_worker(instance));
    }
    /// One as a process of its own. What it says goes into `log`. Errors: spawn()'s.
    Result<int> spawn_worker(const sandbox::WorkerOptions& options, const std::string& log) const {
        return spawn({QCoreApplication::applicationFilePath().toStdString(), "--worker",
                      broker->address(), options.instance,
                      std::to_string(options.commit_every.count()),
                      std::to_string(options.transaction_timeout.count())},
                     log);
    }
    Reading content(const std::string& topic,
                    kafka::Isolation isolation = kafka::Isolation::ReadCommitted) const {
        return content_of(ticket->connection(), topic, isolation);
    }
    /// What is committed, once it is so much: a commit is done before its last marker is written.
    Reading all_of(const std::string& topic, int records,
                   std::chrono::seconds limit = std::chrono::seconds(30)) const {
        Reading reading;
        (void)wait_for(
            [&] {
                reading = content(topic);
                return reading.records.size() >= static_cast<std::size_t>(records);
            },
            limit);
        return reading;
    }

    std::unique_ptr<KafkaBroker> broker;
    std::optional<kafka::SandboxTicket> ticket;
    std::unique_ptr<kafka::Producer> producer;
};

} // namespace weir::test

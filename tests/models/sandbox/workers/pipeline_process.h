// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Processes of the pipeline, to be killed: a test's own executable, which its main() turns into one
// where it is told so.
// Thread contract: spawn_pipeline() from a thread that outlives the process.
#pragma once

#include <QCoreApplication>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>

#include "tests/models/sandbox/workers/pipeline_world.h"
#include "tests/support/process.h"

namespace weir::test {

/// A sandbox's cluster, as another process knows it.
inline kafka::ConnectionOptions sandbox_at(const std::string& address) {
    kafka::ConnectionOptions connection;
    connection.name = "test-kafka";
    connection.bootstrap = address;
    connection.environment = Environment::Sandbox;
    return connection;
}

/// What a process of the pipeline is told of contracts.
inline constexpr const char* no_contracts = "none";
inline constexpr const char* shop_contracts = "demo";

/// A process of all stages. `instance` tells it from others. What it says goes into `log`.
/// Errors: spawn()'s.
inline Result<int> spawn_pipeline(const PipelineWorld& world, const std::string& instance,
                                  const std::string& log, const char* contracts = no_contracts) {
    return spawn({QCoreApplication::applicationFilePath().toStdString(), "--pipeline",
                  world.broker->address(), world.warehouse.address, instance, contracts},
                 log);
}

inline bool is_pipeline(int argc, char** argv) {
    return argc == 6 && std::string_view(argv[1]) == "--pipeline";
}

/// That process, until it is killed. Returns where it cannot begin.
inline int run_pipeline(char** argv) {
    warehouse::ConnectionOptions database;
    database.name = "test-postgresql";
    database.address = argv[3];
    database.environment = Environment::Sandbox;
    const auto ticket = prove_sandbox(sandbox_at(argv[2]), {}, std::chrono::seconds(30));
    if (!ticket) {
        std::fprintf(stderr, "%s\n", ticket.error().text().c_str());
        return 1;
    }
    std::shared_ptr<const sandbox::ContractShelf> contracts;
    if (std::string_view(argv[5]) == shop_contracts)
        contracts = std::make_shared<sandbox::ContractShelf>(ContractSet::built_in());
    const auto pipeline =
        PipelineWorld::start_pipeline(*ticket, database, argv[4], std::move(contracts));
    if (!pipeline) {
        std::fprintf(stderr, "%s\n", pipeline.error().text().c_str());
        return 1;
    }
    for (;;)
        std::this_thread::sleep_for(std::chrono::seconds(1));
}

} // namespace weir::test

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events a second through the workers of one process on a real broker, against a bare librdkafka
// that copies the same topic on the same broker: first the workers that need no warehouse
// (deduplication and enrichment, each hop a transaction), then the whole pipeline with its side
// branches, on PostgreSQL and on SQLite. In turns, each on a new broker with the same events and,
// where there is one, a new database.
// Usage: pipeline_rate [EVENTS] [ROUNDS] [workers|postgresql|sqlite]
#include <QCoreApplication>
#include <QTemporaryDir>

#include <thread>

#include "models/sandbox/workers/pipeline.h"
#include "tests/bench/pipeline_ground.h"

using namespace weir;
using namespace weir::bench;
using namespace std::chrono_literals;

namespace {

/// How much each stage will have taken in.
using Due = std::map<std::string, std::uint64_t>;

Due due(std::size_t events, std::size_t of_users, bool with_warehouse) {
    Due all = {{"deduplicate", events}, {"enrich", events}};
    if (with_warehouse)
        all.insert({{"load", events},
                    {"attribute", of_users},
                    {"stitch_sessions", events},
                    {"stitch_identities", events + of_users}});
    return all;
}

bool done(const sandbox::Pipeline& pipeline, const Due& due) {
    for (const sandbox::StageReport& report : pipeline.reports())
        if (report.counts.in < due.at(report.info.name))
            return false;
    return true;
}

std::uint64_t first_stage(const sandbox::Pipeline& pipeline) {
    return pipeline.reports().front().counts.in;
}

/// From the first transaction on: joining groups is no work.
double by_weir(const kafka::SandboxTicket& ticket,
               const std::optional<warehouse::ConnectionOptions>& warehouse, std::size_t events,
               std::size_t of_users) {
    const Due all = due(events, of_users, warehouse.has_value());
    sandbox::PipelineOptions options;
    options.stages = {"deduplicate", "enrich"};
    sandbox::StageServices services{
        .contracts = std::make_shared<sandbox::ContractShelf>(ContractSet::built_in())};
    if (warehouse) {
        for (const char* stage : {"load", "attribute", "stitch_sessions", "stitch_identities"})
            options.stages.emplace_back(stage);
        services.warehouse = prove_sandbox_database(*warehouse, {}, 20s).value();
    }
    const auto pipeline = sandbox::Pipeline::start(ticket, options, services).value();
    std::uint64_t first = 0;
    while ((first = first_stage(*pipeline)) == 0)
        std::this_thread::sleep_for(1ms);
    const auto begun = Clock::now();
    while (!done(*pipeline, all))
        std::this_thread::sleep_for(1ms);
    return rate(events - first, begun);
}

void measure(const char* what, const std::optional<warehouse::ConnectionOptions>& warehouse,
             std::size_t events) {
    const SandboxBroker ground = SandboxBroker::start();
    const std::size_t of_users = ground.fill("raw_events", events);
    ground.make_topic("copied_events");
    const double bare = bare_copy(ground.broker->address(), "raw_events", "copied_events", events);
    const double weir = by_weir(*ground.ticket, warehouse, events, of_users);
    std::printf("%-12s bare copy %8.0f   weir %8.0f events/s   ratio %.3f\n", what, bare, weir,
                weir / bare);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const QTemporaryDir folder;
    qputenv("WEIR_OBSERVED_IDS", folder.filePath(QStringLiteral("ids.json")).toUtf8());
    const auto events = static_cast<std::size_t>(argc > 1 ? std::atoll(argv[1]) : 200'000);
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    const std::string only = argc > 3 ? argv[3] : "";
    const auto wanted = [&](const char* what) { return only.empty() || only == what; };
    const auto server = test::PostgresServer::start().value();
    for (int round = 0; round < rounds; ++round) {
        if (wanted("workers"))
            measure("workers", std::nullopt, events);
        if (wanted("postgresql"))
            measure("postgresql", new_tables(server.get(), folder.path()), events);
        if (wanted("sqlite"))
            measure("sqlite", new_tables(nullptr, folder.path()), events);
    }
    return 0;
}

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir sandbox: --init marks a cluster or a database as one that may be written to, --http and
// --stages run the pipeline, --retain deletes on time, --restore takes it back.
#include "app/cli/cmd.h"
#include "app/cli/sandbox_database.h"
#include "app/cli/sandbox_retention.h"
#include "app/cli/sandbox_run.h"
#include "app/cli/sandbox_scenario.h"
#include "app/cli/sandbox_stages.h"
#include "app/cli/target.h"
#include "connectors/kafka/sandbox/sandbox.h"

namespace weir::cli {

namespace {

int mark_cluster(const Arguments& arguments, std::chrono::milliseconds wait, Console& console) {
    const auto workspace = workspace_of(arguments);
    if (!workspace)
        return console.fail(workspace.error());
    const auto found = connection_of(arguments, *workspace);
    if (!found)
        return console.fail(found.error());
    kafka::ConnectionOptions connection = *found;
    if (!arguments.has("workspace")) // what is asked for here is to make it one
        connection.environment = kafka::Environment::Sandbox;
    const auto secrets = command_line_secrets(arguments, connection.name);
    if (arguments.has("init")) {
        const auto marked =
            kafka::init_sandbox(connection, secrets, arguments.values("allow-topic"), wait);
        if (!marked)
            return console.fail(marked.error());
    }
    const auto ticket = kafka::prove_sandbox(connection, secrets, wait);
    if (!ticket)
        return console.fail(ticket.error());
    console.out("cluster " + ticket->cluster_id() + " is a sandbox: Weir may write to it\n");
    return exit_fine;
}

int run_sandbox(const Arguments& arguments, Console& console) {
    const bool database = arguments.has("warehouse");
    if (arguments.has("describe")) {
        console.out(described_stages(arguments.has("json")));
        return exit_fine;
    }
    if (asks_for_sandbox_run(arguments)) {
        for (const char* name : {"init", "check", "restore"})
            if (arguments.has(name))
                return console.fail(usage_error(std::string("--") + name +
                                                " goes without --http, --stages and --scenario"));
        return run_sandbox_pipeline(arguments, console);
    }
    const auto timeout = duration_of(arguments, "timeout", Micros(10'000'000));
    if (!timeout)
        return console.fail(timeout.error());
    const std::chrono::milliseconds wait(timeout->ms());
    const bool marks = arguments.has("init") || arguments.has("check");
    if (!marks && arguments.has("restore"))
        return run_restore(arguments, wait, console);
    if (!marks && arguments.has("retain"))
        return run_retention(arguments, wait, console);
    if (!marks)
        return console.fail(usage_error("it is not said what to do",
                                        "Add --http HOST:PORT, --scenario FILE, --init, --check, "
                                        "--retain or --restore."));
    if (arguments.has("retain") || arguments.has("archive") || arguments.has("restore"))
        return console.fail(usage_error("--init and --check go without --retain and --restore"));
    if (!database && (arguments.has("allow-table") || arguments.has("warehouse-password")))
        return console.fail(usage_error("it is not said which database", "Add --warehouse."));
    const bool cluster = !database || arguments.has("workspace") || arguments.has("bootstrap");
    const int done = cluster ? mark_cluster(arguments, wait, console) : exit_fine;
    return done == exit_fine && database ? mark_database(arguments, wait, console) : done;
}

} // namespace

Command sandbox_command() {
    return {
        "sandbox",
        "--http HOST:PORT|--scenario FILE --bootstrap embedded|HOST:PORT",
        "Run the sandbox pipeline's collector, or (--init) mark a cluster or a database as a "
        "sandbox",
        "With --http or --https it collects events over HTTP until it is told to end: POST "
        "/events,\n"
        "Segment's /v1/… and Snowplow's tracker protocol, into raw_events and invalid_events of a\n"
        "cluster that is marked as a sandbox, or of the one inside Weir (--bootstrap embedded).\n"
        "With --stages all and --warehouse they are deduplicated and loaded into a marked "
        "database.\n"
        "--retain moves rows that have become old into archive files, and deletes on time: once "
        "an\n"
        "hour beside the stages; without --stages and --http once, now. Where it is ended it goes "
        "on.\n"
        "--restore puts the archive file of a day back.\n"
        "With --scenario its events come from a file: they are played at their pace, what goes "
        "wrong\n"
        "with the pipeline itself is carried out, and it ends when all is done. --truth writes "
        "what\n"
        "should then be in the warehouse, and weir truth compares.\n"
        "--init marks a cluster (--bootstrap), a database (--warehouse), or both. It is refused\n"
        "where topics or tables exist which Weir did not make, unless each is named by\n"
        "--allow-topic or --allow-table, and for whatever was ever observed as production or "
        "staging.",
        0,
        join({sandbox_run_options(),
              retention_options(),
              sandbox_scenario_options(),
              {{"init", nullptr, "write the marker"},
               {"check", nullptr, "only say whether it is a sandbox"},
               {"describe", nullptr, "say what each stage does, reads, writes and guarantees"},
               {"allow-topic", "TOPIC", "an existing topic that may be written to", 0, true},
               {"warehouse", "ADDRESS",
                "a database: sqlite:FILE, postgresql://USER@HOST/NAME or the workspace's by name"},
               {"warehouse-password", "REF", "where its password is: env:NAME, keychain:…, file:…"},
               {"allow-table", "TABLE", "an existing table that may be written to", 0, true},
               {"workspace", "FILE", "the workspace (*.weir.json) to work in", 'w'},
               {"connection", "NAME", "which of the workspace's connections", 'c'},
               {"bootstrap", "HOST:PORT", "brokers, without a workspace", 'b'},
               {"property", "NAME=VALUE", "a librdkafka property, as kcat's -X", 'X', true},
               {"timeout", "DURATION", "how long a server may take to answer; default 10s"},
               {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
        run_sandbox};
}

} // namespace weir::cli

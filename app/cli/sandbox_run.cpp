// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sandbox_run.h"

#include <algorithm>
#include <sstream>
#include <thread>
#include <unistd.h>

#include "app/cli/embedded_rest.h"
#include "app/cli/file_disclosure.h"
#include "app/cli/interrupt.h"
#include "app/cli/sandbox_database.h"
#include "app/cli/sandbox_retention.h"
#include "app/cli/sandbox_scenario.h"
#include "app/cli/target.h"
#include "connectors/http/server.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/sandbox.h"
#include "models/event/json/json_tape.h"
#include "models/sandbox/answers.h"
#include "models/sandbox/broker_outages.h"
#include "models/sandbox/collector.h"
#include "models/sandbox/contract_judge.h"
#include "models/sandbox/retention/retention_clock.h"
#include "models/sandbox/workers/pipeline.h"
#include "models/workspace/workspace.h"

namespace weir::cli {

namespace {

constexpr int embedded_partitions = 32; // one holds little
constexpr std::chrono::milliseconds look_pause{100};
constexpr int steps_between_refreshes = 20;

struct Station {
    std::optional<ContractFolder> contract_folder; // none: the demo shop's, or no contracts
    std::shared_ptr<sandbox::ContractShelf> contracts;
    std::string contracts_trouble; // that was told; empty: the folder can be read
    std::unique_ptr<kafka::EmbeddedCluster> embedded;
    std::unique_ptr<sandbox::BrokerOutages> outages; // null: none are planned
    std::optional<warehouse::DatabaseTicket> warehouse;
    std::unique_ptr<sandbox::Collector> collector;
    std::unique_ptr<sandbox::Outlet> outlet; // tells the collector of what is under way: ends first
    std::unique_ptr<http::Server> server;    // hands to the collector: ends first
    std::unique_ptr<sandbox::Pipeline> workers;
    std::unique_ptr<sandbox::RetentionClock> retention;
    std::string cluster_id;
    std::string bootstrap;
};

struct RunPlan {
    http::ServerOptions server;
    sandbox::CollectorOptions collector;
    ContractsSpec contracts; // no folder: nothing is judged
    sandbox::WithoutContract without_contract = sandbox::WithoutContract::Pass;
    int partitions = 6;
    bool collects = true;
    std::vector<std::string> workers; // stages behind the collector
    std::string instance;
    std::optional<warehouse::ConnectionOptions> warehouse; // none: nothing is loaded
    std::shared_ptr<const sandbox::Remedies> remedies;     // null: nothing is repaired
    std::optional<sandbox::RetentionPlan> retention;       // none: everything stays
    std::optional<synth::Play> play;                       // none: events come from outside alone
    std::chrono::milliseconds timeout{10'000};
    std::chrono::milliseconds grace{30'000};
};

Result<void> read_doors(const Arguments& arguments, RunPlan& plan) {
    for (const bool tls : {false, true})
        for (const std::string& text : arguments.values(tls ? "https" : "http")) {
            auto listen = http::parse_listen(text, tls);
            if (!listen)
                return listen.error();
            plan.server.listen.push_back(std::move(*listen));
        }
    if (arguments.has("certificate") != arguments.has("key"))
        return usage_error("--certificate and --key go together");
    if (arguments.has("certificate") && !arguments.has("https"))
        return usage_error("--certificate is for HTTPS", "Add --https HOST:PORT.");
    plan.server.certificate_file = arguments.value("certificate");
    plan.server.key_file = arguments.value("key");
    plan.server.refused = sandbox::allow_origin;
    return {};
}

/// Events that nobody says anything about are passed, and counted as good.
sandbox::WithoutContract policy_for(std::optional<UnknownTypes> unknown) {
    switch (unknown.value_or(UnknownTypes::Pass)) {
    case UnknownTypes::Refuse:
        return sandbox::WithoutContract::Refuse;
    case UnknownTypes::Flag:
        return sandbox::WithoutContract::Flag;
    default:
        return sandbox::WithoutContract::Pass;
    }
}

/// What events are judged by: what the options say, else the workspace. What is collected is for
/// raw_events.
Result<void> read_contracts(const Arguments& arguments, RunPlan& plan) {
    auto workspace = file_workspace(arguments);
    if (!workspace)
        return workspace.error();
    plan.contracts = std::move(workspace->contracts);
    if (arguments.has("workspace") && !plan.contracts.folder.empty()) {
        plan.without_contract =
            policy_for(plan.contracts.said_of_unknown_types(sandbox::OutletOptions().raw_topic));
    } else if (!arguments.has("contracts") && !arguments.has("workspace") && plan.play) {
        plan.contracts.folder = "demo"; // as its truth assumes
        plan.contracts.built_in = true;
        plan.without_contract = sandbox::WithoutContract::Refuse;
    }
    const std::string policy = arguments.value("without-contract");
    if (!policy.empty() && !sandbox::from_word(policy, plan.without_contract))
        return usage_error("--without-contract " + policy + ": not a policy",
                           "Write pass, flag or refuse.");
    return {};
}

constexpr const char* collecting = "collect";

std::string stage_names() {
    std::string names = collecting;
    for (const sandbox::StageEntry& entry : sandbox::stage_entries())
        names += ", " + entry.name;
    return names;
}

/// A warehouse is there if, and only if, a stage needs it.
Result<void> check_warehouse(const RunPlan& plan) {
    const bool needed =
        std::any_of(plan.workers.begin(), plan.workers.end(), [](const std::string& name) {
            return sandbox::find_stage(name)->needs_warehouse;
        });
    if (needed && !plan.warehouse)
        return usage_error("loading needs a warehouse", "Add --warehouse sqlite:FILE.");
    if (!needed && plan.warehouse)
        return usage_error("--warehouse: nothing would be loaded", "Add --stages all.");
    return {};
}

/// A file of rules is there if, and only if, a stage needs it.
Result<void> check_remedies(const RunPlan& plan) {
    const bool needed =
        std::any_of(plan.workers.begin(), plan.workers.end(), [](const std::string& name) {
            return sandbox::find_stage(name)->needs_remedies;
        });
    if (needed && plan.remedies == nullptr)
        return usage_error("repairing needs rules", "Add --remedies FILE.");
    if (!needed && plan.remedies != nullptr)
        return usage_error("--remedies: nothing would be repaired", "Add --stages all.");
    return {};
}

/// --stages collect,deduplicate; "all" (which a warehouse alone asks for): each there is, of those
/// that need a warehouse or remedies if there are any.
Result<void> read_stages(const Arguments& arguments, RunPlan& plan) {
    const bool doors = !plan.server.listen.empty();
    const std::string asked =
        arguments.value("stages", plan.play || plan.warehouse ? "all" : collecting);
    plan.collects = plan.play.has_value();
    std::istringstream names(asked);
    for (std::string name; std::getline(names, name, ',');) {
        const bool all = name == "all";
        if (!all && name != collecting && sandbox::find_stage(name) == nullptr)
            return usage_error("there is no stage \"" + name + "\"",
                               "There are: " + stage_names() + "; or all.");
        plan.collects |= name == collecting || (all && doors);
        for (const sandbox::StageEntry& entry : sandbox::stage_entries()) {
            const bool possible = (!entry.needs_warehouse || plan.warehouse) &&
                                  (!entry.needs_remedies || plan.remedies);
            const bool wanted = all ? possible : name == entry.name;
            if (wanted && std::find(plan.workers.begin(), plan.workers.end(), entry.name) ==
                              plan.workers.end())
                plan.workers.push_back(entry.name);
        }
    }
    if (auto fits = check_warehouse(plan); !fits)
        return fits;
    if (auto fits = check_remedies(plan); !fits)
        return fits;
    if (plan.collects && !doors && !plan.play)
        return usage_error("collecting needs an address", "Add --http HOST:PORT.");
    if (!plan.collects && doors)
        return usage_error("nothing would answer at that address",
                           "Add collect to --stages, or leave the address out.");
    plan.instance = arguments.value("instance", std::to_string(getpid()));
    return {};
}

Result<RunPlan> run_plan(const Arguments& arguments) {
    RunPlan plan;
    if (auto doors = read_doors(arguments, plan); !doors)
        return doors.error();
    auto play = sandbox_play_of(arguments);
    if (!play)
        return play.error();
    plan.play = std::move(*play);
    auto warehouse = sandbox_warehouse_of(arguments);
    if (!warehouse)
        return warehouse.error();
    plan.warehouse = std::move(*warehouse);
    auto retention = retention_of(arguments);
    if (!retention)
        return retention.error();
    plan.retention = std::move(*retention);
    if (arguments.has("remedies")) {
        auto remedies = sandbox::Remedies::load(arguments.value("remedies"));
        if (!remedies)
            return remedies.error();
        plan.remedies = std::make_shared<const sandbox::Remedies>(std::move(*remedies));
    }
    if (auto stages = read_stages(arguments, plan); !stages)
        return stages.error();
    if (auto contracts = read_contracts(arguments, plan); !contracts)
        return contracts.error();
    if (plan.play)
        if (auto can = check_play(*plan.play, plan.workers, means_embedded(arguments)); !can)
            return can.error();
    const auto rate = arguments.number("rate-limit", 0, 0, 1e7);
    const auto keep = arguments.integer("keep", 10'000, 0, 1'000'000);
    const auto partitions = arguments.integer("partitions", 6, 1, 10'000);
    const auto timeout = duration_of(arguments, "timeout", Micros(10'000'000));
    const auto grace = duration_of(arguments, "grace", Micros(30'000'000));
    if (!rate)
        return rate.error();
    if (!keep)
        return keep.error();
    if (!partitions)
        return partitions.error();
    if (!timeout || !grace)
        return timeout ? grace.error() : timeout.error();
    plan.collector.rate.events_per_s = *rate;
    plan.collector.micro.events = static_cast<std::size_t>(*keep);
    plan.partitions = static_cast<int>(*partitions);
    plan.timeout = std::chrono::milliseconds(timeout->ms());
    plan.grace = std::chrono::milliseconds(grace->ms());
    return plan;
}

Result<void> load_contracts(const RunPlan& plan, Station& station) {
    if (plan.contracts.folder.empty())
        return {};
    if (plan.contracts.built_in) {
        station.contracts = std::make_shared<sandbox::ContractShelf>(ContractSet::built_in());
        return {};
    }
    station.contract_folder.emplace(plan.contracts.folder);
    if (auto read = station.contract_folder->refresh(); !read)
        return read;
    station.contracts =
        std::make_shared<sandbox::ContractShelf>(station.contract_folder->current());
    return {};
}

/// What changed in the folder, and what of it cannot be read.
void refresh_contracts(Station& station, Console& console) {
    if (!station.contract_folder)
        return;
    const auto before = station.contract_folder->current();
    const auto read = station.contract_folder->refresh();
    const std::string trouble = read ? std::string() : read.error().text();
    if (trouble != station.contracts_trouble)
        console.say("weir: " + (read ? "the contracts can be read again"
                                     : "those contracts that were read stay in force: " + trouble));
    station.contracts_trouble = trouble;
    const auto now = station.contract_folder->current();
    if (!read || now == before)
        return;
    station.contracts->set(now);
    console.note("weir: the contracts changed: " + std::to_string(now->contracts().size()) +
                 " in force");
    for (const Error& problem : now->problems())
        console.say("weir: " + problem.text());
}

sandbox::JudgeMaker judges(const RunPlan& plan, const Station& station) {
    const sandbox::WithoutContract policy = plan.without_contract;
    if (const auto shelf = station.contracts)
        return [shelf, policy]() -> std::unique_ptr<sandbox::Judge> {
            return std::make_unique<sandbox::ContractJudge>(shelf, policy);
        };
    return [policy]() -> std::unique_ptr<sandbox::Judge> {
        return std::make_unique<sandbox::PolicyJudge>(policy);
    };
}

std::vector<kafka::EmbeddedTopic> embedded_topics(const RunPlan& plan) {
    std::vector<kafka::EmbeddedTopic> topics;
    std::vector<sandbox::StageInfo> stages;
    for (const std::string& name : plan.workers)
        stages.push_back(sandbox::find_stage(name)->make({})->info());
    topics.push_back({"raw_events", embedded_partitions});
    for (const kafka::NewTopic& topic : sandbox::topics_of(stages, embedded_partitions))
        if (topic.name != "raw_events")
            topics.push_back({topic.name, topic.partitions});
    return topics;
}

Result<kafka::SandboxTicket> embedded_ticket(const RunPlan& plan, Station& station) {
    auto cluster = kafka::EmbeddedCluster::start(embedded_topics(plan));
    if (!cluster)
        return cluster.error();
    station.embedded = std::move(*cluster);
    if (plan.play && plan.play->incidents->carries_out(synth::Trouble::BrokerOutage))
        station.outages =
            std::make_unique<sandbox::BrokerOutages>(*station.embedded, plan.play->incidents);
    station.bootstrap = station.embedded->bootstrap();
    return kafka::prove_sandbox(station.embedded->connection(), {}, plan.timeout);
}

/// The cluster that is written to: the one inside this process, or one marked as a sandbox.
Result<kafka::SandboxTicket> ticket_of(const Arguments& arguments, const RunPlan& plan,
                                       Station& station) {
    if (means_embedded(arguments))
        return embedded_ticket(plan, station);
    const auto connection = sandbox_connection_of(arguments);
    if (!connection)
        return connection.error();
    station.bootstrap = connection->bootstrap;
    return kafka::prove_sandbox(*connection, command_line_secrets(arguments, connection->name),
                                plan.timeout);
}

std::chrono::milliseconds longest_outage(const RunPlan& plan) {
    return plan.play ? plan.play->incidents->longest_outage() : std::chrono::milliseconds(0);
}

Result<void> open_door(const kafka::SandboxTicket& ticket, const RunPlan& plan, Station& station) {
    sandbox::OutletOptions outlet;
    outlet.partitions = plan.partitions;
    outlet.ack_wait += longest_outage(plan);
    auto opened = sandbox::Outlet::open(ticket, outlet, plan.timeout);
    if (!opened)
        return opened.error();
    station.outlet = std::move(*opened);
    station.collector = std::make_unique<sandbox::Collector>(plan.collector, *station.outlet,
                                                             judges(plan, station));
    if (plan.server.listen.empty())
        return {};
    auto server =
        http::Server::start(plan.server, [c = station.collector.get()](http::Request&& request,
                                                                       http::Responder responder) {
            c->handle(std::move(request), std::move(responder));
        });
    if (!server)
        return server.error();
    station.server = std::move(*server);
    station.collector->set_server_stats([s = station.server.get()] { return s->stats(); });
    return {};
}

/// What personal values are made tokens with. Errors: those of the secret, and of its length.
Result<std::shared_ptr<const Tokeniser>> tokeniser_of(const Arguments& arguments) {
    kafka::SecretRef reference;
    reference.text = arguments.value("token-key");
    auto key = command_line_secrets(arguments, "--token-key")(reference);
    return key ? Tokeniser::create(std::move(*key)) : key.error();
}

Result<void> start_workers(const Arguments& arguments, const kafka::SandboxTicket& ticket,
                           const RunPlan& plan, Station& station) {
    sandbox::PipelineOptions options;
    options.stages = plan.workers;
    options.partitions = plan.partitions;
    options.worker.instance = plan.instance;
    options.worker.broker_timeout = plan.timeout + longest_outage(plan);
    if (plan.play)
        options.worker.incidents = plan.play->incidents;
    sandbox::StageServices services{.contracts = station.contracts, .remedies = plan.remedies};
    if (arguments.has("token-key")) {
        auto tokeniser = tokeniser_of(arguments);
        if (!tokeniser)
            return tokeniser.error();
        services.tokeniser = std::move(*tokeniser);
    }
    if (plan.warehouse) {
        auto proved = ready_warehouse(*plan.warehouse, arguments, plan.timeout);
        if (!proved)
            return proved.error();
        station.warehouse = *proved;
        services.warehouse = std::move(*proved);
    }
    auto workers = sandbox::Pipeline::start(ticket, std::move(options), services);
    if (!workers)
        return workers.error();
    station.workers = std::move(*workers);
    if (plan.retention)
        station.retention =
            std::make_unique<sandbox::RetentionClock>(*plan.retention, *services.warehouse);
    return {};
}

Result<void> start(const Arguments& arguments, const RunPlan& plan, Station& station) {
    if (auto loaded = load_contracts(plan, station); !loaded)
        return loaded;
    auto ticket = ticket_of(arguments, plan, station);
    if (!ticket)
        return ticket.error();
    station.cluster_id = ticket->cluster_id();
    if (plan.collects)
        if (auto opened = open_door(*ticket, plan, station); !opened)
            return opened;
    if (plan.workers.empty())
        return {};
    if (auto started = start_workers(arguments, *ticket, plan, station); !started)
        return started;
    if (station.collector)
        station.collector->set_more_metrics([&station](http::OpenMetrics& page) {
            sandbox::append_reports(station.workers->reports(), page);
            if (station.retention)
                sandbox::append_retention(station.retention->counts(), page);
        });
    return {};
}

std::string ready_json(const RunPlan& plan, const Station& station) {
    std::string text = "{\"ready\":true,\"urls\":[";
    if (station.server)
        for (const std::string& url : station.server->urls()) {
            text += text.back() == '[' ? "" : ",";
            append_json_string(url, text);
        }
    text += "],\"stages\":[";
    for (const std::string& name : plan.workers) {
        text += text.back() == '[' ? "" : ",";
        append_json_string(name, text);
    }
    text += "],\"cluster\":";
    append_json_string(station.cluster_id, text);
    text += ",\"bootstrap\":";
    append_json_string(station.bootstrap, text);
    text += ",\"certificate_sha256\":";
    append_json_string(station.server ? station.server->fingerprint() : std::string(), text);
    return text + "}\n";
}

std::string ready_text(const RunPlan& plan, const Station& station) {
    std::string text;
    if (station.server) {
        for (const std::string& url : station.server->urls())
            text += "collecting at " + url + "\n";
        if (!station.server->fingerprint().empty())
            text += "certificate SHA-256 " + station.server->fingerprint() + "\n";
    }
    for (const std::string& name : plan.workers)
        text += "working: " + name + ", instance " + plan.instance + "\n";
    text += "writing to " + station.bootstrap + " (cluster " + station.cluster_id + ")\n";
    return text + "ready\n";
}

/// What the workers have done; they commit what is done and leave.
std::string end_workers(Station& station, bool json) {
    if (!station.workers)
        return {};
    std::string text;
    for (const sandbox::StageReport& each : station.workers->reports()) {
        if (json)
            text += (text.empty() ? "" : ",") +
                    to_json(each.info, each.instance, Micros::now(), each.counts);
        else
            text += "weir: " + each.info.name + ": " + grouped(each.counts.in) + " in, " +
                    grouped(each.counts.out) + " out, " + grouped(each.counts.filtered_count()) +
                    " filtered, " + grouped(each.counts.failed_count()) + " failed\n";
    }
    station.workers.reset();
    return text;
}

/// Says once what keeps retention from its work.
void look_at_retention(const Station& station, std::string& told, Console& console) {
    if (!station.retention)
        return;
    const std::string trouble = station.retention->counts().trouble;
    if (!trouble.empty() && trouble != told)
        console.say("weir: retention: " + trouble);
    told = trouble;
}

/// Ends a pass that runs; what it has done.
std::string end_retention(Station& station, bool json) {
    if (!station.retention)
        return {};
    const sandbox::RetentionCounts counts = station.retention->counts();
    station.retention.reset();
    return json ? ",\"retention\":" + retention_json(counts) : retention_text(counts);
}

/// Lets go of the door first, then of what came through it. What is acknowledged stays in a real
/// cluster; the one inside Weir ends with its process, so that the stages have to be done with it.
int finish(Station& station, const RunPlan& plan, bool json, Console& console) {
    const bool answered = !station.server || station.server->drain(plan.grace);
    const bool written = !station.outlet || station.outlet->flush(plan.grace);
    if (station.collector)
        station.collector->set_server_stats(nullptr);
    station.server.reset();
    if (station.collector)
        station.collector->set_more_metrics(nullptr);
    const std::uint64_t rest =
        station.workers ? rest_of_embedded(station.bootstrap, plan.grace, console) : 0;
    const std::string retained = end_retention(station, json);
    const std::string worked = end_workers(station, json);
    const auto counts =
        station.collector ? station.collector->counts() : sandbox::CollectorCounts{};
    if (json)
        console.out("{\"stopped\":true,\"collected\":" + std::to_string(counts.collected) +
                    ",\"invalid\":" + std::to_string(counts.invalid) + ",\"stages\":[" + worked +
                    "]" + retained + "}\n");
    else if (plan.collects)
        console.note("weir: " + grouped(counts.collected) + " events collected, " +
                     grouped(counts.invalid) + " refused");
    if (!json && !worked.empty())
        console.note(worked.substr(0, worked.size() - 1));
    if (!json && !retained.empty())
        console.note("weir: retention: " + retained);
    if (!answered || !written)
        console.say("weir: not everything that had come in could be answered in time; its senders "
                    "know that, and will send it again");
    if (rest > 0)
        console.say(
            "weir: " + grouped(rest) + " records that stages had still to read are lost " +
            "with the cluster inside Weir. Give it more time (--grace), or use a real one.");
    return answered && written && rest == 0 ? exit_fine : exit_connection;
}

/// Until it is told to end, or until the scenario is played. Returns the exit code.
int work(const Arguments& arguments, const RunPlan& plan, Station& station, Console& console) {
    if (plan.play)
        return run_sandbox_scenario(arguments, *plan.play,
                                    {*station.collector, station.workers.get(), station.warehouse,
                                     plan.timeout, plan.grace},
                                    console);
    std::string retention_trouble;
    for (int steps = 1; !interrupted(); ++steps) {
        std::this_thread::sleep_for(look_pause);
        look_at_retention(station, retention_trouble, console);
        if (steps % steps_between_refreshes == 0)
            refresh_contracts(station, console);
    }
    return exit_fine;
}

} // namespace

std::vector<Option> sandbox_run_options() {
    return {
        {"http", "HOST:PORT", "collect events there; a port alone is on 127.0.0.1", 0, true},
        {"https", "HOST:PORT", "the same over TLS", 0, true},
        {"certificate", "FILE", "PEM for --https; without one, one is made"},
        {"key", "FILE", "its key"},
        {"stages", "NAME,…",
         "what to run, else collect, or all with --warehouse or --scenario; the manual names them"},
        {"instance", "NAME", "tells several processes of the same stages apart"},
        {"token-key", "REF", "the key of enrichment's tokens: env:NAME or keychain:SERVICE/KEY"},
        {"contracts", "FOLDER",
         "judge by these, else by the workspace's; \"demo\": the demo shop's"},
        {"remedies", "FILE", "rules by which dead letters are repaired and go in again"},
        {"without-contract", "POLICY",
         "events no contract knows: pass, flag, refuse; default the workspace's, else pass"},
        {"rate-limit", "N", "events a second of each source; default none"},
        {"keep", "N", "good and bad events kept for /micro; default 10000"},
        {"partitions", "N", "of topics that have to be made; default 6"},
        {"grace", "DURATION", "to answer what came in, when stopped; default 30s"},
        {"json", nullptr, "say that it is ready, and what was done, in JSON"}};
}

bool asks_for_sandbox_run(const Arguments& arguments) {
    return arguments.has("http") || arguments.has("https") || arguments.has("stages") ||
           arguments.has("scenario");
}

int run_sandbox_pipeline(const Arguments& arguments, Console& console) {
    const auto plan = run_plan(arguments);
    if (!plan)
        return console.fail(plan.error());
    Station station;
    if (const auto started = start(arguments, *plan, station); !started)
        return console.fail(started.error());
    catch_interrupts(); // until here there is nothing to put in order
    const bool json = arguments.has("json");
    console.out(json ? ready_json(*plan, station) : ready_text(*plan, station));
    console.flush();
    if (plan->collects && !station.contracts)
        console.note(
            "weir: there are no contracts: events are read, and not judged. Add --contracts "
            "FOLDER, or a workspace that names one.");
    if (station.contract_folder)
        for (const Error& problem : station.contract_folder->current()->problems())
            console.say("weir: " + problem.text());
    const int code = work(arguments, *plan, station, console);
    const int finished = finish(station, *plan, json, console);
    return code == exit_fine ? finished : code;
}

} // namespace weir::cli

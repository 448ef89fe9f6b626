// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the loading stage works between, for one test: a real broker, a real PostgreSQL, both marked
// as sandboxes, and somebody who sends events "e0", "e1", … to raw_events.
// Thread contract: one thread.
#pragma once

#include <QString>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "models/sandbox/warehouse/schema.h"
#include "models/sandbox/workers/pipeline.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/sandbox_warehouse.h"

namespace weir::test {

/// What a stage has done so far.
inline sandbox::WorkerCounts counts_of(const sandbox::Pipeline& pipeline,
                                       const std::string& stage) {
    for (const sandbox::StageReport& report : pipeline.reports())
        if (report.info.name == stage)
            return report.counts;
    return {};
}

struct PipelineWorld {
    static constexpr int partitions = 4;
    static constexpr int sessions = 50;
    inline static const std::vector<std::string> stages = {
        "deduplicate", "enrich", "load", "attribute", "stitch_sessions", "stitch_identities"};

    static PipelineWorld make(const QString& folder) {
        KafkaBroker::Options quick; // who was killed is given up after a moment
        quick.properties = {{"group.min.session.timeout.ms", "1000"}};
        PipelineWorld world;
        world.broker = KafkaBroker::start(quick).value();
        world.server = PostgresServer::start().value();
        world.warehouse = new_sandbox_warehouse(world.server.get(), folder);
        kafka::ConnectionOptions connection = world.broker->connection();
        connection.environment = Environment::Sandbox;
        demand(init_sandbox(connection, {}, {}, std::chrono::seconds(30)));
        world.ticket.emplace(prove_sandbox(connection, {}, std::chrono::seconds(30)).value());
        for (const char* topic : {"raw_events", "invalid_events"})
            demand(create_topic(*world.ticket, {topic, partitions, {}}, std::chrono::seconds(20)));
        world.producer = kafka::Producer::open(*world.ticket, {}, std::chrono::seconds(20)).value();
        return world;
    }

    static void demand(const Result<void>& done) {
        if (!done)
            qFatal("%s", done.error().text().c_str());
    }

    /// Ids first … past, each as often as `times` says, keyed by session: "e107" is of session s7
    /// on device a7, and of page /p107. Its user (u7) is known from the session's second event on.
    /// `padding`: so many bytes more in each.
    static void send(kafka::Producer& producer, int first, int past, int times = 2,
                     std::size_t padding = 0) {
        const std::string filler =
            padding > 0 ? ",\"padding\":\"" + std::string(padding, 'x') + "\"" : "";
        for (int id = first; id < past; ++id)
            for (int i = 0; i < times; ++i) {
                const std::string session = std::to_string(id % sessions);
                const std::string key = "s" + session;
                const std::string user = id < sessions ? "" : ",\"user_id\":\"u" + session + "\"";
                const std::string value = "{\"event_id\":\"e" + std::to_string(id) +
                                          "\",\"event_type\":\"page_view\",\"session_id\":\"" +
                                          key + "\",\"anonymous_id\":\"a" + session + "\"" + user +
                                          ",\"context\":{\"page\":{\"path\":\"/p" +
                                          std::to_string(id) + "\"}}" + filler + "}";
                kafka::OutRecord record;
                record.topic = "raw_events";
                record.key = key;
                record.key_null = false;
                record.value = value;
                demand(producer.send(record));
            }
        demand(producer.flush(std::chrono::seconds(30)));
    }
    /// So many more ids.
    void send_more(int ids, int times = 2, std::size_t padding = 0) {
        send(*producer, sent, sent + ids, times, padding);
        sent += ids;
    }

    /// `contracts`: null, there are none.
    static Result<std::unique_ptr<sandbox::Pipeline>>
    start_pipeline(const kafka::SandboxTicket& cluster,
                   const warehouse::ConnectionOptions& database, const std::string& instance,
                   std::shared_ptr<const sandbox::ContractShelf> contracts = nullptr) {
        const auto db = write_to(database);
        if (auto made = sandbox::migrate(*db); !made)
            return made.error();
        sandbox::PipelineOptions options;
        options.stages = stages;
        options.partitions = partitions;
        options.worker.instance = instance;
        // The embedded cluster lets members wait for three seconds before they have joined.
        options.worker.session_timeout = std::chrono::seconds(cluster.embedded() ? 6 : 2);
        options.worker.transaction_timeout = std::chrono::seconds(5);
        return sandbox::Pipeline::start(
            cluster, options, {.contracts = std::move(contracts), .warehouse = db->ticket()});
    }
    Result<std::unique_ptr<sandbox::Pipeline>> start_pipeline() const {
        return start_pipeline(*ticket, warehouse, "1");
    }

    /// What the database answers, as its superuser sees it.
    std::string ask(const std::string& sql) const {
        const std::string& address = warehouse.address;
        const auto text = server->psql(address.substr(address.rfind('/') + 1), sql);
        return text ? *text : text.error().text();
    }
    int number(const std::string& sql) const { return QString::fromStdString(ask(sql)).toInt(); }
    int loaded() const { return number("SELECT count(*) FROM analytics.events"); }
    /// Ids that are missing, there twice, or were never sent; empty: none.
    std::string wrong_with_rows() const {
        return ask("SELECT coalesce(sent.id, found.event_id), found.n FROM (SELECT 'e' || n AS id "
                   "FROM generate_series(0, " +
                   std::to_string(sent - 1) +
                   ") n) sent FULL JOIN (SELECT event_id, count(*) AS n FROM analytics.events "
                   "GROUP BY 1) found ON sent.id = found.event_id WHERE found.n IS DISTINCT FROM 1 "
                   "OR sent.id IS NULL LIMIT 10");
    }

    /// What is amiss in the side tables once all is loaded and they are caught up; empty: nothing.
    std::string wrong_with_side_tables() const {
        const int users = std::clamp(sent - sessions, 0, sessions);
        const auto settled = [&] {
            return number("SELECT count(*) FROM attribution") == users &&
                   number("SELECT count(*) FROM identities") == users &&
                   number("SELECT coalesce(sum(events), 0) FROM sessions") >= sent;
        };
        if (!wait_for(settled, std::chrono::seconds(60)))
            return "attributions, identities, events in sessions: " +
                   ask("SELECT (SELECT count(*) FROM attribution), (SELECT count(*) FROM "
                       "identities), (SELECT sum(events) FROM sessions)");
        return ask("SELECT user_id, landing_page FROM attribution WHERE landing_page IS DISTINCT "
                   "FROM '/p' || substr(user_id, 2)") +
               ask("SELECT s.session_id, s.events, e.n FROM sessions s FULL JOIN (SELECT "
                   "session_id, count(*) AS n FROM analytics.events GROUP BY 1) e USING "
                   "(session_id) WHERE s.events IS DISTINCT FROM e.n") +
               ask("SELECT anonymous_id, user_id, method FROM identities WHERE 'u' || "
                   "substr(anonymous_id, 2) <> user_id OR method <> 'deterministic'") +
               ask("SELECT a.event_id FROM enrichment_audit a FULL JOIN analytics.events e USING "
                   "(event_id) WHERE a.event_id IS NULL OR e.event_id IS NULL LIMIT 10");
    }

    std::unique_ptr<KafkaBroker> broker;
    std::unique_ptr<PostgresServer> server;
    warehouse::ConnectionOptions warehouse;
    std::optional<kafka::SandboxTicket> ticket;
    std::unique_ptr<kafka::Producer> producer;
    int sent = 0; // ids
};

} // namespace weir::test

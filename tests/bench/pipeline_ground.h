// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What benchmarks of the pipeline stand on: a real broker that is a sandbox, with events in a
// topic, warehouses with their tables, and the copy of a topic that a bare librdkafka makes.
// Thread contract: one thread.
#pragma once

#include <QString>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <librdkafka/rdkafka.h>

#include "connectors/kafka/sandbox/producer.h"
#include "models/sandbox/warehouse/schema.h"
#include "models/synth/generator.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/sandbox_warehouse.h"

namespace weir::bench {

using Clock = std::chrono::steady_clock;

inline void require(bool holds, const std::string& why) {
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(3);
}

inline double rate(std::size_t events, Clock::time_point begun) {
    return static_cast<double>(events) /
           std::chrono::duration<double>(Clock::now() - begun).count();
}

struct SandboxBroker {
    static constexpr int partitions = 6;

    static SandboxBroker start() {
        using namespace std::chrono_literals;
        SandboxBroker made;
        made.broker = test::KafkaBroker::start().value();
        auto connection = made.broker->connection();
        connection.environment = Environment::Sandbox;
        require(kafka::init_sandbox(connection, {}, {}, 30s).ok(), "marking the cluster");
        made.ticket.emplace(kafka::prove_sandbox(connection, {}, 30s).value());
        return made;
    }

    void make_topic(const std::string& topic) const {
        require(
            kafka::create_topic(*ticket, {topic, partitions, {}}, std::chrono::seconds(30)).ok(),
            "making a topic");
    }
    /// So many sound events of the generator, keyed by session. How many of them name a user.
    std::size_t fill(const std::string& topic, std::size_t events) const {
        using namespace std::chrono_literals;
        make_topic(topic);
        const auto producer = kafka::Producer::open(*ticket, {}, 30s).value();
        synth::Generator generator(1, {.malformed_share = 0});
        synth::Event event;
        std::size_t of_users = 0;
        for (std::size_t i = 0; i < events; ++i) {
            generator.next(event);
            of_users += event.value.find("\"user_id\":\"") != std::string_view::npos;
            kafka::OutRecord record;
            record.topic = topic;
            record.key = event.key;
            record.key_null = false;
            record.value = event.value;
            require(producer->send(record).ok(), "an event was not sent");
        }
        require(producer->flush(120s).ok(), "the events were not written");
        return of_users;
    }

    std::unique_ptr<test::KafkaBroker> broker;
    std::optional<kafka::SandboxTicket> ticket;
};

/// A new database of `server`, else a new SQLite file, with its tables and room for today.
inline warehouse::ConnectionOptions new_tables(test::PostgresServer* server,
                                               const QString& folder) {
    auto options = test::new_sandbox_warehouse(server, folder);
    const auto db = test::write_to(options);
    const auto made = sandbox::migrate(*db);
    require(made.ok(), made ? "" : made.error().text());
    require(sandbox::make_day(*db, sandbox::day_of(Micros::now())).ok(), "making a day");
    return options;
}

inline rd_kafka_t*
bare_client(rd_kafka_type_t type,
            std::initializer_list<std::pair<const char*, const char*>> settings) {
    char why[512];
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    for (const auto& [name, value] : settings)
        require(rd_kafka_conf_set(conf, name, value, why, sizeof why) == RD_KAFKA_CONF_OK, why);
    rd_kafka_t* const client = rd_kafka_new(type, conf, why, sizeof why);
    require(client != nullptr, why);
    return client;
}

/// Events a second of librdkafka alone: a consumer hands each message to an idempotent producer,
/// until all are acknowledged. From the first message on.
inline double bare_copy(const std::string& bootstrap, const char* from, const char* to,
                        std::size_t events) {
    rd_kafka_t* const reader =
        bare_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap.c_str()},
                                        {"group.id", "bare-copy"},
                                        {"enable.auto.commit", "false"},
                                        {"fetch.wait.max.ms", "10"},
                                        {"queued.max.messages.kbytes", "32768"}});
    rd_kafka_t* const writer =
        bare_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap.c_str()},
                                        {"enable.idempotence", "true"},
                                        {"linger.ms", "5"},
                                        {"compression.codec", "lz4"},
                                        {"queue.buffering.max.messages", "100000"},
                                        {"queue.buffering.max.kbytes", "65536"}});
    rd_kafka_topic_partition_list_t* const all =
        rd_kafka_topic_partition_list_new(SandboxBroker::partitions);
    for (int i = 0; i < SandboxBroker::partitions; ++i)
        rd_kafka_topic_partition_list_add(all, from, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_poll_set_consumer(reader);
    rd_kafka_assign(reader, all);
    rd_kafka_topic_partition_list_destroy(all);
    Clock::time_point begun;
    for (std::size_t copied = 0; copied < events;) {
        rd_kafka_message_t* const message = rd_kafka_consumer_poll(reader, 1'000);
        if (message == nullptr)
            continue;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (copied++ == 0)
                begun = Clock::now();
            while (rd_kafka_producev(writer, RD_KAFKA_V_TOPIC(to),
                                     RD_KAFKA_V_KEY(message->key, message->key_len),
                                     RD_KAFKA_V_VALUE(message->payload, message->len),
                                     RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                     RD_KAFKA_V_END) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
                rd_kafka_poll(writer, 5);
            rd_kafka_poll(writer, 0);
        }
        rd_kafka_message_destroy(message);
    }
    require(rd_kafka_flush(writer, 120'000) == RD_KAFKA_RESP_ERR_NO_ERROR, "the bare copy");
    const double reached = rate(events, begun);
    rd_kafka_destroy(writer);
    rd_kafka_consumer_close(reader);
    rd_kafka_destroy(reader);
    return reached;
}

} // namespace weir::bench

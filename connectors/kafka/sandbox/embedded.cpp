// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/sandbox/embedded.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "connectors/kafka/client/handles.h"
#include "connectors/kafka/sandbox/embedded_room.h"
// rdkafka_mock.h wants rdkafka.h, which handles.h brings, before it.
#include <librdkafka/rdkafka_mock.h>

namespace weir::kafka {

namespace {

constexpr int partitions_max = 1000;
constexpr std::int16_t api_metadata = 3;    // Kafka's number for the request
constexpr std::size_t name_bytes_max = 249; // Kafka's own limit

struct Running {
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<EmbeddedRoom>> rooms; // by bootstrap address
};

Running& running() {
    static Running instance;
    return instance;
}

using MockHandle =
    std::unique_ptr<rd_kafka_mock_cluster_t, DestroyWith<rd_kafka_mock_cluster_destroy>>;

void discard_log(const rd_kafka_t*, int, const char*, const char*) {}

bool is_topic_name(const std::string& name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= name_bytes_max && name != "." && name != ".." &&
           std::all_of(name.begin(), name.end(), allowed);
}

} // namespace

struct EmbeddedCluster::Private {
    ClientHandle host; // librdkafka keeps its books on a client; this one talks to nobody
    MockHandle cluster;
    std::string bootstrap;
    std::shared_ptr<EmbeddedRoom> room = std::make_shared<EmbeddedRoom>();
};

EmbeddedCluster::EmbeddedCluster(std::unique_ptr<Private> p)
    : d(std::move(p)) {}

Result<std::unique_ptr<EmbeddedCluster>> EmbeddedCluster::start(std::vector<EmbeddedTopic> topics,
                                                                int brokers) {
    auto p = std::make_unique<Private>();
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, discard_log);
    std::array<char, 512> why{};
    p->host.reset(rd_kafka_new(RD_KAFKA_CONSUMER, conf, why.data(), why.size()));
    if (!p->host) {
        rd_kafka_conf_destroy(conf);
        return Error{ErrorCode::Internal,
                     std::string("the embedded cluster has no client: ") + why.data(),
                     "embedded",
                     {},
                     {}};
    }
    p->cluster.reset(rd_kafka_mock_cluster_new(p->host.get(), brokers));
    if (!p->cluster)
        return Error{ErrorCode::Internal,
                     "the embedded cluster did not start",
                     "embedded",
                     {},
                     "Check that a port on loopback can be opened."};
    // As it comes it answers only versions of "metadata" that cannot forbid the making of topics,
    // so that looking for one would make it.
    rd_kafka_mock_set_apiversion(p->cluster.get(), api_metadata, 0, 4);
    p->bootstrap = rd_kafka_mock_cluster_bootstraps(p->cluster.get());
    {
        const std::lock_guard lock(running().mutex);
        running().rooms[p->bootstrap] = p->room;
    }
    std::unique_ptr<EmbeddedCluster> made(new EmbeddedCluster(std::move(p)));
    for (const EmbeddedTopic& topic : topics)
        if (auto created = made->create_topic(topic); !created)
            return created.error();
    return made;
}

EmbeddedCluster::~EmbeddedCluster() {
    const std::lock_guard lock(running().mutex);
    running().rooms.erase(d->bootstrap);
}

Result<void> EmbeddedCluster::create_topic(const EmbeddedTopic& topic) {
    if (!is_topic_name(topic.name))
        return Error{ErrorCode::Config,
                     "\"" + topic.name + "\" is no name for a topic",
                     "embedded",
                     {},
                     "Use up to 249 letters, digits, dots, underscores and hyphens."};
    if (topic.partitions < 1 || topic.partitions > partitions_max)
        return Error{ErrorCode::Config,
                     "a topic has 1 to " + std::to_string(partitions_max) + " partitions, not " +
                         std::to_string(topic.partitions),
                     "embedded",
                     {},
                     {}};
    const rd_kafka_resp_err_t err =
        rd_kafka_mock_topic_create(d->cluster.get(), topic.name.c_str(), topic.partitions, 1);
    if (err == RD_KAFKA_RESP_ERR_NO_ERROR || err == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
        d->room->add_topic(topic.name, topic.partitions);
        return {};
    }
    return kafka_error(err, "topic " + topic.name + " was not created", "embedded");
}

const std::string& EmbeddedCluster::bootstrap() const {
    return d->bootstrap;
}

ConnectionOptions EmbeddedCluster::connection(const std::string& name) const {
    ConnectionOptions options;
    options.name = name;
    options.bootstrap = d->bootstrap;
    options.environment = Environment::Sandbox;
    return options;
}

void EmbeddedCluster::set_broker_down(int broker) {
    rd_kafka_mock_broker_set_down(d->cluster.get(), broker);
}

void EmbeddedCluster::set_broker_up(int broker) {
    rd_kafka_mock_broker_set_up(d->cluster.get(), broker);
}

void EmbeddedCluster::move_leader(const std::string& topic, int partition, int broker) {
    rd_kafka_mock_partition_set_leader(d->cluster.get(), topic.c_str(), partition, broker);
}

void EmbeddedCluster::refuse_topic(const std::string& topic) {
    rd_kafka_mock_topic_set_error(d->cluster.get(), topic.c_str(),
                                  RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
}

bool EmbeddedCluster::is_embedded(const std::string& bootstrap) {
    return EmbeddedRoom::of(bootstrap) != nullptr;
}

std::shared_ptr<EmbeddedRoom> EmbeddedRoom::of(const std::string& bootstrap) {
    const std::lock_guard lock(running().mutex);
    const auto found = running().rooms.find(bootstrap);
    return found == running().rooms.end() ? nullptr : found->second;
}

bool EmbeddedCluster::is_id(std::string_view cluster_id) {
    return cluster_id.starts_with("mockCluster"); // librdkafka's; a broker's has 22 letters
}

} // namespace weir::kafka

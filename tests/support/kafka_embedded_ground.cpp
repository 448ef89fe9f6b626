// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_embedded_ground.h"

#include <QtGlobal>

namespace weir::test {
namespace {

using namespace std::chrono_literals;

constexpr auto limit = 10s;

void had(const Result<void>& result) {
    if (!result)
        qFatal("%s", result.error().text().c_str());
}

template <class T>
T had(Result<T> result) {
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return std::move(result).value();
}

} // namespace

EmbeddedGround::EmbeddedGround(std::vector<kafka::EmbeddedTopic> topics, int brokers)
    : broker(had(kafka::EmbeddedCluster::start(std::move(topics), brokers)))
    , cluster(had(kafka::Cluster::open(broker->connection(), {})))
    , producer(had(kafka::Producer::open(had(kafka::prove_sandbox(broker->connection(), {}, limit)),
                                         {}, limit))) {}

void EmbeddedGround::write(const std::string& topic,
                           const std::vector<GroundRecord>& records) const {
    for (const GroundRecord& one : records) {
        kafka::OutRecord record;
        record.topic = topic;
        record.partition = one.partition;
        record.key = one.key;
        record.key_null = one.key.empty();
        record.value_null = !one.value;
        if (one.value)
            record.value = *one.value; // a view
        if (one.time.value() >= 0)
            record.timestamp = one.time;
        had(producer->send(record));
    }
    had(producer->flush(2 * limit));
}

std::shared_ptr<kafka::Cluster> EmbeddedGround::from_outside() const {
    kafka::ConnectionOptions options = broker->connection("from outside");
    options.bootstrap += "," + options.bootstrap; // embedded clusters are known by theirs
    return had(kafka::Cluster::open(options, {}));
}

std::unique_ptr<kafka::Reader> EmbeddedGround::open(kafka::ReadRequest request) const {
    return had(kafka::Reader::open(cluster, std::move(request), limit));
}

} // namespace weir::test

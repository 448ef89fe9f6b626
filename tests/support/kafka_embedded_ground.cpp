// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_embedded_ground.h"

#include <QtGlobal>

namespace weir::test {
namespace {

using namespace std::chrono_literals;

constexpr auto limit = 10s;

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

std::unique_ptr<kafka::Reader> EmbeddedGround::open(kafka::ReadRequest request) const {
    return had(kafka::Reader::open(cluster, std::move(request), limit));
}

} // namespace weir::test

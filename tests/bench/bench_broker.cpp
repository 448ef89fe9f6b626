// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real broker with a full topic for the other benchmarks, until its standard input closes.
// Usage: bench_broker [EVENTS] [PARTITIONS]; prints "ready HOST:PORT TOPIC EVENTS MEAN_BYTES".
#include <QCoreApplication>

#include <cstdio>

#include "models/synth/generator.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"

using namespace weir;

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const std::int64_t events = argc > 1 ? std::atoll(argv[1]) : 5'000'000;
    const int partitions = argc > 2 ? std::atoi(argv[2]) : 6;
    const std::string topic = "bench_events";
    auto broker = test::KafkaBroker::start();
    if (!broker) {
        std::fprintf(stderr, "%s\n", broker.error().text().c_str());
        return 3;
    }
    test::KafkaTool tool(**broker);
    synth::Generator generator(1, {.malformed_share = 0.001});
    synth::Event event;
    std::uint64_t bytes = 0;
    Result<void> done = tool.create_topic(topic, partitions);
    if (done)
        done = tool.write_many(topic, events, [&](std::int64_t) {
            generator.next(event);
            bytes += event.key.size() + event.value.size();
            return test::TestRecord{.key = std::string(event.key),
                                    .value = std::string(event.value)};
        });
    if (!done) {
        std::fprintf(stderr, "%s\n", done.error().text().c_str());
        return 3;
    }
    std::printf("ready %s %s %lld %llu\n", (*broker)->address().c_str(), topic.c_str(),
                static_cast<long long>(events),
                static_cast<unsigned long long>(bytes / static_cast<std::uint64_t>(events)));
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
}

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What it costs to log in below librdkafka: Weir's reader over a topic by SCRAM, whose bytes go
// through the relay, against the same by PLAIN, where TLS and login are librdkafka's own; in turns,
// on a broker of its own. Usage: login_relay [EVENTS] [ROUNDS]
#include <QCoreApplication>
#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "connectors/kafka/read/reader.h"
#include "connectors/secrets/secrets.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int partitions = 6;
constexpr int streams = 2;
constexpr std::size_t value_bytes = 520;
const char* const topic = "bench_login";

double cpu_s() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/// One turn: reads all of the topic and prints how fast.
bool read_once(const KafkaBroker& broker, Listener door, Mechanism mechanism, const char* label,
               std::int64_t events) {
    ConnectionOptions options = broker.connection(door);
    options.security.mechanism = mechanism;
    const auto cluster = Cluster::open(options, secret_resolver(options.name));
    ReadRequest request;
    request.topics = {topic};
    request.start.kind = StartAt::Kind::Beginning;
    request.end.kind = EndAt::Kind::Snapshot;
    request.streams = streams;
    const auto reader = Reader::open(*cluster, request, std::chrono::seconds(30));
    if (!reader) {
        std::fprintf(stderr, "%s\n", reader.error().text().c_str());
        return false;
    }
    std::atomic<std::int64_t> count{0};
    const double cpu_before = cpu_s();
    const auto began = Clock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < (*reader)->stream_count(); ++i)
        threads.emplace_back([&, i] {
            while (!(*reader)->finished())
                count +=
                    std::int64_t((*reader)->poll(i, std::chrono::milliseconds(100)).records.size());
        });
    for (std::thread& thread : threads)
        thread.join();
    const double took_s = std::chrono::duration<double>(Clock::now() - began).count();
    std::printf("%-28s %10.0f events/s %8.1f MB/s  %5.2f s of CPU%s\n", label,
                double(count) / took_s, double(count) * double(value_bytes) / 1e6 / took_s,
                cpu_s() - cpu_before, count == events ? "" : "  NOT ALL WERE READ");
    return true;
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const std::int64_t events = argc > 1 ? std::atoll(argv[1]) : 2'000'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    const auto broker = KafkaBroker::start();
    if (!broker) {
        std::fprintf(stderr, "%s\n", broker.error().text().c_str());
        return 3;
    }
    KafkaTool tool(**broker);
    Result<void> done = tool.create_topic(topic, partitions);
    if (done)
        done = tool.write_many(topic, events, [&](std::int64_t i) {
            return TestRecord{.value = std::string(value_bytes, char('a' + i % 26)),
                              .partition = int(i % partitions)};
        });
    if (!done) {
        std::fprintf(stderr, "%s\n", done.error().text().c_str());
        return 3;
    }
    for (int round = 0; round < rounds; ++round)
        if (!read_once(**broker, Listener::SaslPlaintext, Mechanism::Plain, "PLAIN", events) ||
            !read_once(**broker, Listener::SaslPlaintext, Mechanism::ScramSha256, "SCRAM",
                       events) ||
            !read_once(**broker, Listener::SaslSsl, Mechanism::Plain, "PLAIN over TLS", events) ||
            !read_once(**broker, Listener::SaslSsl, Mechanism::ScramSha256, "SCRAM over TLS",
                       events))
            return 3;
    return 0;
}

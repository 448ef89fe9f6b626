// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events a second through the collector (batches of 100 over loopback, each event judged by the
// demo shop's contracts, answered once a real broker has acknowledged all), against a bare
// librdkafka producer of the same events with the same settings. In turns, so that a busy machine
// hurts both; the clients' and the broker's work is on the same cores.
// Usage: collector_rate [EVENTS] [ROUNDS] [CONNECTIONS]
#include <QCoreApplication>
#include <QTemporaryDir>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <librdkafka/rdkafka.h>
#include <thread>

#include "connectors/http/server.h"
#include "connectors/kafka/sandbox/sandbox.h"
#include "models/sandbox/collector.h"
#include "models/sandbox/contract_judge.h"
#include "models/synth/generator.h"
#include "tests/support/http_client.h"
#include "tests/support/kafka_broker.h"

using namespace weir;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t batch_events = 100;

struct Events {
    std::vector<std::string> keys;
    std::vector<std::string> values;
    std::vector<std::string> bodies; // of batches
    std::size_t bytes = 0;
};

Events make_events(std::size_t count) {
    Events events;
    synth::Generator generator(1, {.malformed_share = 0});
    synth::Event event;
    for (std::size_t i = 0; i < count; ++i) {
        generator.next(event);
        events.keys.emplace_back(event.key);
        events.values.emplace_back(event.value);
        events.bytes += event.value.size();
        if (i % batch_events == 0)
            events.bodies.emplace_back("[");
        else
            events.bodies.back() += ",";
        events.bodies.back().append(event.value);
        if (i % batch_events == batch_events - 1 || i + 1 == count)
            events.bodies.back() += "]";
    }
    return events;
}

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "collector_rate: %s\n", why.c_str());
    std::exit(3);
}

/// Events a second that a producer alone writes, until the last one is acknowledged.
double bare(const std::string& bootstrap, const Events& events) {
    char why[512];
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"bootstrap.servers", bootstrap.c_str()},
             {"enable.idempotence", "true"},
             {"partitioner", "murmur2_random"},
             {"linger.ms", "5"},
             {"queue.buffering.max.messages", "100000"},
             {"queue.buffering.max.kbytes", "65536"}})
        rd_kafka_conf_set(conf, name, value, why, sizeof why);
    rd_kafka_t* const client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    rd_kafka_topic_t* const topic = rd_kafka_topic_new(client, "raw_events", nullptr);
    const rd_kafka_metadata_t* metadata = nullptr;
    if (rd_kafka_metadata(client, 0, topic, &metadata, 30'000) == RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_metadata_destroy(metadata);
    const auto begun = Clock::now();
    for (std::size_t i = 0; i < events.values.size(); ++i) {
        std::string& value = const_cast<std::string&>(events.values[i]); // librdkafka copies it
        while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value.data(),
                                value.size(), events.keys[i].data(), events.keys[i].size(),
                                nullptr) != 0)
            rd_kafka_poll(client, 1);
    }
    if (rd_kafka_flush(client, 120'000) != RD_KAFKA_RESP_ERR_NO_ERROR)
        give_up("the bare producer was not acknowledged");
    const double took = seconds_since(begun);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
    return static_cast<double>(events.values.size()) / took;
}

/// The same through the collector.
double collected(int port, const Events& events, int connections) {
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> taken{0};
    std::vector<std::thread> threads;
    const auto begun = Clock::now();
    for (int c = 0; c < connections; ++c)
        threads.emplace_back([&] {
            test::HttpClient client(port);
            for (std::size_t i = next++; i < events.bodies.size();) {
                const auto reply = client.post("/events", events.bodies[i]);
                if (!reply || (reply->status != 202 && reply->status != 503))
                    give_up(reply ? reply->body : "no answer");
                if (reply->status == 503) { // full: once more
                    std::this_thread::sleep_for(5ms);
                    continue;
                }
                if (reply->body.find("\"rejected\":[]") == std::string::npos)
                    give_up(reply->body.substr(0, 400));
                ++taken;
                i = next++;
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    const double took = seconds_since(begun);
    if (taken != events.bodies.size())
        give_up("not all batches were taken");
    return static_cast<double>(events.values.size()) / took;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const QTemporaryDir folder;
    qputenv("WEIR_OBSERVED_IDS", folder.filePath(QStringLiteral("ids.json")).toUtf8());
    const auto count = static_cast<std::size_t>(argc > 1 ? std::atoll(argv[1]) : 500'000);
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
    const int connections = argc > 3 ? std::atoi(argv[3]) : 16;
    const auto broker = test::KafkaBroker::start();
    if (!broker)
        give_up(broker.error().text());
    auto connection = (*broker)->connection();
    connection.environment = kafka::Environment::Sandbox;
    if (auto marked = kafka::init_sandbox(connection, {}, {}, 30s); !marked)
        give_up(marked.error().text());
    const auto ticket = kafka::prove_sandbox(connection, {}, 30s);
    if (!ticket)
        give_up(ticket.error().text());
    const auto outlet = sandbox::Outlet::open(*ticket, {}, 30s);
    if (!outlet)
        give_up(outlet.error().text());
    const auto shelf = std::make_shared<sandbox::ContractShelf>(ContractSet::built_in());
    sandbox::Collector collector({}, **outlet, [&] {
        return std::make_unique<sandbox::ContractJudge>(shelf, sandbox::WithoutContract::Refuse);
    });
    http::ServerOptions options;
    options.listen = {{}};
    const auto server = http::Server::start(options, [&](http::Request&& r, http::Responder a) {
        collector.handle(std::move(r), std::move(a));
    });
    if (!server)
        give_up(server.error().text());
    const int port = test::port_of((*server)->urls().front());
    const Events events = make_events(count);
    std::printf("%zu events of %zu bytes, batches of %zu, %d connections\n", count,
                events.bytes / count, batch_events, connections);
    std::vector<double> bare_rates;
    std::vector<double> collected_rates;
    for (int round = 0; round < rounds; ++round) {
        bare_rates.push_back(bare((*broker)->address(), events));
        collected_rates.push_back(collected(port, events, connections));
        std::printf("bare producer %8.0f ev/s   collector %8.0f ev/s   ratio %.2f\n",
                    bare_rates.back(), collected_rates.back(),
                    collected_rates.back() / bare_rates.back());
        std::fflush(stdout);
    }
    std::printf("median: %.0f against %.0f ev/s, ratio %.2f\n", median(collected_rates),
                median(bare_rates), median(collected_rates) / median(bare_rates));
    (*server)->drain(10s);
    (*outlet)->flush(10s);
    return 0;
}

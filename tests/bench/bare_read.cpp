// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast librdkafka itself reads a topic with the reader's settings, when all that is done with a
// record is counting it: what the reader and everything behind it are measured against.
//
// Usage: bare_read BOOTSTRAP TOPIC [CLIENTS]; with CLIENTS 0 it is Weir's own reader that counts.
#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "connectors/kafka/read/reader.h"

namespace {

using Clock = std::chrono::steady_clock;
constexpr int wait_ms = 20'000;
constexpr std::size_t batch = 4096;

struct Counts {
    std::atomic<std::int64_t> events{0};
    std::atomic<std::int64_t> bytes{0};
};

struct Range {
    std::int32_t partition;
    std::int64_t begin;
    std::int64_t end;
};

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "bare_read: %s\n", what.c_str());
    std::exit(1);
}

rd_kafka_t* make_client(const std::string& bootstrap) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char why[512] = "";
    const char* settings[][2] = {
        {"bootstrap.servers", bootstrap.c_str()}, {"fetch.wait.max.ms", "10"},
        {"fetch.error.backoff.ms", "100"},        {"queued.max.messages.kbytes", "32768"},
        {"auto.offset.reset", "error"},           {"enable.partition.eof", "true"},
        {"enable.auto.commit", "false"},          {"enable.auto.offset.store", "false"},
        {"allow.auto.create.topics", "false"},    {"isolation.level", "read_uncommitted"}};
    for (const auto& [name, value] : settings)
        if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK)
            fail(why);
    rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    return client ? client : (fail(why), nullptr);
}

std::vector<Range> find_ranges(rd_kafka_t* client, rd_kafka_topic_t* topic) {
    const rd_kafka_metadata_t* found = nullptr;
    if (const auto err = rd_kafka_metadata(client, 0, topic, &found, wait_ms))
        fail(rd_kafka_err2str(err));
    std::vector<Range> ranges;
    for (int i = 0; i < found->topics[0].partition_cnt; ++i) {
        Range r{found->topics[0].partitions[i].id, 0, 0};
        if (const auto err = rd_kafka_query_watermark_offsets(
                client, rd_kafka_topic_name(topic), r.partition, &r.begin, &r.end, wait_ms))
            fail(rd_kafka_err2str(err));
        ranges.push_back(r);
    }
    rd_kafka_metadata_destroy(found);
    return ranges;
}

/// Reads every `of`-th partition, starting with `share`, to its end.
void count_share(const std::string& bootstrap, const std::string& name, int share, int of,
                 Counts& counts) {
    rd_kafka_t* client = make_client(bootstrap);
    rd_kafka_topic_t* topic = rd_kafka_topic_new(client, name.c_str(), nullptr);
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    const std::vector<Range> ranges = find_ranges(client, topic);
    std::vector<std::int64_t> ends(ranges.size(), -1);
    int open = 0;
    for (std::size_t i = static_cast<std::size_t>(share); i < ranges.size();
         i += static_cast<std::size_t>(of)) {
        if (ranges[i].begin == ranges[i].end)
            continue;
        ends[static_cast<std::size_t>(ranges[i].partition)] = ranges[i].end;
        rd_kafka_consume_start_queue(topic, ranges[i].partition, ranges[i].begin, queue);
        ++open;
    }
    std::vector<rd_kafka_message_t*> messages(batch);
    std::int64_t events = 0;
    std::int64_t bytes = 0;
    while (open > 0) {
        const ssize_t n = rd_kafka_consume_batch_queue(queue, 100, messages.data(), batch);
        for (ssize_t i = 0; i < n; ++i) {
            rd_kafka_message_t* m = messages[static_cast<std::size_t>(i)];
            std::int64_t& end = ends[static_cast<std::size_t>(m->partition)];
            const std::int64_t next = m->offset + (m->err ? 0 : 1);
            if (!m->err) {
                ++events;
                bytes += static_cast<std::int64_t>(m->len + m->key_len);
            }
            if (end >= 0 && next >= end) {
                end = -1;
                --open;
            }
            rd_kafka_message_destroy(m);
        }
    }
    counts.events += events;
    counts.bytes += bytes;
    for (const Range& r : ranges)
        rd_kafka_consume_stop(topic, r.partition);
    rd_kafka_queue_destroy(queue);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
}

/// The same with Weir's reader.
void count_with_reader(const std::string& bootstrap, const std::string& name, Counts& counts) {
    weir::kafka::ConnectionOptions options;
    options.name = "bench";
    options.bootstrap = bootstrap;
    options.environment = weir::kafka::Environment::Sandbox;
    auto cluster = weir::kafka::Cluster::open(options, {});
    if (!cluster)
        fail(cluster.error().text());
    weir::kafka::ReadRequest request;
    request.topics = {name};
    request.start.kind = weir::kafka::StartAt::Kind::Beginning;
    request.end.kind = weir::kafka::EndAt::Kind::Snapshot;
    auto reader = weir::kafka::Reader::open(*cluster, request, std::chrono::milliseconds(wait_ms));
    if (!reader)
        fail(reader.error().text());
    std::vector<std::thread> threads;
    for (int i = 0; i < (*reader)->stream_count(); ++i)
        threads.emplace_back([&, i] {
            while (!(*reader)->finished()) {
                const weir::RecordBatch got = (*reader)->poll(i, std::chrono::milliseconds(20));
                counts.events += static_cast<std::int64_t>(got.records.size());
            }
        });
    for (std::thread& t : threads)
        t.join();
    for (const auto& p : (*reader)->progress())
        counts.bytes += p.bytes;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3)
        fail("usage: bare_read BOOTSTRAP TOPIC [CLIENTS; 0: Weir's reader]");
    const int clients = argc > 3 ? std::atoi(argv[3]) : 2;
    Counts counts;
    const auto began = Clock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i)
        threads.emplace_back([&, i] { count_share(argv[1], argv[2], i, clients, counts); });
    if (clients == 0)
        count_with_reader(argv[1], argv[2], counts);
    for (std::thread& t : threads)
        t.join();
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    std::printf("%lld events, %.3f s, %.0f events/s, %.1f MB/s\n",
                static_cast<long long>(counts.events), seconds,
                static_cast<double>(counts.events) / seconds,
                static_cast<double>(counts.bytes) / seconds / 1e6);
    return 0;
}

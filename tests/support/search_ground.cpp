// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/search_ground.h"

#include <stdexcept>

#include "tests/support/kafka_tool.h"

namespace weir::test {

using namespace std::chrono_literals;

bool KeptHits::take(const HitView& hit) {
    places.push_back(std::string(hit.topic) + "/" + std::to_string(hit.partition.value()) + "@" +
                     std::to_string(hit.offset.value()) +
                     (hit.in_batch ? "[" + std::to_string(hit.ordinal) + "]" : ""));
    values.emplace_back(hit.value_null ? std::string_view("<null>") : hit.value);
    times_ms.push_back(hit.time.ms());
    return true;
}

std::vector<std::string> Found::lines() const {
    std::vector<std::string> all;
    for (const PartitionCoverage& p : coverage.partitions)
        all.push_back(std::to_string(p.partition.value()) + ": [" + std::to_string(p.from.value()) +
                      "," + std::to_string(p.to.value()) + ") read " + std::to_string(p.read) +
                      " matched " + std::to_string(p.matched) + " " + to_word(p.stop));
    return all;
}

std::shared_ptr<const Filter> filter(const std::string& text) {
    auto parsed = Filter::parse(text, Micros::now());
    if (!parsed)
        throw std::runtime_error(parsed.error().text());
    return *parsed;
}

SearchParts parts_for(std::shared_ptr<kafka::Cluster> cluster,
                      std::shared_ptr<const DisclosurePolicy> policy) {
    SearchParts parts;
    parts.open_reader = [cluster](kafka::ReadRequest request) {
        return kafka::Reader::open(cluster, std::move(request), 10s);
    };
    const auto vocabulary = Vocabulary::create({"type", "source", "platform"});
    parts.vocabulary = vocabulary;
    parts.make_decoder = [vocabulary] {
        DecodeOptions options;
        options.connection = "test";
        return Decoder::create(DialectSet::built_in(), vocabulary, options);
    };
    parts.disclosure = std::move(policy);
    parts.connection = "test";
    return parts;
}

SearchRequest request_for(const std::string& topic, const std::string& expression) {
    SearchRequest request;
    request.topics = {topic};
    request.filter = filter(expression);
    return request;
}

Found find(SearchRequest request, SearchParts parts) {
    Found found;
    auto search = Search::prepare(std::move(request), std::move(parts));
    if (!search) {
        found.error = search.error().text();
        return found;
    }
    found.plan = (*search)->plan();
    (*search)->start(found.hits);
    if (!(*search)->wait_for(60s))
        throw std::runtime_error("the search did not end within 60 s");
    found.coverage = (*search)->coverage();
    found.remarks = (*search)->remarks();
    return found;
}

std::string page_view(std::int64_t n) {
    return R"({"event_id":"e-)" + std::to_string(n) + R"(","event_type":"page_view"})";
}

std::string segment_call(const std::string& name, std::size_t i, const std::string& type) {
    return R"({"type":"track","event":")" + type + R"(","messageId":")" + name + "-" +
           std::to_string(i) + R"(","userId":"u-)" + std::to_string(i) +
           R"(","originalTimestamp":"2026-05-01T12:00:00Z"})";
}

std::string segment_batch(const std::string& name, const std::vector<std::string>& types) {
    std::string batch = R"({"batch": [)";
    for (std::size_t i = 0; i < types.size(); ++i)
        batch += (i == 0 ? "" : ", ") + segment_call(name, i, types[i]);
    return batch + R"(], "sentAt": "2026-05-01T12:00:01Z"})";
}

std::shared_ptr<const LaneSnapshot> remembered(const SearchParts& parts, const std::string& topic,
                                               std::int64_t last_n) {
    kafka::ReadRequest newest;
    newest.topics = {topic};
    newest.start = {kafka::StartAt::Kind::LastN, last_n, {}, {}};
    newest.end.kind = kafka::EndAt::Kind::Snapshot;
    newest.streams = 1;
    const auto reader = parts.open_reader(newest);
    if (!reader)
        throw std::runtime_error(reader.error().text());
    const auto decoder = parts.make_decoder();
    EventStore store(0, 1, {});
    while (!(*reader)->finished()) {
        SightingBatch sightings;
        decoder->decode((*reader)->poll(0, 100ms), sightings);
        store.absorb(sightings);
    }
    store.publish();
    return store.snapshot();
}

std::shared_ptr<kafka::Cluster> observed(const KafkaBroker& broker, double budget_mb_s) {
    kafka::ConnectionOptions options = broker.connection();
    options.read_budget_mb_s = budget_mb_s;
    return kafka::Cluster::open(options, {}).value();
}

std::string filled_topic(const KafkaBroker& broker, std::int64_t records, int partitions) {
    const std::string topic = unique_name("searched");
    KafkaTool tool(broker);
    const auto made = tool.create_topic(topic, partitions);
    const auto written = tool.write_many(topic, records, [](std::int64_t i) {
        return TestRecord{.key = "k" + std::to_string(i), .value = page_view(i)};
    });
    if (!made || !written)
        throw std::runtime_error("the topic could not be filled");
    return topic;
}

} // namespace weir::test

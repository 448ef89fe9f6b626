// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_reading.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <thread>

namespace weir::test {

using namespace std::chrono_literals;

kafka::ReadRequest whole(const std::string& topic, kafka::Isolation isolation) {
    kafka::ReadRequest request;
    request.topics = {topic};
    request.start.kind = kafka::StartAt::Kind::Beginning;
    request.end.kind = kafka::EndAt::Kind::Snapshot;
    request.isolation = isolation;
    return request;
}

kafka::ReadRequest following(const std::string& topic, kafka::StartAt::Kind from) {
    kafka::ReadRequest request;
    request.topics = {topic};
    request.start.kind = from;
    return request;
}

std::vector<std::int64_t> run_of(std::int64_t from, std::int64_t to) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(to - from));
    std::iota(all.begin(), all.end(), from);
    return all;
}

std::vector<std::string> Reading::values() const {
    std::vector<std::string> all;
    for (const Taken& r : records)
        all.push_back(r.value);
    return all;
}

std::vector<std::int64_t> Reading::offsets(int partition) const {
    std::vector<std::int64_t> all;
    for (const Taken& r : records)
        if (r.partition == partition)
            all.push_back(r.offset);
    return all;
}

int Reading::count(PartitionNote note) const {
    return static_cast<int>(
        std::count_if(events.begin(), events.end(), [&](const auto& e) { return e.note == note; }));
}

const PartitionEvent* Reading::first(PartitionNote note) const {
    const auto it =
        std::find_if(events.begin(), events.end(), [&](const auto& e) { return e.note == note; });
    return it == events.end() ? nullptr : &*it;
}

namespace {

void take(const RecordBatch& batch, Reading& into) {
    for (const Record& r : batch.records) {
        Taken t{std::string(r.topic), r.partition.value(), r.offset.value(), std::string(r.key),
                std::string(r.value), r.key_null,          r.value_null,     {},
                r.timestamp.ms()};
        for (int i = 0; i < r.header_count; ++i) {
            const HeaderView& h = batch.headers_of(r)[i];
            t.headers.emplace_back(h.name, h.null ? "<null>" : std::string(h.value));
        }
        into.records.push_back(std::move(t));
    }
    into.events.insert(into.events.end(), batch.events.begin(), batch.events.end());
}

} // namespace

bool read_until(kafka::Reader& reader, Reading& into, const std::function<bool()>& enough,
                std::chrono::seconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!enough()) {
        if (reader.finished())
            return enough();
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        for (int i = 0; i < reader.stream_count(); ++i)
            take(reader.poll(i, 10ms), into);
    }
    return true;
}

bool read_all(kafka::Reader& reader, Reading& into, std::chrono::seconds limit) {
    return read_until(
        reader, into, [&] { return reader.finished(); }, limit);
}

bool wait_for(const std::function<bool()>& condition, std::chrono::seconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

void produce(kafka::Producer& producer, const std::string& topic, int partition,
             const std::vector<std::string>& values) {
    for (const std::string& value : values) {
        kafka::OutRecord record;
        record.topic = topic;
        record.partition = partition;
        record.value = value;
        if (auto sent = producer.send(record); !sent)
            throw std::runtime_error(sent.error().text());
    }
    if (auto flushed = producer.flush(20s); !flushed)
        throw std::runtime_error(flushed.error().text());
}

std::vector<std::string> numbered(const std::string& word, int n, int first) {
    std::vector<std::string> all;
    for (int i = first; i < first + n; ++i)
        all.push_back(word + "-" + std::to_string(i));
    return all;
}

} // namespace weir::test

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin/clock_offset.h"

#include <algorithm>
#include <limits>
#include <map>

#include "connectors/kafka/admin/admin.h"
#include "connectors/kafka/observer.h"
#include "connectors/kafka/read/reader.h"

namespace weir::kafka {
namespace {

using namespace std::chrono_literals;

constexpr int rounds_max = 12;
constexpr auto poll_wait = 50ms;
constexpr const char* groups_topic = "__consumer_offsets";
/// Stamps are cut to milliseconds.
constexpr std::int64_t stamp_us = 1000;
/// A stamp may be a little older than the end that was asked for: a coordinator gathers its records
/// for some milliseconds after it has stamped them, and an end tells only what is replicated.
constexpr std::int64_t slack_us = 20'000;

std::unique_ptr<Reader> watch(const std::shared_ptr<Cluster>& cluster,
                              std::vector<std::string> topics, Deadline deadline) {
    ReadRequest request;
    request.topics = std::move(topics);
    request.streams = 1;
    request.discover = false;
    auto reader = Reader::open(cluster, request, remaining(deadline));
    return reader ? std::move(*reader) : nullptr;
}

bool stamped_by_broker(const Record& record) {
    return record.timestamp_type == TimestampType::LogAppendTime || record.topic == groups_topic;
}

class Measurement {
  public:
    Measurement(Admin& admin, Reader& reader)
        : m_admin(admin)
        , m_reader(reader) {
        for (const PartitionProgress& at : reader.progress())
            m_partitions.push_back({at.topic, at.partition});
    }

    /// Asks for the ends, then waits for the first record past them; false: none came.
    bool round(Deadline deadline) {
        const Micros asked = Micros::now();
        std::map<TopicPartition, Offset> ends;
        for (const PartitionOffsets& at : m_admin.offsets(m_partitions, remaining(deadline)))
            if (!at.error)
                ends[at.at] = at.end;
        bool came = false;
        while (!came && std::chrono::steady_clock::now() < deadline) {
            const RecordBatch batch = m_reader.poll(0, poll_wait);
            const Micros here = Micros::now();
            for (const Record& record : batch.records) {
                const auto end = ends.find({std::string(record.topic), record.partition});
                if (end == ends.end() || record.offset < end->second || !stamped_by_broker(record))
                    continue;
                take(record, asked, here);
                came = true;
            }
        }
        return came;
    }

    const std::optional<ClockOffset>& result() const { return m_result; }

  private:
    void take(const Record& record, Micros asked, Micros here) {
        const std::int64_t stamp = record.timestamp.value();
        const std::int64_t least = stamp - here.value();
        const std::int64_t most = stamp + stamp_us + slack_us - asked.value();
        if (!m_result)
            m_result = ClockOffset{least, most, 0, std::string(record.topic)};
        m_result->least_us = std::max(m_result->least_us, least);
        m_result->most_us = std::min(m_result->most_us, most);
        ++m_result->records;
    }

    Admin& m_admin;
    Reader& m_reader;
    std::vector<TopicPartition> m_partitions;
    std::optional<ClockOffset> m_result;
};

} // namespace

std::optional<ClockOffset> measure_clock(const std::shared_ptr<Cluster>& cluster,
                                         std::vector<std::string> topics,
                                         std::chrono::milliseconds timeout) {
    const Deadline deadline = std::chrono::steady_clock::now() + timeout;
    Admin admin(cluster);
    if (std::find(topics.begin(), topics.end(), groups_topic) == topics.end())
        if (admin.topic_info(groups_topic, remaining(deadline)))
            topics.emplace_back(groups_topic);
    if (topics.empty())
        return std::nullopt;
    const auto reader = watch(cluster, std::move(topics), deadline);
    if (!reader)
        return std::nullopt;
    Measurement measurement(admin, *reader);
    for (int i = 0; i < rounds_max && measurement.round(deadline); ++i) {
    }
    return measurement.result();
}

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read/reader.h"

#include <algorithm>

#include "connectors/kafka/read/reader_plan.h"
#include "connectors/kafka/read/reader_watch.h"
#include "connectors/kafka/read/record_look.h"

namespace weir::kafka {

namespace {

using namespace std::chrono_literals;

constexpr int streams_max = 16;
/// The id came with the topics' metadata; brokers before 0.10.1 have none.
constexpr std::chrono::milliseconds note_wait = 2s;
constexpr std::size_t batch_records_max = 65'536;

class KafkaReader final : public Reader {
  public:
    KafkaReader(std::shared_ptr<Cluster> keep, ObservedCluster& cluster, ReadRequest request)
        : m_keep(std::move(keep))
        , m_request(std::move(request))
        , m_cluster(cluster) {}
    ~KafkaReader() override {
        stop();
        m_watch.reset();
    }

    Result<void> start(Deadline deadline) {
        auto topics = find_topics(m_cluster, m_request, deadline);
        if (!topics)
            return topics.error();
        auto planned = plan_partitions(m_cluster, m_request, *topics, deadline);
        if (!planned)
            return planned.error();
        if (planned->empty() && !following())
            return nothing_matches(*topics);
        const std::size_t wanted = following() && m_request.discover
                                       ? static_cast<std::size_t>(m_request.streams)
                                       : planned->size();
        const auto streams =
            std::clamp<std::size_t>(wanted, 1, static_cast<std::size_t>(m_request.streams));
        for (std::size_t i = 0; i < streams; ++i)
            m_streams.push_back(std::make_unique<ReaderStream>(m_cluster, m_request));
        if (auto dealt = deal(m_streams, std::move(planned).value(), deadline); !dealt)
            return dealt.error();
        m_watch = std::make_unique<ReaderWatch>(m_cluster, m_request, m_streams);
        m_cluster.note_before_reading(std::min(remaining(deadline), note_wait));
        return {};
    }

    int stream_count() const override { return static_cast<int>(m_streams.size()); }

    RecordBatch poll(int stream, std::chrono::milliseconds wait) override {
        return m_streams[static_cast<std::size_t>(stream)]->poll(wait);
    }

    bool finished() const override {
        if (m_stopped)
            return true;
        return !following() && std::all_of(m_streams.begin(), m_streams.end(),
                                           [](const auto& s) { return s->drained(); });
    }

    void stop() override {
        m_stopped = true;
        for (const auto& s : m_streams)
            s->stop();
    }

    std::vector<PartitionProgress> progress() const override {
        std::vector<PartitionProgress> all;
        for (const auto& s : m_streams) {
            auto some = s->progress();
            std::move(some.begin(), some.end(), std::back_inserter(all));
        }
        std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
            return std::tie(a.topic, a.partition) < std::tie(b.topic, b.partition);
        });
        return all;
    }

    std::vector<LogMark> marks() const override {
        std::vector<LogMark> all;
        for (const auto& s : m_streams) {
            auto some = s->marks();
            std::move(some.begin(), some.end(), std::back_inserter(all));
        }
        return all;
    }

    std::vector<LogFate> find_fates(const std::vector<LogMark>& marks,
                                    std::chrono::milliseconds timeout,
                                    const std::stop_token& stop) override {
        return kafka::find_fates(m_cluster, marks, std::chrono::steady_clock::now() + timeout,
                                 stop);
    }

  private:
    /// A partition that is asked for and that no topic has, or no topic at all.
    Error nothing_matches(const std::vector<FoundTopic>& topics) const {
        Error error{ErrorCode::NotFound,
                    "no topic or partition matches",
                    m_cluster.options().name,
                    {},
                    "Check names, patterns and partitions."};
        if (m_request.only_partitions.empty() || topics.empty())
            return error;
        const FoundTopic& largest =
            *std::max_element(topics.begin(), topics.end(), [](const auto& a, const auto& b) {
                return a.partition_count < b.partition_count;
            });
        if (largest.partition_count == 0)
            return error; // nobody told how many it has
        error.what =
            "no topic has partition " + std::to_string(m_request.only_partitions.front().value());
        error.advice = "The partitions of " + largest.name + " are 0 to " +
                       std::to_string(largest.partition_count - 1) + ".";
        return error;
    }
    bool following() const {
        return m_request.end.kind == EndAt::Kind::Never && m_request.ranges.empty();
    }

    const std::shared_ptr<Cluster> m_keep;
    const ReadRequest m_request;
    ObservedCluster& m_cluster;
    std::vector<std::unique_ptr<ReaderStream>> m_streams;
    std::unique_ptr<ReaderWatch> m_watch;
    std::atomic<bool> m_stopped{false};
};

Result<void> check(const ReadRequest& request, const std::string& connection) {
    const auto usage = [&](const char* what) {
        return Error{ErrorCode::Usage, what, connection, {}, {}};
    };
    if (request.topics.empty() && request.topic_patterns.empty() && request.ranges.empty())
        return usage("nothing to read: no topic, pattern or range was named");
    if (request.streams < 1 || request.streams > streams_max)
        return usage("a reader has 1 to 16 streams");
    if (request.batch_records < 1 || request.batch_records > batch_records_max)
        return usage("a batch holds 1 to 65536 records");
    return {};
}

} // namespace

Result<std::unique_ptr<Reader>> Reader::open(std::shared_ptr<Cluster> cluster, ReadRequest request,
                                             std::chrono::milliseconds timeout) {
    ObservedCluster* inside = cluster ? observed(*cluster) : nullptr;
    if (!inside)
        return Error{
            ErrorCode::Internal, "this cluster was not opened by Cluster::open", {}, {}, {}};
    if (auto checked = check(request, inside->options().name); !checked)
        return checked.error();
    const Deadline deadline = std::chrono::steady_clock::now() + timeout;
    const std::stop_token stop = request.stop;
    auto reader = std::make_unique<KafkaReader>(cluster, *inside, std::move(request));
    auto started = reader->start(deadline);
    if (stop.stop_requested())
        return Error{ErrorCode::Cancelled,
                     "reading was given up before it began",
                     inside->options().name,
                     {},
                     {}};
    if (!started)
        return started.error();
    return std::unique_ptr<Reader>(std::move(reader));
}

} // namespace weir::kafka

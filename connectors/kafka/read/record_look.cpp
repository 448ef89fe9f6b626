// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read/record_look.h"

#include <algorithm>
#include <map>

#include "connectors/kafka/admin/offsets.h"

namespace weir::kafka {

namespace {

using namespace std::chrono_literals;
using Seen = RecordLook::Seen;

/// How long a stop may go unheard.
constexpr auto stop_pace = 50ms;

/// What the ends tell; a record that should be there is Unanswered so far. Asked first, since a
/// client that fetches gives a topic that is no more half a minute to appear.
std::vector<RecordLook> look_at_ends(rd_kafka_t* client, const std::vector<RecordPlace>& places,
                                     Deadline deadline, const std::stop_token& stop) {
    std::vector<OffsetQuestion> questions;
    for (const RecordPlace& place : places)
        questions.push_back({place.topic, place.partition, time_of_end});
    const auto ends = ask_offsets_patiently(client, questions, deadline, deadline, stop);
    std::vector<RecordLook> looks(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (ends[i].err == RD_KAFKA_RESP_ERR_NO_ERROR && ends[i].offset <= places[i].offset)
            looks[i].seen = Seen::PastEnd;
        else if (error_code_of(ends[i].err) == ErrorCode::NotFound)
            looks[i].seen = Seen::NoTopic;
    }
    return looks;
}

/// Partitions that are fetched into one queue, each until its first answer. An answer that nobody
/// fetched would keep its partition alive, and with it the client (librdkafka 2.0.2): the queue is
/// destroyed before the topics, with what is in it.
class Fetches {
  public:
    /// Of those that are Unanswered.
    Fetches(rd_kafka_t* client, const std::vector<RecordPlace>& places,
            std::vector<RecordLook>& looks)
        : m_places(places)
        , m_looks(looks)
        , m_queue(rd_kafka_queue_new(client)) {
        for (std::size_t i = 0; i < places.size(); ++i)
            if (looks[i].seen == Seen::Unanswered)
                start(client, i);
    }
    ~Fetches() {
        for (const auto& [at, i] : m_open)
            rd_kafka_consume_stop(at.first, at.second);
    }
    Fetches(const Fetches&) = delete;
    Fetches& operator=(const Fetches&) = delete;

    void run(Deadline deadline, const std::stop_token& stop) {
        while (!m_open.empty() && std::chrono::steady_clock::now() < deadline &&
               !stop.stop_requested()) {
            const auto wait = std::min<std::chrono::milliseconds>(remaining(deadline), stop_pace);
            const MessageHandle message(
                rd_kafka_consume_queue(m_queue.get(), static_cast<int>(wait.count())));
            if (message)
                take(*message);
        }
    }

  private:
    void start(rd_kafka_t* client, std::size_t i) {
        const RecordPlace& place = m_places[i];
        TopicHandle& topic = m_topics[place.topic];
        if (!topic)
            topic.reset(rd_kafka_topic_new(client, place.topic.c_str(), nullptr));
        if (topic && rd_kafka_consume_start_queue(topic.get(), place.partition.value(),
                                                  place.offset.value(), m_queue.get()) == 0)
            m_open[{topic.get(), place.partition.value()}] = i;
    }

    void take(const rd_kafka_message_t& message) {
        const auto found = m_open.find({message.rkt, message.partition});
        if (found == m_open.end())
            return;
        RecordLook& look = m_looks[found->second];
        switch (message.err) {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            if (Offset(message.offset) < m_places[found->second].offset)
                return; // of a batch that began before
            look = {Seen::Record, RecordMark::of(message), time_of(message),
                    static_cast<std::int64_t>(message.key_len + message.len)};
            break;
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:     // nothing but holes up to the end
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET: // the end is behind it: so it was deleted
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
            look.seen = Seen::Nothing;
            break;
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            look.seen = Seen::NoTopic;
            break;
        default: // not to be had
            break;
        }
        rd_kafka_consume_stop(message.rkt, message.partition);
        m_open.erase(found);
    }

    const std::vector<RecordPlace>& m_places;
    std::vector<RecordLook>& m_looks;
    std::map<std::string, TopicHandle> m_topics;
    const QueueHandle m_queue;
    std::map<std::pair<rd_kafka_topic_t*, std::int32_t>, std::size_t> m_open;
};

LogFate fate_of(const RecordMark& mark, const RecordLook& look) {
    switch (look.seen) {
    case Seen::Record:
        if (look.mark.offset != mark.offset)
            return LogFate::Unknown;
        return look.mark.hash == mark.hash ? LogFate::Same : LogFate::Other;
    case Seen::Nothing:
        return LogFate::Unknown;
    case Seen::PastEnd:
        return LogFate::Shorter;
    case Seen::NoTopic:
        return LogFate::Gone;
    case Seen::Unanswered:
        break;
    }
    return LogFate::Unanswered;
}

} // namespace

std::vector<RecordLook> look_at_records(ObservedCluster& cluster,
                                        const std::vector<RecordPlace>& places, Deadline deadline,
                                        const std::stop_token& stop, Isolation isolation) {
    const bool committed = isolation == Isolation::ReadCommitted;
    const Result<rd_kafka_t*> client =
        committed ? cluster.committed_client() : Result<rd_kafka_t*>(cluster.client());
    if (!client)
        return std::vector<RecordLook>(places.size());
    auto looks = look_at_ends(*client, places, deadline, stop);
    const std::lock_guard alone(committed ? cluster.committed_reads() : cluster.single_reads());
    Fetches(*client, places, looks).run(deadline, stop);
    return looks;
}

std::vector<LogFate> find_fates(ObservedCluster& cluster, const std::vector<LogMark>& marks,
                                Deadline deadline, const std::stop_token& stop) {
    std::vector<RecordPlace> places;
    for (const LogMark& mark : marks)
        places.push_back({mark.topic, mark.partition, mark.record.offset});
    const std::vector<RecordLook> looks = look_at_records(cluster, places, deadline, stop);
    std::vector<LogFate> fates;
    for (std::size_t i = 0; i < marks.size(); ++i)
        fates.push_back(fate_of(marks[i].record, looks[i]));
    return fates;
}

} // namespace weir::kafka

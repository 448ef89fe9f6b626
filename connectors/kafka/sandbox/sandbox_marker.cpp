// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/sandbox/sandbox_marker.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <array>
#include <thread>

#include "connectors/kafka/admin/offsets.h"
#include "connectors/kafka/client/single_read.h"
#include "connectors/kafka/observer.h"
#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/sandbox/identity_guard.h"

namespace weir::kafka {

namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;
using NewTopicHandle = std::unique_ptr<rd_kafka_NewTopic_t, DestroyWith<rd_kafka_NewTopic_destroy>>;
using OptionsHandle =
    std::unique_ptr<rd_kafka_AdminOptions_t, DestroyWith<rd_kafka_AdminOptions_destroy>>;

constexpr auto look_pause = 50ms;
constexpr std::string_view marker_key = "cluster";

std::string marker_value(const std::string& cluster_id) {
    const QJsonObject marker{{QStringLiteral("format"), QStringLiteral("weir-sandbox")},
                             {QStringLiteral("version"), 1},
                             {QStringLiteral("cluster_id"), QString::fromStdString(cluster_id)}};
    return QJsonDocument(marker).toJson(QJsonDocument::Compact).toStdString();
}

std::string_view text_of(const void* bytes, std::size_t length) {
    return bytes ? std::string_view(static_cast<const char*>(bytes), length) : std::string_view();
}

/// Empty: this is no marker.
std::string cluster_in(std::string_view value) {
    const QJsonObject marker =
        QJsonDocument::fromJson(QByteArray(value.data(), static_cast<qsizetype>(value.size())))
            .object();
    if (marker[QStringLiteral("format")].toString() != QStringLiteral("weir-sandbox"))
        return {};
    return marker[QStringLiteral("cluster_id")].toString().toStdString();
}

/// A client that writes to the ticket's cluster and to no other.
class Writer {
  public:
    explicit Writer(const SandboxTicket& ticket)
        : m_guard(ticket) {}

    Result<void> start(Deadline deadline) {
        const SandboxTicket& ticket = m_guard.ticket();
        if (auto still = ticket.recheck(); !still)
            return still;
        Client::Settings with;
        with.fixed = {{"acks", "all"}, {"allow.auto.create.topics", "false"}};
        with.events = RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR;
        with.may_connect = m_guard.hook();
        auto client = Client::write(ticket.leave(), ticket.connection(), ticket.secrets(),
                                    Purpose::Produce, with);
        if (!client)
            return client.error();
        m_client = std::move(client).value();
        return m_guard.prove(m_client.get(), remaining(deadline));
    }

    rd_kafka_t* client() const { return m_client.get(); }

  private:
    IdentityGuard m_guard;
    Client m_client;
};

/// A new topic can be written to once each of its partitions has a leader.
Result<void> wait_for_leaders(rd_kafka_t* client, const std::string& topic,
                              const std::string& connection, Deadline deadline) {
    while (std::chrono::steady_clock::now() < deadline) {
        auto found = fetch_metadata(client, topic.c_str(), connection, remaining(deadline));
        if (!found)
            return found.error();
        bool ready = (*found)->topic_cnt == 1 && (*found)->topics[0].partition_cnt > 0 &&
                     (*found)->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR;
        for (int i = 0; ready && i < (*found)->topics[0].partition_cnt; ++i)
            ready = (*found)->topics[0].partitions[i].leader >= 0;
        if (ready)
            return {};
        std::this_thread::sleep_for(look_pause);
    }
    return kafka_error(RD_KAFKA_RESP_ERR__TIMED_OUT, "topic " + topic + " found no leader",
                       connection, "creating it");
}

Result<void> create_with(rd_kafka_t* client, const NewTopic& topic, const std::string& connection,
                         Deadline deadline) {
    std::array<char, 512> why{};
    const NewTopicHandle wanted(
        rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, -1, why.data(), why.size()));
    if (!wanted)
        return Error{ErrorCode::Config,
                     "topic " + topic.name + " cannot be: " + why.data(),
                     connection,
                     {},
                     {}};
    for (const auto& [name, value] : topic.configs)
        rd_kafka_NewTopic_set_config(wanted.get(), name.c_str(), value.c_str());
    const OptionsHandle options(rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), remaining_ms(deadline), nullptr, 0);
    const QueueHandle queue(rd_kafka_queue_new(client));
    rd_kafka_NewTopic_t* one = wanted.get();
    rd_kafka_CreateTopics(client, &one, 1, options.get(), queue.get());
    const EventHandle event(rd_kafka_queue_poll(queue.get(), remaining_ms(deadline)));
    const std::string what = "topic " + topic.name + " was not created";
    if (!event)
        return kafka_error(RD_KAFKA_RESP_ERR__TIMED_OUT, what, connection);
    if (const auto err = rd_kafka_event_error(event.get()))
        return kafka_error(err, what, connection);
    std::size_t count = 0;
    const auto* results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(event.get()), &count);
    const auto err =
        count == 1 ? rd_kafka_topic_result_error(results[0]) : RD_KAFKA_RESP_ERR_UNKNOWN;
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR && err != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
        Error error = kafka_error(err, what, connection);
        if (error.code == ErrorCode::NotPermitted)
            error.advice = "Creating topics needs CREATE on the cluster or the topic.";
        return error;
    }
    return wait_for_leaders(client, topic.name, connection, deadline);
}

} // namespace

Result<std::string> read_marker(const std::shared_ptr<Cluster>& cluster, Milliseconds timeout) {
    ReadRequest request;
    request.topics = {sandbox_marker_topic};
    request.start.kind = StartAt::Kind::Beginning;
    request.end.kind = EndAt::Kind::Snapshot;
    request.streams = 1;
    auto reader = Reader::open(cluster, request, timeout);
    if (!reader && reader.error().code == ErrorCode::NotFound)
        return std::string();
    if (!reader)
        return reader.error();
    const Deadline deadline = std::chrono::steady_clock::now() + timeout;
    std::string named;
    while (!(*reader)->finished()) {
        if (std::chrono::steady_clock::now() > deadline)
            return kafka_error(RD_KAFKA_RESP_ERR__TIMED_OUT, "the sandbox's marker was not read",
                               cluster->options().name);
        const RecordBatch batch = (*reader)->poll(0, look_pause);
        for (const Record& r : batch.records)
            if (r.key == marker_key)
                named = cluster_in(r.value);
    }
    return named;
}

MarkerSight look_for_marker(ObservedCluster& cluster, const std::string& cluster_id,
                            Milliseconds timeout) {
    const Deadline deadline = std::chrono::steady_clock::now() + timeout;
    const auto found = fetch_metadata(cluster.client(), sandbox_marker_topic,
                                      cluster.options().name, remaining(deadline));
    if (!found || (*found)->topic_cnt != 1)
        return MarkerSight::Unknown;
    const rd_kafka_resp_err_t err = (*found)->topics[0].err;
    if (error_code_of(err) == ErrorCode::NotFound)
        return MarkerSight::None; // as a rule: nothing more is asked
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return MarkerSight::Unknown;
    const auto end = ask_offsets(cluster.client(), {{sandbox_marker_topic, PartitionId(0)}},
                                 remaining(deadline))[0];
    if (end.err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return MarkerSight::Unknown;
    if (end.offset.value() < 1)
        return MarkerSight::None;
    // A client of its own, which ends here: a fetch follows the one that brings the record, and a
    // client's next question would wait for it for half a second.
    const auto own = cluster.new_client({});
    if (!own || !fetch_metadata(own->get(), sandbox_marker_topic, cluster.options().name,
                                remaining(deadline)))
        return MarkerSight::Unknown;
    const TopicHandle topic(rd_kafka_topic_new(own->get(), sandbox_marker_topic, nullptr));
    SingleRead read(own->get(), topic.get(), PartitionId(0), Offset(end.offset.value() - 1));
    const MessageHandle newest = read.started() ? read.next(remaining(deadline)) : nullptr;
    if (!newest || newest->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return MarkerSight::Unknown;
    const bool there = text_of(newest->key, newest->key_len) == marker_key &&
                       cluster_in(text_of(newest->payload, newest->len)) == cluster_id;
    return there ? MarkerSight::There : MarkerSight::None;
}

Result<void> write_marker(const SandboxTicket& ticket, Milliseconds timeout) {
    const Deadline deadline = std::chrono::steady_clock::now() + timeout;
    const std::string& connection = ticket.connection().name;
    Writer writer(ticket);
    if (auto started = writer.start(deadline); !started)
        return started;
    // Compacted: the marker stays however old it gets.
    const NewTopic topic{sandbox_marker_topic, 1, {{"cleanup.policy", "compact"}}};
    if (auto made = create_with(writer.client(), topic, connection, deadline); !made)
        return made;
    const std::string value = marker_value(ticket.cluster_id());
    // NOLINTNEXTLINE: librdkafka takes its arguments by a variadic list and wants void*
    rd_kafka_resp_err_t err = rd_kafka_producev(
        writer.client(), RD_KAFKA_V_TOPIC(sandbox_marker_topic), RD_KAFKA_V_PARTITION(0),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(const_cast<char*>(marker_key.data()), marker_key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()), RD_KAFKA_V_END);
    const std::string what = "the sandbox's marker was not written";
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_error(err, what, connection);
    const QueueHandle queue(rd_kafka_queue_get_main(writer.client()));
    while (std::chrono::steady_clock::now() < deadline) {
        const EventHandle event(rd_kafka_queue_poll(queue.get(), remaining_ms(deadline)));
        if (!event || rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_DR)
            continue;
        const rd_kafka_message_t* report = rd_kafka_event_message_next(event.get());
        if (report->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return kafka_error(report->err, what, connection);
        return {};
    }
    return kafka_error(RD_KAFKA_RESP_ERR__TIMED_OUT, what, connection);
}

Result<void> create_topic(const SandboxTicket& ticket, const NewTopic& topic,
                          Milliseconds timeout) {
    if (ticket.embedded())
        return Error{ErrorCode::Unsupported,
                     "the embedded cluster makes its topics itself",
                     ticket.connection().name,
                     {},
                     {}};
    const std::string& connection = ticket.connection().name;
    if (is_reserved_topic(topic.name))
        return Error{ErrorCode::Refused, "names that begin with __ are reserved: " + topic.name,
                     connection, "making a topic", "Take another name."};
    const Deadline deadline = std::chrono::steady_clock::now() + timeout;
    Writer writer(ticket);
    if (auto started = writer.start(deadline); !started)
        return started;
    const auto found =
        fetch_metadata(writer.client(), topic.name.c_str(), connection, remaining(deadline));
    if (found && (*found)->topic_cnt == 1 && (*found)->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR)
        return {}; // to write to it needs no leave to create
    return create_with(writer.client(), topic, connection, deadline);
}

} // namespace weir::kafka

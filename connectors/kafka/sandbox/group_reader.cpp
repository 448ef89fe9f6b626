// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/sandbox/group_reader.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "connectors/kafka/observer.h"
#include "connectors/kafka/read/message_record.h"
#include "connectors/kafka/sandbox/embedded_room.h"
#include "connectors/kafka/sandbox/identity_guard.h"
#include "connectors/kafka/sandbox/offset_list.h"

namespace weir::kafka {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;

constexpr auto offsets_wait = 30s; // a transaction that was left open holds them back until its end

struct JoinedClient {
    Client client;
    std::set<std::string, std::less<>> topics; // records' topics point here

    std::string_view name_of(const rd_kafka_message_t& message) {
        const std::string_view topic = rd_kafka_topic_name(message.rkt);
        const auto known = topics.find(topic);
        return known != topics.end() ? *known : *topics.emplace(topic).first;
    }
};

/// The messages of one poll; they and the client go when the batch goes.
struct Messages final : RecordBatch::Backing {
    std::shared_ptr<JoinedClient> client;
    std::vector<MessageHandle> all;
};

std::vector<TopicPartition> partitions_of(const rd_kafka_topic_partition_list_t& list) {
    std::vector<TopicPartition> partitions;
    for (int i = 0; i < list.cnt; ++i)
        partitions.push_back({list.elems[i].topic, PartitionId(list.elems[i].partition)});
    return partitions;
}

OffsetListHandle list_of(const std::vector<TopicPartition>& partitions) {
    OffsetListHandle list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const TopicPartition& one : partitions)
        rd_kafka_topic_partition_list_add(list.get(), one.topic.c_str(), one.partition.value());
    return list;
}

class JoinedReader final : public GroupReader {
  public:
    JoinedReader(const SandboxTicket& ticket, GroupOptions options)
        : m_guard(ticket)
        , m_options(std::move(options))
        , m_room(ticket.embedded() ? EmbeddedRoom::of(ticket.connection().bootstrap) : nullptr) {}
    ~JoinedReader() override;

    Result<void> start(Milliseconds timeout);
    RecordBatch poll(Milliseconds wait, std::size_t records_max) override;
    void pause(bool paused) override;
    Result<void> commit(const std::vector<TopicPartitionOffset>& next) override;
    void start_over() override;
    std::vector<TopicPartition> assignment() const override { return m_assigned; }
    std::string credentials() const override;
    std::optional<Error> fatal() const override { return m_fatal; }

  private:
    const std::string& name() const { return m_guard.ticket().connection().name; }
    void rebalance(rd_kafka_resp_err_t err, rd_kafka_topic_partition_list_t* partitions);
    void take_on(OffsetListHandle partitions);
    void let_go(bool lost);
    Result<void> set_starts(rd_kafka_topic_partition_list_t* partitions);
    Result<void> ask_owner(rd_kafka_topic_partition_list_t& partitions);
    void set_start(rd_kafka_topic_partition_t& partition);
    bool collect(Messages& messages, std::size_t& bytes, Milliseconds wait);
    void take_trouble(const rd_kafka_message_t& message);
    void check_fatal();

    IdentityGuard m_guard;
    const GroupOptions m_options;
    const std::shared_ptr<EmbeddedRoom> m_room; // null: a real cluster
    std::shared_ptr<JoinedClient> m_client;
    std::vector<TopicPartition> m_assigned;
    std::vector<PartitionEvent> m_pending;
    std::optional<Error> m_fatal;
    bool m_paused = false;
    bool m_rebalanced = false;    // within the poll at hand
    OffsetListHandle m_unstarted; // given, but where to begin could not be had: tried again
};

JoinedReader::~JoinedReader() {
    if (!m_client)
        return;
    rd_kafka_consumer_close(m_client->client.get());
    m_guard.end();
    m_client.reset(); // a batch that is still held keeps the client; it connects no more
}

Result<void> JoinedReader::start(Milliseconds timeout) {
    const SandboxTicket& ticket = m_guard.ticket();
    if (auto still = ticket.recheck(); !still)
        return still;
    const std::string session = std::to_string(m_options.session_timeout.count());
    const std::string beat = std::to_string(m_options.session_timeout.count() / 5);
    Client::Settings with;
    with.settings = {
        {"fetch.wait.max.ms", "10"},
        {"fetch.error.backoff.ms", "100"},
        {"queued.max.messages.kbytes", std::to_string(m_options.queue_kb)},
    };
    with.fixed = {
        {"group.id", m_options.group},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"session.timeout.ms", session},
        {"heartbeat.interval.ms", beat},
        {"partition.assignment.strategy", "range"}, // same numbers of all topics go together
        {"isolation.level", m_options.read_committed ? "read_committed" : "read_uncommitted"},
    };
    with.may_connect = m_guard.hook();
    with.rebalance = [this](rd_kafka_resp_err_t err, rd_kafka_topic_partition_list_t* list) {
        rebalance(err, list);
    };
    auto client =
        Client::write(ticket.leave(), ticket.connection(), ticket.secrets(), Purpose::Join, with);
    if (!client)
        return client.error();
    m_client = std::make_shared<JoinedClient>();
    m_client->client = std::move(client).value();
    rd_kafka_t* const handle = m_client->client.get();
    rd_kafka_poll_set_consumer(handle);
    if (auto same = m_guard.prove(handle, timeout); !same)
        return same;
    std::vector<TopicPartition> topics;
    for (const std::string& topic : m_options.topics)
        topics.push_back({topic, PartitionId(RD_KAFKA_PARTITION_UA)});
    const OffsetListHandle list = list_of(topics);
    if (const rd_kafka_resp_err_t err = rd_kafka_subscribe(handle, list.get());
        err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_error(err, "group " + m_options.group + " cannot be joined", name());
    return {};
}

void JoinedReader::rebalance(rd_kafka_resp_err_t err, rd_kafka_topic_partition_list_t* partitions) {
    m_rebalanced = true;
    if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        take_on(OffsetListHandle(rd_kafka_topic_partition_list_copy(partitions)));
        return;
    }
    let_go(rd_kafka_assignment_lost(m_client->client.get()) != 0);
}

void JoinedReader::take_on(OffsetListHandle partitions) {
    rd_kafka_t* const handle = m_client->client.get();
    if (const auto starts = set_starts(partitions.get()); !starts) {
        m_pending.push_back(
            {m_options.topics.front(), {}, PartitionNote::Failed, {}, {}, starts.error()});
        m_unstarted = std::move(partitions); // nothing is read before it is known where to begin
        return;
    }
    m_unstarted.reset();
    m_assigned = partitions_of(*partitions);
    if (m_options.assigned && !m_assigned.empty())
        m_options.assigned(m_assigned);
    rd_kafka_assign(handle, partitions.get());
    if (m_paused)
        rd_kafka_pause_partitions(handle, partitions.get());
}

void JoinedReader::let_go(bool lost) {
    const std::vector<TopicPartition> gone = std::exchange(m_assigned, {});
    m_unstarted.reset();
    if (m_options.revoked && !gone.empty())
        m_options.revoked(gone, lost);
    rd_kafka_assign(m_client->client.get(), nullptr);
}

/// Where the group stands; librdkafka waits for transactions that hold commits back.
Result<void> JoinedReader::set_starts(rd_kafka_topic_partition_list_t* partitions) {
    const rd_kafka_resp_err_t err = rd_kafka_committed(
        m_client->client.get(), partitions, static_cast<int>(Milliseconds(offsets_wait).count()));
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_error(err, "the commits of group " + m_options.group + " cannot be had",
                           name(), "taking over partitions");
    for (int i = 0; i < partitions->cnt; ++i) {
        rd_kafka_topic_partition_t& one = partitions->elems[i];
        if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return kafka_error(one.err,
                               "the commit of " + std::string(one.topic) + " [" +
                                   std::to_string(one.partition) + "] cannot be had",
                               name(), "taking over partitions");
    }
    if (auto told = ask_owner(*partitions); !told)
        return told;
    for (int i = 0; i < partitions->cnt; ++i)
        set_start(partitions->elems[i]);
    return {};
}

Result<void> JoinedReader::ask_owner(rd_kafka_topic_partition_list_t& partitions) {
    if (!m_options.starts)
        return {};
    std::vector<TopicPartitionOffset> starts;
    for (int i = 0; i < partitions.cnt; ++i) {
        const rd_kafka_topic_partition_t& one = partitions.elems[i];
        starts.push_back({one.topic, PartitionId(one.partition),
                          Offset(std::max<std::int64_t>(one.offset, -1))});
    }
    if (auto told = m_options.starts(starts); !told)
        return told;
    for (const TopicPartitionOffset& one : starts)
        if (auto* at = rd_kafka_topic_partition_list_find(&partitions, one.topic.c_str(),
                                                          one.partition.value()))
            at->offset = one.offset.value();
    return {};
}

void JoinedReader::set_start(rd_kafka_topic_partition_t& partition) {
    if (partition.offset < 0) {
        partition.offset = RD_KAFKA_OFFSET_BEGINNING;
        return;
    }
    std::int64_t low = 0;
    std::int64_t high = 0;
    const rd_kafka_resp_err_t err = rd_kafka_query_watermark_offsets(
        m_client->client.get(), partition.topic, partition.partition, &low, &high, 10'000);
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR || partition.offset >= low)
        return;
    m_pending.push_back({partition.topic,
                         PartitionId(partition.partition),
                         PartitionNote::Truncated,
                         Offset(partition.offset),
                         Offset(low),
                         {}});
    partition.offset = low;
}

void JoinedReader::start_over() {
    const OffsetListHandle assigned = list_of(m_assigned);
    let_go(true);
    take_on(OffsetListHandle(rd_kafka_topic_partition_list_copy(assigned.get())));
}

void JoinedReader::take_trouble(const rd_kafka_message_t& message) {
    Error error =
        kafka_error(message.err, "reading stopped", name(), "reading as group " + m_options.group);
    if (const char* text = rd_kafka_message_errstr(&message))
        error.what = text;
    const std::string topic = message.rkt ? rd_kafka_topic_name(message.rkt) : "";
    m_pending.push_back({topic, PartitionId(message.partition), PartitionNote::Failed,
                         Offset(message.offset), Offset(message.offset), error});
}

/// False: there is nothing more for now.
bool JoinedReader::collect(Messages& messages, std::size_t& bytes, Milliseconds wait) {
    m_rebalanced = false;
    MessageHandle message(
        rd_kafka_consumer_poll(m_client->client.get(), static_cast<int>(wait.count())));
    if (m_rebalanced) { // what came before it will come again, to whomever it belongs to now
        messages.all.clear();
        bytes = 0;
    }
    if (!message)
        return false;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        bytes += message->len + message->key_len;
        messages.all.push_back(std::move(message));
    } else if (message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        take_trouble(*message);
    }
    return true;
}

RecordBatch JoinedReader::poll(Milliseconds wait, std::size_t records_max) {
    if (m_unstarted)
        take_on(std::move(m_unstarted));
    auto messages = std::make_unique<Messages>();
    messages->client = m_client;
    messages->all.reserve(records_max);
    std::size_t bytes = 0;
    const std::size_t bytes_max = static_cast<std::size_t>(m_options.queue_kb) * 1024;
    if (collect(*messages, bytes, wait))
        while (messages->all.size() < records_max && bytes < bytes_max &&
               collect(*messages, bytes, 0ms)) {
        }
    check_fatal();
    std::vector<MessageHandle>& all = messages->all;
    RecordBatch batch(std::move(messages));
    batch.observed = Micros::now();
    batch.records.reserve(all.size());
    for (const MessageHandle& message : all)
        append_record(batch, *message, time_of(*message), m_client->name_of(*message));
    batch.events.swap(m_pending);
    return batch;
}

void JoinedReader::check_fatal() {
    std::array<char, 512> why{};
    rd_kafka_t* const handle = m_client->client.get();
    const rd_kafka_resp_err_t err = rd_kafka_fatal_error(handle, why.data(), why.size());
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        m_fatal = kafka_error(err, "group " + m_options.group + " cannot be read any more", name());
        m_fatal->what += std::string(": ") + why.data();
    } else if (m_guard.left(handle)) {
        m_fatal = m_guard.refusal();
    }
}

void JoinedReader::pause(bool paused) {
    if (paused == m_paused)
        return;
    m_paused = paused;
    const OffsetListHandle list = list_of(m_assigned);
    if (paused)
        rd_kafka_pause_partitions(m_client->client.get(), list.get());
    else
        rd_kafka_resume_partitions(m_client->client.get(), list.get());
}

Result<void> JoinedReader::commit(const std::vector<TopicPartitionOffset>& next) {
    if (next.empty())
        return {};
    const OffsetListHandle list = offset_list(next);
    const rd_kafka_resp_err_t err = rd_kafka_commit(m_client->client.get(), list.get(), 0);
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_error(err, "group " + m_options.group + " could not commit", name());
    if (m_room)
        for (const TopicPartitionOffset& one : next)
            m_room->committed(m_options.group, one.topic, one.partition, one.offset);
    return {};
}

std::string JoinedReader::credentials() const {
    const GroupMetadataHandle group(rd_kafka_consumer_group_metadata(m_client->client.get()));
    void* bytes = nullptr;
    std::size_t size = 0;
    const ErrorHandle error(
        group ? rd_kafka_consumer_group_metadata_write(group.get(), &bytes, &size) : nullptr);
    if (!group || error || !bytes)
        return {};
    std::string text(static_cast<const char*>(bytes), size);
    rd_kafka_mem_free(m_client->client.get(), bytes);
    return text;
}

} // namespace

Result<std::unique_ptr<GroupReader>> GroupReader::open(const SandboxTicket& ticket,
                                                       GroupOptions options, Milliseconds timeout) {
    auto member = std::make_unique<JoinedReader>(ticket, std::move(options));
    if (auto started = member->start(timeout); !started)
        return started.error();
    return std::unique_ptr<GroupReader>(std::move(member));
}

} // namespace weir::kafka

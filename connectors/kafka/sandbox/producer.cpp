// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/sandbox/producer.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>

#include "connectors/kafka/client/explain.h"
#include "connectors/kafka/observer.h"
#include "connectors/kafka/sandbox/embedded_room.h"
#include "connectors/kafka/sandbox/identity_guard.h"
#include "connectors/kafka/sandbox/offset_list.h"

namespace weir::kafka {

namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;
using HeadersHandle = std::unique_ptr<rd_kafka_headers_t, DestroyWith<rd_kafka_headers_destroy>>;

constexpr auto poll_step = 20ms;
constexpr auto room_step = 5ms;

Result<void> taken(rd_kafka_error_t* raw, const std::string& what, const std::string& connection) {
    const ErrorHandle error(raw);
    if (!error)
        return {};
    Error made = kafka_error(rd_kafka_error_code(error.get()), what, connection);
    made.what = what + ": " + rd_kafka_error_string(error.get());
    return made;
}

std::string_view text_at(const void* bytes, std::size_t size) {
    return bytes == nullptr ? std::string_view()
                            : std::string_view(static_cast<const char*>(bytes), size);
}

HeadersHandle headers_of(const OutRecord& record) {
    if (record.headers.empty())
        return nullptr;
    HeadersHandle headers(rd_kafka_headers_new(record.headers.size()));
    for (const OutHeader& h : record.headers)
        rd_kafka_header_add(headers.get(), h.name.data(), static_cast<ssize_t>(h.name.size()),
                            h.null ? nullptr : h.value.data(),
                            h.null ? 0 : static_cast<ssize_t>(h.value.size()));
    return headers;
}

/// Of a record as EmbeddedRoom counts it; the same before and after it was written.
std::int64_t bytes_of(const OutRecord& record) {
    std::size_t bytes = record.key.size() + record.value.size();
    for (const OutHeader& header : record.headers)
        bytes += header.name.size() + header.value.size();
    return static_cast<std::int64_t>(bytes) + EmbeddedRoom::record_overhead_bytes;
}

std::int64_t bytes_of(const rd_kafka_message_t& message) {
    std::size_t bytes = message.key_len + message.len;
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t size = 0;
        for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) ==
                                RD_KAFKA_RESP_ERR_NO_ERROR;
             ++i)
            bytes += std::strlen(name) + size;
    }
    return static_cast<std::int64_t>(bytes) + EmbeddedRoom::record_overhead_bytes;
}

class SandboxProducer final : public Producer {
  public:
    SandboxProducer(const SandboxTicket& ticket, ProducerOptions options)
        : m_guard(ticket)
        , m_options(std::move(options))
        , m_room(ticket.embedded() ? EmbeddedRoom::of(ticket.connection().bootstrap) : nullptr) {}

    ~SandboxProducer() override {
        m_stop = true;
        m_guard.end();
        if (m_poller.joinable())
            m_poller.join();
        const Client ended = std::move(m_client); // its threads end before what they report to
    }

    Result<void> start(Milliseconds timeout);
    Result<void> look_up(const std::string& topic, Milliseconds timeout) override;
    bool reserve(std::vector<OutRecord>& records) override;
    Result<void> send(const OutRecord& record, Milliseconds wait) override;
    Result<void> flush(Milliseconds timeout) override;
    ProducerCounts counts() const override { return {m_sent, m_acknowledged, m_failed}; }
    std::string trouble() const override {
        const std::lock_guard lock(m_trouble_mutex);
        return m_trouble;
    }

    Result<void> begin_transaction() override {
        return taken(rd_kafka_begin_transaction(m_client.get()), "no transaction was begun",
                     name());
    }
    Result<void> commit_offsets(const std::string& credentials,
                                const std::vector<TopicPartitionOffset>& next,
                                Milliseconds timeout) override;
    Result<void> commit_transaction(Milliseconds timeout) override {
        return taken(rd_kafka_commit_transaction(m_client.get(), ms(timeout)),
                     "the transaction was not committed", name());
    }
    Result<void> abort_transaction(Milliseconds timeout) override {
        return taken(rd_kafka_abort_transaction(m_client.get(), ms(timeout)),
                     "the transaction was not aborted", name());
    }

  private:
    const std::string& name() const { return m_guard.ticket().connection().name; }
    static int ms(Milliseconds t) { return static_cast<int>(t.count()); }
    bool knows(std::string_view topic) {
        const std::lock_guard lock(m_topics_mutex);
        return m_topics.find(topic) != m_topics.end();
    }
    EmbeddedRoom::Place place_for(const OutRecord& record);
    void settle_room(const rd_kafka_message_t& message, const Delivery& delivery);
    Result<void> send_to(const OutRecord& record, std::chrono::steady_clock::time_point deadline);
    rd_kafka_resp_err_t produce(const OutRecord& record, HeadersHandle& headers);
    void poll();
    void check_unchanged();
    void take_deliveries(rd_kafka_event_t* event);
    void take_trouble(rd_kafka_event_t* event);

    IdentityGuard m_guard;
    const ProducerOptions m_options;
    const std::shared_ptr<EmbeddedRoom> m_room; // null: a real cluster
    std::atomic<std::uint32_t> m_next_partition{0};
    Client m_client;
    std::mutex m_topics_mutex;
    std::set<std::string, std::less<>> m_topics; // known to exist
    mutable std::mutex m_trouble_mutex;
    std::string m_trouble;
    std::atomic<std::int64_t> m_sent{0};
    std::atomic<std::int64_t> m_acknowledged{0};
    std::atomic<std::int64_t> m_failed{0};
    std::atomic<bool> m_stop{false};
    std::atomic<bool> m_purged{false}; // another cluster answers: what waited was thrown away
    std::thread m_poller;
};

Result<void> SandboxProducer::start(Milliseconds timeout) {
    const bool transactional = !m_options.transactional_id.empty();
    const SandboxTicket& ticket = m_guard.ticket();
    if (transactional && ticket.embedded())
        return Error{ErrorCode::Unsupported,
                     "the embedded cluster has no transactions",
                     name(),
                     {},
                     "Use a real cluster that is marked as a sandbox."};
    if (auto still = ticket.recheck(); !still)
        return still;
    Client::Settings with;
    with.settings = {
        {"queue.buffering.max.messages", "100000"},
        {"queue.buffering.max.kbytes", "65536"},
        {"linger.ms", std::to_string(m_options.linger_ms)},
        {"compression.codec", m_options.compression},
        {"batch.size", std::to_string(m_options.batch_bytes_max)},
        {"batch.num.messages", std::to_string(m_options.batch_records_max)},
    };
    with.fixed = {
        {"enable.idempotence", "true"},
        {"allow.auto.create.topics", "false"},
        {"partitioner", "murmur2_random"},
        {"message.max.bytes", std::to_string(m_options.message_bytes_max)},
    };
    if (transactional) {
        with.fixed["transactional.id"] = m_options.transactional_id;
        with.fixed["transaction.timeout.ms"] =
            std::to_string(m_options.transaction_timeout.count());
    }
    with.events = RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR;
    with.may_connect = m_guard.hook();
    auto client = Client::write(ticket.leave(), ticket.connection(), ticket.secrets(),
                                Purpose::Produce, with);
    if (!client)
        return client.error();
    m_client = std::move(client).value();
    if (auto same = m_guard.prove(m_client.get(), timeout); !same)
        return same;
    if (transactional)
        if (auto ready = taken(rd_kafka_init_transactions(m_client.get(), ms(timeout)),
                               "transactions cannot be used", name());
            !ready)
            return ready;
    m_poller = std::thread([this] { poll(); });
    return {};
}

rd_kafka_resp_err_t SandboxProducer::produce(const OutRecord& record, HeadersHandle& headers) {
    const std::string topic(record.topic);
    // NOLINTBEGIN: librdkafka takes its arguments by a variadic list and wants void*
    void* const value = record.value_null ? nullptr : const_cast<char*>(record.value.data());
    void* const key = record.key_null ? nullptr : const_cast<char*>(record.key.data());
    void* const token = reinterpret_cast<void*>(record.token);
    // NOLINTEND
    static char nothing = 0; // a null pointer would be a tombstone, an empty value is none
    return rd_kafka_producev(
        m_client.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(record.partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_VALUE(value || record.value_null ? value : &nothing,
                         record.value_null ? 0 : record.value.size()),
        RD_KAFKA_V_KEY(key || record.key_null ? key : &nothing,
                       record.key_null ? 0 : record.key.size()),
        RD_KAFKA_V_TIMESTAMP(record.timestamp.value() < 0 ? 0 : record.timestamp.ms()),
        RD_KAFKA_V_HEADERS(headers.get()), RD_KAFKA_V_OPAQUE(token), RD_KAFKA_V_END);
}

/// A topic that does not exist is an error at once, not when librdkafka gives up waiting for it;
/// and one that is known has its first record sent at once, not within a second.
Result<void> SandboxProducer::look_up(const std::string& topic, Milliseconds timeout) {
    const std::lock_guard lock(m_topics_mutex);
    if (m_topics.count(topic) > 0)
        return {};
    auto found = fetch_metadata(m_client.get(), topic.c_str(), name(), timeout);
    if (!found)
        return found.error();
    const rd_kafka_resp_err_t err = (*found)->topic_cnt == 0
                                        ? RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
                                        : (*found)->topics[0].err;
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_error(err, "topic " + topic + " cannot be written to", name());
    m_topics.insert(topic);
    return {};
}

/// Where librdkafka would write it.
EmbeddedRoom::Place SandboxProducer::place_for(const OutRecord& record) {
    EmbeddedRoom::Place place{std::string(record.topic), record.partition, bytes_of(record)};
    const int count = m_room->partitions(place.topic);
    if (place.partition >= 0 || count == 0)
        return place;
    place.partition =
        record.key_null
            ? static_cast<std::int32_t>(m_next_partition++ % static_cast<std::uint32_t>(count))
            : rd_kafka_msg_partitioner_murmur2(nullptr, record.key.data(), record.key.size(), count,
                                               nullptr, nullptr);
    return place;
}

bool SandboxProducer::reserve(std::vector<OutRecord>& records) {
    if (m_room) {
        std::vector<EmbeddedRoom::Place> places;
        places.reserve(records.size());
        for (const OutRecord& record : records)
            places.push_back(place_for(record));
        if (!m_room->reserve(places))
            return false;
        for (std::size_t i = 0; i < records.size(); ++i)
            records[i].partition = places[i].partition;
    }
    for (OutRecord& record : records)
        record.room = Room::Reserved;
    return true;
}

Result<void> SandboxProducer::send(const OutRecord& record, Milliseconds wait) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    if (!m_room)
        return send_to(record, deadline);
    const EmbeddedRoom::Place place = place_for(record);
    if (record.room == Room::Ignore)
        m_room->take(place);
    while (record.room == Room::Wait && !m_room->reserve({place})) {
        if (std::chrono::steady_clock::now() >= deadline)
            return Error{.code = ErrorCode::Timeout,
                         .what = "topic " + place.topic + " is full of what is not read yet",
                         .where = name(),
                         .tried = "writing"};
        std::this_thread::sleep_for(room_step);
    }
    OutRecord placed = record;
    placed.partition = place.partition;
    auto sent = send_to(placed, deadline);
    if (!sent)
        m_room->not_written(place);
    return sent;
}

Result<void> SandboxProducer::send_to(const OutRecord& record,
                                      std::chrono::steady_clock::time_point deadline) {
    if (is_reserved_topic(record.topic))
        return Error{ErrorCode::Refused,
                     "topic " + std::string(record.topic) + " is reserved",
                     name(),
                     {},
                     {}};
    if (m_guard.has_left())
        return m_guard.refusal();
    const auto left =
        std::chrono::duration_cast<Milliseconds>(deadline - std::chrono::steady_clock::now());
    if (!knows(record.topic))
        if (auto known = look_up(std::string(record.topic), std::max(left, 0ms)); !known)
            return known;
    HeadersHandle headers = headers_of(record);
    for (;;) {
        const rd_kafka_resp_err_t err = produce(record, headers);
        if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            (void)headers.release(); // the message owns them now
            ++m_sent;
            return {};
        }
        if (err != RD_KAFKA_RESP_ERR__QUEUE_FULL || std::chrono::steady_clock::now() >= deadline)
            return kafka_error(err, "a record for " + std::string(record.topic) + " was not taken",
                               name());
        std::this_thread::sleep_for(1ms);
    }
}

Result<void> SandboxProducer::flush(Milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    const std::int64_t wanted = m_sent;
    rd_kafka_flush(m_client.get(), 0); // sends what lingers; reports come to the poller
    while (m_acknowledged + m_failed < wanted) {
        if (std::chrono::steady_clock::now() >= deadline)
            return kafka_error(RD_KAFKA_RESP_ERR__TIMED_OUT,
                               std::to_string(wanted - m_acknowledged - m_failed) +
                                   " records are not acknowledged",
                               name(), "writing");
        std::this_thread::sleep_for(1ms);
    }
    return {};
}

Result<void> SandboxProducer::commit_offsets(const std::string& credentials,
                                             const std::vector<TopicPartitionOffset>& next,
                                             Milliseconds timeout) {
    rd_kafka_consumer_group_metadata_t* raw = nullptr;
    if (auto read = taken(
            rd_kafka_consumer_group_metadata_read(&raw, credentials.data(), credentials.size()),
            "the group is not known", name());
        !read)
        return read;
    const GroupMetadataHandle group(raw);
    const OffsetListHandle list = offset_list(next);
    return taken(
        rd_kafka_send_offsets_to_transaction(m_client.get(), list.get(), group.get(), ms(timeout)),
        "the group's offsets were not taken into the transaction", name());
}

void SandboxProducer::poll() {
    const QueueHandle queue(rd_kafka_queue_get_main(m_client.get()));
    while (!m_stop) {
        const EventHandle event(
            rd_kafka_queue_poll(queue.get(), static_cast<int>(poll_step.count())));
        if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR)
            take_deliveries(event.get());
        if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR)
            take_trouble(event.get());
        check_unchanged();
    }
}

/// Once another cluster answers, nothing more is written.
void SandboxProducer::check_unchanged() {
    if (m_guard.left(m_client.get()) && !m_purged.exchange(true))
        rd_kafka_purge(m_client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                                           RD_KAFKA_PURGE_F_NON_BLOCKING);
}

void SandboxProducer::take_trouble(rd_kafka_event_t* event) {
    const rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    const std::lock_guard lock(m_trouble_mutex);
    // "All brokers are down" says less than the broker's own trouble that came before it.
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !m_trouble.empty())
        return;
    const std::string own = m_client.trouble();
    m_trouble = explain(m_guard.ticket().connection(), error_code_of(code),
                        own.empty() ? rd_kafka_event_error_string(event) : own)
                    .error.text();
}

void SandboxProducer::settle_room(const rd_kafka_message_t& message, const Delivery& delivery) {
    const EmbeddedRoom::Place place{rd_kafka_topic_name(message.rkt), message.partition,
                                    bytes_of(message)};
    if (delivery.ok)
        m_room->written(place, delivery.offset);
    else
        m_room->not_written(place);
}

void SandboxProducer::take_deliveries(rd_kafka_event_t* event) {
    bool any = false;
    while (const rd_kafka_message_t* m = rd_kafka_event_message_next(event)) {
        Delivery d;
        d.token = reinterpret_cast<std::uintptr_t>(m->_private);
        d.topic = rd_kafka_topic_name(m->rkt);
        d.key = text_at(m->key, m->key_len);
        d.value = text_at(m->payload, m->len);
        d.partition = PartitionId(m->partition);
        d.offset = Offset(m->offset);
        d.ok = m->err == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (!d.ok)
            d.error = kafka_error(m->err, "a record was not written", name());
        if (m_room)
            settle_room(*m, d);
        if (m_options.delivered)
            m_options.delivered(d);
        ++(d.ok ? m_acknowledged : m_failed);
        any = any || d.ok;
    }
    const std::lock_guard lock(m_trouble_mutex);
    if (any)
        m_trouble.clear();
}

} // namespace

Result<std::unique_ptr<Producer>> Producer::open(const SandboxTicket& ticket,
                                                 ProducerOptions options, Milliseconds timeout) {
    auto producer = std::make_unique<SandboxProducer>(ticket, std::move(options));
    if (auto started = producer->start(timeout); !started)
        return started.error();
    return std::unique_ptr<Producer>(std::move(producer));
}

} // namespace weir::kafka

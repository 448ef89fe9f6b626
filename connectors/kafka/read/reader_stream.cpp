// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read/reader_stream.h"

#include <algorithm>
#include <thread>

#include "connectors/kafka/read/message_record.h"

namespace weir::kafka {

namespace {

using namespace std::chrono_literals;

// What waits in librdkafka's queue, and what one poll hands out, shall still be in the processor's
// caches when somebody looks into it: with 32 MB and 4,096 records an event costs a third more.
constexpr std::int64_t queue_kb_max = 4 * 1024;
constexpr std::int64_t queue_kb_min = 1024;

Offset plus(Offset o, std::int64_t n) {
    return Offset(o.value() + n);
}

/// The messages of one poll; they and the client go when the batch goes.
struct Messages final : RecordBatch::Backing {
    std::shared_ptr<StreamClient> client;
    std::unique_ptr<rd_kafka_message_t*[]> all;
    std::size_t count = 0;

    Messages(std::shared_ptr<StreamClient> from, std::size_t capacity)
        : client(std::move(from))
        , all(new rd_kafka_message_t*[capacity]) {}
    ~Messages() override {
        for (std::size_t i = 0; i < count; ++i)
            rd_kafka_message_destroy(all[i]);
    }

    /// Takes what is there; if nothing is, waits for the first message and takes what came with it.
    /// To look without waiting swallows a yield, so whoever sends one sets `woken` before it.
    void consume(std::size_t capacity, std::chrono::milliseconds wait, std::atomic<bool>& woken) {
        count += take(0, capacity);
        if (count == 0 && wait.count() > 0 && !woken.exchange(false) &&
            (count = take(wait.count(), 1)) == 1)
            count += take(0, capacity - 1);
    }

  private:
    std::size_t take(std::int64_t wait_ms, std::size_t room) {
        const ssize_t n = rd_kafka_consume_batch_queue(
            client->queue.get(), static_cast<int>(wait_ms), all.get() + count, room);
        return n > 0 ? static_cast<std::size_t>(n) : 0;
    }
};

/// The settings as measured (design.md, "Kafka reading"); what is left out is best at its default.
std::map<std::string, std::string> stream_settings(const ReadRequest& request, double budget_mb_s) {
    // With a budget, what librdkafka fetches ahead must not be a burst of its own: a second's
    // worth.
    std::int64_t queue_kb = queue_kb_max;
    if (budget_mb_s > 0) {
        const double share = budget_mb_s * 1000 / std::max(1, request.streams);
        queue_kb = std::clamp(static_cast<std::int64_t>(share), queue_kb_min, queue_kb_max);
    }
    return {
        {"fetch.wait.max.ms", "10"},
        {"fetch.error.backoff.ms", "100"},
        {"queued.max.messages.kbytes", std::to_string(queue_kb)},
    };
}

/// The count of a message's headers is the byte behind its value: librdkafka will look there.
void prefetch_headers(const rd_kafka_message_t& message) {
    __builtin_prefetch(static_cast<const char*>(message.payload) + message.len);
}
constexpr std::size_t prefetch_ahead = 8;

} // namespace

/// What one poll gathers while it walks over its messages.
struct ReaderStream::Walk {
    RecordBatch batch;
    rd_kafka_t* client = nullptr;
    const StreamTopic* topic = nullptr; // of the record at hand
    std::int64_t bytes = 0;
    std::vector<std::pair<rd_kafka_topic_t*, std::int32_t>> to_stop; // done: no need to fetch on
};

/// Holds the poller off its queue while what is consumed changes.
struct ReaderStream::Interruption {
    explicit Interruption(ReaderStream& s)
        : stream(s) {
        ++stream.m_interruptions;
        stream.wake();
        lock = std::unique_lock(stream.m_polling);
    }
    ~Interruption() {
        --stream.m_interruptions;
        lock.unlock();
        stream.m_changed.notify_all();
    }
    ReaderStream& stream;
    std::unique_lock<std::mutex> lock;
};

ReaderStream::ReaderStream(ObservedCluster& cluster, const ReadRequest& request)
    : m_cluster(cluster)
    , m_request(request)
    , m_budget_at_start_mb_s(cluster.budget().rate_mb_s()) {}

ReaderStream::~ReaderStream() {
    stop();
    const std::lock_guard polling(m_polling);
    const std::lock_guard lock(m_state);
    if (!m_client)
        return;
    for (auto& [name, topic] : m_client->topics)
        for (std::size_t i = 0; i < topic->partitions.size(); ++i)
            if (topic->partitions[i] && topic->partitions[i]->started)
                rd_kafka_consume_stop(topic->handle.get(), static_cast<std::int32_t>(i));
}

// ---- what is read

Result<StreamTopic*> ReaderStream::topic_on(StreamClient& client, const std::string& name,
                                            std::chrono::milliseconds timeout) {
    if (const auto known = client.topics.find(name); known != client.topics.end())
        return known->second.get();
    auto topic = std::make_unique<StreamTopic>();
    topic->name = name;
    // A fresh configuration would bring back auto.offset.reset=largest, which skips silently.
    rd_kafka_topic_conf_t* conf = rd_kafka_default_topic_conf_dup(client.client.get());
    rd_kafka_topic_conf_set_opaque(conf, topic.get());
    topic->handle.reset(rd_kafka_topic_new(client.client.get(), name.c_str(), conf));
    if (!topic->handle)
        return kafka_error(rd_kafka_last_error(), "topic " + name + " cannot be read",
                           m_cluster.options().name);
    // With the leaders known before the start, the first fetch goes out at once (saves 0.5 s).
    auto found =
        fetch_metadata(client.client.get(), name.c_str(), m_cluster.options().name, timeout);
    if (!found)
        return found.error();
    StreamTopic* added = topic.get();
    const std::lock_guard lock(m_state);
    client.topics.emplace(name, std::move(topic));
    return added;
}

void ReaderStream::add_failed(PartitionState state) {
    const std::lock_guard lock(m_state);
    const PartitionProgress& at = state.progress;
    m_pending.push_back(
        {at.topic, at.partition, PartitionNote::Failed, at.next, at.next, *state.trouble_at_start});
    m_open += state.done ? 0 : 1;
    m_partitions.push_back(std::make_unique<PartitionState>(std::move(state)));
}

void ReaderStream::replace_failed(const PartitionProgress& by) {
    const auto failed = std::find_if(m_partitions.begin(), m_partitions.end(), [&](const auto& p) {
        return p->need == PartitionNeed::Start && p->progress.topic == by.topic &&
               p->progress.partition == by.partition;
    });
    if (failed == m_partitions.end())
        return;
    m_partitions.erase(failed);
    --m_open;
    m_pending.push_back({by.topic, by.partition, PartitionNote::Recovered, by.next, by.next, {}});
}

Error ReaderStream::start_failed(PartitionState& p, StreamTopic& topic) {
    const std::lock_guard lock(m_state);
    const PartitionProgress& at = p.progress;
    const Error error = kafka_error(
        rd_kafka_last_error(),
        at.topic + " [" + std::to_string(at.partition.value()) + "] cannot be read",
        m_cluster.options().name, "starting at offset " + std::to_string(at.next.value()));
    topic.partitions[static_cast<std::size_t>(at.partition.value())] = nullptr;
    p.started = false;
    p.need = PartitionNeed::Start; // the watch tries again
    mark_failed(m_pending, p, error, Micros::now());
    return error;
}

void ReaderStream::tell(const PartitionProgress& at, PartitionNote note, Offset from, Offset to,
                        std::optional<Micros> as_of) {
    m_pending.push_back({at.topic, at.partition, note, from, to, {}, as_of});
}

Result<void> ReaderStream::add(PartitionState state, std::chrono::milliseconds timeout) {
    if (state.trouble_at_start) {
        add_failed(std::move(state));
        return {};
    }
    const PartitionProgress& p = state.progress;
    const bool empty = p.end.value() >= 0 && p.next >= p.end;
    StreamTopic* topic = nullptr;
    if (!empty) {
        if (!client()) {
            auto made = m_cluster.new_client(stream_settings(m_request, m_budget_at_start_mb_s),
                                             m_request.isolation);
            if (!made)
                return made.error();
            auto fresh = std::make_shared<StreamClient>();
            fresh->client = std::move(made).value();
            fresh->queue.reset(rd_kafka_queue_new(fresh->client.get()));
            const std::lock_guard lock(m_state);
            m_client = std::move(fresh);
        }
        auto found = topic_on(*client(), p.topic, timeout);
        if (!found)
            return found.error();
        topic = *found;
    }
    const auto number = static_cast<std::size_t>(p.partition.value());
    auto owned = std::make_unique<PartitionState>(std::move(state));
    PartitionState& added = *owned;
    const Offset first = added.progress.next; // once it is in the list, a poll may move it
    {
        const std::lock_guard lock(m_state);
        replace_failed(added.progress);
        tell(added.progress, PartitionNote::Started, added.progress.next, first, added.covers_from);
        m_partitions.push_back(std::move(owned));
        if (PartitionProgress& at = added.progress; at.from < at.begin) {
            const Offset lost_to = at.end.value() >= 0 ? std::min(at.begin, at.end) : at.begin;
            at.truncated_offsets = lost_to.value() - at.from.value();
            if (at.truncated_offsets > 0)
                tell(at, PartitionNote::Truncated, at.from, lost_to);
        }
        if (empty) {
            added.done = true;
            added.progress.state = ReadState::Finished;
            tell(added.progress, PartitionNote::Finished, added.progress.from, added.progress.end,
                 added.end_as_of);
            return {};
        }
        ++m_open;
        added.started = true;
        if (topic->partitions.size() <= number)
            topic->partitions.resize(number + 1);
        topic->partitions[number] = &added;
    }
    if (rd_kafka_consume_start_queue(topic->handle.get(), static_cast<std::int32_t>(number),
                                     first.value(), client()->queue.get()) == 0) {
        m_changed.notify_all();
        return {};
    }
    return start_failed(added, *topic);
}

PartitionState* ReaderStream::find(const std::string& topic, PartitionId partition) {
    for (auto& p : m_partitions)
        if (p->progress.partition == partition && p->progress.topic == topic)
            return p.get();
    return nullptr;
}

void ReaderStream::restart(const std::string& topic, PartitionId partition, Offset next,
                           const Change& change) {
    const auto client = this->client();
    const Interruption interruption(*this);
    rd_kafka_topic_t* handle = nullptr;
    PartitionState* p = nullptr;
    {
        const std::lock_guard lock(m_state);
        handle = client->topics.at(topic)->handle.get();
    }
    rd_kafka_consume_stop(handle, partition.value());
    {
        const std::lock_guard lock(m_state);
        p = find(topic, partition);
        if (!p || p->done)
            return;
        if (next.value() >= 0)
            p->progress.next = next;
        p->need = PartitionNeed::None;
        p->started = true;
        change(*p, m_pending);
        next = p->progress.next;
    }
    if (rd_kafka_consume_start_queue(handle, partition.value(), next.value(),
                                     client->queue.get()) != 0)
        (void)start_failed(*p, *client->topics.at(topic)); // told; the watch tries again
}

void ReaderStream::halt(const std::string& topic, PartitionId partition, const Change& change) {
    const auto client = this->client();
    const Interruption interruption(*this);
    rd_kafka_topic_t* handle = nullptr;
    {
        const std::lock_guard lock(m_state);
        handle = client->topics.at(topic)->handle.get();
    }
    rd_kafka_consume_stop(handle, partition.value());
    const std::lock_guard lock(m_state);
    if (PartitionState* p = find(topic, partition); p && !p->done) { // a poll may have come first
        p->started = false;
        change(*p, m_pending);
        if (p->done && m_open > 0)
            --m_open;
    }
}

void ReaderStream::for_each(const Change& visit) {
    bool news = false;
    {
        const std::lock_guard lock(m_state);
        for (auto& p : m_partitions)
            visit(*p, m_pending);
        news = !m_pending.empty();
    }
    if (news)
        wake();
}

void ReaderStream::for_one(const std::string& topic, PartitionId partition, const Change& change) {
    for_each([&](PartitionState& p, auto& told) {
        if (p.progress.topic == topic && p.progress.partition == partition)
            change(p, told);
    });
}

// ---- what came

RecordBatch ReaderStream::wait_without_client(std::chrono::milliseconds wait) {
    RecordBatch batch;
    std::unique_lock lock(m_state);
    if (m_pending.empty() && !m_stopped)
        m_changed.wait_for(lock, wait);
    batch.events.swap(m_pending);
    batch.observed = Micros::now();
    return batch;
}

RecordBatch ReaderStream::poll(std::chrono::milliseconds wait) {
    if (m_stopped)
        return {};
    while (m_interruptions > 0) {
        std::unique_lock lock(m_state);
        m_changed.wait_for(lock, 1ms);
    }
    const std::unique_lock polling(m_polling);
    std::shared_ptr<StreamClient> client;
    {
        const std::lock_guard lock(m_state);
        if (m_open > 0)
            client = m_client; // null while all that is open waits for a leader
        if (!m_pending.empty())
            wait = 0ms;
    }
    if (!client || !m_cluster.budget().wait_turn(wait))
        return wait_without_client(client ? 0ms : wait);
    const std::size_t room = m_request.batch_records;
    auto messages = std::make_unique<Messages>(client, room);
    messages->consume(room, wait, m_woken);
    const std::size_t count = messages->count;
    wake_fetching(*client);
    return walk_messages(client, std::move(messages), count);
}

RecordBatch ReaderStream::walk_messages(const std::shared_ptr<StreamClient>& client,
                                        std::unique_ptr<RecordBatch::Backing> backing,
                                        std::size_t count) {
    rd_kafka_message_t* const* messages = static_cast<Messages&>(*backing).all.get();
    Walk walk{RecordBatch(std::move(backing)), client->client.get(), nullptr, 0, {}};
    walk.batch.observed = Micros::now();
    walk.batch.records.reserve(count);
    const rd_kafka_topic_t* topic = nullptr;
    std::int32_t number = -1;
    PartitionState* state = nullptr;
    const rd_kafka_message_t* last = nullptr; // the run's newest record
    const auto set_mark = [](PartitionState* of, const rd_kafka_message_t*& newest) {
        if (of && newest) {
            of->mark = RecordMark::of(*newest);
            of->high_sampled = std::max(of->high_sampled, plus(of->mark.offset, 1));
            if (of->anchor.offset.value() < 0)
                of->anchor = of->anchor_next = of->mark;
        }
        newest = nullptr;
    };
    {
        const std::lock_guard lock(m_state);
        walk.batch.events.swap(m_pending);
        for (std::size_t i = 0; i < count; ++i) {
            const rd_kafka_message_t& m = *messages[i];
            if (i + prefetch_ahead < count)
                prefetch_headers(*messages[i + prefetch_ahead]);
            if (m.rkt != topic || m.partition != number) {
                set_mark(state, last);
                topic = m.rkt;
                number = m.partition;
                const auto* known =
                    topic ? static_cast<StreamTopic*>(rd_kafka_topic_opaque(m.rkt)) : nullptr;
                walk.topic = known;
                const auto at = static_cast<std::size_t>(number);
                state = known && number >= 0 && at < known->partitions.size()
                            ? known->partitions[at]
                            : nullptr;
            }
            if (!state || state->done)
                continue;
            if (m.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                take_record(walk, m, *state);
                last = &m;
            } else {
                take_note(walk, m, *state);
            }
        }
        set_mark(state, last);
    }
    for (const auto& [handle, partition] : walk.to_stop)
        rd_kafka_consume_stop(handle, partition);
    m_cluster.budget().take(walk.bytes);
    return std::move(walk.batch);
}

void ReaderStream::leave_hole(std::vector<PartitionEvent>& events, PartitionState& p, Offset to) {
    PartitionProgress& at = p.progress;
    if (to <= at.next)
        return;
    events.push_back({at.topic, at.partition, PartitionNote::Gap, at.next, to, {}});
    at.gap_offsets += to.value() - at.next.value();
    at.next = to;
}

void ReaderStream::take_record(Walk& walk, const rd_kafka_message_t& message, PartitionState& p) {
    PartitionProgress& at = p.progress;
    const Offset offset(message.offset);
    if (offset < at.next) // librdkafka starts inside a batch where it was asked to; never twice
        return;
    if (at.state == ReadState::Failed)
        mark_recovered(walk.batch.events, p);
    if (at.end.value() >= 0 && offset >= at.end) {
        leave_hole(walk.batch.events, p, at.end);
        complete(walk, p);
        return;
    }
    leave_hole(walk.batch.events, p, offset);
    const RecordTime time = time_of(message);
    if (time.at >= p.stop_at) {
        at.end = offset;
        complete(walk, p);
        return;
    }
    if (p.first.offset.value() < 0)
        p.first = RecordMark::of(message);
    at.next = plus(offset, 1);
    at.state = ReadState::Reading;
    const bool wanted = offset >= p.skip_below && time.at >= p.skip_before;
    if (wanted) {
        p.skip_before = Micros(INT64_MIN);
        const std::int64_t bytes = append_record(walk.batch, message, time, walk.topic->name);
        walk.bytes += bytes;
        at.bytes += bytes;
        ++at.records;
    }
    if (at.end.value() >= 0 && at.next >= at.end)
        complete(walk, p);
}

void ReaderStream::take_note(Walk& walk, const rd_kafka_message_t& message, PartitionState& p) {
    switch (message.err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        take_end(walk, p, Offset(message.offset));
        break;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        p.need = PartitionNeed::Reposition;
        break;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        p.need = PartitionNeed::Missing;
        break;
    default: {
        Error error = kafka_error(message.err, "reading stopped", m_cluster.options().name,
                                  "reading " + p.progress.topic + " [" +
                                      std::to_string(p.progress.partition.value()) + "]");
        if (const char* text = rd_kafka_message_errstr(&message))
            error.what = text;
        mark_failed(walk.batch.events, p, error, walk.batch.observed);
    }
    }
}

void ReaderStream::take_end(Walk& walk, PartitionState& p, Offset at_offset) {
    PartitionProgress& at = p.progress;
    leave_hole(walk.batch.events, p, at_offset);
    if (at_offset < at.next)
        return;
    if (at.state == ReadState::Failed)
        mark_recovered(walk.batch.events, p);
    const bool committed = m_request.isolation == Isolation::ReadCommitted;
    const bool short_of_known = at.next < at.end_seen;
    (committed ? at.last_stable : at.end_seen) = at.next;
    at.end_seen = std::max(at.end_seen, at.next);
    if (at.end.value() < 0) {
        at.state = ReadState::AtEnd;
        walk.batch.events.push_back(
            {at.topic, at.partition, PartitionNote::ReachedEnd, at.from, at.next, {}});
    } else if (at.next >= at.end) {
        complete(walk, p);
    } else if (short_of_known && committed) {
        p.ended_short = true;    // the watch tells an open transaction from an end that is to come
    } else if (short_of_known) { // the log was cut, or made again
        p.need = PartitionNeed::Reposition;
    }
}

void ReaderStream::complete(Walk& walk, PartitionState& p) {
    PartitionProgress& at = p.progress;
    p.done = true;
    p.need = PartitionNeed::None;
    at.state = ReadState::Finished;
    at.failed_since = Micros(-1);
    at.trouble.clear();
    walk.batch.events.push_back(
        {at.topic, at.partition, PartitionNote::Finished, at.from, at.next, {}, p.end_as_of});
    p.started = false;
    walk.to_stop.emplace_back(m_client->topics.at(at.topic)->handle.get(), at.partition.value());
    --m_open;
}

// ---- the rest

void ReaderStream::wake() {
    m_woken = true;
    if (const auto c = client())
        rd_kafka_queue_yield(c->queue.get());
    m_cluster.budget().wake();
    m_changed.notify_all();
}

void ReaderStream::stop() {
    m_stopped = true;
    wake();
}

bool ReaderStream::drained() const {
    const std::lock_guard lock(m_state);
    return m_open == 0 && m_pending.empty();
}

std::vector<PartitionProgress> ReaderStream::progress() const {
    const std::lock_guard lock(m_state);
    std::vector<PartitionProgress> all;
    all.reserve(m_partitions.size());
    for (const auto& p : m_partitions)
        all.push_back(p->progress);
    return all;
}

std::vector<LogMark> ReaderStream::marks() const {
    const std::lock_guard lock(m_state);
    std::vector<LogMark> all;
    for (const auto& p : m_partitions)
        if (p->first.offset.value() >= 0)
            all.push_back({p->progress.topic, p->progress.partition, p->first});
    return all;
}

std::size_t ReaderStream::partition_count() const {
    const std::lock_guard lock(m_state);
    return m_partitions.size();
}

std::shared_ptr<StreamClient> ReaderStream::client() const {
    const std::lock_guard lock(m_state);
    return m_client;
}

} // namespace weir::kafka

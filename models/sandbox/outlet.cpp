// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/outlet.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>

#include "connectors/kafka/sandbox/embedded_room.h"

namespace weir::sandbox {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds watch_step{100};
constexpr std::chrono::milliseconds send_wait{0}; // there is room: it has been reserved
constexpr std::size_t record_overhead_bytes = 80;
constexpr int linger_ms = 1; // somebody waits for each batch; what comes together goes together

/// A batch on its way. Owned by the records in flight: the last one to be settled frees it.
struct Pending {
    struct Entry { // what a record's delivery leads back to
        Pending* batch = nullptr;
        bool too_large = false;
    };
    Outlet::Done done;
    std::vector<Entry> entries; // by record
    std::atomic<std::size_t> unsettled{0};
    std::atomic<bool> failed{false};
    std::atomic<bool> answered{false};
    std::size_t bytes = 0;
    Clock::time_point deadline;

    void answer(const WriteResult& result) {
        if (!answered.exchange(true))
            std::exchange(done, nullptr)(result);
    }
    /// Once all records are settled.
    WriteResult result() const {
        if (failed)
            return Written::Failed;
        WriteResult result = Written::Yes;
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (entries[i].too_large)
                result.too_large.push_back(i);
        return result;
    }
};

class BrokerOutlet final : public Outlet {
  public:
    explicit BrokerOutlet(OutletOptions options)
        : m_options(std::move(options)) {}
    ~BrokerOutlet() override;

    Result<void> start(const kafka::SandboxTicket& ticket, std::chrono::milliseconds timeout);
    OutletLimits limits() const override { return m_limits; }
    void write(const std::vector<OutgoingRecord>& records, Done done) override;
    bool flush(std::chrono::milliseconds timeout) override;
    OutletStats stats() const override;

  private:
    bool silent() const;
    bool reserve(std::size_t records, std::size_t bytes);
    void release(std::size_t records, std::size_t bytes);
    std::vector<kafka::OutRecord> addressed(const std::vector<OutgoingRecord>& records) const;
    Result<std::unique_ptr<kafka::Producer>>
    producer(const kafka::SandboxTicket& ticket, bool alone, std::chrono::milliseconds timeout);
    std::optional<std::size_t> send(std::vector<kafka::OutRecord> records, Pending& pending);
    void settle(Pending* pending, std::size_t records, bool failed);
    void end(Pending* pending, const WriteResult& result);
    void settled(const kafka::Delivery& delivery, bool alone);
    bool send_alone(const kafka::Delivery& refused);
    void watch();

    const OutletOptions m_options;
    OutletLimits m_limits;
    std::atomic<std::size_t> m_records{0};
    std::atomic<std::size_t> m_bytes{0};
    std::atomic<Clock::rep> m_heard{0}; // the last time that nothing was due or something came
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::set<Pending*> m_pending;
    bool m_stop = false;
    std::thread m_watch;
    std::shared_mutex m_sending; // held shared by who sends; m_ended is set under it
    bool m_ended = false;        // nothing is sent any more
    // Their threads call settled(), that of each one sends by the other.
    std::unique_ptr<kafka::Producer> m_alone; // one record at a time; null on the embedded cluster
    std::unique_ptr<kafka::Producer> m_producer;
};

BrokerOutlet::~BrokerOutlet() {
    {
        const std::unique_lock lock(m_sending);
        m_ended = true;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_changed.notify_all();
    if (m_watch.joinable())
        m_watch.join();
    m_producer.reset();
    m_alone.reset(); // no settled() any more
    for (Pending* pending : m_pending) {
        pending->answer(Written::NoBroker);
        delete pending; // NOLINT: see Pending
    }
}

Result<void> BrokerOutlet::start(const kafka::SandboxTicket& ticket,
                                 std::chrono::milliseconds timeout) {
    const auto room = kafka::EmbeddedRoom::of(ticket.connection().bootstrap);
    for (const std::string& topic : {m_options.raw_topic, m_options.invalid_topic}) {
        if (room && m_options.keeps_all)
            room->keep(topic);
        if (room)
            continue;
        if (auto made = kafka::create_topic(ticket, {topic, m_options.partitions, {}}, timeout);
            !made)
            return made;
    }
    const auto limits =
        outlet_limits(ticket, m_options.raw_topic, m_options.invalid_topic, timeout);
    if (!limits)
        return limits.error();
    m_limits = *limits;
    auto all = producer(ticket, false, timeout);
    if (!all)
        return all.error();
    m_producer = *std::move(all);
    if (!ticket.embedded()) {
        auto alone = producer(ticket, true, timeout);
        if (!alone)
            return alone.error();
        m_alone = *std::move(alone);
    }
    m_watch = std::thread([this] { watch(); });
    return {};
}

/// Knows both topics, so that it never waits for them.
Result<std::unique_ptr<kafka::Producer>> BrokerOutlet::producer(const kafka::SandboxTicket& ticket,
                                                                bool alone,
                                                                std::chrono::milliseconds timeout) {
    kafka::ProducerOptions options;
    options.delivered = [this, alone](const kafka::Delivery& delivery) {
        settled(delivery, alone);
    };
    options.linger_ms = linger_ms;
    options.batch_bytes_max = m_limits.batch_bytes();
    if (alone)
        options.batch_records_max = 1;
    auto opened = kafka::Producer::open(ticket, std::move(options), timeout);
    if (!opened)
        return opened;
    for (const std::string& topic : {m_options.raw_topic, m_options.invalid_topic})
        if (auto there = (*opened)->look_up(topic, timeout); !there)
            return there.error();
    return opened;
}

bool BrokerOutlet::silent() const {
    return m_records > 0 &&
           Clock::now().time_since_epoch() - Clock::duration(m_heard) > m_options.silence;
}

bool BrokerOutlet::reserve(std::size_t records, std::size_t bytes) {
    const std::lock_guard lock(m_mutex);
    if (m_records + records > m_options.records_max || m_bytes + bytes > m_options.bytes_max)
        return false;
    if (m_records == 0)
        m_heard = Clock::now().time_since_epoch().count();
    m_records += records;
    m_bytes += bytes;
    return true;
}

void BrokerOutlet::release(std::size_t records, std::size_t bytes) {
    m_records -= records;
    m_bytes -= bytes;
}

std::vector<kafka::OutRecord>
BrokerOutlet::addressed(const std::vector<OutgoingRecord>& records) const {
    std::vector<kafka::OutRecord> all(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        kafka::OutRecord& out = all[i];
        out.topic = records[i].topic == Topic::Raw ? m_options.raw_topic : m_options.invalid_topic;
        out.key = records[i].key;
        out.key_null = records[i].key.empty();
        out.value = records[i].value;
    }
    return all;
}

/// How many were taken; each of the others is tried, and gives its room back. Nothing: there is no
/// room for all of them.
std::optional<std::size_t> BrokerOutlet::send(std::vector<kafka::OutRecord> records,
                                              Pending& pending) {
    const std::shared_lock lock(m_sending);
    if (m_ended || !m_producer->reserve(records))
        return std::nullopt;
    std::size_t sent = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        records[i].token =
            reinterpret_cast<std::uintptr_t>(&pending.entries[i]); // NOLINT: handed back
        sent += m_producer->send(records[i], send_wait) ? 1U : 0U;
    }
    return sent;
}

void BrokerOutlet::write(const std::vector<OutgoingRecord>& records, Done done) {
    if (records.empty())
        return done(Written::Yes);
    if (silent())
        return done(Written::NoBroker);
    std::size_t bytes = 0;
    for (const OutgoingRecord& record : records)
        bytes += record.key.size() + record.value.size() + record_overhead_bytes;
    if (!reserve(records.size(), bytes))
        return done(Written::NoRoom);
    auto* const pending = new Pending; // NOLINT: freed by the last record's settle()
    pending->done = std::move(done);
    pending->unsettled = records.size() + 1; // one for this call
    pending->entries.assign(records.size(), {pending, false});
    pending->bytes = bytes;
    pending->deadline = Clock::now() + m_options.ack_wait;
    {
        const std::lock_guard lock(m_mutex);
        m_pending.insert(pending);
    }
    const auto sent = send(addressed(records), *pending);
    if (!sent)
        return end(pending, Written::NoRoom);
    settle(pending, records.size() - *sent + 1, *sent < records.size());
}

void BrokerOutlet::settled(const kafka::Delivery& delivery, bool alone) {
    m_heard = Clock::now().time_since_epoch().count();
    const bool too_large = !delivery.ok && delivery.error.code == ErrorCode::TooLarge;
    if (too_large && !alone && m_alone && send_alone(delivery))
        return;
    auto& entry = *reinterpret_cast<Pending::Entry*>(delivery.token); // NOLINT: see send()
    entry.too_large = too_large && alone;
    settle(entry.batch, 1, !delivery.ok && !entry.too_large);
}

/// What came with a record that is too large is not: only alone is it clear which it is.
bool BrokerOutlet::send_alone(const kafka::Delivery& refused) {
    kafka::OutRecord out;
    out.topic = refused.topic;
    out.key = refused.key;
    out.key_null = refused.key.empty();
    out.value = refused.value;
    out.token = refused.token;
    const std::shared_lock lock(m_sending);
    return !m_ended && bool(m_alone->send(out, send_wait));
}

void BrokerOutlet::settle(Pending* pending, std::size_t records, bool failed) {
    if (failed)
        pending->failed = true;
    if (pending->unsettled.fetch_sub(records) == records)
        end(pending, pending->result());
}

void BrokerOutlet::end(Pending* pending, const WriteResult& result) {
    {
        const std::lock_guard lock(m_mutex);
        m_pending.erase(pending);
        release(pending->entries.size(), pending->bytes);
    }
    m_changed.notify_all();
    pending->answer(result);
    delete pending; // NOLINT: see Pending
}

/// Answers for the broker where it takes too long; the records stay accounted for.
void BrokerOutlet::watch() {
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        m_changed.wait_for(lock, watch_step, [this] { return m_stop; });
        const auto now = Clock::now();
        for (Pending* pending : m_pending)
            if (now >= pending->deadline)
                pending->answer(Written::NoBroker);
    }
}

bool BrokerOutlet::flush(std::chrono::milliseconds timeout) {
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, timeout, [this] { return m_pending.empty(); });
}

OutletStats BrokerOutlet::stats() const {
    return {m_records, m_bytes, silent()};
}

} // namespace

Result<std::unique_ptr<Outlet>> Outlet::open(const kafka::SandboxTicket& ticket,
                                             OutletOptions options,
                                             std::chrono::milliseconds timeout) {
    auto outlet = std::make_unique<BrokerOutlet>(std::move(options));
    if (auto started = outlet->start(ticket, timeout); !started)
        return started.error();
    return std::unique_ptr<Outlet>(std::move(outlet));
}

} // namespace weir::sandbox

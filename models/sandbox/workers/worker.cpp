// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/worker.h"

#include <algorithm>
#include <exception>

#include "connectors/kafka/sandbox/embedded_room.h"
#include "models/sandbox/dead_letter.h"
#include "models/sandbox/record_limits.h"
#include "models/sandbox/workers/hop_headers.h"
#include "models/sandbox/workers/state_reader.h"

namespace weir::sandbox {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds poll_wait{50};
constexpr std::chrono::milliseconds stop_step{20};
constexpr std::chrono::milliseconds room_wait{200};
constexpr std::size_t letter_bytes_min = 10'000; // append_dead_letter()'s

/// By what a keeper knows the cluster whose offsets these are. Each embedded one begins at 0,
/// whatever its id.
std::string offsets_owner(const kafka::SandboxTicket& ticket) {
    const std::string started = std::to_string(Micros::now().value());
    return ticket.embedded() ? ticket.cluster_id() + "-" + started : ticket.cluster_id();
}

} // namespace

Worker::Worker(kafka::SandboxTicket ticket, std::unique_ptr<Stage> stage, WorkerOptions options)
    : m_ticket(std::move(ticket))
    , m_stage(std::move(stage))
    , m_keeper(m_stage->keeper())
    , m_offsets_owner(offsets_owner(m_ticket))
    , m_options(std::move(options))
    , m_incidents(m_options.incidents, m_stage->info().name)
    , m_decoder(Decoder::create(DialectSet::built_in(), Vocabulary::create({"type"}), {}))
    , m_output(m_stage->info().state_topic) {
    if (const auto room = kafka::EmbeddedRoom::of(m_ticket.connection().bootstrap))
        room->announce(group(), m_stage->info().inputs);
}

Worker::~Worker() {
    stop();
    if (m_thread.joinable())
        m_thread.join();
}

void Worker::start() {
    m_thread = std::thread([this] { run(); });
}

WorkerCounts Worker::counts() const {
    const std::lock_guard lock(m_mutex);
    return m_published;
}

// ---- the thread

void Worker::run() {
    Milliseconds wait = m_options.retry_first;
    while (!m_stop) {
        Result<void> went = open();
        if (went) {
            const std::uint64_t before = m_counts.in;
            went = work();
            if (m_counts.in > before)
                wait = m_options.retry_first; // it did something: this is new trouble
        }
        give_up();
        m_reader.reset();
        m_producer.reset();
        if (went)
            break;
        publish(&went.error());
        for (const auto until = Clock::now() + wait; !m_stop && Clock::now() < until;)
            std::this_thread::sleep_for(stop_step);
        wait = std::min(wait * 2, m_options.retry_last);
    }
}

Result<void> Worker::open() {
    if (!m_cluster) {
        auto cluster = kafka::Cluster::open(m_ticket.connection(), m_ticket.secrets());
        if (!cluster)
            return cluster.error();
        m_cluster = std::move(*cluster);
    }
    if (m_keeper != nullptr)
        if (auto opened = m_keeper->open(m_offsets_owner, m_options.instance); !opened)
            return opened;
    if (auto opened = open_producer(); !opened)
        return opened;
    return open_reader();
}

Result<void> Worker::open_producer() {
    std::vector<std::string> topics = m_stage->info().outputs;
    topics.push_back(m_options.dead_letter_topic);
    if (!m_stage->info().state_topic.empty())
        topics.push_back(m_stage->info().state_topic);
    if (auto asked = ask_limits(topics); !asked)
        return asked;
    kafka::ProducerOptions options;
    if (transactional())
        options.transactional_id = "weir-" + m_stage->info().name + "-" + m_options.instance;
    options.transaction_timeout = m_options.transaction_timeout;
    options.compression = "lz4";
    options.batch_bytes_max = std::min(options.batch_bytes_max, m_piece_bytes);
    auto producer = kafka::Producer::open(m_ticket, options, m_options.broker_timeout);
    if (!producer)
        return producer.error();
    m_producer = std::move(*producer);
    for (const std::string& topic : topics)
        if (auto there = m_producer->look_up(topic, m_options.broker_timeout); !there)
            return there;
    return {};
}

Result<void> Worker::ask_limits(const std::vector<std::string>& topics) {
    m_piece_bytes = RecordLimit().bytes();
    if (m_ticket.embedded())
        return {};
    std::map<std::string, std::size_t> limits;
    for (const RecordLimit& limit : record_limits(m_cluster, topics, m_options.broker_timeout)) {
        limits[limit.topic] = limit.bytes();
        m_piece_bytes = std::min(m_piece_bytes, limit.bytes());
    }
    m_output.set_limits(std::move(limits));
    if (m_output.limit_of(m_options.dead_letter_topic) < OutletLimits::record_bytes_min)
        return Error{.code = ErrorCode::Config,
                     .what = "topic " + m_options.dead_letter_topic +
                             " takes too little to tell what is wrong with an event",
                     .where = m_ticket.connection().name,
                     .tried = "opening the topics of " + m_stage->info().name,
                     .advice = "Set its max.message.bytes to 1048588, which is usual."};
    return {};
}

Result<void> Worker::open_reader() {
    kafka::GroupOptions options;
    options.group = group();
    options.topics = m_stage->info().inputs;
    options.read_committed = !m_ticket.embedded();
    options.session_timeout = m_options.session_timeout;
    options.starts = [this](std::vector<kafka::TopicPartitionOffset>& at) { return take_on(at); };
    options.revoked = [this](const std::vector<kafka::TopicPartition>& partitions, bool lost) {
        revoked(partitions, lost);
    };
    auto reader = kafka::GroupReader::open(m_ticket, std::move(options), m_options.broker_timeout);
    if (!reader)
        return reader.error();
    m_reader = std::move(*reader);
    return {};
}

/// What comes next, as far as it may be taken in.
RecordBatch Worker::take_in() {
    const Micros now = Micros::now();
    m_reader->pause(m_incidents.stalled(now));
    const std::size_t most = m_incidents.allowance(now, m_keeper ? m_options.kept_batch_records
                                                                 : m_options.batch_records);
    if (most == 0) {
        std::this_thread::sleep_for(stop_step);
        return {};
    }
    RecordBatch batch = m_reader->poll(poll_wait, most);
    m_incidents.took(batch.records.size());
    return batch;
}

/// Until it is to stop, or until something fails that is to be begun anew.
Result<void> Worker::work() {
    while (!m_stop) {
        RecordBatch batch = take_in();
        if (auto fatal = m_reader->fatal())
            return *fatal;
        std::optional<Error> trouble;
        for (const PartitionEvent& event : batch.events) {
            if (event.note == PartitionNote::Truncated)
                m_counts.lost += static_cast<std::uint64_t>(event.to.value() - event.from.value());
            if (event.note == PartitionNote::Failed)
                trouble = event.error;
        }
        Result<void> went = process(std::move(batch));
        m_batch.records = {}; // a message that is held keeps the reader's client
        if (went && m_in_transaction && Clock::now() - m_begun >= m_options.commit_every)
            went = commit();
        if (!went) {
            ++m_counts.retried;
            return went;
        }
        publish(trouble ? &*trouble : nullptr);
    }
    return commit();
}

Result<void> Worker::begin() {
    if (m_in_transaction)
        return {};
    if (transactional())
        if (auto begun = m_producer->begin_transaction(); !begun)
            return begun;
    m_in_transaction = true;
    m_failed_before = m_producer->counts().failed;
    m_begun = Clock::now();
    return {};
}

Result<void> Worker::process(RecordBatch batch) {
    if (batch.records.empty())
        return {};
    if (auto begun = begin(); !begun)
        return begun;
    m_decoder->decode(std::move(batch), m_batch);
    const std::vector<Sighting>& sightings = m_batch.sightings;
    for (std::size_t i = 0; i < sightings.size();) {
        std::size_t next = i + 1;
        while (next < sightings.size() && sightings[next].record == sightings[i].record)
            ++next;
        const Record& record = m_batch.records.records[sightings[i].record];
        const Micros in = Micros::now();
        if (!m_incidents.loses(sightings[i])) {
            decide(sightings[i], next == i + 1);
            if (auto written = write(m_batch.records, record, in); !written)
                return written;
        }
        go_past(record);
        m_taken.push_back(in);
        ++m_uncommitted.in;
        if (record.timestamp.value() >= 0)
            m_uncommitted.wait.add((in - record.timestamp).value());
        i = next;
    }
    return m_keeper != nullptr ? commit() : Result<void>(); // rows point into the batch
}

/// Records of a partition come in runs: most find their entry where the one before was.
void Worker::go_past(const Record& record) {
    if (m_last.second == nullptr || m_last.first != record.topic.data() ||
        m_last.second->first.partition != record.partition)
        m_last = {record.topic.data(),
                  &*m_next.try_emplace({std::string(record.topic), record.partition}).first};
    m_last.second->second = Offset(record.offset.value() + 1);
}

void Worker::forget_positions() {
    m_last = {};
    m_next.clear();
}

const EventFields& Worker::fields_of(ValueId dialect) {
    const auto known = m_fields.find(dialect);
    if (known != m_fields.end())
        return known->second;
    const FieldPaths* const paths = m_decoder->field_paths(no_place, dialect);
    return m_fields.emplace(dialect, paths ? EventFields(*paths) : EventFields()).first->second;
}

/// Asks the stage, unless the record is nothing that a stage is asked about.
void Worker::decide(const Sighting& sighting, bool alone) {
    const Record& record = m_batch.records.records[sighting.record];
    m_output.clear();
    if (!alone) {
        m_output.fail("not_one_event", {}, "a record of this topic holds one event");
        return;
    }
    if (record.value_null) {
        m_output.fail("not_json", {}, "a record without a value");
        return;
    }
    if (!m_tape.parse(record.value)) {
        m_output.fail("not_json", {},
                      unread_json_text(m_tape.error().what) + " at byte " +
                          std::to_string(m_tape.error().offset));
        return;
    }
    if (m_tape.nodes()[0].kind != JsonKind::Object) {
        m_output.fail("wrong_type", {}, "an event is an object");
        return;
    }
    try {
        m_stage->process({record, m_batch.records.headers_of(record), m_tape,
                          fields_of(sighting.dialect), sighting},
                         m_output);
    } catch (const std::exception& thrown) {
        m_output.clear();
        m_output.fail("stage_error", {}, m_stage->info().name + ": " + thrown.what());
    }
}

Result<void> Worker::write(const RecordBatch& batch, const Record& record, Micros in) {
    std::optional<HopHeaders> with_original, alone; // none, where nothing goes out
    if (!m_output.entries().empty()) {
        with_original.emplace(batch, record, m_stage->info().name, in);
        m_output.close(with_original->bytes());
    }
    if (m_output.failure())
        return write_dead_letter(batch, record, in);
    bool passed_on = false;
    for (const CollectedOutput::Entry& entry : m_output.entries()) {
        kafka::OutRecord out;
        out.topic = entry.topic;
        out.key = entry.key;
        out.key_null = entry.key.empty();
        out.value = entry.value;
        out.value_null = entry.value_null;
        if (entry.kind == CollectedOutput::Entry::Kind::State) {
            out.partition = record.partition.value();
        } else {
            const bool original = entry.kind == CollectedOutput::Entry::Kind::Record;
            if (!original && !alone)
                alone.emplace(m_stage->info().name, in);
            const HopHeaders& hop = original ? *with_original : *alone;
            out.headers = hop.list();
            out.timestamp = hop.left();
        }
        for (const auto& [name, value] : entry.headers)
            out.headers.push_back({name, value});
        passed_on |= entry.kind != CollectedOutput::Entry::Kind::State;
        if (auto sent = send(out); !sent)
            return sent;
    }
    if (m_output.filtered())
        ++m_uncommitted.filtered[static_cast<std::size_t>(*m_output.filtered())];
    else if (m_keeper != nullptr)
        m_rows.push_back(static_cast<std::size_t>(&record - batch.records.data()));
    else if (passed_on)
        ++m_uncommitted.out;
    else
        ++m_uncommitted.filtered[static_cast<std::size_t>(FilterKind::NotForUs)];
    return {};
}

/// Whoever reads what this stage writes may stand still, and the embedded cluster be full of it: it
/// is waited for, as long as that takes.
Result<void> Worker::send(const kafka::OutRecord& record) {
    if (!m_ticket.embedded())
        return m_producer->send(record);
    for (;;) {
        auto sent = m_producer->send(record, room_wait);
        if (sent || sent.error().code != ErrorCode::Timeout || m_stop)
            return sent;
        publish(&sent.error());
    }
}

Result<void> Worker::write_dead_letter(const RecordBatch& batch, const Record& record, Micros in) {
    const CollectedOutput::Failure& failure = *m_output.failure();
    const HopHeaders whole(batch, record, m_stage->info().name, in);
    const HopHeaders own(m_stage->info().name, in);
    // Whatever a producer put around its event, what is wrong with it is told.
    const std::size_t bytes = m_output.limit_of(m_options.dead_letter_topic);
    const bool fits = whole.bytes() + record.key.size() + letter_bytes_min <= bytes;
    const HopHeaders& headers = fits ? whole : own;
    std::string value;
    append_dead_letter(
        {.reason = failure.reason,
         .stage = m_stage->info().name,
         .pointer = failure.pointer,
         .message = failure.message,
         .original = record.value,
         .original_is_object = failure.reason != "not_json" && failure.reason != "wrong_type"},
        value,
        std::min(dead_letter_bytes_max, bytes - headers.bytes() - (fits ? record.key.size() : 0)));
    kafka::OutRecord out;
    out.topic = m_options.dead_letter_topic;
    if (fits)
        out.key = record.key;
    out.key_null = record.key_null || !fits;
    out.value = value;
    out.headers = headers.list();
    out.timestamp = headers.left();
    out.room = kafka::Room::Ignore; // who repairs them writes to where they come from
    m_uncommitted.fail(failure.reason);
    return m_producer->send(out);
}

// ---- commits

std::vector<kafka::TopicPartitionOffset> Worker::positions() const {
    std::vector<kafka::TopicPartitionOffset> all;
    for (const auto& [at, next] : m_next)
        all.push_back({at.topic, at.partition, next});
    return all;
}

Result<void> Worker::commit() {
    if (!m_in_transaction)
        return {};
    auto done = m_keeper          ? commit_kept()
                : transactional() ? commit_transaction()
                                  : commit_embedded();
    if (!done)
        return done;
    m_in_transaction = false;
    forget_positions();
    m_rows.clear();
    const Micros now = Micros::now();
    for (const Micros in : m_taken)
        m_uncommitted.processing.add((now - in).value());
    m_taken.clear();
    m_counts.add(m_uncommitted);
    m_uncommitted = {};
    return {};
}

Result<void> Worker::commit_transaction() {
    if (auto taken = m_producer->commit_offsets(m_reader->credentials(), positions(),
                                                m_options.broker_timeout);
        !taken)
        return taken;
    return m_producer->commit_transaction(m_options.broker_timeout);
}

Result<void> Worker::commit_embedded() {
    if (auto flushed = flush(); !flushed)
        return flushed;
    return m_reader->commit(positions());
}

/// Dead letters are written before the offsets move past them.
Result<void> Worker::commit_kept() {
    if (auto flushed = flush(); !flushed)
        return flushed;
    publish_pending();
    const auto kept =
        m_keeper->keep(positions(), [this](const std::vector<Keeper::Refused>& refused) {
            return refuse(refused);
        });
    if (!kept)
        return kept.error();
    m_uncommitted.out += kept->loaded;
    m_uncommitted.filtered[static_cast<std::size_t>(FilterKind::Loaded)] += kept->known;
    (void)m_reader->commit(positions()); // where it really goes on, the keeper knows
    return {};
}

/// What the keeper cannot take becomes dead letters.
Result<void> Worker::refuse(const std::vector<Keeper::Refused>& refused) {
    for (const Keeper::Refused& one : refused) {
        m_output.clear();
        m_output.fail("not_loadable", {}, one.why.what);
        const Record& record = m_batch.records.records[m_rows.at(one.row)];
        if (auto sent = write_dead_letter(m_batch.records, record, Micros::now()); !sent)
            return sent;
    }
    return flush();
}

/// All that was sent has arrived.
Result<void> Worker::flush() {
    if (auto flushed = m_producer->flush(m_options.broker_timeout); !flushed)
        return flushed;
    if (m_producer->counts().failed != m_failed_before)
        return Error{.code = ErrorCode::Connection,
                     .what = "a record was not written",
                     .where = m_ticket.connection().name};
    return {};
}

/// Nothing of what is not committed has happened.
void Worker::give_up() {
    if (m_in_transaction && m_producer && transactional())
        (void)m_producer->abort_transaction(m_options.broker_timeout); // the next one fences it
    m_in_transaction = false;
    forget_positions();
    m_rows.clear();
    m_taken.clear();
    m_uncommitted = {};
}

// ---- partitions that come and go

Result<void> Worker::take_on(std::vector<kafka::TopicPartitionOffset>& starts) {
    if (m_keeper != nullptr) {
        const auto found = m_keeper->find_starts(starts);
        return found ? begin_new_logs_anew(starts) : found;
    }
    std::vector<PartitionId> numbers;
    for (const kafka::TopicPartitionOffset& one : starts)
        if (std::find(numbers.begin(), numbers.end(), one.partition) == numbers.end())
            numbers.push_back(one.partition);
    if (m_stage->info().state_topic.empty()) {
        for (const PartitionId number : numbers)
            m_stage->take_on(number);
        return {};
    }
    return restore_state(m_cluster, *m_stage, numbers, !m_ticket.embedded(),
                         m_options.transaction_timeout + m_options.broker_timeout);
}

/// A log that ends before where the keeper stands is not the one that it knew.
Result<void> Worker::begin_new_logs_anew(std::vector<kafka::TopicPartitionOffset>& starts) const {
    std::vector<kafka::TopicPartition> partitions;
    for (const kafka::TopicPartitionOffset& one : starts)
        partitions.push_back({one.topic, one.partition});
    const auto there = kafka::Admin(m_cluster).offsets(partitions, m_options.broker_timeout);
    for (std::size_t i = 0; i < starts.size(); ++i) {
        if (there[i].error)
            return *there[i].error;
        if (there[i].end < starts[i].offset)
            starts[i].offset = Offset(-1);
    }
    return {};
}

void Worker::revoked(const std::vector<kafka::TopicPartition>& partitions, bool lost) {
    if (lost || !commit())
        give_up();
    for (const kafka::TopicPartition& one : partitions)
        m_stage->let_go(one.partition);
}

/// While what was taken in is being kept, which may take as long as a lock is held.
void Worker::publish_pending() {
    const std::lock_guard lock(m_mutex);
    m_published.pending = m_uncommitted.in;
}

void Worker::publish(const Error* trouble) {
    if (trouble != nullptr) {
        if (m_counts.trouble.empty())
            m_counts.trouble_since = Micros::now();
        m_counts.trouble = trouble->text();
    } else if (!m_counts.trouble.empty() && !m_reader->assignment().empty()) {
        m_counts.trouble.clear();
        m_counts.trouble_since = Micros(-1);
    }
    m_counts.pending = m_uncommitted.in;
    const std::lock_guard lock(m_mutex);
    m_published = m_counts;
}

} // namespace weir::sandbox

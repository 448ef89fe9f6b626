// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs one stage: a member of the group "weir-<stage>" reads its input, the stage decides, a
// producer writes. On real Kafka what came in (offsets), what goes out and what is remembered are
// one transaction: killed at any moment, the next worker goes on from the last one, and nothing is
// lost or doubled for readers of committed records. On the embedded cluster, which has no
// transactions, offsets are committed after what goes out is acknowledged: at least once.
//
// A stage with a keeper (workers/keeper.h) has what it makes and its offsets kept there, batch by
// batch; only its dead letters go to Kafka, before the batch is kept: those of a batch that is done
// again are written again. A batch that was kept, but whose keeper went away before it said so, is
// not counted.
//
// How large a record topics take is asked when it begins, and again after whatever failed: what is
// larger becomes a dead letter, of which as much of the original is kept as fits.
//
// What fails is tried again for ever, from the last commit, with a growing wait; a record that
// cannot be processed becomes a dead letter, and its partition goes on. On the embedded cluster,
// which would drop what is not read yet, whoever writes waits for the stage behind it
// (kafka/sandbox/embedded_room.h), and so does the collector in the end; dead letters do not wait.
//
// What an incident plan has in store for its stage befalls it: it takes nothing in, or little, or
// loses records, which then are counted as taken in and as nothing else.
//
// Thread contract: start() makes one thread, which owns all; stop() and counts() from any thread.
// Bound: what is polled within `commit_every` lies in one transaction; the producer's and the group
// reader's queues.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "connectors/kafka/sandbox/group_reader.h"
#include "connectors/kafka/sandbox/producer.h"
#include "models/event/decode/decoder.h"
#include "models/sandbox/workers/stage_incidents.h"
#include "models/sandbox/workers/stage_output.h"
#include "models/sandbox/workers/worker_counts.h"

namespace weir::sandbox {

struct WorkerOptions {
    /// Tells the workers of one stage apart. A name that is used again has what it left open given
    /// up at once, instead of after transaction_timeout; two workers must not share one.
    std::string instance = "1";
    std::string dead_letter_topic = "invalid_events";
    std::chrono::milliseconds commit_every{100};
    std::size_t batch_records = 2'000;
    std::size_t kept_batch_records = 10'000; // the same for a stage with a keeper
    std::chrono::milliseconds session_timeout{10'000};
    std::chrono::milliseconds transaction_timeout{10'000};
    std::chrono::milliseconds broker_timeout{20'000};
    std::chrono::milliseconds retry_first{100};
    std::chrono::milliseconds retry_last{5'000};
    std::shared_ptr<const synth::IncidentPlan> incidents{}; // null: nothing is planned
};

class Worker {
  public:
    Worker(kafka::SandboxTicket ticket, std::unique_ptr<Stage> stage, WorkerOptions options);
    /// Commits what is done, leaves the group, joins the thread.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void start();
    /// Ends after the batch at hand, or where it waits for room; the destructor waits for it.
    void stop() { m_stop = true; }

    const StageInfo& info() const { return m_stage->info(); }
    const std::string& instance() const { return m_options.instance; }
    WorkerCounts counts() const;

  private:
    using Milliseconds = std::chrono::milliseconds;
    void run();
    Result<void> open();
    Result<void> open_producer();
    Result<void> ask_limits(const std::vector<std::string>& topics);
    Result<void> open_reader();
    Result<void> work();
    RecordBatch take_in();
    Result<void> begin();
    Result<void> process(RecordBatch batch);
    std::string group() const { return "weir-" + m_stage->info().name; }
    void decide(const Sighting& sighting, bool alone);
    Result<void> send(const kafka::OutRecord& record);
    const EventFields& fields_of(ValueId dialect);
    void go_past(const Record& record);
    void forget_positions();
    Result<void> write(const RecordBatch& batch, const Record& record, Micros in);
    Result<void> write_dead_letter(const RecordBatch& batch, const Record& record, Micros in);
    Result<void> commit();
    Result<void> commit_transaction();
    Result<void> commit_embedded();
    Result<void> commit_kept();
    Result<void> refuse(const std::vector<Keeper::Refused>& refused);
    Result<void> flush();
    bool transactional() const { return !m_ticket.embedded() && m_keeper == nullptr; }
    void give_up();
    Result<void> take_on(std::vector<kafka::TopicPartitionOffset>& starts);
    Result<void> begin_new_logs_anew(std::vector<kafka::TopicPartitionOffset>& starts) const;
    void revoked(const std::vector<kafka::TopicPartition>& partitions, bool lost);
    void publish(const Error* trouble = nullptr);
    void publish_pending();
    std::vector<kafka::TopicPartitionOffset> positions() const;

    const kafka::SandboxTicket m_ticket;
    const std::unique_ptr<Stage> m_stage;
    Keeper* const m_keeper;            // the stage's, or null
    const std::string m_offsets_owner; // for the keeper
    const WorkerOptions m_options;
    StageIncidents m_incidents;
    std::shared_ptr<kafka::Cluster> m_cluster; // to read back what was remembered
    std::unique_ptr<kafka::Producer> m_producer;
    std::unique_ptr<kafka::GroupReader> m_reader;
    const std::unique_ptr<Decoder> m_decoder;
    SightingBatch m_batch;
    std::map<ValueId, EventFields> m_fields; // by dialect
    CollectedOutput m_output;
    std::size_t m_piece_bytes = 0; // that each topic takes at once
    JsonTape m_tape;
    std::map<kafka::TopicPartition, Offset> m_next; // behind what was processed since the commit
    /// The entry of the record before, of whose topic this is the text.
    std::pair<const char*, std::pair<const kafka::TopicPartition, Offset>*> m_last{};
    bool m_in_transaction = false;
    std::int64_t m_failed_before = 0; // deliveries, without a transaction
    std::vector<std::size_t> m_rows;  // of a keeper's batch: which record each was made of
    std::chrono::steady_clock::time_point m_begun;
    WorkerCounts m_uncommitted;
    std::vector<Micros> m_taken; // when each of them was taken in
    WorkerCounts m_counts;
    std::atomic<bool> m_stop{false};
    mutable std::mutex m_mutex; // guards m_published only
    WorkerCounts m_published;
    std::thread m_thread;
};

} // namespace weir::sandbox

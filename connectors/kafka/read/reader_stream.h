// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One stream of a Reader: a client, its queue, and the partitions that it reads.
//
// Thread contract: poll() from one thread; everything else from any thread. Two locks: `m_polling`
// is held while the queue is consumed, and taken by whoever changes what is consumed;
// `m_state` guards the partitions, is never held during I/O and for at most one batch's walk.
// Bound: 4 MB in librdkafka's queue and one fetch response above it; `batch_records` a poll.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "connectors/kafka/observer.h"
#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/read/record_mark.h"

namespace weir::kafka {

/// What a partition needs that only the watch can do, because it means asking brokers.
enum class PartitionNeed : std::uint8_t {
    None,
    Reposition,
    Missing,
    Start,
    EndAtTransaction,
    Proof, // that it is still the same log
};

/// One partition's reading.
struct PartitionState {
    PartitionProgress progress;
    PartitionNeed need = PartitionNeed::None;
    std::optional<Error> trouble_at_start; // its offsets could not be had: nothing is known of it
    bool started = false;                  // the client fetches it
    bool done = false;                     // nothing more will come of it
    Offset skip_below{0};              // a start past the end: records before it are not asked for
    Micros skip_before{INT64_MIN};     // a start by time where the broker cannot look times up
    Micros stop_at{INT64_MAX};         // an end by time that no record had reached yet
    bool ended_short = false;          // committed records ended before the end that was known
    Offset open_transaction_told{-1};  // where the last stable offset was when it was last told
    int strikes = 0;                   // failed questions in a row
    int times_missing = 0;             // answers in a row that it does not exist
    std::optional<Micros> covers_from; // what was written since then is read; nothing: not known
    std::optional<Micros> end_as_of;   // when the end that is fixed was the end; likewise
    Micros answered{-1};               // when somebody answered for it, or a record came, last
    Offset next_when_asked{-1};        // where reading stood at the last question
    bool failed_by_watch = false;      // an answer is enough to have it recovered
    bool gone = false;                 // told; only its coming back is of interest
    RecordMark first;                  // of the record read first, or of one before it
    RecordMark mark;                   // of the newest record read
    RecordMark anchor_next;            // as it was at the last question
    RecordMark anchor;  // as it was at the one before: older than any trouble just noticed
    int mark_tries = 0; // to get a mark although nothing was read
    Offset proven{-1};  // the anchor that was read again last
    std::int64_t proof_round = 0; // when that was, as a number of the proofs so far
    std::chrono::steady_clock::time_point made_again; // when another log was found in its place
    Offset end_answered{-1};                          // to the last question
    Offset high_sampled{-1};
    bool high_fell = false; // and has not been seen since
};

/// A topic as one client knows it; its address is the topic object's opaque.
struct StreamTopic {
    std::string name; // records' topics point here
    TopicHandle handle;
    std::vector<PartitionState*> partitions; // by number; null: not read by this stream
};

/// The client and what belongs to it: kept by every batch that points into it.
struct StreamClient {
    Client client; // destroyed last
    std::map<std::string, std::unique_ptr<StreamTopic>> topics;
    QueueHandle queue;
};

/// Notes a failure, or its end, once; later failures only change the text.
void mark_failed(std::vector<PartitionEvent>& told, PartitionState& p, const Error& error,
                 Micros since);
void mark_recovered(std::vector<PartitionEvent>& told, PartitionState& p);

class ReaderStream {
  public:
    ReaderStream(ObservedCluster& cluster, const ReadRequest& request);
    ~ReaderStream();

    /// Begins to read a partition; makes the client when it is the first one. A partition whose
    /// range is empty is only told about. Blocks for the topic's metadata up to `timeout`.
    /// One that failed at the start is only told about too, until it is added again.
    Result<void> add(PartitionState state, std::chrono::milliseconds timeout);

    RecordBatch poll(std::chrono::milliseconds wait);
    void wake();
    void stop();

    /// Every partition is done and all its events have been handed out.
    bool drained() const;
    std::vector<PartitionProgress> progress() const;
    std::vector<LogMark> marks() const;
    std::size_t partition_count() const;

    // ---- for the watch (reader_watch.cpp)

    /// Null before the first partition.
    std::shared_ptr<StreamClient> client() const;
    /// Runs under the state lock; what it adds to `told` is handed out with the next poll.
    using Change = std::function<void(PartitionState&, std::vector<PartitionEvent>& told)>;
    void for_each(const Change& visit);
    /// The same for the one partition, if the stream reads it.
    void for_one(const std::string& topic, PartitionId partition, const Change& change);
    /// Reads on from `next` (-1: from where it stands), with no record of before in flight;
    /// `change` runs in between, under the state lock.
    void restart(const std::string& topic, PartitionId partition, Offset next,
                 const Change& change);
    /// Stops fetching and runs `change`.
    void halt(const std::string& topic, PartitionId partition, const Change& change);

  private:
    struct Walk;
    struct Interruption;
    Result<StreamTopic*> topic_on(StreamClient& client, const std::string& name,
                                  std::chrono::milliseconds timeout);
    void take_record(Walk& walk, const rd_kafka_message_t& message, PartitionState& p);
    void take_note(Walk& walk, const rd_kafka_message_t& message, PartitionState& p);
    void take_end(Walk& walk, PartitionState& p, Offset at);
    void complete(Walk& walk, PartitionState& p);
    void leave_hole(std::vector<PartitionEvent>& events, PartitionState& p, Offset to);
    RecordBatch wait_without_client(std::chrono::milliseconds wait);
    void wake_fetching(const StreamClient& client);
    RecordBatch walk_messages(const std::shared_ptr<StreamClient>& client,
                              std::unique_ptr<RecordBatch::Backing> backing, std::size_t count);
    void tell(const PartitionProgress& at, PartitionNote note, Offset from, Offset to,
              std::optional<Micros> as_of = {}); // under the state lock
    void add_failed(PartitionState state);
    Error start_failed(PartitionState& p, StreamTopic& topic);
    void replace_failed(const PartitionProgress& by);                      // under the state lock
    PartitionState* find(const std::string& topic, PartitionId partition); // under the state lock

    ObservedCluster& m_cluster;
    const ReadRequest m_request;
    const double m_budget_at_start_mb_s;
    std::mutex m_polling;
    std::atomic<int> m_interruptions{0};
    std::atomic<bool> m_woken{false};
    std::size_t m_queue_peak = 0; // the poller's own: records waiting, at most, since the last wake
    std::atomic<bool> m_stopped{false};
    mutable std::mutex m_state;
    std::condition_variable m_changed;
    std::shared_ptr<StreamClient> m_client;
    std::vector<std::unique_ptr<PartitionState>> m_partitions;
    std::vector<PartitionEvent> m_pending; // told by the watch, not yet handed out
    std::size_t m_open = 0;                // partitions that are not done
};

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of a Reader that asks brokers: finds new topics and partitions, notices failures and
// their end, and puts partitions right whose offset is gone or whose topic was made again.
//
// librdkafka 2.0.2 tells neither a topic's id nor a leader's epoch. So whether a log is still the
// one that was read is judged by records: one that was read before is read again and compared by
// its hash. That is done when something looks wrong (an answer that the topic does not exist, an
// end that fell, an offset out of range, a connection that was lost), and else every two seconds
// for two partitions, in turn: one that was read on and one that was not; and at once for all of a
// topic of which one partition turned out to be another log. Where nothing was read yet, the record
// is one that stands just before the place of reading; it is looked up soon after the start. What
// cannot be known: that a log is another one while it held no record, or none of those compared is
// there any more (compacted, deleted); a log that is too short or begins earlier than it did is
// then taken for a new one, any other for the old one. And which of the records between the last
// proof and its failure were the new log's: all of the new log is handed out, and the event says up
// to where that may be the second time.
//
// Thread contract: one thread of its own, from construction to destruction; where something looks
// wrong, further ones for as long as a question takes, so that all streams are asked at once.
// Bound: one question for ends a second and client, one for topics a second (every three seconds
// where all the cluster's topics must be listed, and then one for each that is read and not among
// them), four batches of records every two seconds, and once a partition up to five.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "connectors/kafka/client/explain.h"
#include "connectors/kafka/read/reader_plan.h"

namespace weir::kafka {

using Streams = std::vector<std::unique_ptr<ReaderStream>>;

/// Hands partitions to streams, the largest first, each to the stream that has least.
Result<void> deal(const Streams& streams, std::vector<PartitionState> partitions,
                  Deadline deadline);

/// How a partition stood when librdkafka was asked for the high watermark of its last fetch.
struct SampledPartition {
    std::string topic;
    PartitionId partition;
    Offset next;
    Offset high_before{-1}; // as sampled last, or past a record read since
    Offset high{-1};
};

class ReaderWatch {
  public:
    ReaderWatch(ObservedCluster& cluster, const ReadRequest& request, const Streams& streams);
    ~ReaderWatch();

  private:
    using Clock = std::chrono::steady_clock;
    /// How long one question to the cluster may take.
    static constexpr std::chrono::milliseconds question_wait{1000};
    /// A partition that needs mending, copied out from under its stream's lock.
    struct Patient {
        ReaderStream* stream = nullptr;
        std::string topic;
        PartitionId partition;
        PartitionNeed need = PartitionNeed::None;
        Offset next;
        Offset end;
        bool gone = false;
        Offset begin; // of the log as it was when it was begun
        RecordMark first;
        RecordMark anchor;
    };
    /// Of the log that is there now with the one that was read.
    enum class Identity { Same, Cut, Other, Unknown };
    struct Identified {
        Identity identity = Identity::Unknown;
        Offset same_below{-1}; // Same, Cut: the records below it are those that were read
    };

    void run();
    void step();
    void listen();
    void sample_watermarks(ReaderStream& stream);
    void check_ends();
    void judge_end(PartitionState& p, std::vector<PartitionEvent>& told, Offset next_before,
                   Offset high_before, rd_kafka_resp_err_t err, Offset end);
    void tell_still_at_end(const PartitionState& p, std::vector<PartitionEvent>& told,
                           const SampledPartition& before, Micros asked) const;
    void judge_error(PartitionState& p, std::vector<PartitionEvent>& told, Offset next_before,
                     rd_kafka_resp_err_t err, bool nobody);
    void tell_refused(PartitionState& p, std::vector<PartitionEvent>& told,
                      rd_kafka_resp_err_t err) const;
    void tell_failed(PartitionState& p, std::vector<PartitionEvent>& told,
                     rd_kafka_resp_err_t err) const;
    void check_topics();
    void mend();
    void start_late(const std::vector<Patient>& patients);
    bool reposition(const Patient& p); // false: nobody answered
    void restart_from_begin(const Patient& p, Offset begin, bool untouched);
    void go_back(const Patient& p, Offset to);
    void end_gone(const Patient& p, PartitionEvent event, const std::string& what);
    void skip_truncated(const Patient& p, Offset begin);
    bool look_for(const Patient& p); // false: nobody answered
    void nobody_answers_for(const Patient& p);
    void declare_gone(const Patient& p, const Error& error);
    void end_at_transaction(const Patient& p);
    void take_marks();
    void ask_for_proof();
    void ask_for_proof_of(bool read_on);
    void doubt(const std::string& topic);
    void prove(const Patient& p);
    Identified identify(const Patient& p);
    Identity look_at(const Patient& p, const RecordMark& mark);
    Explained explain_trouble() const; // m_trouble
    Error interruption(const PartitionState& p, rd_kafka_resp_err_t err, Micros since) const;

    ObservedCluster& m_cluster;
    const ReadRequest& m_request;
    const Streams& m_streams;
    const bool m_following;
    ClientTrouble m_trouble;   // the newest that librdkafka told since all was well
    bool m_suspicious = false; // something was heard or missed: ask again soon
    bool m_silent = false;     // to the last question for ends nobody answered at all
    bool m_all_down = false;
    bool m_refused = false; // a broker is there no more: its port refuses connections
    Clock::time_point m_next_ends, m_next_topics, m_next_mend, m_next_proof, m_next_marks;
    std::int64_t m_proofs = 0;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stop = false;
    std::thread m_thread;
};

} // namespace weir::kafka

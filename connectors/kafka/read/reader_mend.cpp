// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ReaderWatch's other half: partitions whose offset is not there any more.
#include <algorithm>
#include <map>

#include "connectors/kafka/admin/offsets.h"
#include "connectors/kafka/read/reader_plan.h"
#include "connectors/kafka/read/reader_watch.h"

namespace weir::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto mend_pause = 200ms;
/// How often a topic must be missing in a row before it is told to be gone: a broker that has just
/// started does not know all its topics yet.
constexpr int missing_allowed = 8;

/// Of a partition that is read on in another place: what was noted of the old one means nothing.
void forget_trouble(PartitionState& p) {
    PartitionProgress& at = p.progress;
    p.strikes = p.times_missing = p.mark_tries = 0;
    p.proven = p.end_answered = p.high_sampled = Offset(-1);
    p.high_fell = p.failed_by_watch = false;
    at.state = ReadState::Reading;
    at.failed_since = Micros(-1);
    at.trouble.clear();
    at.end_seen = at.next;
    at.last_stable = Offset(-1);
}

} // namespace

void ReaderWatch::mend() {
    if (Clock::now() < m_next_mend)
        return;
    std::vector<Patient> patients;
    for (const auto& stream : m_streams)
        stream->for_each([&](PartitionState& p, auto&) {
            const PartitionProgress& at = p.progress;
            const bool waits = m_silent && p.need == PartitionNeed::Proof; // nobody would answer
            if (p.need != PartitionNeed::None && !p.done && !waits)
                patients.push_back({stream.get(), at.topic, at.partition, p.need, at.next, at.end,
                                    p.gone, at.begin, p.first, p.anchor});
        });
    start_late(patients);
    for (const Patient& p : patients)
        if (p.need == PartitionNeed::EndAtTransaction)
            end_at_transaction(p);
        else if (p.need == PartitionNeed::Proof)
            prove(p);
        else if (p.need != PartitionNeed::Start &&
                 !(p.need == PartitionNeed::Missing ? look_for(p) : reposition(p)))
            break;
    if (!patients.empty())
        m_next_mend = Clock::now() + mend_pause;
}

/// Partitions that could not be started, mostly for want of a leader: can they now?
void ReaderWatch::start_late(const std::vector<Patient>& patients) {
    std::map<std::string, std::vector<const Patient*>> by_topic;
    for (const Patient& p : patients)
        if (p.need == PartitionNeed::Start)
            by_topic[p.topic].push_back(&p);
    for (const auto& [name, waiting] : by_topic) {
        auto metadata = fetch_metadata(m_cluster.client(), name.c_str(), m_cluster.options().name,
                                       question_wait);
        if (!metadata || (*metadata)->topic_cnt == 0)
            continue;
        const rd_kafka_metadata_topic_t& topic = (*metadata)->topics[0];
        std::map<PartitionId, const Patient*> ready;
        for (const Patient* p : waiting)
            for (int i = 0; i < topic.partition_cnt; ++i)
                if (topic.partitions[i].id == p->partition.value() &&
                    topic.partitions[i].leader >= 0)
                    ready[p->partition] = p;
        FoundTopic found{name, {}};
        for (const auto& [id, patient] : ready)
            found.partitions.push_back(id);
        if (found.partitions.empty())
            continue;
        const auto soon = Clock::now() + question_wait;
        auto planned = plan_partitions(m_cluster, m_request, {found}, soon);
        if (!planned)
            continue;
        for (PartitionState& p : *planned) {
            if (p.trouble_at_start) // it is tried again
                continue;
            const Patient& patient = *ready[p.progress.partition];
            if (patient.next.value() >= 0) { // it was known already where it is to begin
                p.progress.from = patient.next;
                p.progress.next = std::max(patient.next, p.progress.begin);
            }
            (void)patient.stream->add(std::move(p), question_wait);
        }
    }
}

bool ReaderWatch::reposition(const Patient& p) {
    const auto begin =
        ask_offsets(m_cluster.client(), {{p.topic, p.partition, time_of_begin}}, question_wait)[0];
    const auto end =
        ask_offsets(m_cluster.client(), {{p.topic, p.partition, time_of_end}}, question_wait)[0];
    const rd_kafka_resp_err_t err = begin.err ? begin.err : end.err;
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const ErrorCode code = error_code_of(err);
        p.stream->for_one(p.topic, p.partition, [&](PartitionState& state, auto& told) {
            if (code == ErrorCode::NotFound)
                state.need = PartitionNeed::Missing;
            else if (code == ErrorCode::NotPermitted)
                tell_refused(state, told, err);
            else
                tell_failed(state, told, err);
        });
        return code == ErrorCode::NotFound || code == ErrorCode::NotPermitted;
    }
    const bool shorter = p.next > end.offset;
    const bool begins_earlier = begin.offset < p.begin;
    const Identified found = identify(p);
    if (found.identity == Identity::Other ||
        (found.identity == Identity::Unknown && (shorter || begins_earlier)))
        restart_from_begin(p, begin.offset, shorter);
    else if (found.identity == Identity::Cut || shorter)
        go_back(p, found.same_below);
    else if (p.next < begin.offset)
        skip_truncated(p, begin.offset);
    else
        p.stream->restart(p.topic, p.partition, Offset(-1),
                          [](PartitionState& state, auto& told) { mark_recovered(told, state); });
    return true;
}

/// Another log has the topic's name. Unless it is `untouched`, some of its records may have been
/// handed out already, up to the moment at which reading starts over.
void ReaderWatch::restart_from_begin(const Patient& p, Offset begin, bool untouched) {
    PartitionEvent event{p.topic, p.partition, PartitionNote::Recreated, begin, begin, {}};
    const auto read_to = [&](Offset next) { return untouched ? begin : std::max(begin, next); };
    if (p.end.value() >= 0) { // a range of the old topic means nothing in the new one
        event.to = read_to(p.next);
        end_gone(p, event, "was deleted and made again while it was read");
        return;
    }
    p.stream->restart(p.topic, p.partition, Offset(-1), [&](PartitionState& state, auto& told) {
        PartitionProgress& at = state.progress;
        event.to = read_to(at.next);
        at.begin = at.from = at.next = begin;
        state.gone = false;
        state.first = state.mark = state.anchor_next = state.anchor = {};
        state.skip_below = Offset(0);
        state.made_again = Clock::now();
        forget_trouble(state);
        told.push_back(event);
    });
    doubt(p.topic);
}

/// The log is the one that was read, but its tail from `to` on is not: a broker that was elected
/// uncleanly, or that crashed before it had written everything down, has lost it.
void ReaderWatch::go_back(const Patient& p, Offset to) {
    const PartitionEvent event{p.topic, p.partition, PartitionNote::Cut, to, p.next, {}};
    if (p.end.value() >= 0) {
        end_gone(p, event,
                 "lost records from offset " + std::to_string(to.value()) +
                     " on while it was read");
        return;
    }
    p.stream->restart(p.topic, p.partition, to, [&](PartitionState& state, auto& told) {
        const RecordMark& last = p.anchor.offset < to ? p.anchor : p.first;
        state.mark = state.anchor_next = state.anchor = last;
        forget_trouble(state);
        told.push_back(event);
    });
}

/// What is left of a fixed range cannot be read any more.
void ReaderWatch::end_gone(const Patient& p, PartitionEvent event, const std::string& what) {
    p.stream->halt(p.topic, p.partition, [&](PartitionState& state, auto& told) {
        state.done = true;
        state.progress.state = ReadState::Gone;
        state.progress.trouble = m_cluster.options().name + ": " + p.topic + " " + what;
        told.push_back(std::move(event));
    });
}

void ReaderWatch::skip_truncated(const Patient& p, Offset begin) {
    const bool all_lost = p.end.value() >= 0 && begin >= p.end;
    const Offset lost_to = all_lost ? p.end : begin;
    const auto change = [&](PartitionState& state, std::vector<PartitionEvent>& told) {
        PartitionProgress& at = state.progress;
        at.next = lost_to;
        at.truncated_offsets += lost_to.value() - p.next.value();
        told.push_back({at.topic, at.partition, PartitionNote::Truncated, p.next, lost_to, {}});
        if (all_lost) {
            state.done = true;
            at.state = ReadState::Finished;
            told.push_back({at.topic, at.partition, PartitionNote::Finished, at.from, at.end, {}});
        } else {
            mark_recovered(told, state);
        }
    };
    if (all_lost)
        p.stream->halt(p.topic, p.partition, change);
    else
        p.stream->restart(p.topic, p.partition, begin, change);
}

bool ReaderWatch::look_for(const Patient& p) {
    auto metadata = fetch_metadata(m_cluster.client(), p.topic.c_str(), m_cluster.options().name,
                                   question_wait);
    if (!metadata) {
        nobody_answers_for(p);
        return false;
    }
    bool exists = false;
    rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    for (int t = 0; t < (*metadata)->topic_cnt; ++t) {
        const rd_kafka_metadata_topic_t& topic = (*metadata)->topics[t];
        if (topic.topic == p.topic && topic.err != RD_KAFKA_RESP_ERR_NO_ERROR)
            err = topic.err;
        for (int i = 0; topic.topic == p.topic && i < topic.partition_cnt; ++i)
            exists = exists || topic.partitions[i].id == p.partition.value();
    }
    if (exists) {
        // The reading client must know it too before it can fetch.
        if (const auto client = p.stream->client())
            (void)fetch_metadata(client->client.get(), p.topic.c_str(), {}, question_wait);
        if (!p.gone)
            return reposition(p);
        const auto begin = ask_offsets(m_cluster.client(), {{p.topic, p.partition, time_of_begin}},
                                       question_wait)[0];
        if (begin.err == RD_KAFKA_RESP_ERR_NO_ERROR)
            restart_from_begin(p, begin.offset, true);
        return true;
    }
    if (p.gone)
        return true;
    bool sure = false;
    p.stream->for_one(p.topic, p.partition, [&](PartitionState& state, auto& told) {
        const bool missing = error_code_of(err) == ErrorCode::NotFound;
        state.times_missing = missing ? state.times_missing + 1 : 0;
        sure = state.times_missing >= missing_allowed;
        if (!missing)
            judge_error(state, told, state.progress.next, err, false);
    });
    if (sure)
        declare_gone(
            p, {ErrorCode::NotFound,
                p.topic + " [" + std::to_string(p.partition.value()) + "] does not exist any more",
                m_cluster.options().name, "reading on at offset " + std::to_string(p.next.value()),
                p.end.value() < 0 ? "If it is made again, it is read from its beginning." : ""});
    return true;
}

/// A partition in need is not asked for its end, so its silence is judged here.
void ReaderWatch::nobody_answers_for(const Patient& p) {
    p.stream->for_one(p.topic, p.partition, [&](PartitionState& state, auto& told) {
        if (!state.gone)
            judge_error(state, told, state.progress.next, RD_KAFKA_RESP_ERR__TRANSPORT, true);
    });
}

void ReaderWatch::declare_gone(const Patient& p, const Error& error) {
    p.stream->halt(p.topic, p.partition, [&](PartitionState& state, auto& told) {
        PartitionProgress& at = state.progress;
        state.gone = true;
        state.done = at.end.value() >= 0;
        state.need = PartitionNeed::None;
        at.state = ReadState::Gone;
        at.trouble = error.text();
        told.push_back({at.topic, at.partition, PartitionNote::Gone, at.next, at.next, error});
    });
}

/// A range of which nothing more can be read before a transaction has ended.
void ReaderWatch::end_at_transaction(const Patient& p) {
    p.stream->halt(p.topic, p.partition, [&](PartitionState& state, auto& told) {
        PartitionProgress& at = state.progress;
        if (at.next != p.next) { // it ended meanwhile
            state.need = PartitionNeed::Reposition;
            return;
        }
        state.done = true;
        state.need = PartitionNeed::None;
        at.state = ReadState::Finished;
        told.push_back(
            {at.topic, at.partition, PartitionNote::OpenTransaction, at.next, at.end, {}});
        told.push_back({at.topic, at.partition, PartitionNote::Finished, at.from, at.next, {}});
    });
}

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ReaderWatch's memory: by which records a log is known again, and whether it still is.
#include <algorithm>
#include <array>

#include "connectors/kafka/read/reader_watch.h"
#include "connectors/kafka/read/record_look.h"

namespace weir::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto record_wait = 2000ms;
constexpr auto proof_pause = 2000ms;
constexpr auto mark_wait = 500ms;
constexpr auto mark_pause = 1000ms; // after a place that did not answer
constexpr auto doubt_pause = 10s;   // so long a partition that was made again is not doubted
constexpr std::size_t marks_a_step = 16;
/// How far before the place of reading a record is looked for, try by try: the newest offsets may
/// hold none (the end of a transaction, compacted).
constexpr std::array<std::int64_t, 5> mark_distances{1, 32, 1024, 1024, 1024};

bool can_be_asked(const PartitionState& p) {
    return p.need == PartitionNeed::None && p.started && !p.done && !p.gone;
}

} // namespace

/// Who reads from the end has read nothing of a quiet partition yet: it is known again by a record
/// that stands before the place where the reading began.
void ReaderWatch::take_marks() {
    struct Wanted {
        ReaderStream* stream;
        Offset next;
    };
    std::vector<RecordPlace> places;
    std::vector<Wanted> wanted;
    for (const auto& one : m_streams)
        one->for_each([&](PartitionState& p, auto&) {
            const PartitionProgress& at = p.progress;
            const auto tries = static_cast<std::size_t>(p.mark_tries);
            if (places.size() == marks_a_step || tries == mark_distances.size() ||
                p.first.offset.value() >= 0 || !can_be_asked(p) || at.state == ReadState::Failed ||
                at.begin.value() < 0 || at.next <= at.begin)
                return;
            ++p.mark_tries;
            const Offset from(at.next.value() - mark_distances[tries]);
            places.push_back({at.topic, at.partition, std::max(at.begin, from)});
            wanted.push_back({one.get(), at.next});
        });
    if (places.empty())
        return;
    const auto looks = look_at_records(m_cluster, places, Clock::now() + mark_wait);
    for (std::size_t i = 0; i < looks.size(); ++i) {
        if (looks[i].seen == RecordLook::Seen::Unanswered)
            m_next_marks = Clock::now() + mark_pause;
        if (looks[i].seen != RecordLook::Seen::Record || looks[i].mark.offset >= wanted[i].next)
            continue;
        wanted[i].stream->for_one(places[i].topic, places[i].partition, [&](auto& p, auto&) {
            if (p.first.offset.value() < 0)
                p.first = p.mark = p.anchor_next = p.anchor = looks[i].mark;
        });
    }
}

void ReaderWatch::ask_for_proof() {
    m_next_proof = Clock::now() + proof_pause;
    ask_for_proof_of(true);
    ask_for_proof_of(false);
}

/// Of the partitions that were read on since their last proof, or of those that were not, chooses
/// the one whose proof is longest ago.
void ReaderWatch::ask_for_proof_of(bool read_on) {
    ReaderStream* stream = nullptr;
    std::string topic;
    PartitionId partition;
    std::int64_t round = INT64_MAX;
    for (const auto& one : m_streams)
        one->for_each([&](PartitionState& p, auto&) {
            if (!can_be_asked(p) || p.anchor.offset.value() < 0 ||
                (p.anchor.offset != p.proven) != read_on || p.proof_round >= round)
                return;
            stream = one.get();
            topic = p.progress.topic;
            partition = p.progress.partition;
            round = p.proof_round;
        });
    if (!stream)
        return;
    ++m_proofs;
    stream->for_one(topic, partition, [&](PartitionState& p, auto&) {
        if (p.need != PartitionNeed::None)
            return;
        p.need = PartitionNeed::Proof;
        p.proof_round = m_proofs;
    });
}

/// A topic is made again as a whole: where one partition was, the others are asked at once.
void ReaderWatch::doubt(const std::string& topic) {
    for (const auto& stream : m_streams)
        stream->for_each([&](PartitionState& p, auto&) {
            if (p.progress.topic == topic && can_be_asked(p) && p.anchor.offset.value() >= 0 &&
                Clock::now() - p.made_again > doubt_pause)
                p.need = PartitionNeed::Proof;
        });
}

void ReaderWatch::prove(const Patient& p) {
    const Identified found = identify(p);
    if (found.identity == Identity::Other || found.identity == Identity::Cut) {
        (void)reposition(p); // it looks again, with the log's ends; if nobody answers, later
        return;
    }
    p.stream->for_one(p.topic, p.partition, [&](PartitionState& state, auto&) {
        if (state.need != PartitionNeed::Proof)
            return;
        state.need = PartitionNeed::None;
        if (found.identity == Identity::Same)
            state.proven = p.anchor.offset;
    });
}

ReaderWatch::Identified ReaderWatch::identify(const Patient& p) {
    const auto behind = [](const RecordMark& mark) { return Offset(mark.offset.value() + 1); };
    const Identity newer = look_at(p, p.anchor);
    if (p.first.offset == p.anchor.offset)
        return {newer, behind(p.anchor)};
    // The anchor alone proves nothing: a topic made again between two looks may have been read on
    // in, and then the anchor is a record of the new one.
    const Identity oldest = look_at(p, p.first);
    if (newer == Identity::Same)
        return {oldest == Identity::Other ? Identity::Other : Identity::Same, behind(p.anchor)};
    if (oldest == Identity::Same)
        return {newer == Identity::Other ? Identity::Cut : Identity::Same, behind(p.first)};
    return {newer == Identity::Unknown ? oldest : newer};
}

/// Reads a record again that was read before: is it still what it was?
ReaderWatch::Identity ReaderWatch::look_at(const Patient& p, const RecordMark& mark) {
    if (mark.offset.value() < 0)
        return Identity::Unknown;
    switch (
        find_fates(m_cluster, {{p.topic, p.partition, mark}}, Clock::now() + record_wait).front()) {
    case LogFate::Same:
        return Identity::Same;
    case LogFate::Other:
        return Identity::Other;
    default: // compacted or deleted since, or not there: nothing to compare
        return Identity::Unknown;
    }
}

} // namespace weir::kafka

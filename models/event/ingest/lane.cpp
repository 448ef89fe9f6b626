// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/ingest/lane.h"

#include <algorithm>
#include <exception>
#include <thread>

#include "models/event/ingest/steady_clock.h"

namespace weir {
namespace {

constexpr std::size_t notes_max = 1000;
constexpr std::int64_t rate_window_us = 2'000'000;

/// What a user wants to be told; ends and holes are everyday and stand in the reader's progress.
bool is_news(PartitionNote note) {
    return note != PartitionNote::Started && note != PartitionNote::ReachedEnd &&
           note != PartitionNote::Gap && note != PartitionNote::Finished;
}

class NamedSink : public DeltaSink {
  public:
    explicit NamedSink(Checkpoint& checkpoint)
        : m_checkpoint(checkpoint) {}
    void emit(std::string_view fold, Delta delta) override {
        m_checkpoint.deltas.emplace_back(std::string(fold), std::move(delta));
    }

  private:
    Checkpoint& m_checkpoint;
};

JoinEntry join_entry(const Sighting& s, Micros written, std::uint64_t value_hash) {
    return {s.key,        s.record_time, written,        s.event_time,    value_hash,
            s.dimensions, s.offset,      s.partition,    s.place,         s.reason,
            s.outcome,    s.key_source,  s.replay_count, s.timestamp_type};
}

/// When records were written, by how far their partition had been read before this batch.
class WrittenTimes {
  public:
    explicit WrittenTimes(const Watermarks& before)
        : m_before(before) {}
    Micros of(const Sighting& s) {
        if (s.place != m_place || s.partition != m_partition) {
            m_place = s.place;
            m_partition = s.partition;
            const Watermark* const mark = m_before.find(s.place, s.partition);
            m_after = mark != nullptr && mark->caught_up ? mark->record_time : Micros(INT64_MIN);
        }
        const bool timed = s.timestamp_type != TimestampType::None;
        const Micros told = timed ? s.record_time : s.observed_time;
        return std::min(std::max(told, m_after), std::max(m_after, s.observed_time));
    }

  private:
    const Watermarks& m_before;
    PlaceId m_place = no_place;
    PartitionId m_partition;
    Micros m_after;
};

} // namespace

LaneShared::LaneShared(std::shared_ptr<RecordSource> from, IngestOptions how, int lanes)
    : source(std::move(from))
    , options(how)
    , checkpointer(how.checkpoints, how.checkpoint_every, lanes)
    , polling(lanes) {
    for (int i = 0; i < lanes; ++i)
        inboxes.push_back(std::make_unique<Inbox>(how.inbox_entries));
}

Lane::Lane(int index, LaneShared& shared, std::unique_ptr<Decoder> decoder,
           std::vector<std::unique_ptr<Fold>> folds)
    : m_index(index)
    , m_shared(shared)
    , m_decoder(std::move(decoder))
    , m_folds(std::move(folds))
    , m_counted(shared.options.counted)
    , m_outgoing(shared.inboxes.size()) {
    for (const auto& fold : m_folds) {
        m_joins = m_joins || fold->joins();
        m_compares_values = m_compares_values || fold->compares_values();
    }
}

void Lane::run() {
    bool counted_out = false;
    try {
        read_all();
        --m_shared.polling;
        counted_out = true;
        while (m_shared.polling > 0) { // others may still send entries, or take a checkpoint
            empty_inbox();
            if (m_shared.checkpointer.due(m_checkpoint_done))
                take_checkpoint();
            publish_if_due();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        empty_inbox();
        if (m_shared.checkpointer.enabled())
            take_checkpoint();
    } catch (const std::exception& failure) {
        m_counts.trouble = std::string("reading stopped: ") + failure.what();
    }
    if (!counted_out)
        --m_shared.polling;
    m_shared.checkpointer.leave();
    m_counts.done = true;
    publish();
}

void Lane::read_all() {
    publish();
    while (!m_shared.stop) {
        take_batch();
        empty_inbox();
        if (m_shared.checkpointer.due(m_checkpoint_done))
            take_checkpoint();
        publish_if_due();
        if (m_batch.records.empty() && m_shared.source->finished())
            return;
    }
}

void Lane::take_batch() {
    const std::int64_t patience_ms =
        std::clamp<std::int64_t>((m_next_publish_us - steady_us()) / 1000, 1, 50);
    RecordBatch records = m_shared.source->poll(m_index, std::chrono::milliseconds(patience_ms));
    if (records.empty()) {
        m_batch = SightingBatch();
        return;
    }
    m_decoder->decode(std::move(records), m_batch);
    absorb_batch();

    const RecordBatch& taken = m_batch.records;
    m_counts.records += taken.records.size();
    m_counts.events += m_batch.sightings.size();
    m_counts.undecodable += m_batch.undecodable;
    for (const CutRecord& cut : m_batch.cut)
        m_counts.cut_events += cut.left_out;
    for (const Record& r : taken.records)
        m_counts.bytes += r.key.size() + r.value.size();
    for (const PartitionEvent& event : taken.events) {
        if (!is_news(event.note))
            continue;
        m_notes.push_back({event, Micros::now()});
        if (m_notes.size() > notes_max)
            m_notes.pop_front();
    }
    m_watermarks.absorb(m_batch.watermarks);
    if (m_shared.checkpointer.enabled())
        note_offsets(taken);
}

/// Folds whose deltas are kept get what they have not counted yet, the others all.
void Lane::absorb_batch() {
    std::vector<Sighting> all = m_counted.take_out(m_batch);
    for (const auto& fold : m_folds)
        if (fold->keeps())
            fold->absorb(m_batch);
    if (m_joins)
        scatter();
    if (!all.empty())
        m_batch.sightings = std::move(all);
    for (const auto& fold : m_folds)
        if (!fold->keeps())
            fold->absorb(m_batch);
}

void Lane::note_offsets(const RecordBatch& batch) {
    ReadStretch* stretch = nullptr;
    const Record* last = nullptr;
    for (const Record& r : batch.records) {
        if (last == nullptr || r.partition != last->partition || r.topic != last->topic)
            stretch = &m_offsets
                           .try_emplace({std::string(r.topic), r.partition},
                                        ReadStretch{r.offset, r.offset})
                           .first->second;
        last = &r;
        if (r.offset < stretch->first) // the log was made anew
            *stretch = {r.offset, r.offset};
        stretch->next = Offset(r.offset.value() + 1);
        stretch->newest = std::max(stretch->newest, r.timestamp);
    }
}

void Lane::scatter() {
    const auto lanes = m_outgoing.size();
    WrittenTimes written(m_watermarks);
    for (const Sighting& s : m_batch.sightings)
        m_outgoing[s.key.value() % lanes].push_back(
            join_entry(s, written.of(s), m_compares_values ? m_batch.value_hash(s) : 0));
    for (std::size_t owner = 0; owner < lanes; ++owner) {
        while (!m_outgoing[owner].empty() &&
               !m_shared.inboxes[owner]->try_push(m_outgoing[owner])) {
            empty_inbox();
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
    }
    send_marks();
}

void Lane::send_marks() {
    if (m_batch.watermarks.empty())
        return;
    for (const auto& inbox : m_shared.inboxes)
        inbox->push_marks(m_batch.watermarks);
}

void Lane::empty_inbox() {
    if (!m_joins)
        return;
    m_shared.inboxes[static_cast<std::size_t>(m_index)]->take(m_incoming, m_incoming_marks);
    for (const auto& fold : m_folds) {
        if (!fold->joins())
            continue;
        if (!m_incoming.empty())
            fold->absorb_entries(m_incoming);
        if (!m_incoming_marks.empty())
            fold->absorb_watermarks(m_incoming_marks);
    }
}

void Lane::take_checkpoint() {
    m_checkpoint_done = m_shared.checkpointer.take_part(
        [this] { empty_inbox(); },
        [this](Checkpoint& checkpoint) {
            NamedSink sink(checkpoint);
            for (const auto& fold : m_folds) {
                fold->drain(sink);
                checkpoint.open_entries[{std::string(fold->name()), m_index}] =
                    fold->open_entries();
            }
            checkpoint.offsets.merge(m_offsets); // a partition is one lane's
            m_offsets.clear();
            const std::vector<Watermark> marks = m_watermarks.all();
            checkpoint.marks.insert(checkpoint.marks.end(), marks.begin(), marks.end());
        });
}

void Lane::publish_if_due() {
    if (steady_us() >= m_next_publish_us)
        publish();
}

void Lane::publish() {
    for (const auto& fold : m_folds)
        fold->publish();
    update_rate();
    Report report = m_counts;
    report.watermarks = m_watermarks.all();
    report.caught_up = m_watermarks.all_caught_up();
    report.notes.assign(m_notes.begin(), m_notes.end());
    m_next_publish_us = steady_us() + m_shared.options.publish_every.count() * 1000;
    const std::lock_guard lock(m_mutex);
    m_report = std::move(report);
}

void Lane::update_rate() {
    const std::int64_t now = steady_us();
    m_rate_samples.emplace_back(now, m_counts.events);
    while (m_rate_samples.size() > 2 && now - m_rate_samples[1].first >= rate_window_us)
        m_rate_samples.pop_front();
    const auto& [since, events] = m_rate_samples.front();
    m_counts.events_per_s = now > since ? static_cast<double>(m_counts.events - events) * 1e6 /
                                              static_cast<double>(now - since)
                                        : 0;
}

Lane::Report Lane::report() const {
    const std::lock_guard lock(m_mutex);
    return m_report;
}

} // namespace weir

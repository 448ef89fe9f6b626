// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One lane of the ingest loop: what one thread does with one stream.
// Thread contract: run() is the lane's thread; report() any thread. Bound: one batch.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "models/event/fold/watermarks.h"
#include "models/event/ingest/already_counted.h"
#include "models/event/ingest/checkpointer.h"
#include "models/event/ingest/inbox.h"
#include "models/event/ingest/ingest_loop.h"

namespace weir {

/// What all lanes of one loop share.
struct LaneShared {
    std::shared_ptr<RecordSource> source;
    IngestOptions options;
    std::vector<std::unique_ptr<Inbox>> inboxes; // one a lane
    Checkpointer checkpointer;
    std::atomic<int> polling; // lanes that may still send
    std::atomic<bool> stop{false};

    LaneShared(std::shared_ptr<RecordSource> from, IngestOptions how, int lanes);
};

class Lane {
  public:
    Lane(int index, LaneShared& shared, std::unique_ptr<Decoder> decoder,
         std::vector<std::unique_ptr<Fold>> folds);

    void run();

    struct Report {
        std::uint64_t records = 0;
        std::uint64_t events = 0;
        std::uint64_t bytes = 0;
        std::uint64_t undecodable = 0;
        std::uint64_t cut_events = 0;
        double events_per_s = 0;
        std::vector<Watermark> watermarks;
        bool caught_up = false;
        std::vector<IngestNote> notes;
        std::string trouble;
        bool done = false;
    };
    Report report() const;
    const Fold& fold(std::size_t index) const { return *m_folds[index]; }

  private:
    void read_all();
    void take_batch();
    void absorb_batch();
    void note_offsets(const RecordBatch& batch);
    void scatter();
    void send_marks();
    void empty_inbox();
    void take_checkpoint();
    void publish_if_due();
    void publish();
    void update_rate();

    const int m_index;
    LaneShared& m_shared;
    std::unique_ptr<Decoder> m_decoder;
    std::vector<std::unique_ptr<Fold>> m_folds;
    bool m_joins = false;
    bool m_compares_values = false;

    AlreadyCounted m_counted;
    SightingBatch m_batch;
    std::vector<JoinEntry> m_incoming;
    std::vector<Watermark> m_incoming_marks;
    std::vector<std::vector<JoinEntry>> m_outgoing; // by owner
    Watermarks m_watermarks;
    std::map<std::pair<std::string, PartitionId>, ReadStretch> m_offsets;
    std::deque<IngestNote> m_notes;
    std::deque<std::pair<std::int64_t, std::uint64_t>> m_rate_samples; // steady µs, events
    std::int64_t m_next_publish_us = 0;
    std::uint64_t m_checkpoint_done = 0;
    Report m_counts; // the counts as the lane itself has them

    mutable std::mutex m_mutex; // guards m_report only
    Report m_report;
};

} // namespace weir

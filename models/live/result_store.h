// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The matches of a search, kept in the order in which they come: in memory up to a bound, those
// that come later in a file without a name, which ends with the last segment that lies in it. They
// are read as the stream's rows are, wherever they lie.
//
// Thread contract: one writer; snapshot() from any thread.
// Bound: Limits. At the first that is met append() answers false, and full() says which.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "connectors/base/result.h"
#include "models/event/search/hit.h"
#include "models/event/store/event_store.h"
#include "models/live/spill_file.h"

namespace weir {

class ResultStore {
  public:
    struct Limits {
        std::uint64_t rows = 20'000'000; // a view's index of them is in memory
        std::uint64_t memory_bytes = 256ULL << 20;
        std::uint64_t disk_bytes = 4ULL << 30;
        std::string folder{}; // of the file; empty: the system's temporary one
    };

    explicit ResultStore(Limits limits);
    ~ResultStore();

    /// Keeps the batch, in any case. False: no more is wanted.
    bool append(const SightingBatch& batch);
    /// Keeps a copy of what a search found. REQUIRES: hit.sighting.
    bool append(const HitView& hit);
    void publish();

    /// The newest published one, as a lane's; never null.
    std::shared_ptr<const LaneSnapshot> snapshot() const { return m_published.get(); }
    std::uint64_t bytes_on_disk() const;
    /// Why no more is wanted: "20,000,000 matches, the most that are kept", or the disk's error.
    std::string full() const;

  private:
    bool keep(const SightingBatch& batch, const AsRead* as_read);
    void open_segment(std::size_t bytes_wanted);
    void close_segment();
    Result<void> spill(std::size_t index);

    const Limits m_limits;
    const std::size_t m_segment_bytes;
    std::vector<std::shared_ptr<const Segment>> m_segments; // the last one is m_open
    std::shared_ptr<Segment> m_open;
    std::unique_ptr<SpillFile> m_file;
    std::uint64_t m_memory_bytes = 0; // of closed segments that lie in memory
    std::uint64_t m_rows = 0;
    SightingBatch m_copy; // of a hit
    Published<LaneSnapshot> m_published;
    mutable std::mutex m_mutex; // guards what follows
    std::uint64_t m_disk_bytes = 0;
    std::string m_full;
};

} // namespace weir

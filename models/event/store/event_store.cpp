// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/store/event_store.h"

#include <algorithm>

namespace weir {

/// The newest rows within two bounds; the oldest segment goes first, as a whole. What views still
/// hold of those that went counts as held, down to half of the bound, which is always the ring's.
class EventStore::Ring {
  public:
    Ring(int lane, std::uint64_t rows_max, std::uint64_t bytes_max)
        : m_lane(lane)
        , m_rows_max(rows_max)
        , m_bytes_max(bytes_max)
        , m_segment_bytes(std::min<std::uint64_t>(Segment::usual_bytes,
                                                  std::max<std::uint64_t>(bytes_max / 8, 4096))) {}

    void append(const SightingBatch& batch, const Sighting& sighting) {
        if (m_segments.empty() || m_open_rows >= m_rows_max / 8 + 1 ||
            !m_segments.back()->append(batch, sighting)) {
            open_segment(
                Segment::bytes_needed(batch.records, batch.records.records[sighting.record]));
            m_segments.back()->append(batch, sighting);
        }
        ++m_open_rows;
        ++m_absorbed;
    }

    void publish() {
        if (m_segments.empty())
            return;
        m_segments.back()->publish();
        release_oldest();
    }

    std::vector<std::shared_ptr<const Segment>> segments() const {
        return {m_segments.begin(), m_segments.end()};
    }
    std::uint32_t last_size() const { return m_segments.empty() ? 0 : m_segments.back()->size(); }
    std::uint64_t absorbed() const { return m_absorbed; }
    std::uint64_t released() const { return m_released; }
    std::uint64_t bytes_held() const {
        return m_closed_bytes + (m_segments.empty() ? 0 : bytes_of(*m_segments.back()));
    }

  private:
    static std::uint64_t bytes_of(const Segment& segment) {
        return segment.data_bytes() + std::uint64_t{segment.size()} * sizeof(StoredRow);
    }

    void open_segment(std::size_t bytes_wanted) {
        if (!m_segments.empty()) {
            m_segments.back()->publish();
            m_closed_bytes += bytes_of(*m_segments.back());
            m_closed_rows += m_segments.back()->size();
        }
        m_segments.push_back(Segment::create(next_segment_sequence(), m_lane,
                                             std::max<std::size_t>(m_segment_bytes, bytes_wanted)));
        m_open_rows = 0;
        release_oldest();
    }

    void release_oldest() {
        std::erase_if(m_let_go, [](const LetGo& segment) { return segment.held.expired(); });
        while (m_segments.size() > 1 &&
               (m_closed_rows + m_open_rows > m_rows_max || bytes_held() > bytes_left())) {
            const Segment& oldest = *m_segments.front();
            m_closed_rows -= oldest.size();
            m_closed_bytes -= bytes_of(oldest);
            m_released += oldest.size();
            m_let_go.push_back({m_segments.front(), bytes_of(oldest)});
            m_segments.pop_front();
            if (m_let_go.back().held.expired())
                m_let_go.pop_back();
        }
    }

    std::uint64_t bytes_left() const {
        std::uint64_t pinned = 0;
        for (const LetGo& segment : m_let_go)
            pinned += segment.bytes;
        return m_bytes_max - std::min(pinned, m_bytes_max / 2);
    }

    struct LetGo {
        std::weak_ptr<const Segment> held; // by a snapshot that somebody has
        std::uint64_t bytes;
    };

    const int m_lane;
    const std::uint64_t m_rows_max;
    const std::uint64_t m_bytes_max;
    const std::uint64_t m_segment_bytes;
    std::deque<std::shared_ptr<Segment>> m_segments;
    std::vector<LetGo> m_let_go;
    std::uint64_t m_open_rows = 0;
    std::uint64_t m_closed_rows = 0;
    std::uint64_t m_closed_bytes = 0;
    std::uint64_t m_absorbed = 0;
    std::uint64_t m_released = 0;
};

EventStore::EventStore(int lane, int lanes, EventStoreLimits limits)
    : m_lane(lane)
    , m_events(std::make_unique<Ring>(lane, limits.rows / static_cast<unsigned>(lanes),
                                      limits.bytes / static_cast<unsigned>(lanes)))
    , m_failures(std::make_unique<Ring>(lane, limits.failure_rows / static_cast<unsigned>(lanes),
                                        limits.failure_bytes / static_cast<unsigned>(lanes))) {
    publish();
}

EventStore::~EventStore() = default;

void EventStore::absorb(const SightingBatch& batch) {
    for (const Sighting& s : batch.sightings) {
        m_events->append(batch, s);
        if (s.outcome == Outcome::Failed || s.outcome == Outcome::Undecodable)
            m_failures->append(batch, s);
    }
}

void EventStore::publish() {
    m_events->publish();
    m_failures->publish();
    auto snapshot = std::make_shared<LaneSnapshot>();
    snapshot->lane = m_lane;
    snapshot->segments = m_events->segments();
    snapshot->last_size = m_events->last_size();
    snapshot->failures = m_failures->segments();
    snapshot->failures_last_size = m_failures->last_size();
    snapshot->rows_absorbed = m_events->absorbed();
    snapshot->rows_released = m_events->released();
    snapshot->bytes_held = m_events->bytes_held() + m_failures->bytes_held();
    snapshot->failures_absorbed = m_failures->absorbed();
    snapshot->failures_released = m_failures->released();
    m_published.set(std::move(snapshot));
}

} // namespace weir

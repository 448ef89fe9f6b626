// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/live_feed.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "models/event/worker_thread.h"
#include "models/live/live_range.h"
#include "models/live/spill_file.h"

namespace weir {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto slice = std::chrono::milliseconds(25);

/// How much of one lane has been taken over.
struct LaneState {
    struct Known {
        std::uint32_t number = 0;
        std::uint32_t taken = 0;
    };
    std::map<std::uint64_t, Known> segments; // by sequence
    std::uint64_t rows_absorbed = 0;
    std::uint64_t released_seen = 0; // rows we took over and the ring let go since
};

/// Rows of one segment that were observed together.
struct Run {
    std::int64_t observed_us;
    std::uint32_t segment;
    std::uint32_t from, to;
};

void runs_of(const Segment& segment, std::uint32_t number, std::uint32_t from, std::uint32_t to,
             std::vector<Run>& out) {
    for (std::uint32_t row = from; row < to;) {
        const Segment::Observed run = segment.observed_run(row);
        const std::uint32_t end = std::min(run.end, to);
        out.push_back({run.time_us, number, row, end});
        row = end;
    }
}

/// Whether a row, which is a candidate, lies at or before where the user wants to go.
bool leads_to(const JumpTarget& target, const StoredRow& row) {
    return target.time ? row.record_time_us <= target.time->value()
                       : row.offset <= (target.offset ? target.offset->value() : 0);
}

/// How far a row is from where the user wants to go; UINT64_MAX: it is no candidate.
std::uint64_t distance(const JumpTarget& target, const std::string& topic, const StoredRow& row) {
    const auto apart = [](std::int64_t a, std::int64_t b) {
        return a > b ? static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b)
                     : static_cast<std::uint64_t>(b) - static_cast<std::uint64_t>(a);
    };
    if (target.time)
        return apart(row.record_time_us, target.time->value());
    if (target.partition && row.partition != target.partition->value())
        return UINT64_MAX;
    if (!target.topic.empty() && topic != target.topic)
        return UINT64_MAX;
    return apart(row.offset, target.offset ? target.offset->value() : 0);
}

} // namespace

/// Shared by the feed and the thread that works for it: whichever ends last.
class LiveFeed::Worker {
  public:
    explicit Worker(LiveFeedOptions options)
        : m_options(std::move(options))
        , m_pool(matchers(m_options.rules)) {
        publish();
    }

    void run();
    /// The thread ends by itself soon after.
    void stop() {
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        m_wake.notify_one();
    }

    /// Hands `change` a request to fill in; the worker sees it as a whole.
    template <class Change>
    void request(Change change) {
        {
            const std::lock_guard lock(m_mutex);
            change(m_request);
            m_requested = true;
        }
        m_wake.notify_one();
    }

    struct Request {
        std::optional<std::vector<std::shared_ptr<const LaneSnapshot>>> lanes;
        bool caught_up = false; // of `lanes`
        std::optional<std::shared_ptr<const Filter>> filter;
        std::optional<TimeSpan> span;
        std::optional<ScanPool::Matchers> matchers;
        std::uint64_t filter_token = 0; // of `filter`, `span` and `matchers`
        std::optional<std::int64_t> slide_us;
        std::optional<bool> pause;
        std::optional<JumpTarget> jump;
        std::uint64_t jump_token = 0;
    };

    std::shared_ptr<const LiveSnapshot> snapshot() const { return m_published.get(); }
    /// REQUIRES: called within request().
    std::uint64_t next_token() { return ++m_tokens; }
    /// One for each thread.
    ScanPool::Matchers matchers(const LiveFeedRules& rules) const {
        ScanPool::Matchers made;
        for (int i = 0; i < threads(); ++i)
            made.push_back(std::make_unique<RowMatcher>(
                m_options.vocabulary, rules.disclosure, rules.decoders ? rules.decoders() : nullptr,
                rules.violations ? rules.violations() : nullptr));
        return made;
    }

  private:
    int threads() const {
        const int cores = static_cast<int>(std::thread::hardware_concurrency());
        return m_options.threads > 0 ? m_options.threads : std::clamp(cores, 1, 4);
    }

    void apply(Request request);
    void take_over(const std::vector<std::shared_ptr<const LaneSnapshot>>& lanes);
    void take_lane(const LaneSnapshot& lane, std::vector<Run>& runs,
                   std::vector<std::uint32_t>& released);
    void move_segment(std::uint32_t number, const std::shared_ptr<const Segment>& segment);
    void spill();
    void answer_jump();
    void publish();
    LiveRange& shown() { return m_paused ? *m_paused : m_live; }

    const LiveFeedOptions m_options;
    ScanPool m_pool;
    Published<LiveSnapshot> m_published;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    Request m_request;        // guarded by m_mutex
    bool m_requested = false; // guarded by m_mutex
    std::atomic<bool> m_stopping{false};
    std::uint64_t m_tokens = 0; // guarded by m_mutex

    // The worker thread's own.
    RowCriteria m_criteria;
    LiveRange m_live;
    std::unique_ptr<LiveRange> m_paused;
    std::map<int, LaneState> m_lanes;
    std::unique_ptr<SpillFile> m_spill;
    std::vector<std::uint32_t> m_spilled; // numbers of segments that lie in the file
    std::optional<JumpTarget> m_jump;
    LiveSnapshot m_state; // counters and flags of the next publication
    std::uint64_t m_arrived_at_pause = 0;
};

void LiveFeed::Worker::run() {
    bool busy = false;
    for (;;) {
        Request request;
        {
            std::unique_lock lock(m_mutex);
            if (!busy)
                m_wake.wait(lock, [&] { return m_requested || m_stopping; });
            if (m_stopping)
                return;
            request = std::move(m_request);
            m_request = {};
            m_requested = false;
        }
        apply(std::move(request));
        const auto deadline = Clock::now() + slice;
        if (!shown().work(m_pool, deadline) && m_paused)
            m_live.work(m_pool, deadline);
        answer_jump();
        busy = shown().scanning() || m_live.scanning();
        publish();
    }
}

void LiveFeed::Worker::apply(Request request) {
    if (request.lanes) {
        take_over(*request.lanes);
        if (request.caught_up)
            m_live.order_read_back();
    }
    if (request.pause && *request.pause && !m_paused) {
        m_paused = std::make_unique<LiveRange>(m_live);
        m_arrived_at_pause = m_state.arrived;
    } else if (request.pause && !*request.pause && m_paused) {
        m_paused.reset();
        m_spill.reset();
        m_spilled.clear();
        m_state.given_up = 0;
        m_state.spill_problem.clear();
    }
    if (request.filter)
        m_criteria.filter = std::move(*request.filter);
    if (request.span)
        m_criteria.span = *request.span;
    if (request.matchers)
        m_pool.set_matchers(*std::move(request.matchers));
    if (request.filter || request.span || (request.matchers && m_criteria.filter)) {
        m_state.filter_token = request.filter_token;
        m_live.set_criteria(m_criteria);
        if (m_paused)
            m_paused->set_criteria(m_criteria);
    }
    if (request.slide_us) {
        m_live.slide(*request.slide_us);
        m_criteria.span = m_live.span();
    }
    if (request.jump) {
        m_jump = std::move(request.jump);
        m_state.jump = {};
        m_state.jump.token = request.jump_token;
    }
    if (m_paused)
        spill();
}

/// The same rows now lie elsewhere: what holds them where they were lets go.
void LiveFeed::Worker::move_segment(std::uint32_t number,
                                    const std::shared_ptr<const Segment>& segment) {
    m_live.replace_segment(number, segment);
    if (m_paused && m_paused->segments().get(number))
        m_paused->replace_segment(number, segment);
}

void LiveFeed::Worker::take_lane(const LaneSnapshot& lane, std::vector<Run>& runs,
                                 std::vector<std::uint32_t>& released) {
    LaneState& state = m_lanes[lane.lane];
    const bool restarted = lane.rows_absorbed < state.rows_absorbed;
    if (restarted)
        state.released_seen = 0;
    state.rows_absorbed = lane.rows_absorbed;
    std::map<std::uint64_t, LaneState::Known> still;
    for (std::size_t i = 0; i < lane.segments.size(); ++i) {
        const auto& segment = lane.segments[i];
        const auto known = state.segments.find(segment->sequence());
        LaneState::Known entry;
        if (known != state.segments.end()) {
            entry = known->second;
            state.segments.erase(known);
            if (m_live.segments().get(entry.number) != segment) // it has gone to disk
                move_segment(entry.number, segment);
        } else {
            entry.number = m_live.add_segment(segment);
        }
        const std::uint32_t rows = lane.rows_in(i);
        if (rows > entry.taken) {
            m_state.arrived += rows - entry.taken;
            runs_of(*segment, entry.number, entry.taken, rows, runs);
            entry.taken = rows;
        }
        still.emplace(segment->sequence(), entry);
    }
    for (const auto& [sequence, gone] : state.segments) {
        released.push_back(gone.number);
        if (!restarted)
            state.released_seen += gone.taken;
    }
    state.segments = std::move(still);
    if (lane.rows_released > state.released_seen) {
        m_state.missed += lane.rows_released - state.released_seen;
        m_state.arrived += lane.rows_released - state.released_seen;
        state.released_seen = lane.rows_released;
    }
}

void LiveFeed::Worker::take_over(const std::vector<std::shared_ptr<const LaneSnapshot>>& lanes) {
    std::vector<Run> runs;
    std::vector<std::uint32_t> released;
    for (const auto& lane : lanes) {
        if (lane)
            take_lane(*lane, runs, released);
    }
    std::stable_sort(runs.begin(), runs.end(),
                     [](const Run& a, const Run& b) { return a.observed_us < b.observed_us; });
    for (const Run& run : runs) {
        for (std::uint32_t row = run.from; row < run.to; ++row)
            m_live.append({run.segment, row});
    }
    m_live.release(released);
}

/// What only the paused range still holds goes to disk once it is more than its share of memory.
void LiveFeed::Worker::spill() {
    const SegmentTable& table = m_paused->segments();
    std::uint64_t pinned_bytes = 0;
    std::vector<std::uint32_t> pinned; // oldest first
    for (std::uint32_t number = table.begin(); number < table.end(); ++number) {
        const bool spilled =
            std::find(m_spilled.begin(), m_spilled.end(), number) != m_spilled.end();
        if (!table.get(number) || m_live.segments().get(number) || spilled)
            continue;
        pinned.push_back(number);
        pinned_bytes += table.get(number)->capacity_bytes();
    }
    for (const std::uint32_t number : pinned) {
        if (pinned_bytes <= m_options.pinned_bytes_max || m_stopping)
            return;
        const std::shared_ptr<const Segment> segment = table.get(number);
        pinned_bytes -= segment->capacity_bytes();
        std::optional<Error> failed;
        if (!m_spill) {
            auto made = SpillFile::create(m_options.spill_folder, m_options.spill_bytes_max);
            if (made)
                m_spill = std::move(made).value();
            else
                failed = made.error();
        }
        if (m_spill) {
            auto moved = m_spill->spill(*segment);
            if (moved) {
                m_paused->replace_segment(number, std::move(moved).value());
                m_spilled.push_back(number);
                continue;
            }
            failed = moved.error();
        }
        const std::uint64_t before = m_paused->size();
        m_paused->release({number});
        m_state.given_up += before - m_paused->size();
        m_state.spill_problem = failed->text();
    }
}

void LiveFeed::Worker::answer_jump() {
    LiveRange& range = shown();
    if (!m_jump || range.scanning())
        return;
    const RowList rows = range.rows();
    JumpFound found;
    found.token = m_state.jump.token;
    found.done = true;
    std::uint64_t best = UINT64_MAX, index = 0;
    std::map<std::uint16_t, std::string> topics;
    rows.each(0, rows.size(), [&](RowRef ref) {
        const auto& segment = range.segments().get(ref.segment);
        if (segment && best > 0) {
            const StoredRow& row = segment->row(ref.row);
            auto topic = topics.find(row.place);
            if (topic == topics.end())
                topic =
                    topics
                        .emplace(row.place, m_options.vocabulary->places->name(PlaceId(row.place)))
                        .first;
            const std::uint64_t apart = distance(*m_jump, topic->second, row);
            found.beyond = found.beyond && (apart == UINT64_MAX || !leads_to(*m_jump, row));
            if (apart < best) {
                best = apart;
                found.row = index;
            }
        }
        ++index;
    });
    found.exact = best == 0;
    m_state.jump = found;
    m_jump.reset();
}

void LiveFeed::Worker::publish() {
    LiveRange& range = shown();
    ++m_state.version;
    m_state.filtered = range.filtered();
    m_state.timed = range.span().bounded();
    m_state.paused = m_paused != nullptr;
    m_state.scanning = range.scanning();
    m_state.scanned = range.scanned();
    m_state.in_memory = range.size();
    m_state.since_pause = m_paused ? m_state.arrived - m_arrived_at_pause : 0;
    m_state.spilled_bytes = m_spill ? m_spill->bytes() : 0;
    auto next = std::make_shared<LiveSnapshot>(m_state);
    next->rows = range.rows();
    next->segments = range.share_segments();
    m_published.set(std::move(next));
}

LiveFeed::LiveFeed(std::shared_ptr<Worker> worker)
    : d(std::move(worker)) {}

LiveFeed::~LiveFeed() {
    d->stop();
}

std::unique_ptr<LiveFeed> LiveFeed::start(LiveFeedOptions options) {
    auto worker = std::make_shared<Worker>(std::move(options));
    start_worker([worker] { worker->run(); });
    return std::unique_ptr<LiveFeed>(new LiveFeed(std::move(worker)));
}

void LiveFeed::offer(std::vector<std::shared_ptr<const LaneSnapshot>> lanes, bool caught_up) {
    d->request([&](Worker::Request& r) {
        r.lanes = std::move(lanes);
        r.caught_up = caught_up;
    });
}

std::uint64_t LiveFeed::set_filter(std::shared_ptr<const Filter> filter) {
    std::uint64_t token = 0;
    d->request([&](Worker::Request& r) {
        r.filter = std::move(filter);
        token = r.filter_token = d->next_token();
    });
    return token;
}

void LiveFeed::set_rules(const LiveFeedRules& rules) {
    ScanPool::Matchers matchers = d->matchers(rules);
    d->request([&](Worker::Request& r) {
        r.matchers = std::move(matchers);
        r.filter_token = d->next_token();
    });
}

std::uint64_t LiveFeed::set_time_span(const TimeSpan& span) {
    std::uint64_t token = 0;
    d->request([&](Worker::Request& r) {
        r.span = span;
        r.slide_us.reset();
        token = r.filter_token = d->next_token();
    });
    return token;
}

void LiveFeed::slide_time_span(std::int64_t from_us) {
    d->request([&](Worker::Request& r) { r.slide_us = from_us; });
}

void LiveFeed::pause() {
    d->request([](Worker::Request& r) { r.pause = true; });
}

void LiveFeed::resume() {
    d->request([](Worker::Request& r) { r.pause = false; });
}

std::uint64_t LiveFeed::jump(JumpTarget target) {
    std::uint64_t token = 0;
    d->request([&](Worker::Request& r) {
        r.jump = std::move(target);
        token = r.jump_token = d->next_token();
    });
    return token;
}

std::shared_ptr<const LiveSnapshot> LiveFeed::snapshot() const {
    return d->snapshot();
}

} // namespace weir

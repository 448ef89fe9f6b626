// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/search.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <thread>

#include "models/event/search/lane.h"
#include "models/event/search/memory_scan.h"
#include "models/event/search/ranges.h"

namespace weir {

namespace {

using kafka::PartitionRange;
using kafka::Reader;
using kafka::ReadRequest;

/// Records a second that this process has last searched at; 0: not yet.
std::atomic<double> measured_records_per_s{0};
constexpr double assumed_records_per_s = 1'000'000;
constexpr std::int64_t first_slice_offsets = 20'000;
constexpr std::int64_t slice_offsets_max = 5'000'000;
constexpr std::chrono::milliseconds proof_wait_cancelled(500);

class TopicSearch : public Search {
  public:
    TopicSearch(SearchRequest request, SearchParts parts, SearchRanges ranges);
    ~TopicSearch() override;

    const SearchPlan& plan() const override { return m_plan; }
    void set_order(SearchOrder order) override { m_request.order = order; }
    void start(std::shared_ptr<HitSink> sink) override;
    void cancel() override;
    bool finished() const override { return m_finished.load(); }
    bool wait_for(std::chrono::milliseconds wait) override;
    SearchProgress progress() const override;
    SearchCoverage coverage() const override;
    std::vector<std::string> remarks() const override;

  private:
    void make_plan();
    void run();
    void look_through_memory();
    void read_forwards();
    void read_backwards();
    void read(Reader& reader);
    std::vector<PartitionRange> next_slices(std::int64_t slice_offsets);
    std::int64_t backward_frontier_us() const;
    void settle(const Reader& reader);
    void settle_rest();
    std::string given_up(const SearchSlot& slot) const;
    PartitionCoverage covered(const SearchSlot& slot) const;
    void prove_one_log();
    void judge(SearchSlot& slot, kafka::LogFate fate) const;
    ReadRequest range_request(std::vector<PartitionRange> ranges) const;

    SearchRequest m_request;
    SearchParts m_parts;
    ScanParts m_scan;
    SearchPlan m_plan;
    SearchShared m_shared;
    std::string m_assumed;
    bool m_times_assumed = false;
    bool m_contradictory = false;
    std::shared_ptr<HitSink> m_sink;
    std::unique_ptr<SearchOutlet> m_outlet;
    mutable std::mutex m_mutex;
    std::condition_variable m_done;
    std::shared_ptr<Reader> m_reader; // behind m_mutex: cancel() stops it
    std::stop_source m_cancelled;
    bool m_tells_looked_into = true;
    std::atomic<bool> m_finished{false};
    std::atomic<std::int64_t> m_started_us{0};
    std::atomic<std::int64_t> m_ended_us{0};
    std::string m_open_error;
    using Place = std::pair<std::string, PartitionId>;
    std::map<Place, kafka::LogMark> m_marks; // of what was read first; the search's own thread
    std::thread m_thread;
};

TopicSearch::TopicSearch(SearchRequest request, SearchParts parts, SearchRanges ranges)
    : m_request(std::move(request))
    , m_parts(std::move(parts))
    , m_assumed(ranges.assumed)
    , m_times_assumed(ranges.times_assumed)
    , m_contradictory(ranges.contradictory)
    , m_reader(std::move(ranges.reader)) {
    m_scan.filter = m_request.filter;
    m_scan.vocabulary = m_parts.vocabulary;
    m_scan.disclosure = m_parts.disclosure;
    m_scan.make_decoder = m_parts.make_decoder;
    m_scan.violations = m_parts.violations;
    m_scan.census = PathCensus::of(*m_request.filter, *m_parts.vocabulary, *m_parts.disclosure);
    m_scan.tell_violations = m_parts.tell_violations;
    m_scan.tell_masked = m_parts.tell_masked;
    m_tells_looked_into = Scanner::may_tell_looked_into(m_scan);
    m_scan.time_from = ranges.time_from;
    m_scan.time_to = ranges.time_to;
    for (const SearchRange& range : ranges.partitions) {
        auto slot = std::make_unique<SearchSlot>(range.topic, range.partition, range.begin,
                                                 range.from, range.to);
        if (range.left_out)
            slot->finish(SearchStop::Skipped,
                         "left out: by " + ranges.assumed + " the key lives in another partition");
        if (!range.trouble.empty())
            slot->finish(SearchStop::Failed, range.trouble);
        m_shared.slots.add(std::move(slot));
    }
    make_plan();
}

TopicSearch::~TopicSearch() {
    cancel();
    if (m_thread.joinable())
        m_thread.join();
}

void TopicSearch::make_plan() {
    for (const auto& slot : m_shared.slots.all()) {
        const bool left_out = slot->stop() == SearchStop::Skipped;
        m_plan.partitions_left_out += left_out ? 1 : 0;
        m_plan.partitions += left_out ? 0 : 1;
    }
    m_plan.offsets_at_most = m_shared.slots.offsets_total();
    m_plan.bytes_estimate = static_cast<std::uint64_t>(static_cast<double>(m_plan.offsets_at_most) *
                                                       m_parts.record_bytes);
    m_plan.assumed = m_assumed;
    m_plan.times_assumed = m_times_assumed;
    m_plan.contradictory = m_contradictory;
    const double measured = measured_records_per_s.load();
    m_plan.rate_measured = measured > 0;
    m_plan.records_per_s = measured > 0 ? measured : assumed_records_per_s;
    const double allowed_per_s = m_parts.read_budget_mb_s * 1e6 / m_parts.record_bytes;
    if (m_parts.read_budget_mb_s > 0 && allowed_per_s < m_plan.records_per_s) {
        m_plan.limit_mb_s = m_parts.read_budget_mb_s;
        m_plan.records_per_s = allowed_per_s;
    }
    m_plan.estimate_us = static_cast<std::int64_t>(static_cast<double>(m_plan.offsets_at_most) /
                                                   m_plan.records_per_s * 1e6);
}

void TopicSearch::start(std::shared_ptr<HitSink> sink) {
    m_sink = std::move(sink);
    m_outlet = std::make_unique<SearchOutlet>(*m_sink, m_request.order, m_request.limit);
    m_started_us = steady_now_us();
    m_thread = std::thread([this] { run(); });
}

void TopicSearch::cancel() {
    m_cancelled.request_stop();
    m_shared.stop = true;
    const std::lock_guard lock(m_mutex);
    if (m_reader)
        m_reader->stop();
}

bool TopicSearch::wait_for(std::chrono::milliseconds wait) {
    std::unique_lock lock(m_mutex);
    return m_done.wait_for(lock, wait, [this] { return m_finished.load(); });
}

void TopicSearch::run() {
    std::thread memory;
    if (!m_parts.memory.empty() && !m_contradictory) {
        m_outlet->expect_known();
        memory = std::thread([this] { look_through_memory(); });
    }
    if (m_request.order == SearchOrder::NewestFirst)
        read_backwards();
    else
        read_forwards();
    if (m_outlet->limit_reached()) // nothing more is wanted of memory either
        m_shared.stop = true;
    if (memory.joinable())
        memory.join();
    m_outlet->release_all();
    settle_rest();
    prove_one_log();
    m_ended_us = steady_now_us();
    const double seconds = static_cast<double>(m_ended_us - m_started_us) / 1e6;
    const auto read = static_cast<double>(coverage().read());
    // What a read limit allowed says nothing of another connection.
    if (read > 200'000 && seconds > 0 && m_plan.limit_mb_s <= 0)
        measured_records_per_s = read / seconds;
    // Brokers that are gone hold a reader's end up: nobody waits for it but the destructor.
    std::shared_ptr<Reader> ends_last;
    const std::lock_guard lock(m_mutex);
    ends_last.swap(m_reader);
    m_finished = true;
    m_done.notify_all();
}

/// Beside the topic; a limit that it reaches ends the reading.
void TopicSearch::look_through_memory() {
    ScanParts parts = m_scan;
    parts.census.reset(); // the topic brings the same events
    scan_memory(m_parts.memory, m_parts.connection, parts, m_shared, *m_outlet);
    m_outlet->no_more_known();
    if (!m_outlet->limit_reached())
        return;
    m_shared.stop = true;
    const std::lock_guard lock(m_mutex);
    if (m_reader)
        m_reader->stop();
}

ReadRequest TopicSearch::range_request(std::vector<PartitionRange> ranges) const {
    ReadRequest request;
    request.streams =
        std::max(1, std::min<int>(m_request.streams, static_cast<int>(ranges.size())));
    request.ranges = std::move(ranges);
    request.end.kind = kafka::EndAt::Kind::Snapshot;
    request.isolation = m_request.isolation;
    request.discover = false;
    request.stop = m_cancelled.get_token();
    return request;
}

/// Runs a lane per stream until all are through.
void TopicSearch::read(Reader& reader) {
    m_shared.last_sign_us = steady_now_us();
    const std::int64_t stall_us = m_request.stall_limit.count() * 1000;
    std::vector<std::thread> threads;
    const auto lane = [&](int stream) {
        SearchLane(m_scan, m_shared, *m_outlet, m_request.order).run(reader, stream, stall_us);
    };
    for (int stream = 1; stream < reader.stream_count(); ++stream)
        threads.emplace_back(lane, stream);
    lane(0);
    for (std::thread& thread : threads)
        thread.join();
    for (kafka::LogMark& mark : reader.marks()) // those of an earlier slice stay
        m_marks.emplace(Place(mark.topic, mark.partition), std::move(mark));
    settle(reader);
}

/// What the reader knows of partitions that ended without a note (an empty range, an error).
void TopicSearch::settle(const Reader& reader) {
    for (const kafka::PartitionProgress& p : reader.progress()) {
        SearchSlot* slot = m_shared.slots.find(p.topic, p.partition);
        if (slot == nullptr || slot->settled())
            continue;
        if (p.state == kafka::ReadState::Finished && !m_shared.stop.load())
            slot->advance(p.end);
        else if (p.state == kafka::ReadState::Gone)
            slot->finish(SearchStop::Gone, p.trouble);
        else if (p.state == kafka::ReadState::Failed)
            slot->finish(SearchStop::Failed, m_shared.stop.load() ? slot->cause()
                                             : reader.finished()  ? p.trouble
                                                                  : given_up(*slot));
    }
}

void TopicSearch::read_forwards() {
    std::shared_ptr<Reader> reader;
    {
        const std::lock_guard lock(m_mutex);
        reader = m_reader;
    }
    if (!reader && !m_shared.stop.load()) {
        std::vector<PartitionRange> ranges;
        for (const auto& slot : m_shared.slots.all())
            if (!slot->settled())
                ranges.push_back({slot->topic, slot->partition, slot->from, slot->to});
        if (ranges.empty())
            return;
        auto opened = m_parts.open_reader(range_request(std::move(ranges)));
        if (!opened) {
            m_open_error = opened.error().text();
            return;
        }
        reader = std::move(*opened);
        const std::lock_guard lock(m_mutex);
        m_reader = reader;
    }
    if (reader)
        read(*reader);
}

std::vector<PartitionRange> TopicSearch::next_slices(std::int64_t slice_offsets) {
    std::vector<PartitionRange> ranges;
    for (const auto& slot : m_shared.slots.all()) {
        if (slot->settled())
            continue;
        const Offset top = slot->coverage().read_from;
        const Offset high = top < slot->from || top > slot->to ? slot->to : top;
        const Offset low(std::max(slot->from.value(), high.value() - slice_offsets));
        slot->set_slice(low, high, true);
        ranges.push_back({slot->topic, slot->partition, low, high});
    }
    return ranges;
}

/// No unread record is newer than this, if record times are in order within each partition.
std::int64_t TopicSearch::backward_frontier_us() const {
    std::int64_t frontier_us = INT64_MIN;
    for (const auto& slot : m_shared.slots.all()) {
        if (slot->settled())
            continue;
        const std::int64_t first_us = slot->slice_first_us.load();
        frontier_us = std::max(frontier_us, first_us == INT64_MIN ? INT64_MAX : first_us);
    }
    return frontier_us;
}

void TopicSearch::read_backwards() {
    {
        const std::lock_guard lock(m_mutex);
        m_reader.reset(); // it would read from the beginning
    }
    for (const auto& slot : m_shared.slots.all())
        if (!slot->settled())
            slot->set_slice(slot->to, slot->to, true);
    std::int64_t slice_offsets = first_slice_offsets;
    while (!m_shared.stop.load()) {
        auto ranges = next_slices(slice_offsets);
        if (ranges.empty())
            return;
        auto opened = m_parts.open_reader(range_request(std::move(ranges)));
        if (!opened) {
            m_open_error = opened.error().text();
            return;
        }
        const std::shared_ptr<Reader> reader = std::move(*opened);
        std::shared_ptr<Reader> before = reader;
        {
            const std::lock_guard lock(m_mutex);
            before.swap(m_reader);
        }
        before.reset(); // not under the lock: it takes its time where brokers are gone
        read(*reader);
        const auto& slots = m_shared.slots.all();
        const bool stuck = std::any_of(slots.begin(), slots.end(), [](const auto& slot) {
            return !slot->settled() && !slot->slice_done();
        });
        if (stuck || m_shared.stop.load())
            return;
        if (!m_outlet->release_down_to(backward_frontier_us()))
            return;
        slice_offsets = std::min(slice_offsets * 4, slice_offsets_max);
    }
}

/// Of a partition that brought nothing for too long: the reader that would go on has ended.
std::string TopicSearch::given_up(const SearchSlot& slot) const {
    const std::string waited = std::to_string(m_request.stall_limit.count() / 1000) + " s";
    const std::string cause = slot.cause();
    if (cause.empty())
        return "nothing came for " + waited;
    return cause + "; given up after " + waited + " without a record. Search again once it answers";
}

/// Says of every partition that was not read to its end why.
void TopicSearch::settle_rest() {
    SearchStop stop = SearchStop::Failed;
    if (m_cancelled.stop_requested())
        stop = SearchStop::Cancelled;
    else if (m_outlet->limit_reached())
        stop = SearchStop::Limit;
    for (const auto& slot : m_shared.slots.all()) {
        if (slot->settled())
            continue;
        const std::string why = m_open_error.empty() ? given_up(*slot) : m_open_error;
        slot->finish(stop, stop == SearchStop::Failed ? why : std::string());
    }
}

/// A range is complete if all of it was of one log: a topic may have been made again between two
/// looks of the reader, or two slices. What was read first is read again now; what was deleted or
/// compacted since proves nothing.
void TopicSearch::prove_one_log() {
    std::shared_ptr<Reader> reader;
    {
        const std::lock_guard lock(m_mutex);
        reader = m_reader;
    }
    std::vector<SearchSlot*> slots;
    std::vector<kafka::LogMark> marks;
    for (const auto& slot : m_shared.slots.all()) {
        const auto mark = m_marks.find({slot->topic, slot->partition});
        if (slot->stop() != SearchStop::Complete || mark == m_marks.end())
            continue;
        slots.push_back(slot.get());
        marks.push_back(mark->second);
    }
    if (!reader || marks.empty())
        return;
    const bool cancelled = m_cancelled.stop_requested(); // what was read before has some worth
    const auto fates =
        cancelled ? reader->find_fates(marks, proof_wait_cancelled, {})
                  : reader->find_fates(marks, m_request.open_timeout, m_cancelled.get_token());
    for (std::size_t i = 0; i < slots.size(); ++i)
        judge(*slots[i], fates[i]);
}

void TopicSearch::judge(SearchSlot& slot, kafka::LogFate fate) const {
    switch (fate) {
    case kafka::LogFate::Same:
    case kafka::LogFate::Unknown:
        break;
    case kafka::LogFate::Other:
        slot.disprove(SearchStop::Gone, made_again_text);
        break;
    case kafka::LogFate::Shorter:
        slot.disprove(SearchStop::Gone,
                      "the topic was made again, or lost records, during the search");
        break;
    case kafka::LogFate::Gone:
        slot.disprove(SearchStop::Gone, "the topic was deleted during the search");
        break;
    case kafka::LogFate::Unanswered:
        if (m_cancelled.stop_requested())
            slot.disprove(SearchStop::Cancelled, {});
        else
            slot.disprove(SearchStop::Failed,
                          "read to its end, but nobody told in time whether it is still the topic "
                          "that the search began with");
        break;
    }
}

PartitionCoverage TopicSearch::covered(const SearchSlot& slot) const {
    PartitionCoverage covered = slot.coverage();
    if (!m_tells_looked_into)
        covered.decoded = covered.undecodable = 0;
    return covered;
}

SearchProgress TopicSearch::progress() const {
    SearchProgress p;
    p.finished = m_finished;
    p.offsets_total = m_plan.offsets_at_most;
    p.offsets_done = m_shared.slots.offsets_done();
    for (const auto& slot : m_shared.slots.all()) {
        const PartitionCoverage c = covered(*slot);
        p.read += c.read;
        p.bytes += c.bytes;
        p.matched += c.matched;
        p.undecodable += c.undecodable;
        if (c.stop == SearchStop::Running && !c.stop_text.empty())
            p.trouble = c.stop_text;
    }
    const std::int64_t started_us = m_started_us;
    if (started_us == 0)
        return p;
    p.elapsed_us = (p.finished ? m_ended_us.load() : steady_now_us()) - started_us;
    if (p.finished)
        p.remaining_us = 0;
    else if (p.offsets_done > 0 && p.elapsed_us > 100'000)
        p.remaining_us = static_cast<std::int64_t>(
            static_cast<double>(p.elapsed_us) *
            static_cast<double>(p.offsets_total - std::min(p.offsets_done, p.offsets_total)) /
            static_cast<double>(p.offsets_done));
    return p;
}

SearchCoverage TopicSearch::coverage() const {
    SearchCoverage coverage;
    coverage.assumed = m_assumed;
    coverage.times_assumed = m_times_assumed;
    coverage.contradictory = m_contradictory;
    coverage.tells_looked_into = m_tells_looked_into;
    coverage.ordered = !m_outlet || m_outlet->ordered();
    coverage.left_out = m_outlet ? m_outlet->left_out() : 0;
    coverage.vanished = m_outlet ? m_outlet->vanished() : 0;
    if (m_scan.census) {
        coverage.masked = m_scan.census->masked();
        coverage.hides_text = m_scan.census->hides_text();
    }
    for (const auto& slot : m_shared.slots.all())
        coverage.partitions.push_back(covered(*slot));
    return coverage;
}

std::vector<std::string> TopicSearch::remarks() const {
    if (!m_scan.census)
        return {};
    return m_scan.census->remarks(coverage().matched() > 0);
}

} // namespace

Result<std::unique_ptr<Search>> Search::prepare(SearchRequest request, SearchParts parts) {
    auto ranges = find_ranges(request, parts);
    if (!ranges)
        return ranges.error();
    return std::unique_ptr<Search>(
        std::make_unique<TopicSearch>(std::move(request), std::move(parts), std::move(*ranges)));
}

} // namespace weir

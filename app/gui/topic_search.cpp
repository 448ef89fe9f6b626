// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/topic_search.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <stop_token>

#include "connectors/base/names_text.h"
#include "connectors/base/qt_text.h"
#include "connectors/kafka/read/read_budget.h"
#include "models/contract/contract_violation_finder.h"
#include "models/event/search/search.h"
#include "models/event/worker_thread.h"
#include "models/live/printable.h"
#include "widgets/common/number_text.h"

namespace weir {
namespace {

constexpr std::chrono::milliseconds open_timeout{10'000};
constexpr std::chrono::milliseconds publish_every{50};

constexpr std::chrono::milliseconds turn_pace{100};

/// One of the searches that may be in work at a time.
class Turn {
  public:
    /// Waits for it; false: it was given up before.
    bool take(const std::stop_token& given_up) {
        while (!m_taken && !given_up.stop_requested())
            m_taken = free.try_acquire_for(turn_pace);
        return m_taken;
    }
    Turn() = default;
    ~Turn() {
        if (m_taken)
            free.release();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    static inline std::counting_semaphore<TopicSearch::searches_at_once_max> free{
        TopicSearch::searches_at_once_max};
    bool m_taken = false;
};

/// Puts matches into a store, from which the table shows them as it shows the stream's.
class StoreSink : public HitSink {
  public:
    explicit StoreSink(TopicSearch::Limits limits)
        : m_store(std::move(limits)) {}

    bool take(const HitView& hit) override {
        const std::lock_guard lock(m_mutex);
        m_in_batches = m_in_batches || hit.in_batch;
        const bool more = m_store.append(hit);
        const auto now = std::chrono::steady_clock::now();
        if (now >= m_next_publish) {
            m_store.publish();
            m_next_publish = now + publish_every;
        }
        return more;
    }

    bool in_batches() const { return m_in_batches.load(); }

    /// Which limit was met; empty: none.
    QString full() const {
        const std::string text = m_store.full();
        return text.empty() ? QString() : tr("stopped at %1").arg(QString::fromStdString(text));
    }
    /// " · 1.2 GB of the results on disk", or nothing.
    QString on_disk() const {
        const std::uint64_t bytes = m_store.bytes_on_disk();
        if (bytes == 0)
            return {};
        return tr(" · %1 of the results on disk").arg(bytes_text(static_cast<double>(bytes)));
    }

    void publish() {
        const std::lock_guard lock(m_mutex);
        m_store.publish();
    }
    std::shared_ptr<const LaneSnapshot> snapshot() const { return m_store.snapshot(); }

  private:
    std::mutex m_mutex;
    ResultStore m_store;
    std::atomic<bool> m_in_batches{false};
    std::chrono::steady_clock::time_point m_next_publish;
};

QString progress_line(const SearchProgress& progress, const SearchPlan& plan) {
    const auto rate = progress.elapsed_us > 0 ? static_cast<double>(progress.read) * 1e6 /
                                                    static_cast<double>(progress.elapsed_us)
                                              : 0.0;
    QString line = tr("searching %1 partitions: %2 of at most %3 offsets, %4")
                       .arg(plan.partitions)
                       .arg(count_text(progress.offsets_done), count_text(progress.offsets_total),
                            rate_text(rate));
    if (progress.remaining_us >= 0)
        line += tr(", about %1 left").arg(duration_text(progress.remaining_us));
    if (progress.undecodable > 0)
        line += tr(", %1 not decodable").arg(count_text(progress.undecodable));
    if (!progress.trouble.empty())
        line += QStringLiteral(" · ") + QString::fromStdString(progress.trouble);
    return line;
}

} // namespace

/// Owned by the search and by its worker thread: whichever ends last.
struct TopicSearch::Work {
    std::stop_source cancelled;
    std::shared_ptr<StoreSink> sink;
    std::vector<std::string> gone; // topics; set before the thread begins
    mutable std::mutex mutex;      // guards what follows
    std::condition_variable_any started;
    std::optional<SearchOrder> order; // nothing: not started
    std::shared_ptr<Search> search;
    bool running = false; // the search reads, or has read
    std::optional<Error> error;
    bool finished = false;
    bool complete = false;
    QString summary;

    void run(const SearchRequest& request, const SearchParts& parts) {
        Turn turn;
        if (!turn.take(cancelled.get_token()) || !prepare(request, parts))
            return;
        const auto planned_at = std::chrono::steady_clock::now();
        if (!wait_for_start())
            return;
        if (std::chrono::steady_clock::now() - planned_at > plan_holds && !prepare(request, parts))
            return;
        const std::shared_ptr<Search> reading = begin();
        while (!reading->wait_for(publish_every)) {
            sink->publish();
            if (cancelled.stop_requested())
                reading->cancel();
        }
        sink->publish();
        sum_up(reading->coverage(), reading->remarks());
    }

    /// False: there is nothing to carry out.
    bool prepare(const SearchRequest& request, const SearchParts& parts) {
        auto prepared = Search::prepare(request, parts);
        const std::lock_guard lock(mutex);
        if (cancelled.stop_requested())
            return false;
        if (prepared) {
            search = *std::move(prepared);
            return true;
        }
        error = std::move(prepared).error();
        finished = true;
        return false;
    }

    /// False: it was given up instead.
    bool wait_for_start() {
        std::unique_lock lock(mutex);
        started.wait(lock, cancelled.get_token(), [&] { return order.has_value(); });
        return order.has_value() && !cancelled.stop_requested();
    }

    std::shared_ptr<Search> begin() {
        const std::lock_guard lock(mutex);
        search->set_order(*order);
        search->start(sink);
        running = true;
        return search;
    }

    void sum_up(const SearchCoverage& coverage, const std::vector<std::string>& remarks) {
        const std::lock_guard lock(mutex);
        summary =
            QString::fromStdString(coverage.summary(tr("“Read all partitions”").toStdString()));
        complete = coverage.complete();
        if (const QString full = sink->full(); !full.isEmpty()) {
            // Its end may have been read; what matched behind the limit is missing all the same.
            if (complete)
                summary = tr("NOT complete: what matches beyond that is left out");
            summary = full % QStringLiteral(" · ") % summary;
            complete = false;
        }
        for (const std::string& remark : remarks)
            summary += QStringLiteral(" · ") % QString::fromStdString(remark);
        if (!gone.empty())
            summary += QStringLiteral(" · ") %
                       tr("deleted meanwhile and not searched: %1")
                           .arg(QString::fromStdString(printable(names_text(gone))));
        summary += sink->on_disk();
        finished = true;
    }
};

TopicSearch::TopicSearch(std::shared_ptr<const Session> session,
                         std::shared_ptr<kafka::Cluster> cluster, Wanted wanted,
                         std::vector<std::shared_ptr<const LaneSnapshot>> memory,
                         const Limits& limits)
    : m_work(std::make_shared<Work>()) {
    const std::string connection = cluster->options().name;
    m_work->sink = std::make_shared<StoreSink>(limits);
    m_work->gone = std::move(wanted.gone);
    SearchRequest request;
    request.topics = std::move(wanted.topics);
    request.filter = std::move(wanted.filter);
    request.limit = limits.rows;
    request.order = SearchOrder::NewestFirst; // until start(); so no reader is left open meanwhile
    request.exhaustive = wanted.exhaustive;
    request.stop = m_work->cancelled.get_token();
    SearchParts parts;
    parts.open_reader = [cluster](kafka::ReadRequest read) {
        return kafka::Reader::open(cluster, std::move(read), open_timeout);
    };
    parts.make_decoder = [session, connection] { return session->make_decoder(connection); };
    parts.violations = contract_violation_finders([session] { return session->make_checker(); });
    parts.vocabulary = session->vocabulary();
    parts.disclosure = session->disclosure(connection);
    parts.memory = std::move(memory);
    parts.connection = connection;
    parts.read_budget_mb_s = cluster->budget().rate_mb_s();
    if (wanted.record_bytes > 0)
        parts.record_bytes = wanted.record_bytes;
    start_worker([work = m_work, request = std::move(request), parts = std::move(parts)] {
        work->run(request, parts);
    });
}

TopicSearch::~TopicSearch() {
    cancel();
}

std::optional<LiveSearchPlan> TopicSearch::plan() const {
    const std::lock_guard lock(m_work->mutex);
    if (!m_work->search)
        return std::nullopt;
    const SearchPlan& plan = m_work->search->plan();
    return LiveSearchPlan{.partitions = plan.partitions,
                          .left_out = plan.partitions_left_out,
                          .records_at_most = plan.offsets_at_most,
                          .bytes_estimate = plan.bytes_estimate,
                          .estimate_us = plan.estimate_us,
                          .rate_measured = plan.rate_measured,
                          .limit_mb_s = plan.limit_mb_s,
                          .assumed = QString::fromStdString(plan.assumed),
                          .times_assumed = plan.times_assumed,
                          .contradictory = plan.contradictory};
}

void TopicSearch::start(SearchOrder order) {
    {
        const std::lock_guard lock(m_work->mutex);
        m_work->order = order;
    }
    m_work->started.notify_all();
}

void TopicSearch::cancel() {
    m_work->cancelled.request_stop();
}

LiveSearchStatus TopicSearch::status() const {
    LiveSearchStatus status;
    const std::lock_guard lock(m_work->mutex);
    status.finished = m_work->finished;
    status.complete = m_work->complete;
    status.error = m_work->error;
    status.in_batches = m_work->sink->in_batches();
    if (m_work->finished) {
        status.line = m_work->summary;
        status.share = 1;
    } else if (m_work->running) {
        const SearchProgress progress = m_work->search->progress();
        status.line = progress_line(progress, m_work->search->plan()) % m_work->sink->on_disk();
        if (progress.offsets_total > 0)
            status.share = static_cast<double>(progress.offsets_done) /
                           static_cast<double>(progress.offsets_total);
    } else if (m_work->cancelled.stop_requested()) { // its thread may still wait for an answer
        status.finished = true;
        status.line = tr("cancelled before anything was read");
    } else {
        status.line = tr("asking for the topics' ends");
    }
    return status;
}

std::vector<std::shared_ptr<const LaneSnapshot>> TopicSearch::results() const {
    return {m_work->sink->snapshot()};
}

} // namespace weir

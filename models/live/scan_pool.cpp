// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/scan_pool.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace weir {

namespace {

/// One call of scan(), shared by the threads that work on it.
struct Job {
    const RowList* list = nullptr;
    const SegmentTable* segments = nullptr;
    RowCriteria criteria;
    std::uint64_t from = 0, to = 0;
    std::chrono::steady_clock::time_point deadline;
    std::mutex mutex;
    std::uint64_t blocks_taken = 0;         // guarded by mutex
    std::vector<std::vector<RowRef>> found; // by block, guarded by mutex

    std::uint64_t blocks() const {
        return (to - from + ScanPool::block_rows - 1) / ScanPool::block_rows;
    }
    /// The next block to look at; false when there is none or time is up.
    bool take(std::uint64_t& block) {
        const bool late = std::chrono::steady_clock::now() >= deadline;
        const std::lock_guard lock(mutex);
        if (blocks_taken == blocks() || (late && blocks_taken > 0))
            return false;
        block = blocks_taken++;
        return true;
    }
};

void work(Job& job, RowMatcher& matcher) {
    matcher.set_filter(job.criteria.filter);
    matcher.set_time_span(job.criteria.span);
    std::uint64_t block = 0;
    while (job.take(block)) {
        const std::uint64_t end = job.to - block * ScanPool::block_rows;
        const std::uint64_t begin =
            end - job.from > ScanPool::block_rows ? end - ScanPool::block_rows : job.from;
        std::vector<RowRef> rows;
        job.list->each(begin, end, [&](RowRef ref) {
            const auto& segment = job.segments->get(ref.segment);
            if (segment && matcher.matches(*segment, ref.row))
                rows.push_back(ref);
        });
        const std::lock_guard lock(job.mutex);
        if (job.found.size() <= block)
            job.found.resize(block + 1);
        job.found[block] = std::move(rows);
    }
}

} // namespace

struct ScanPool::Private {
    Matchers matchers; // [0] is the caller's; they change between scans
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::condition_variable wake, done;
    Job* job = nullptr;      // guarded by mutex
    std::uint64_t round = 0; // guarded by mutex
    std::size_t busy = 0;    // guarded by mutex
    bool stopping = false;   // guarded by mutex

    void run(std::size_t number) {
        std::uint64_t seen = 0;
        std::unique_lock lock(mutex);
        for (;;) {
            wake.wait(lock, [&] { return stopping || round != seen; });
            if (stopping)
                return;
            seen = round;
            Job* mine = job;
            lock.unlock();
            work(*mine, *matchers[number]);
            lock.lock();
            if (--busy == 0)
                done.notify_one();
        }
    }
};

ScanPool::ScanPool(Matchers matchers)
    : d(std::make_unique<Private>()) {
    d->matchers = std::move(matchers);
    for (std::size_t i = 1; i < d->matchers.size(); ++i)
        d->threads.emplace_back([this, i] { d->run(i); });
}

void ScanPool::set_matchers(Matchers matchers) {
    d->matchers = std::move(matchers);
}

ScanPool::~ScanPool() {
    {
        const std::lock_guard lock(d->mutex);
        d->stopping = true;
    }
    d->wake.notify_all();
    for (std::thread& thread : d->threads)
        thread.join();
}

ScanPool::Found ScanPool::scan(const RowList& list, const SegmentTable& segments,
                               const RowCriteria& criteria, std::uint64_t from, std::uint64_t to,
                               std::chrono::steady_clock::time_point deadline) {
    Found result;
    if (from >= to)
        return result;
    Job job;
    job.list = &list;
    job.segments = &segments;
    job.criteria = criteria;
    job.from = from;
    job.to = to;
    job.deadline = deadline;
    // Few rows are not worth the waking of a thread.
    const bool alone = job.blocks() <= 2 || d->threads.empty();
    if (!alone) {
        const std::lock_guard lock(d->mutex);
        d->job = &job;
        d->busy = d->threads.size();
        ++d->round;
        d->wake.notify_all();
    }
    work(job, *d->matchers[0]);
    if (!alone) {
        std::unique_lock lock(d->mutex);
        d->done.wait(lock, [&] { return d->busy == 0; });
    }
    for (auto block = job.found.rbegin(); block != job.found.rend(); ++block)
        result.rows.insert(result.rows.end(), block->begin(), block->end());
    result.scanned = std::min(to - from, job.blocks_taken * block_rows);
    return result;
}

} // namespace weir

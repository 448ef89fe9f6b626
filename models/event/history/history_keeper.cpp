// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/history/history_keeper.h"

#include <algorithm>
#include <condition_variable>
#include <thread>

#include "models/event/fold/watermarks.h"
#include "models/event/history/history_past.h"
#include "models/event/history/history_retention.h"
#include "models/event/history/waiting_rows.h"

namespace weir {

namespace {

constexpr std::chrono::seconds try_again_after(5);
constexpr std::chrono::minutes retain_every(10);
constexpr int retain_steps_max = 50; // before what waits is written
constexpr int room_steps_max = 200;  // before it is tried again
constexpr int halvings_max = 12;
constexpr std::uint64_t full_slack_bytes = 1 << 20;

/// By place: since when, and how far, all of its partitions are read. `after`: not before that.
std::vector<store::HistoryWatch> watches_of(const std::vector<Watermark>& marks,
                                            const PlaceTable& places, std::int64_t run,
                                            Micros after) {
    Watermarks all;
    all.absorb(marks);
    std::vector<store::HistoryWatch> watches;
    PlaceId last = no_place;
    for (const Watermark& mark : all.all()) {
        if (mark.place == std::exchange(last, mark.place))
            continue;
        const auto since = all.since(mark.place);
        const auto read_to = all.place(mark.place);
        if (since && read_to && std::max(*since, after) < *read_to)
            watches.push_back({run, places.name(mark.place), std::max(*since, after), *read_to});
    }
    return watches;
}

} // namespace

struct HistoryKeeper::Private {
    explicit Private(HistoryOptions with)
        : options(std::move(with))
        , waiting(options.folds) {
        HistoryStatus first;
        first.file = options.file;
        status.set(std::make_shared<const HistoryStatus>(std::move(first)));
    }

    void work();
    void load_if_due();
    bool write();
    Result<void> write_rows(const WaitingRows& rows);
    bool make_room();
    void retain();
    void set_status(const std::function<void(HistoryStatus&)>& change);
    void note_watched(const std::vector<Watermark>& marks);
    store::HistoryStore::Add adder() const;

    const HistoryOptions options;
    Published<HistoryStatus> status;
    std::mutex status_mutex; // one changes it at a time

    std::mutex store_mutex; // guards what follows; held during I/O
    HistoryPast past;
    int halvings = 0;

    std::mutex mutex; // guards what follows; never held during I/O
    std::condition_variable wake;
    WaitingRows waiting;
    std::int64_t run = 0;   // that is kept; 0: none
    std::int64_t watch = 0; // the number under which it is watched
    Micros watched_after{INT64_MIN};
    std::vector<store::HistoryWatch> watched; // as it was noted last
    bool to_load = false;
    bool ends = false;
    std::thread thread;
};

// ---- what is told

void HistoryKeeper::Private::set_status(const std::function<void(HistoryStatus&)>& change) {
    const std::lock_guard lock(status_mutex);
    auto next = std::make_shared<HistoryStatus>(*status.get());
    change(*next);
    status.set(std::move(next));
}

std::string history_text(const HistoryStatus& status) {
    const std::string why = status.error ? status.error->text() : std::string();
    switch (status.state) {
    case HistoryStatus::State::Off:
        return "history is not kept: " + why;
    case HistoryStatus::State::Waiting:
        return "history waits to be written: " + why +
               (status.let_go > 0 ? " Some of it had to be let go." : "");
    case HistoryStatus::State::ReadOnly:
        return "another Weir writes the history (" + status.file +
               "): what it had at the start is shown, what is seen here is not kept";
    case HistoryStatus::State::Loading:
    case HistoryStatus::State::Writing:
        break;
    }
    return status.shortened ? "the history's file is full (" + status.file +
                                  "): what is old goes before its time; allow it more under "
                                  "/history/disk_bytes of the workspace"
                            : std::string();
}

/// Behind a hole a place begins anew: that is another stretch. Under the lock.
void HistoryKeeper::Private::note_watched(const std::vector<Watermark>& marks) {
    auto now = watches_of(marks, *options.places, watch, watched_after);
    const bool anew = std::any_of(now.begin(), now.end(), [&](const auto& one) {
        return std::any_of(watched.begin(), watched.end(), [&](const auto& before) {
            return one.place == before.place && one.since > before.since;
        });
    });
    if (anew) {
        ++watch;
        for (store::HistoryWatch& one : now)
            one.run = watch;
    }
    watched = now;
    waiting.add_watched(std::move(now));
}

// ---- the thread's

store::HistoryStore::Add HistoryKeeper::Private::adder() const {
    return [this](std::string_view name, std::string& into, std::string_view delta) {
        if (const KeptFold* const fold = kept_fold(options.folds, name))
            fold->add(into, delta);
    };
}

Result<void> HistoryKeeper::Private::write_rows(const WaitingRows& rows) {
    CountedRanges counted = past.counted;
    Result<void> done = past.store->commit(rows.rows(counted), adder());
    if (!done && done.error().code == ErrorCode::DiskFull && make_room())
        done = past.store->commit(rows.rows(counted), adder());
    if (done)
        past.counted = std::move(counted);
    return done;
}

/// The file is as large as it may be: what is old goes before its time. False: it is not that.
bool HistoryKeeper::Private::make_room() {
    const auto bytes = past.store->bytes();
    const std::uint64_t most = options.policy.bytes_max;
    if (!bytes || most == 0 || *bytes + full_slack_bytes < most || halvings >= halvings_max)
        return false;
    ++halvings;
    const HistoryPolicy policy = shortened(options.policy, halvings);
    for (int step = 0; step < room_steps_max; ++step) {
        const auto more = retain_step(*past.store, options.folds, policy, Micros::now());
        if (!more || !*more)
            break;
    }
    set_status([](HistoryStatus& now) { now.shortened = true; });
    return true;
}

/// Reads the past before anything of this run is written. Under the store's lock.
void HistoryKeeper::Private::load_if_due() {
    {
        const std::lock_guard lock(mutex);
        if (!std::exchange(to_load, false))
            return;
    }
    past.load(options.folds, [this] {
        const std::lock_guard lock(mutex);
        return ends;
    });
    set_status([](HistoryStatus& now) {
        if (now.state == HistoryStatus::State::Loading)
            now.state = HistoryStatus::State::Writing;
    });
}

/// Writes all that waits. False: it has to wait on.
bool HistoryKeeper::Private::write() {
    const std::lock_guard store_lock(store_mutex);
    load_if_due();
    WaitingRows rows(options.folds);
    {
        const std::lock_guard lock(mutex);
        std::swap(rows, waiting);
    }
    if (rows.empty() || !past.writes())
        return true;
    const Result<void> done = write_rows(rows);
    if (!done) {
        const std::lock_guard lock(mutex);
        waiting.add(rows);
    }
    set_status([&](HistoryStatus& now) {
        now.state = done ? HistoryStatus::State::Writing : HistoryStatus::State::Waiting;
        now.error = done ? std::nullopt : std::optional(done.error());
    });
    return done.ok();
}

void HistoryKeeper::Private::retain() {
    const std::lock_guard store_lock(store_mutex);
    if (!past.writes())
        return;
    const HistoryPolicy policy = shortened(options.policy, halvings);
    for (int step = 0; step < retain_steps_max; ++step) {
        const auto more = retain_step(*past.store, options.folds, policy, Micros::now());
        if (!more || !*more)
            break;
    }
    (void)past.store->forget_watches(Micros::now() - Micros(policy.cold_us));
}

void HistoryKeeper::Private::work() {
    auto next_retain = std::chrono::steady_clock::now();
    auto next_try = next_retain;
    std::unique_lock lock(mutex);
    while (!ends) {
        const auto now = std::chrono::steady_clock::now();
        if (to_load) {
            lock.unlock();
            {
                const std::lock_guard store_lock(store_mutex);
                load_if_due();
            }
            lock.lock();
        } else if (!waiting.empty() && now >= next_try) {
            lock.unlock();
            next_try = write() ? now : now + try_again_after;
            lock.lock();
        } else if (now >= next_retain) {
            next_retain = now + retain_every;
            lock.unlock();
            retain();
            lock.lock();
        } else {
            wake.wait_until(lock, waiting.empty() ? next_retain : std::min(next_try, next_retain));
        }
    }
}

// ---- from any thread

HistoryKeeper::HistoryKeeper(HistoryOptions options)
    : d(std::make_unique<Private>(std::move(options))) {
    d->thread = std::thread([raw = d.get()] { raw->work(); });
}

HistoryKeeper::~HistoryKeeper() {
    {
        const std::lock_guard lock(d->mutex);
        d->ends = true;
    }
    d->wake.notify_all();
    d->thread.join();
    d->write();
}

std::shared_ptr<HistoryKeeper> HistoryKeeper::create(HistoryOptions options) {
    return std::shared_ptr<HistoryKeeper>(new HistoryKeeper(std::move(options)));
}

std::unique_ptr<HistoryRun> HistoryKeeper::begin() {
    d->write(); // what the run before has handed in
    const std::lock_guard store_lock(d->store_mutex);
    const Result<void> opened = d->past.open(d->options);
    const bool writes = opened && d->past.writes();
    d->set_status([&](HistoryStatus& now) {
        now.state = !opened  ? HistoryStatus::State::Off
                    : writes ? HistoryStatus::State::Loading
                             : HistoryStatus::State::ReadOnly;
        now.error = opened ? std::nullopt : std::optional(opened.error());
        now.watched = d->past.watched;
        now.let_go = 0;
    });
    const std::lock_guard lock(d->mutex);
    d->waiting = WaitingRows(d->options.folds);
    d->run = writes ? d->past.next_run : 0;
    d->watch = d->run;
    d->watched_after = Micros(INT64_MIN);
    d->watched.clear();
    d->to_load = writes;
    d->wake.notify_all();
    return std::make_unique<HistoryRun>(
        shared_from_this(), d->run,
        opened ? std::make_shared<const CountedRanges>(d->past.counted) : nullptr);
}

void HistoryKeeper::commit(std::int64_t run, const Checkpoint& checkpoint) {
    std::uint64_t let_go = 0;
    {
        const std::lock_guard lock(d->mutex);
        if (run == 0 || run != d->run)
            return;
        d->waiting.add(checkpoint);
        d->note_watched(checkpoint.marks);
        if (d->waiting.bytes() > waiting_bytes_max) {
            let_go = d->waiting.cells();
            d->waiting = WaitingRows(d->options.folds);
            d->watch += 1; // what comes is another stretch
            d->watched.clear();
            for (const Watermark& mark : checkpoint.marks)
                d->watched_after = std::max(d->watched_after, mark.record_time);
        }
    }
    if (let_go > 0)
        d->set_status([&](HistoryStatus& now) { now.let_go += let_go; });
    d->wake.notify_all();
}

void HistoryKeeper::finish(std::int64_t run) {
    {
        const std::lock_guard lock(d->mutex);
        if (run == 0 || run != d->run)
            return;
    }
    d->write();
}

std::shared_ptr<const HistoryStatus> HistoryKeeper::status() const {
    return d->status.get();
}

HistoryRun::HistoryRun(std::shared_ptr<HistoryKeeper> keeper, std::int64_t number,
                       std::shared_ptr<const CountedRanges> counted)
    : m_keeper(std::move(keeper))
    , m_number(number)
    , m_counted(std::move(counted)) {}

HistoryRun::~HistoryRun() {
    m_keeper->finish(m_number);
}

Result<void> HistoryRun::commit(const Checkpoint& checkpoint) {
    m_keeper->commit(m_number, checkpoint);
    return {};
}

std::shared_ptr<const HistoryStatus> HistoryRun::status() const {
    return m_keeper->status();
}

} // namespace weir

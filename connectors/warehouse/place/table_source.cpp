// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/place/table_source.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "connectors/warehouse/place/table_records.h"

namespace weir::warehouse {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds interval_min = 1s;
constexpr std::chrono::milliseconds retry_pause = 5s;

class PolledTable final : public TableSource {
  public:
    PolledTable(std::shared_ptr<Warehouse> warehouse, TablePlace place, TablePosition start)
        : m_warehouse(std::move(warehouse))
        , m_place(std::move(place))
        , m_position(std::move(start))
        , m_records(m_place)
        , m_seen(m_place.seen_rows_max, m_position.seen)
        , m_handed_out(m_position) {
        m_worker = std::thread([this] { work(); });
    }
    ~PolledTable() override {
        PolledTable::stop();
        m_worker.join();
    }

    int stream_count() const override { return 1; }
    RecordBatch poll(int stream, std::chrono::milliseconds wait) override;
    bool finished() const override;
    void stop() override;
    TablePosition position() const override;
    TableProgress progress() const override;

  private:
    struct Queued {
        RecordBatch batch;
        std::optional<TablePosition> reached; // with a pass's end
    };
    struct Pass {
        Micros began;
        RecordBatchBuilder builder;
        std::size_t records = 0;
        std::size_t bytes = 0;
    };

    void work();
    Result<void> run_pass();
    /// Reads what is there already, so that it is known again but not delivered.
    Result<void> start_at_end();
    TableRead next_read();
    Result<void> take_page(const Page& page, Pass& pass);
    void send_records(Pass& pass);
    void send_end(const Pass& pass);
    void send_event(PartitionNote note, const Error& error);
    /// Waits for room. False: stopped.
    bool send(Queued queued);
    Result<Page> next_page(Rows& rows);
    std::int64_t overlap() const;

    const std::shared_ptr<Warehouse> m_warehouse;
    const TablePlace m_place;

    // The worker's own.
    TablePosition m_position;
    TableRecords m_records;
    SeenRows m_seen;
    bool m_failing = false;
    /// Rows up to here are noted, not delivered; set while the first pass lasts.
    std::optional<std::int64_t> m_silent_to;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Queued> m_queue;
    TablePosition m_handed_out;
    TableProgress m_progress;
    Rows* m_running = nullptr; // to be cancelled by stop()
    bool m_stop = false;
    bool m_over = false; // the worker has ended
    std::thread m_worker;
};

RecordBatch PolledTable::poll(int, std::chrono::milliseconds wait) {
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, wait, [&] { return m_stop || m_over || !m_queue.empty(); });
    if (m_stop || m_queue.empty())
        return {};
    Queued queued = std::move(m_queue.front());
    m_queue.pop_front();
    if (queued.reached)
        m_handed_out = std::move(*queued.reached);
    m_changed.notify_all();
    return std::move(queued.batch);
}

bool PolledTable::finished() const {
    const std::lock_guard lock(m_mutex);
    return m_stop || (m_over && m_queue.empty());
}

void PolledTable::stop() {
    const std::lock_guard lock(m_mutex);
    m_stop = true;
    if (m_running != nullptr)
        m_running->cancel();
    m_changed.notify_all();
}

TablePosition PolledTable::position() const {
    const std::lock_guard lock(m_mutex);
    return m_handed_out;
}

TableProgress PolledTable::progress() const {
    const std::lock_guard lock(m_mutex);
    return m_progress;
}

bool PolledTable::send(Queued queued) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_stop || m_queue.size() < queue_batches_max; });
    if (m_stop)
        return false;
    m_queue.push_back(std::move(queued));
    m_changed.notify_all();
    return true;
}

void PolledTable::work() {
    for (bool going = true; going;) {
        const auto began = Clock::now();
        const auto done = run_pass();
        {
            const std::lock_guard lock(m_mutex);
            m_progress.trouble = done ? std::string() : done.error().text();
            m_progress.overlap_shortened = m_seen.forgotten_to() != INT64_MIN;
        }
        if (!done && done.error().code != ErrorCode::Cancelled && !m_failing) {
            m_failing = true;
            send_event(PartitionNote::Failed, done.error());
        }
        const auto pause = done ? m_place.interval : std::min(m_place.interval, retry_pause);
        std::unique_lock lock(m_mutex);
        going = !m_stop && !(m_place.once && done);
        if (going)
            m_changed.wait_until(lock, began + pause, [&] { return m_stop; });
        going = going && !m_stop;
    }
    const std::lock_guard lock(m_mutex);
    m_over = true;
    m_changed.notify_all();
}

std::int64_t PolledTable::overlap() const {
    return m_position.kind == ValueKind::Integer ? m_place.overlap_numbers
                                                 : m_place.overlap.count();
}

TableRead PolledTable::next_read() {
    using Is = TableRead::Condition::Is;
    TableRead read;
    read.table = m_place.table;
    read.columns = m_records.wanted();
    read.order_by = m_place.order_column;
    read.limits.timeout = m_place.pass_timeout;
    read.limits.rows_max = SIZE_MAX;
    read.limits.bytes_max = SIZE_MAX; // of which no more than a page is in memory
    if (m_position.from == TablePosition::From::At) {
        const std::int64_t behind =
            m_position.order < INT64_MIN + overlap() ? INT64_MIN : m_position.order - overlap();
        const std::int64_t from = std::max(behind, m_seen.forgotten_to());
        m_seen.begin_pass(from);
        read.conditions.push_back(
            {m_place.order_column, Is::AtLeast, Value{m_position.kind, from, {}}});
    } else {
        m_seen.begin_pass(INT64_MIN);
        read.conditions.push_back({m_place.order_column, Is::NotNull, {}});
    }
    return read;
}

Result<Page> PolledTable::next_page(Rows& rows) {
    {
        const std::lock_guard lock(m_mutex);
        m_running = &rows;
        if (m_stop)
            rows.cancel();
    }
    auto page = rows.next();
    const std::lock_guard lock(m_mutex);
    m_running = nullptr;
    return page;
}

Result<void> PolledTable::start_at_end() {
    TableRead read = next_read();
    read.descending = true;
    read.first = 1;
    const auto rows = m_warehouse->read(std::move(read));
    const auto page = next_page(*rows);
    if (!page)
        return page.error();
    if (auto seen = m_records.look_at(page->columns(), m_warehouse->options().name); !seen)
        return seen;
    const auto highest = page->empty() ? std::nullopt : m_records.order(page->row(0));
    m_position.from = highest ? TablePosition::From::At : TablePosition::From::Beginning;
    if (highest) {
        m_position.kind = highest->kind;
        m_position.order = highest->integer;
        m_silent_to = highest->integer;
    }
    return {};
}

Result<void> PolledTable::run_pass() {
    Pass pass;
    pass.began = Micros::now();
    if (m_position.from == TablePosition::From::End)
        if (auto found = start_at_end(); !found)
            return found;
    const auto rows = m_warehouse->read(next_read());
    Result<void> done;
    for (;;) {
        auto page = next_page(*rows);
        if (!page) {
            done = page.error();
            break;
        }
        if (page->empty())
            break;
        if (done = take_page(*page, pass); !done)
            break;
    }
    m_seen.end_pass(); // what was read is not read again, whole or not
    send_records(pass);
    if (!done)
        return done;
    m_silent_to.reset();
    if (std::exchange(m_failing, false))
        send_event(PartitionNote::Recovered, {});
    send_end(pass);
    return {};
}

Result<void> PolledTable::take_page(const Page& page, Pass& pass) {
    if (auto found = m_records.look_at(page.columns(), m_warehouse->options().name); !found)
        return found;
    std::int64_t fresh = 0;
    std::int64_t reread = 0;
    std::int64_t unordered = 0;
    for (std::size_t i = 0; i < page.rows(); ++i) {
        const auto row = page.row(i);
        const auto order = m_records.order(row);
        if (!order) {
            ++unordered;
            continue;
        }
        const bool first = m_position.from != TablePosition::From::At;
        m_position.from = TablePosition::From::At;
        m_position.kind = order->kind;
        m_position.order = first ? order->integer : std::max(m_position.order, order->integer);
        if (!m_seen.is_new(order->integer, m_records.hash(row))) {
            ++reread;
            continue;
        }
        if (m_silent_to && order->integer <= *m_silent_to)
            continue;
        auto fields = m_records.record(page.columns(), row, m_position.next);
        m_position.next = Offset(m_position.next.value() + 1);
        pass.bytes += fields.value.size();
        pass.builder.add(std::move(fields));
        ++fresh;
        if (++pass.records >= batch_records || pass.bytes >= batch_bytes)
            send_records(pass);
    }
    const std::lock_guard lock(m_mutex);
    m_progress.rows += fresh;
    m_progress.reread += reread;
    m_progress.unordered += unordered;
    return {};
}

void PolledTable::send_records(Pass& pass) {
    if (pass.records == 0)
        return;
    Queued queued;
    queued.batch = pass.builder.take();
    queued.batch.observed = Micros::now();
    pass.records = 0;
    pass.bytes = 0;
    send(std::move(queued));
}

void PolledTable::send_end(const Pass& pass) {
    {
        const std::lock_guard lock(m_mutex);
        ++m_progress.passes;
    }
    Queued queued;
    PartitionEvent end;
    end.topic = m_place.name;
    end.note = m_place.once ? PartitionNote::Finished : PartitionNote::ReachedEnd;
    end.from = m_position.next;
    end.to = m_position.next;
    end.as_of = pass.began - Micros(m_place.overlap.count());
    queued.batch.events.push_back(std::move(end));
    queued.batch.observed = *end.as_of;
    queued.reached = m_position;
    queued.reached->seen = m_seen.rows();
    send(std::move(queued));
}

void PolledTable::send_event(PartitionNote note, const Error& error) {
    Queued queued;
    PartitionEvent event;
    event.topic = m_place.name;
    event.note = note;
    event.from = m_position.next;
    event.to = m_position.next;
    event.error = error;
    queued.batch.events.push_back(std::move(event));
    queued.batch.observed = Micros::now();
    send(std::move(queued));
}

} // namespace

Result<std::unique_ptr<TableSource>> TableSource::open(std::shared_ptr<Warehouse> warehouse,
                                                       TablePlace place, TablePosition start) {
    const std::string& name = warehouse->options().name;
    if (place.name.empty() || place.table.table.empty() || place.order_column.empty() ||
        place.key_columns.empty())
        return Error{ErrorCode::Config,
                     "a table that is watched needs a name, an order column and key columns", name,
                     "opening a table",
                     "Name the column that grows with what is written, and "
                     "those that tell a row from others."};
    if (!place.once && warehouse->queries_cost())
        return Error{ErrorCode::Refused, "each query on this warehouse costs money", name,
                     "opening a table", "Read the table once, where you ask for it."};
    if (!place.once && place.interval < interval_min)
        return Error{ErrorCode::Config,
                     "a table is read once a second at most",
                     name,
                     "opening a table",
                     {}};
    return std::unique_ptr<TableSource>(
        std::make_unique<PolledTable>(std::move(warehouse), std::move(place), std::move(start)));
}

} // namespace weir::warehouse

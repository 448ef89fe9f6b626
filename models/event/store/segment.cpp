// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/store/segment.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>

#include <sys/mman.h>

namespace weir {
namespace {

// A stored header: name size, value size (null_value for null), then the bytes.
constexpr std::uint32_t null_value = UINT32_MAX;

struct HeaderSizes {
    std::uint32_t name;
    std::uint32_t value;
};

/// Blocks of the usual size go round: fresh pages cost more than copying the events into them.
/// Those that views still hold when the ring lets go of them come back a moment later, several at
/// once, so that as many are kept as a moment of a fast stream fills.
class BlockPool {
  public:
    static BlockPool& instance() {
        static auto* const pool = new BlockPool; // segments may outlive static objects
        return *pool;
    }

    char* take(std::size_t bytes) {
        if (bytes == Segment::usual_bytes) {
            const std::lock_guard lock(m_mutex);
            if (!m_free.empty()) {
                char* const block = m_free.back();
                m_free.pop_back();
                return block;
            }
        }
        return bytes == Segment::usual_bytes ? fresh_block() : map(bytes);
    }

    void give_back(char* block, std::size_t bytes) {
        if (bytes == Segment::usual_bytes) {
            const std::lock_guard lock(m_mutex);
            if (m_free.size() < kept_blocks_max) {
                m_free.push_back(block);
                return;
            }
        }
        ::munmap(block, bytes);
    }

  private:
    static constexpr std::size_t kept_blocks_max = (48u << 20) / Segment::usual_bytes;
    static constexpr std::size_t huge_page = 2u << 20;

    static char* map(std::size_t bytes) {
        void* const block = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (block == MAP_FAILED)
            throw std::bad_alloc();
        return static_cast<char*>(block);
    }

    /// On huge pages where the system has them: 4 faults instead of 2,048.
    static char* fresh_block() {
        char* const wide = map(Segment::usual_bytes + huge_page);
        const auto over = reinterpret_cast<std::uintptr_t>(wide) % huge_page;
        const std::size_t before = over == 0 ? 0 : huge_page - over;
        char* const block = wide + before;
        if (before != 0)
            ::munmap(wide, before);
        ::munmap(block + Segment::usual_bytes, huge_page - before);
        (void)::madvise(block, Segment::usual_bytes, MADV_HUGEPAGE); // a wish
        return block;
    }

    std::mutex m_mutex;
    std::vector<char*> m_free;
};

std::size_t encoded_headers_bytes(const RecordBatch& batch, const Record& record) {
    std::size_t bytes = 0;
    const HeaderView* headers = batch.headers_of(record);
    for (std::uint16_t i = 0; i < record.header_count; ++i)
        bytes += sizeof(HeaderSizes) + headers[i].name.size() + headers[i].value.size();
    return bytes;
}

char* put(char* at, std::string_view bytes) {
    if (!bytes.empty())
        std::memcpy(at, bytes.data(), bytes.size());
    return at + bytes.size();
}

constexpr std::size_t cache_line = 64;
constexpr std::size_t prefetch_bytes = 1024; // of a record
constexpr std::size_t prefetch_reach = 2 * prefetch_bytes + cache_line;

/// The ring is larger than any cache: room is asked for two records before it is filled. They are
/// taken to be as large as the one that has just been stored.
void prefetch_room(const char* begin, std::size_t bytes) {
    const std::size_t size = std::min(bytes, prefetch_bytes);
    for (std::size_t below = cache_line; below <= size + cache_line; below += cache_line)
        __builtin_prefetch(begin - size - below, 1);
}

/// What is implausible is a time all the same: it is shown and found as it is.
std::int64_t kept_time(Micros time, TimeState state) {
    return state == TimeState::Present || state == TimeState::Implausible ? time.value() : no_time;
}

void fill_row(StoredRow& row, const Sighting& s, const Record& record) {
    row.key = s.key.value();
    row.offset = s.offset.value();
    row.record_time_us = s.record_time.value();
    row.event_time_us = kept_time(s.event_time, s.event_time_state);
    row.received_time_us = kept_time(s.received_time, s.received_time_state);
    row.value_size = static_cast<std::uint32_t>(record.value.size());
    row.key_size = static_cast<std::uint32_t>(record.key.size());
    row.body_begin = s.body_begin;
    row.body_size = s.body_size;
    row.partition = s.partition.value();
    for (std::size_t i = 0; i < max_dimensions; ++i)
        row.dimensions[i] = s.dimensions[i].value();
    row.place = s.place.value();
    row.reason = s.reason.value();
    row.dialect = s.dialect.value();
    row.ordinal = s.ordinal;
    row.header_count = record.header_count;
    row.outcome = static_cast<std::uint8_t>(s.outcome) & 3U;
    row.key_source = static_cast<std::uint8_t>(s.key_source) & 3U;
    row.timestamp_type = static_cast<std::uint8_t>(s.timestamp_type) & 3U;
    row.key_null = record.key_null;
    row.value_null = record.value_null;
    row.event_time_state = static_cast<std::uint8_t>(s.event_time_state) & 3U;
    row.received_time_state = static_cast<std::uint8_t>(s.received_time_state) & 3U;
    row.replayed = s.replay_run != no_value;
    row.in_batch = s.in_batch;
}

} // namespace

std::shared_ptr<Segment> Segment::create(std::uint64_t sequence, int lane,
                                         std::size_t capacity_bytes) {
    return std::shared_ptr<Segment>(new Segment(sequence, lane, capacity_bytes));
}

Segment::Segment(std::uint64_t sequence, int lane, std::size_t capacity_bytes)
    : m_sequence(sequence)
    , m_capacity(capacity_bytes)
    , m_lane(lane)
    , m_block(BlockPool::instance().take(capacity_bytes))
    , m_rows(reinterpret_cast<StoredRow*>(m_block))
    , m_data_begin(capacity_bytes)
    , m_observed(std::make_unique_for_overwrite<ObservedRun[]>(observed_runs_max)) {}

Segment::Segment(const Segment& from, std::shared_ptr<const char> block)
    : m_sequence(from.m_sequence)
    , m_capacity(from.m_capacity)
    , m_lane(from.m_lane)
    , m_keeper(std::move(block))
    , m_block(const_cast<char*>(m_keeper.get())) // never written: append() is for the first owner
    , m_rows(reinterpret_cast<StoredRow*>(m_block))
    , m_data_begin(0) {
    const std::uint32_t runs = from.m_observed_count.load(std::memory_order_acquire);
    m_observed = std::make_unique_for_overwrite<ObservedRun[]>(runs);
    std::copy_n(from.m_observed.get(), runs, m_observed.get());
    m_observed_count.store(runs, std::memory_order_relaxed);
    m_data_bytes.store(from.data_bytes(), std::memory_order_relaxed);
    m_size.store(from.size(), std::memory_order_release);
}

std::shared_ptr<const Segment> Segment::over_copy(const Segment& from,
                                                  std::shared_ptr<const char> block) {
    return std::shared_ptr<const Segment>(new Segment(from, std::move(block)));
}

Segment::~Segment() {
    if (!m_keeper)
        BlockPool::instance().give_back(m_block, m_capacity);
}

std::string_view Segment::key(std::uint32_t row) const {
    const StoredRow& r = m_rows[row];
    return {m_block + r.data_begin + r.headers_size, r.key_size};
}

std::string_view Segment::value(std::uint32_t row) const {
    const StoredRow& r = m_rows[row];
    return {m_block + r.data_begin + r.headers_size + r.key_size, r.value_size};
}

std::string_view Segment::body(std::uint32_t row) const {
    const StoredRow& r = m_rows[row];
    return value(row).substr(r.body_begin, r.body_size);
}

std::optional<AsRead> Segment::as_read(std::uint32_t row) const {
    const StoredRow& r = m_rows[row];
    if (r.as_read == 0)
        return std::nullopt;
    AsRead out;
    std::memcpy(static_cast<void*>(&out),
                m_block + r.data_begin + r.headers_size + r.key_size + r.value_size, sizeof out);
    return out;
}

std::uint32_t Segment::event_bytes(std::uint32_t row) const {
    const StoredRow& r = m_rows[row];
    return r.as_read != 0 ? as_read(row)->event_bytes : r.body_size;
}

std::uint32_t Segment::record_bytes(std::uint32_t row) const {
    const StoredRow& r = m_rows[row];
    if (r.as_read != 0)
        return as_read(row)->record_bytes;
    const auto encoding = static_cast<std::uint32_t>(r.header_count * sizeof(HeaderSizes));
    return r.key_size + r.value_size + r.headers_size - encoding;
}

void Segment::headers(std::uint32_t row, std::vector<HeaderView>& out) const {
    out.clear();
    append_headers(row, out);
}

void Segment::append_headers(std::uint32_t row, std::vector<HeaderView>& out) const {
    const StoredRow& r = m_rows[row];
    const char* at = m_block + r.data_begin;
    const char* const end = at + r.headers_size;
    while (at < end) {
        HeaderSizes sizes{};
        std::memcpy(&sizes, at, sizeof sizes);
        at += sizeof sizes;
        HeaderView header;
        header.name = {at, sizes.name};
        at += sizes.name;
        header.null = sizes.value == null_value;
        if (!header.null) {
            header.value = {at, sizes.value};
            at += sizes.value;
        }
        out.push_back(header);
    }
}

RecordBatch Segment::record_batch(std::uint32_t row, std::string_view topic) const {
    RecordBatch batch;
    batch.observed = observed_time(row);
    append_record(row, topic, batch);
    return batch;
}

void Segment::append_record(std::uint32_t row, std::string_view topic, RecordBatch& batch) const {
    const StoredRow& r = m_rows[row];
    Record& record = batch.records.emplace_back();
    record.topic = topic;
    record.partition = PartitionId(r.partition);
    record.offset = Offset(r.offset);
    record.timestamp_type = static_cast<TimestampType>(r.timestamp_type);
    if (record.timestamp_type != TimestampType::None)
        record.timestamp = Micros(r.record_time_us);
    record.key_null = r.key_null != 0;
    record.value_null = r.value_null != 0;
    record.header_begin = static_cast<std::uint32_t>(batch.headers.size());
    append_headers(row, batch.headers);
    record.header_count = static_cast<std::uint16_t>(batch.headers.size() - record.header_begin);
    record.key = key(row);
    record.value = value(row);
}

Micros Segment::observed_time(std::uint32_t row) const {
    return Micros(observed_run(row).time_us);
}

Segment::Observed Segment::observed_run(std::uint32_t row) const {
    const std::uint32_t count = m_observed_count.load(std::memory_order_acquire);
    const ObservedRun* const begin = m_observed.get();
    const ObservedRun* const end = begin + count;
    const ObservedRun* run =
        std::upper_bound(begin, end, row, [](std::uint32_t wanted, const ObservedRun& r) {
            return wanted < r.first_row;
        });
    return {run == begin ? 0 : run[-1].observed_us, run == end ? UINT32_MAX : run->first_row};
}

std::size_t Segment::bytes_needed(const RecordBatch& batch, const Record& record) {
    return sizeof(StoredRow) + record.key.size() + record.value.size() +
           encoded_headers_bytes(batch, record) + sizeof(AsRead);
}

std::uint32_t Segment::store_data(const RecordBatch& batch, const Record& record,
                                  const AsRead* as_read) {
    const std::size_t headers_size = encoded_headers_bytes(batch, record);
    const std::size_t size = headers_size + record.key.size() + record.value.size() +
                             (as_read != nullptr ? sizeof *as_read : 0);
    m_data_begin -= size;
    m_written_bytes += size;
    char* at = m_block + m_data_begin;
    const HeaderView* headers = batch.headers_of(record);
    for (std::uint16_t i = 0; i < record.header_count; ++i) {
        const HeaderView& h = headers[i];
        const HeaderSizes sizes{static_cast<std::uint32_t>(h.name.size()),
                                h.null ? null_value : static_cast<std::uint32_t>(h.value.size())};
        std::memcpy(at, &sizes, sizeof sizes);
        at = put(put(at + sizeof sizes, h.name), h.null ? std::string_view() : h.value);
    }
    at = put(put(at, record.key), record.value);
    if (as_read != nullptr)
        std::memcpy(at, as_read, sizeof *as_read);
    if (m_data_begin >= prefetch_reach)
        prefetch_room(m_block + m_data_begin, size);
    return static_cast<std::uint32_t>(headers_size);
}

bool Segment::append(const SightingBatch& batch, const Sighting& sighting, const AsRead* as_read) {
    const Record& record = batch.records.records[sighting.record];
    const bool shares = as_read == nullptr && m_written > 0 && sighting.ordinal > 0 &&
                        m_rows[m_written - 1].ordinal + 1 == sighting.ordinal &&
                        m_rows[m_written - 1].offset == sighting.offset.value() &&
                        m_rows[m_written - 1].partition == sighting.partition.value() &&
                        m_rows[m_written - 1].place == sighting.place.value();
    const std::size_t needed = shares ? sizeof(StoredRow) : bytes_needed(batch.records, record);
    if ((m_written * sizeof(StoredRow)) + needed > m_data_begin)
        return false;

    const std::int64_t observed_us = sighting.observed_time.value();
    const std::uint32_t runs = m_observed_count.load(std::memory_order_relaxed);
    if (runs == 0 || m_observed[runs - 1].observed_us != observed_us) {
        if (runs == observed_runs_max)
            return false;
        m_observed[runs] = {m_written, observed_us};
        m_observed_count.store(runs + 1, std::memory_order_release);
    }

    AsRead told;
    if (as_read != nullptr) {
        told = *as_read;
        told.sent_time_us = kept_time(sighting.sent_time, sighting.sent_time_state);
        told.replay_run = sighting.replay_run;
    }
    StoredRow& row = *new (&m_rows[m_written]) StoredRow;
    row.headers_size = shares ? m_rows[m_written - 1].headers_size
                              : store_data(batch.records, record, as_read ? &told : nullptr);
    row.data_begin =
        shares ? m_rows[m_written - 1].data_begin : static_cast<std::uint32_t>(m_data_begin);
    row.shares_record = shares;
    row.as_read = as_read != nullptr;
    fill_row(row, sighting, record);
    ++m_written;
    return true;
}

std::uint64_t next_segment_sequence() {
    static std::atomic<std::uint64_t> sequence{0};
    return sequence.fetch_add(1, std::memory_order_relaxed);
}

void Segment::publish() {
    m_data_bytes.store(m_written_bytes, std::memory_order_release);
    m_size.store(m_written, std::memory_order_release);
}

} // namespace weir

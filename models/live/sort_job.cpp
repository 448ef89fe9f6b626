// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/sort_job.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <charconv>
#include <map>
#include <vector>

#include "models/event/decimal.h"
#include "models/event/worker_thread.h"
#include "models/live/row_reader.h"

namespace weir {

namespace {

constexpr double keys_share = 0.6; // of the work, by experience
constexpr std::size_t block_keys = 1u << 15;

/// One a row: kept small.
struct SortKey {
    enum class Class : std::uint32_t { Whole, Number, Text, Missing };
    static constexpr std::uint32_t no_text = UINT32_MAX;
    static constexpr int position_bits = 30;
    static constexpr std::uint32_t position_mask = (1U << position_bits) - 1;

    std::uint64_t value = 0;      // in the order of what it stands for: see whole_value() and so on
    std::uint32_t text = no_text; // of a number with many digits; what `value` lacks of a text
    std::uint32_t position : position_bits; // from the newest row
    Class kind : 32 - position_bits;
};
static_assert(sizeof(SortKey) == 16);

constexpr std::size_t bytes_in_value = sizeof(std::uint64_t);
constexpr std::size_t text_bytes_min = 16;
constexpr std::uint64_t sign_bit = 1ULL << 63;
/// Numbers of so many digits are equal if they are equal as doubles.
constexpr std::size_t exact_digits = 15;

std::uint64_t whole_value(std::int64_t value) {
    return static_cast<std::uint64_t>(value) ^ sign_bit;
}

std::uint64_t number_value(double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number); // -0 is 0
    return (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
}

double number_of(std::uint64_t value) {
    return std::bit_cast<double>((value & sign_bit) != 0 ? value ^ sign_bit : ~value);
}

/// Its first bytes.
std::uint64_t text_value(std::string_view text) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes_in_value; ++i)
        value = value << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
    return value;
}

/// Interned values: mostly the same number is the same text, so each is looked up once.
std::optional<std::uint16_t> interned(const ColumnSpec& column, int dimension,
                                      const StoredRow& row) {
    switch (column.kind) {
    case ColumnSpec::Kind::Connection:
    case ColumnSpec::Kind::Topic:
        return row.place;
    case ColumnSpec::Kind::Reason:
        return row.reason;
    case ColumnSpec::Kind::Dimension:
        if (dimension >= 0)
            return row.dimensions[static_cast<std::size_t>(dimension)];
        return std::nullopt;
    default:
        return std::nullopt;
    }
}

class KeyMaker {
  public:
    explicit KeyMaker(const SortRequest& request)
        : m_column(request.by.column)
        , m_vocabulary(request.vocabulary)
        , m_reader(request.vocabulary, request.disclosure, RowReader::Style::Whole,
                   request.decoders ? request.decoders() : nullptr)
        , m_dimension(m_column.kind == ColumnSpec::Kind::Dimension
                          ? request.vocabulary->dimension(m_column.name)
                          : -1)
        , m_text_bytes(SortJob::text_bytes(request.snapshot->matched())) {
        m_reader.set_columns({m_column});
    }

    SortKey key(const Segment& segment, std::uint32_t at) {
        const StoredRow& row = segment.row(at);
        switch (m_column.kind) {
        case ColumnSpec::Kind::Time:
            return whole(static_cast<TimestampType>(row.timestamp_type) == TimestampType::None
                             ? segment.observed_time(at).value()
                             : row.record_time_us);
        case ColumnSpec::Kind::Partition:
            return whole(row.partition);
        case ColumnSpec::Kind::RecordOffset:
            return whole(row.offset);
        case ColumnSpec::Kind::Size:
            return whole(segment.record_bytes(at));
        case ColumnSpec::Kind::EventSize:
            return whole(segment.event_bytes(at));
        default:
            break;
        }
        const auto id = interned(m_column, m_dimension, row);
        if (!id)
            return read(segment, at, m_text_bytes);
        if (m_dimension >= 0 && ValueId(*id) == no_value)
            return missing();
        const auto [known, fresh] = m_known.try_emplace(*id);
        if (fresh && is_one_text(ValueId(*id)))
            known->second = read(segment, at, SortJob::text_bytes_max);
        return known->second ? *known->second : read(segment, at, m_text_bytes);
    }

    static SortKey missing() { return make(SortKey::Class::Missing, 0); }

    /// Whether `a` goes before `b`.
    bool before(const SortKey& a, const SortKey& b, bool descending) const {
        if (a.kind != b.kind) // missing ones last; numbers and text change sides
            return descending && a.kind != SortKey::Class::Missing &&
                           b.kind != SortKey::Class::Missing
                       ? a.kind > b.kind
                       : a.kind < b.kind;
        const SortKey& low = descending ? b : a;
        const SortKey& high = descending ? a : b;
        if (low.value != high.value)
            return low.value < high.value;
        if (low.text == high.text) // none, or the same
            return false;
        if (a.kind == SortKey::Class::Number)
            return Decimal(digits(high)).compare(digits(low)) < 0;
        return text(low) < text(high);
    }

  private:
    /// Not of what an interner cut, or had no number for any more.
    bool is_one_text(ValueId id) const {
        if (m_dimension < 0)
            return true;
        const Interner& values = *m_vocabulary->dimensions[static_cast<std::size_t>(m_dimension)];
        return id != other_value && !Interner::was_cut(values.text(id));
    }
    static SortKey make(SortKey::Class kind, std::uint64_t value) {
        SortKey key{};
        key.kind = kind;
        key.value = value;
        return key;
    }
    static SortKey whole(std::int64_t value) {
        return make(SortKey::Class::Whole, whole_value(value));
    }

    std::string_view text(const SortKey& key) const {
        if (key.text == SortKey::no_text)
            return {};
        const auto size = static_cast<unsigned char>(m_text[key.text]);
        return std::string_view(m_text).substr(key.text + 1, size);
    }
    /// Of a number: those that were kept, or the few it has.
    std::string digits(const SortKey& key) const {
        if (key.text != SortKey::no_text)
            return std::string(text(key));
        std::array<char, 40> few{};
        const auto end = std::to_chars(few.data(), few.data() + few.size(), number_of(key.value),
                                       std::chars_format::scientific, exact_digits - 1)
                             .ptr;
        return {few.data(), end};
    }
    void keep(SortKey& key, std::string_view text) {
        if (text.empty() || m_text.size() + 1 + text.size() > SortJob::texts_bytes_max)
            return;
        key.text = static_cast<std::uint32_t>(m_text.size());
        m_text += static_cast<char>(text.size());
        m_text += text;
    }

    SortKey read(const Segment& segment, std::uint32_t at, std::size_t text_bytes) {
        const TableRow row = m_reader.read(segment, at);
        const std::string& cell = row.cells.front();
        if (row.states.front() != CellState::Given || cell.empty())
            return missing();
        // Keys are identities: "007" is not 7.
        double number = 0;
        if (m_column.kind != ColumnSpec::Kind::Key && cell.size() <= SortJob::text_bytes_max &&
            is_decimal(cell)) {
            const char* const from = cell.data() + (cell.front() == '+' ? 1 : 0);
            if (std::from_chars(from, cell.data() + cell.size(), number).ec == std::errc()) {
                SortKey key = make(SortKey::Class::Number, number_value(number));
                if (split_decimal(cell).digits.size() > exact_digits)
                    keep(key, cell);
                return key;
            }
        }
        SortKey key = make(SortKey::Class::Text, text_value(cell));
        if (cell.size() > bytes_in_value)
            keep(key, std::string_view(cell).substr(bytes_in_value, text_bytes - bytes_in_value));
        return key;
    }

    const ColumnSpec m_column;
    const std::shared_ptr<const Vocabulary> m_vocabulary;
    RowReader m_reader;
    const int m_dimension;
    const std::size_t m_text_bytes;
    std::string m_text;                                      // each with its size in front
    std::map<std::uint16_t, std::optional<SortKey>> m_known; // nothing: each row has its own
};

} // namespace

/// Shared by the job and its thread: whichever ends last.
struct SortJob::Private {
    SortRequest request;
    std::atomic<std::uint64_t> keys_done{0}, merged{0};
    std::atomic<bool> cancelled{false}, finished{false};
    std::uint64_t rows_total = 0; // both written before the thread begins
    std::uint64_t merges = 0;     // rows moved over all passes
    RowList rows;                 // written before `finished`

    void run();
    bool sort(std::vector<SortKey>& keys, const KeyMaker& maker);
};

void SortJob::Private::run() {
    KeyMaker maker(request);
    std::vector<SortKey> keys;
    const LiveSnapshot& snapshot = *request.snapshot;
    const std::uint64_t count = snapshot.matched();
    keys.reserve(count);
    // Newest first, as the table shows them: what is equal stays so.
    std::vector<RowRef> some;
    for (std::uint64_t to = count; to > 0 && !cancelled;
         to -= std::min<std::uint64_t>(to, block_keys)) {
        some.clear();
        snapshot.rows.each(to - std::min<std::uint64_t>(to, block_keys), to,
                           [&](RowRef ref) { some.push_back(ref); });
        for (auto ref = some.rbegin(); ref != some.rend() && !cancelled; ++ref) {
            const auto& segment = snapshot.segment(*ref);
            SortKey key = segment ? maker.key(*segment, ref->row) : maker.missing();
            key.position = static_cast<std::uint32_t>(keys.size()) & SortKey::position_mask;
            keys.push_back(key);
            keys_done.fetch_add(1, std::memory_order_relaxed);
        }
    }
    if (!cancelled && sort(keys, maker)) {
        RowListBuilder sorted;
        for (const SortKey& key : keys)
            sorted.append(snapshot.rows.at(count - 1 - key.position));
        rows = sorted.list();
    }
    request.snapshot.reset();
    finished = true;
}

/// Blocks first, then pairs of sorted stretches, so that it can be given up between two of them.
bool SortJob::Private::sort(std::vector<SortKey>& keys, const KeyMaker& maker) {
    const bool descending = request.by.descending;
    // Given up, it only moves what is left, which takes milliseconds.
    const auto before = [&](const SortKey& a, const SortKey& b) {
        return !cancelled.load(std::memory_order_relaxed) && maker.before(a, b, descending);
    };
    const auto at = [&](std::size_t index) {
        return keys.begin() + static_cast<std::ptrdiff_t>(std::min(index, keys.size()));
    };
    for (std::size_t from = 0; from < keys.size() && !cancelled; from += block_keys) {
        std::stable_sort(at(from), at(from + block_keys), before);
        merged.fetch_add(block_keys, std::memory_order_relaxed);
    }
    for (std::size_t width = block_keys; width < keys.size(); width *= 2) {
        for (std::size_t from = 0; from < keys.size() && !cancelled; from += 2 * width) {
            std::inplace_merge(at(from), at(from + width), at(from + 2 * width), before);
            merged.fetch_add(2 * width, std::memory_order_relaxed);
        }
    }
    return !cancelled;
}

std::size_t SortJob::text_bytes(std::uint64_t rows) {
    const std::uint64_t share = texts_bytes_max / std::max<std::uint64_t>(rows, 1); // and its size
    return bytes_in_value +
           std::clamp<std::uint64_t>(share, text_bytes_min - bytes_in_value + 1,
                                     text_bytes_max - bytes_in_value + 1) -
           1;
}

SortJob::SortJob(std::shared_ptr<Private> state)
    : d(std::move(state)) {}

std::unique_ptr<SortJob> SortJob::start(SortRequest request) {
    auto state = std::make_shared<Private>();
    state->request = std::move(request);
    const std::uint64_t rows = state->request.snapshot->matched();
    assert(rows < 1ULL << SortKey::position_bits);
    std::uint64_t passes = 1;
    for (std::uint64_t width = block_keys; width < rows; width *= 2)
        ++passes;
    state->rows_total = rows;
    state->merges = rows * passes;
    start_worker([state] { state->run(); });
    return std::unique_ptr<SortJob>(new SortJob(std::move(state)));
}

SortJob::~SortJob() {
    cancel();
}

void SortJob::cancel() {
    d->cancelled = true;
}

bool SortJob::finished() const {
    return d->finished;
}

double SortJob::share() const {
    const auto part = [](std::uint64_t done, std::uint64_t all) {
        return all == 0 ? 1.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
    };
    return keys_share * part(d->keys_done, d->rows_total) +
           (1 - keys_share) * part(d->merged, d->merges);
}

const RowList& SortJob::rows() const {
    return d->rows;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/quantile/quantile_sketch.h"

#include <algorithm>
#include <cmath>

#include "models/event/quantile/varint.h"

namespace weir {
namespace {

constexpr double gamma_of_bins =
    (1 + QuantileSketch::relative_error) / (1 - QuantileSketch::relative_error);
const double log_gamma = std::log(gamma_of_bins);

/// ceil(log_gamma(x)): bin i holds (gamma^(i-1), gamma^i]. REQUIRES: x >= 1.
int index_of(std::uint64_t x) {
    return static_cast<int>(std::ceil(std::log(static_cast<double>(x)) / log_gamma));
}
const int last_index = index_of(static_cast<std::uint64_t>(QuantileSketch::largest_us));

double upper_of(int index) {
    return std::exp(log_gamma * index);
}

/// The value whose relative distance to both of the bin's bounds is the same.
std::int64_t value_of(int index) {
    return std::llround(2 * upper_of(index) / (gamma_of_bins + 1));
}

std::uint64_t magnitude(std::int64_t x) {
    return x < 0 ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
}

constexpr char format_version = 1;
constexpr std::size_t spare_bins = 16;

} // namespace

// ---- one side

void QuantileSketch::Store::add(int index, std::uint64_t times) {
    if (times == 0)
        return;
    if (counts.empty())
        first = index;
    // By little more than is needed: sketches are many, and their span settles soon.
    const auto span = static_cast<std::size_t>(
        std::max(index, first + static_cast<int>(counts.size()) - 1) - std::min(index, first) + 1);
    if (span > counts.capacity())
        counts.reserve(span + spare_bins);
    if (index < first) {
        counts.insert(counts.begin(), static_cast<std::size_t>(first - index), 0);
        first = index;
    }
    const auto at = static_cast<std::size_t>(index - first);
    if (at >= counts.size())
        counts.resize(at + 1);
    total += times;
    const std::uint64_t sum = counts[at] + (times & UINT32_MAX);
    counts[at] = static_cast<std::uint32_t>(sum);
    const auto carry = static_cast<std::uint32_t>((sum >> 32) + (times >> 32));
    if (carry == 0)
        return;
    for (auto& [bin, upper] : carries)
        if (bin == index) {
            upper += carry;
            return;
        }
    carries.emplace_back(index, carry);
}

std::uint64_t QuantileSketch::Store::at(std::size_t i) const {
    std::uint64_t count = counts[i];
    for (const auto& [bin, upper] : carries)
        if (bin == first + static_cast<int>(i))
            count += std::uint64_t{upper} << 32;
    return count;
}

void QuantileSketch::Store::merge(const Store& other) {
    for (std::size_t i = 0; i < other.counts.size(); ++i)
        add(other.first + static_cast<int>(i), other.at(i));
}

QuantileSketch::Store QuantileSketch::Store::since(const Store& before) const {
    Store more;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const int then = first + static_cast<int>(i) - before.first;
        const bool was_there = then >= 0 && then < static_cast<int>(before.counts.size());
        more.add(first + static_cast<int>(i),
                 at(i) - (was_there ? before.at(static_cast<std::size_t>(then)) : 0));
    }
    return more;
}

int QuantileSketch::Store::index_at(std::uint64_t rank, bool from_largest) const {
    for (std::size_t n = 0; n < counts.size(); ++n) {
        const std::size_t i = from_largest ? counts.size() - 1 - n : n;
        const std::uint64_t here = at(i);
        if (rank < here)
            return first + static_cast<int>(i);
        rank -= here;
    }
    return first; // not reached: rank < total
}

void QuantileSketch::Store::encode(std::string& out) const {
    std::size_t begin = 0;
    std::size_t end = counts.size();
    while (begin < end && at(begin) == 0)
        ++begin;
    while (end > begin && at(end - 1) == 0)
        --end;
    append_varint(end - begin, out);
    if (begin == end)
        return;
    append_varint(static_cast<std::uint64_t>(first) + begin, out);
    for (std::size_t i = begin; i < end; ++i)
        append_varint(at(i), out);
}

bool QuantileSketch::Store::decode(std::string_view& in) {
    std::uint64_t size = 0;
    std::uint64_t begin = 0;
    if (!read_varint(in, size))
        return false;
    if (size == 0)
        return true;
    const auto bins = static_cast<std::uint64_t>(last_index) + 1;
    if (!read_varint(in, begin) || begin >= bins || size > bins - begin)
        return false;
    for (std::uint64_t i = 0; i < size; ++i) {
        std::uint64_t count = 0;
        if (!read_varint(in, count) || count > UINT64_MAX / 4 - std::min(total, UINT64_MAX / 4))
            return false;
        add(static_cast<int>(begin + i), count);
    }
    return true;
}

// ---- both sides

QuantileSketch::Sample::Sample(std::int64_t duration_us)
    : m_duration_us(duration_us)
    , m_bin(duration_us == 0 ? 0 : std::min(index_of(magnitude(duration_us)), last_index)) {}

void QuantileSketch::add(const Sample& sample, std::uint64_t times) {
    if (times == 0)
        return;
    m_min = std::min(m_min, sample.m_duration_us);
    m_max = std::max(m_max, sample.m_duration_us);
    if (sample.m_duration_us == 0)
        m_zeros += times;
    else
        (sample.m_duration_us > 0 ? m_positive : m_negative).add(sample.m_bin, times);
}

void QuantileSketch::merge(const QuantileSketch& other) {
    m_positive.merge(other.m_positive);
    m_negative.merge(other.m_negative);
    m_zeros += other.m_zeros;
    m_min = std::min(m_min, other.m_min);
    m_max = std::max(m_max, other.m_max);
}

QuantileSketch QuantileSketch::since(const QuantileSketch& before) const {
    QuantileSketch more;
    more.m_positive = m_positive.since(before.m_positive);
    more.m_negative = m_negative.since(before.m_negative);
    more.m_zeros = m_zeros - before.m_zeros;
    if (more.count() > 0) {
        more.m_min = m_min;
        more.m_max = m_max;
    }
    return more;
}

std::int64_t QuantileSketch::quantile(double q) const {
    const double last = static_cast<double>(count() - 1);
    auto rank = static_cast<std::uint64_t>(std::clamp(q, 0.0, 1.0) * last);
    rank = std::min(rank, count() - 1);
    std::int64_t value = 0;
    if (rank < m_negative.total)
        value = -value_of(m_negative.index_at(rank, true));
    else if (rank >= m_negative.total + m_zeros)
        value = value_of(m_positive.index_at(rank - m_negative.total - m_zeros, false));
    return std::clamp(value, m_min, m_max);
}

std::vector<QuantileSketch::Bin> QuantileSketch::bins() const {
    std::vector<Bin> all;
    const auto add = [&](const Store& store, std::size_t i, bool negative) {
        if (const std::uint64_t count = store.at(i); count > 0) {
            const int index = store.first + static_cast<int>(i);
            all.push_back({std::llround(upper_of(index - 1)), std::llround(upper_of(index)),
                           negative, count});
        }
    };
    for (std::size_t i = m_negative.counts.size(); i-- > 0;)
        add(m_negative, i, true);
    if (m_zeros > 0)
        all.push_back({0, 0, false, m_zeros});
    for (std::size_t i = 0; i < m_positive.counts.size(); ++i)
        add(m_positive, i, false);
    return all;
}

std::string QuantileSketch::encode() const {
    std::string out(1, format_version);
    append_varint(m_zeros, out);
    m_positive.encode(out);
    m_negative.encode(out);
    if (count() > 0) {
        append_signed_varint(m_min, out);
        append_signed_varint(m_max, out);
    }
    return out;
}

Result<QuantileSketch> QuantileSketch::decode(std::string_view bytes) {
    const Error broken{.code = ErrorCode::Corrupt, .what = "these bytes are no quantile sketch"};
    QuantileSketch sketch;
    if (bytes.empty() || bytes.front() != format_version)
        return broken;
    bytes.remove_prefix(1);
    if (!read_varint(bytes, sketch.m_zeros) || !sketch.m_positive.decode(bytes) ||
        !sketch.m_negative.decode(bytes))
        return broken;
    if (sketch.count() > 0 &&
        (!read_signed_varint(bytes, sketch.m_min) || !read_signed_varint(bytes, sketch.m_max) ||
         sketch.m_min > sketch.m_max))
        return broken;
    if (!bytes.empty())
        return broken;
    return sketch;
}

std::size_t QuantileSketch::memory_bytes() const {
    const auto of = [](const Store& store) {
        return store.counts.capacity() * sizeof(std::uint32_t) +
               store.carries.capacity() * sizeof(store.carries[0]);
    };
    return sizeof *this + of(m_positive) + of(m_negative);
}

} // namespace weir

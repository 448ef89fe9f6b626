// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/backlog_sample.h"

#include <algorithm>

#include "models/event/quantile/varint.h"

namespace weir {

namespace {

bool same_place(const BacklogSample& a, const BacklogSample& b) {
    return a.committed == b.committed && a.end == b.end && a.last_stable == b.last_stable;
}

/// `later` takes over what `earlier`, the one before it, stood for.
void merge(const BacklogSample& earlier, BacklogSample& later) {
    later.looks += earlier.looks;
    later.moves += earlier.moves;
}

/// Every second one of the older half goes; the oldest of all stays.
BacklogSamples thinned(const BacklogSamples& samples) {
    BacklogSamples kept;
    const std::size_t half = samples.size() / 2;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const bool goes = i > 0 && i < half && i % 2 == 1;
        if (!goes)
            kept.push_back(samples[i]);
        if (!goes && i > 1 && i - 1 < half && (i - 1) % 2 == 1)
            merge(samples[i - 1], kept.back());
    }
    return kept;
}

} // namespace

void SampleHistory::add(BacklogSample sample, std::size_t room) {
    if (!m_samples->empty() && sample.at < m_samples->back().at)
        return;
    BacklogSamples next = *m_samples;
    sample.moves = !next.empty() && next.back().committed != sample.committed ? 1 : 0;
    const std::size_t size = next.size();
    // Of a stretch that stands still its first and its last sample are enough.
    if (size >= 2 && same_place(next[size - 1], sample) && same_place(next[size - 2], sample)) {
        merge(next.back(), sample);
        next.back() = sample;
    } else {
        next.push_back(sample);
    }
    if (next.size() > std::max<std::size_t>(room, 4))
        next = thinned(next);
    m_samples = std::make_shared<const BacklogSamples>(std::move(next));
}

std::string SampleHistory::to_bytes() const {
    std::string bytes;
    append_varint(m_samples->size(), bytes);
    BacklogSample before;
    for (const BacklogSample& s : *m_samples) {
        append_signed_varint(s.at.value() - before.at.value(), bytes);
        append_signed_varint(s.committed - before.committed, bytes);
        append_signed_varint(s.end - before.end, bytes);
        append_signed_varint(s.last_stable, bytes);
        append_varint(s.looks, bytes);
        append_varint(s.moves, bytes);
        before = s;
    }
    return bytes;
}

bool SampleHistory::from_bytes(std::string_view bytes) {
    std::uint64_t count = 0;
    if (!read_varint(bytes, count) || count > capacity)
        return false;
    BacklogSamples samples;
    BacklogSample before;
    for (std::uint64_t i = 0; i < count; ++i) {
        std::int64_t at = 0, committed = 0, end = 0, last_stable = 0;
        std::uint64_t looks = 0, moves = 0;
        const bool whole = read_signed_varint(bytes, at) && read_signed_varint(bytes, committed) &&
                           read_signed_varint(bytes, end) &&
                           read_signed_varint(bytes, last_stable) && read_varint(bytes, looks) &&
                           read_varint(bytes, moves);
        // Two numbers of 63 bits cannot be added up blindly.
        BacklogSample s;
        std::int64_t at_us = 0;
        if (!whole || looks > UINT32_MAX || moves > UINT32_MAX ||
            __builtin_add_overflow(before.at.value(), at, &at_us) ||
            __builtin_add_overflow(before.committed, committed, &s.committed) ||
            __builtin_add_overflow(before.end, end, &s.end) || at_us < before.at.value() ||
            s.committed < -1 || s.end < -1 || last_stable < -1)
            return false;
        s.at = Micros(at_us);
        s.last_stable = last_stable;
        s.looks = static_cast<std::uint32_t>(looks);
        s.moves = static_cast<std::uint32_t>(moves);
        samples.push_back(s);
        before = s;
    }
    if (!bytes.empty())
        return false;
    m_samples = std::make_shared<const BacklogSamples>(std::move(samples));
    return true;
}

} // namespace weir

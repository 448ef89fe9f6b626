// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/backlog_sample.h"

#include <algorithm>

#include "models/event/quantile/varint.h"

namespace weir {

namespace {

constexpr std::size_t room_least = 4;

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
    keep(std::move(next), room);
}

void SampleHistory::keep(BacklogSamples samples, std::size_t room) {
    while (samples.size() > std::max(room, room_least))
        samples = thinned(samples);
    m_samples = std::make_shared<const BacklogSamples>(std::move(samples));
}

void SampleHistory::fill(const BacklogSamples& recalled, Micros run_began, std::size_t room) {
    const auto of_run = std::find_if(m_samples->begin(), m_samples->end(),
                                     [&](const BacklogSample& s) { return s.at >= run_began; });
    BacklogSamples all(m_samples->begin(), of_run);
    const Micros known = all.empty() ? Micros(-1) : all.back().at;
    const Micros next = of_run == m_samples->end() ? run_began : of_run->at;
    for (BacklogSample look : recalled) {
        if (look.at <= known || look.at >= next)
            continue;
        if (!all.empty() && all.back().at == known && look.moves == 0)
            look.moves = all.back().committed != look.committed ? 1 : 0;
        all.push_back(look);
    }
    const bool filled = !all.empty() && all.back().at > known;
    if (!filled)
        return;
    const std::size_t first = all.size();
    all.insert(all.end(), of_run, m_samples->end());
    if (first < all.size() && all[first].looks == 1) // it is no longer told from what was before
        all[first].moves = all[first - 1].committed != all[first].committed ? 1 : 0;
    keep(std::move(all), room);
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

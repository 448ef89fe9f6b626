// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/fold/watermarks.h"

#include <algorithm>

namespace weir {

void Watermarks::absorb(std::span<const Watermark> marks) {
    for (const Watermark& mark : marks) {
        const auto [at, is_new] = m_marks.try_emplace({mark.place, mark.partition}, mark);
        if (is_new)
            continue;
        const Micros record_time = std::max(at->second.record_time, mark.record_time);
        at->second = mark;
        at->second.record_time = record_time;
    }
}

std::optional<Micros> Watermarks::place(PlaceId place) const {
    std::optional<Micros> least;
    for (auto at = m_marks.lower_bound({place, PartitionId(INT32_MIN)});
         at != m_marks.end() && at->first.first == place; ++at)
        least = least ? std::min(*least, at->second.record_time) : at->second.record_time;
    return least;
}

std::optional<Micros> Watermarks::since(PlaceId place) const {
    std::optional<Micros> latest;
    for (auto at = m_marks.lower_bound({place, PartitionId(INT32_MIN)});
         at != m_marks.end() && at->first.first == place; ++at)
        latest = latest ? std::max(*latest, at->second.since) : at->second.since;
    return latest == Micros(INT64_MAX) ? std::nullopt : latest;
}

const Watermark* Watermarks::find(PlaceId place, PartitionId partition) const {
    const auto found = m_marks.find({place, partition});
    return found == m_marks.end() ? nullptr : &found->second;
}

std::optional<Micros> Watermarks::least() const {
    std::optional<Micros> least;
    for (const auto& [where, mark] : m_marks)
        least = least ? std::min(*least, mark.record_time) : mark.record_time;
    return least;
}

bool Watermarks::all_caught_up() const {
    return std::all_of(m_marks.begin(), m_marks.end(),
                       [](const auto& entry) { return entry.second.caught_up; });
}

std::vector<Watermark> Watermarks::all() const {
    std::vector<Watermark> marks;
    marks.reserve(m_marks.size());
    for (const auto& [where, mark] : m_marks)
        marks.push_back(mark);
    return marks;
}

} // namespace weir

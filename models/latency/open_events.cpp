// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/open_events.h"

#include <algorithm>
#include <map>

namespace weir {
namespace {

constexpr unsigned sampling_most = 20;

} // namespace

bool OpenEvents::AtPlace::complete(std::uint8_t in_done, std::uint8_t out_done) const {
    if (awaited != 0 && (in_done & awaited) == 0)
        return false;
    return std::all_of(groups.begin(), groups.end(), [&](const Group& group) {
        const int done = out_done & group.ways;
        return group.all ? done == group.ways : done != 0;
    });
}

OpenEvents::OpenEvents(std::vector<StageWay> ways, Limits limits)
    : m_ways(std::move(ways))
    , m_limits(limits)
    , m_slots(limits.entries_max) {
    const auto at = [this](PlaceId place) -> AtPlace& {
        if (place.value() >= m_places.size())
            m_places.resize(place.value() + 1U);
        return m_places[place.value()];
    };
    std::map<std::pair<PlaceId, std::uint16_t>, std::size_t> groups; // by place and stage
    for (std::size_t i = 0; i < m_ways.size(); ++i) {
        const StageWay& way = m_ways[i];
        if (at(way.from).out.size() >= ways_max || at(way.to).in.size() >= ways_max)
            continue; // nobody draws such a pipeline
        at(way.to).in.push_back(static_cast<std::uint16_t>(i));
        if (!way.rare)
            at(way.to).awaited |= static_cast<std::uint8_t>(1U << (at(way.to).in.size() - 1));
        AtPlace& from = at(way.from);
        from.out.push_back(static_cast<std::uint16_t>(i));
        const auto [group, is_new] = groups.try_emplace({way.from, way.stage}, from.groups.size());
        if (is_new)
            from.groups.push_back({0, way.all});
        from.groups[group->second].ways |= static_cast<std::uint8_t>(1U << (from.out.size() - 1));
    }
}

const OpenEvents::AtPlace* OpenEvents::at_place(PlaceId place) const {
    if (place.value() >= m_places.size())
        return nullptr;
    const AtPlace& at = m_places[place.value()];
    return at.in.empty() && at.out.empty() ? nullptr : &at;
}

bool OpenEvents::kept_out(std::uint64_t key) const {
    return m_sampling > 0 && (key >> (64 - m_sampling)) != 0;
}

/// More slots as long as there may be; then the expired ones go, and if that does not help, fewer
/// ids are joined.
void OpenEvents::make_room() {
    if (m_slots.grow())
        return;
    const std::int64_t oldest_us = m_newest_us - m_limits.wait_us_max;
    const auto keep = [&](const Slot& slot) {
        return slot.time_us >= oldest_us && !kept_out(slot.key);
    };
    const std::size_t before = m_slots.size();
    m_slots.sift(keep);
    m_expired += before - m_slots.size();
    if (m_slots.size() > m_limits.entries_max / 8 * 7 && m_sampling < sampling_most) {
        ++m_sampling;
        m_slots.sift(keep);
    } else if (m_sampling > 0 && m_slots.size() < m_limits.entries_max / 8) {
        --m_sampling;
    }
}

void OpenEvents::close_if_done(Slot* slot) {
    if (m_places[slot->place].complete(slot->in_done, slot->out_done))
        m_slots.erase(slot);
}

/// The ways into the place, from where it was seen already.
void OpenEvents::arrive(const AtPlace& here, const JoinEntry& entry, Slot& mine,
                        const std::function<void(const Passage&)>& passed) {
    for (std::size_t i = 0; i < here.in.size(); ++i) {
        const std::uint16_t way = here.in[i];
        Slot* const before = m_slots.find(mine.key, m_ways[way].from.value());
        if (before == nullptr)
            continue;
        const auto& outs = m_places[before->place].out;
        const auto out = std::find(outs.begin(), outs.end(), way) - outs.begin();
        mine.in_done |= static_cast<std::uint8_t>(1U << i);
        if ((before->out_done >> out & 1) != 0)
            continue; // it went this way already
        before->out_done |= static_cast<std::uint8_t>(1U << out);
        passed({way, mine.time_us - before->time_us, entry.record_time,
                PartitionId(before->partition), sampled()});
        close_if_done(before);
    }
}

/// The ways out of the place, to where it was seen already: that partition was read sooner.
void OpenEvents::depart(const AtPlace& here, const JoinEntry& entry, Slot& mine,
                        const std::function<void(const Passage&)>& passed) {
    for (std::size_t i = 0; i < here.out.size(); ++i) {
        const std::uint16_t way = here.out[i];
        Slot* const after = m_slots.find(mine.key, m_ways[way].to.value());
        if (after == nullptr)
            continue;
        const auto& ins = m_places[after->place].in;
        const auto in = std::find(ins.begin(), ins.end(), way) - ins.begin();
        mine.out_done |= static_cast<std::uint8_t>(1U << i);
        if ((after->in_done >> in & 1) != 0)
            continue;
        after->in_done |= static_cast<std::uint8_t>(1U << in);
        passed({way, after->time_us - mine.time_us, Micros(after->time_us), entry.partition,
                sampled()});
        close_if_done(after);
    }
}

void OpenEvents::take(const JoinEntry& entry, const std::function<void(const Passage&)>& passed) {
    const AtPlace* const here = at_place(entry.place);
    const std::uint64_t key = entry.key.value();
    if (here == nullptr || entry.timestamp_type == TimestampType::None || kept_out(key))
        return;
    m_newest_us = std::max(m_newest_us, entry.record_time.value());
    if (Slot* const again =
            m_slots.find(key, entry.place.value())) { // a duplicate: the first of them counts
        again->time_us = std::min(again->time_us, entry.record_time.value());
        return;
    }
    if (m_slots.full()) {
        make_room();
        if (kept_out(key))
            return;
    }
    Slot mine{key, entry.record_time.value(), entry.place.value(),
              static_cast<std::uint16_t>(entry.partition.value())};
    arrive(*here, entry, mine, passed);
    depart(*here, entry, mine, passed);
    if (!here->complete(mine.in_done, mine.out_done))
        m_slots.insert(mine);
}

} // namespace weir

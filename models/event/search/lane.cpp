// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/lane.h"

#include <algorithm>

namespace weir {

std::int64_t steady_now_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

SearchLane::SearchLane(const ScanParts& parts, SearchShared& shared, SearchOutlet& outlet,
                       SearchOrder order)
    : m_scanner(parts)
    , m_shared(shared)
    , m_outlet(outlet)
    , m_order(order) {}

void SearchLane::run(RecordSource& source, int stream, std::int64_t stall_us) {
    while (!m_shared.stop.load(std::memory_order_relaxed)) {
        RecordBatch batch = source.poll(stream, std::chrono::milliseconds(100));
        if (!batch.empty()) {
            m_shared.last_sign_us = steady_now_us();
            take(std::move(batch));
            continue;
        }
        if (source.finished())
            return;
        if (steady_now_us() - m_shared.last_sign_us > stall_us)
            return;
    }
}

void SearchLane::find_runs(const RecordBatch& batch) {
    m_runs.clear();
    m_offsets.resize(batch.records.size());
    m_bytes.resize(batch.records.size());
    std::uint64_t bytes = 0;
    const Record* before = nullptr;
    for (std::uint32_t i = 0; i < batch.records.size(); ++i) {
        const Record& record = batch.records[i];
        bytes += record.key.size() + record.value.size();
        m_bytes[i] = bytes;
        m_offsets[i] = record.offset;
        if (before == nullptr || before->partition != record.partition ||
            (before->topic.data() != record.topic.data() && before->topic != record.topic)) {
            if (!m_runs.empty())
                m_runs.back().end = i;
            m_runs.push_back(
                {m_shared.slots.find(record.topic, record.partition), i, i, INT64_MIN});
        }
        before = &record;
        Run& run = m_runs.back();
        run.newest_us = std::max(run.newest_us, record.timestamp.value());
        if (run.slot != nullptr &&
            run.slot->slice_first_us.load(std::memory_order_relaxed) == INT64_MIN)
            run.slot->slice_first_us = record.timestamp.value();
    }
    if (!m_runs.empty())
        m_runs.back().end = static_cast<std::uint32_t>(batch.records.size());
}

SearchSlot* SearchLane::slot_of(std::uint32_t original) const {
    const auto after =
        std::upper_bound(m_runs.begin(), m_runs.end(), original,
                         [](std::uint32_t at, const Run& run) { return at < run.begin; });
    return after == m_runs.begin() ? nullptr : std::prev(after)->slot;
}

bool SearchLane::matched(std::uint32_t number, const HitView& hit, bool last) {
    const std::uint32_t original = m_scanner.kept()[number];
    SearchSlot* slot = slot_of(original);
    if (slot == nullptr)
        return true;
    const SearchOutlet::Answer answer = m_outlet.offer(*slot, hit);
    if (answer == SearchOutlet::Answer::More)
        return true;
    m_enough = true;
    m_judged_all_before = answer == SearchOutlet::Answer::Enough && last ? original + 1 : original;
    return false;
}

void SearchLane::undecodable(std::uint32_t number) {
    if (SearchSlot* slot = slot_of(m_scanner.kept()[number]))
        slot->add_undecodable();
}

void SearchLane::cut(const Record& record, std::uint64_t left_out) {
    if (SearchSlot* slot = m_shared.slots.find(record.topic, record.partition))
        slot->add_cut(record.offset, left_out);
}

/// Counts the first `judged` records of the batch as read.
void SearchLane::account(std::uint32_t judged) {
    for (const Run& run : m_runs) {
        const std::uint32_t end = std::min(run.end, judged);
        if (end <= run.begin)
            return;
        const std::uint64_t before = run.begin == 0 ? 0 : m_bytes[run.begin - 1];
        if (run.slot == nullptr)
            continue;
        const auto& kept = m_scanner.kept();
        run.slot->add_decoded(
            static_cast<std::uint64_t>(std::lower_bound(kept.begin(), kept.end(), end) -
                                       std::lower_bound(kept.begin(), kept.end(), run.begin)));
        run.slot->count(end - run.begin, m_bytes[end - 1] - before,
                        Offset(m_offsets[end - 1].value() + 1));
    }
}

void SearchLane::release_oldest() {
    // Only now: other lanes release up to here, and what matched before has to be held by then.
    for (const Run& run : m_runs)
        if (run.slot != nullptr)
            run.slot->slice_newest_us = std::max(run.slot->slice_newest_us.load(), run.newest_us);
    std::int64_t up_to_us = INT64_MAX;
    for (const auto& slot : m_shared.slots.all())
        if (!slot->settled())
            up_to_us = std::min(up_to_us, slot->slice_newest_us.load());
    if (!m_outlet.release_up_to(up_to_us))
        m_shared.stop = true;
}

void SearchLane::take(RecordBatch batch) {
    find_runs(batch);
    const std::vector<PartitionEvent> events = std::move(batch.events);
    batch.events.clear();
    m_scanner.drop_hopeless(batch);
    m_scanner.judge(std::move(batch), *this);
    if (m_enough) {
        account(m_judged_all_before);
        m_shared.stop = true;
        return;
    }
    account(UINT32_MAX);
    for (const PartitionEvent& event : events)
        if (SearchSlot* slot = m_shared.slots.find(event.topic, event.partition))
            slot->apply(event);
    if (m_order == SearchOrder::OldestFirst)
        release_oldest();
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/ingest/checkpointer.h"

#include "models/event/ingest/steady_clock.h"

namespace weir {

Checkpointer::Checkpointer(CheckpointSink* sink, std::chrono::milliseconds every, int lanes)
    : m_sink(sink)
    , m_every(every)
    , m_begin(lanes)
    , m_end(lanes)
    , m_next_us(steady_us() + every.count() * 1000) {}

bool Checkpointer::due(std::uint64_t done) {
    if (!enabled())
        return false;
    const std::uint64_t round = m_round.load(std::memory_order_acquire);
    if (round > done)
        return true;
    std::int64_t next = m_next_us.load(std::memory_order_relaxed);
    const std::int64_t now = steady_us();
    if (now < next || !m_next_us.compare_exchange_strong(next, now + m_every.count() * 1000))
        return false;
    m_round.store(round + 1, std::memory_order_release);
    return true;
}

std::uint64_t Checkpointer::take_part(const std::function<void()>& empty_inbox,
                                      const std::function<void(Checkpoint&)>& part) {
    m_begin.arrive(empty_inbox, [this] { begin_round(); });
    empty_inbox(); // nobody sends any more
    {
        const std::lock_guard lock(m_mutex);
        if (!m_uncommitted)
            part(m_checkpoint);
    }
    m_end.arrive([] {}, [this] { commit(); });
    return m_round.load(std::memory_order_acquire);
}

void Checkpointer::begin_round() {
    const std::lock_guard lock(m_mutex);
    if (m_uncommitted && m_sink->commit(m_checkpoint))
        m_uncommitted = false;
    if (!m_uncommitted)
        m_checkpoint = Checkpoint();
}

void Checkpointer::commit() {
    const std::lock_guard lock(m_mutex);
    const Result<void> done = m_sink->commit(m_checkpoint);
    m_uncommitted = !done;
    m_trouble = done ? std::string() : done.error().text();
}

void Checkpointer::leave() {
    m_begin.leave();
    m_end.leave();
}

std::string Checkpointer::trouble() const {
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/collector_feed.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

namespace weir::sandbox {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds answer_wait{100};

Error not_taken(std::string what) {
    return {ErrorCode::Connection, std::move(what), "raw_events", "collecting events",
            "They may have been written all the same."};
}

} // namespace

/// What the collector's answers tell, from whichever thread they come.
struct CollectorFeed::Answers {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t waiting = 0;             // not answered yet
    std::uint64_t settled = 0;           // taken, or refused for good
    std::map<std::uint64_t, Body> again; // refused for now, in their order
    int unheard_of = 0;                  // a status that a sound collector does not answer

    void take(int status, std::uint64_t number, Body body) {
        const std::lock_guard lock(mutex);
        --waiting;
        if (status == 202 || status == 400)
            ++settled;
        else if (status == 429 || status == 503)
            again.emplace(number, std::move(body));
        else
            unheard_of = status;
        changed.notify_all();
    }
};

CollectorFeed::CollectorFeed(Collector& collector, Options options)
    : m_collector(collector)
    , m_options(std::move(options))
    , m_answers(std::make_shared<Answers>()) {}

CollectorFeed::~CollectorFeed() = default;

Result<void> CollectorFeed::send(std::string_view event) {
    hand_in(m_sent++, std::make_shared<const std::string>(event));
    return settle(waiting_max);
}

Result<void> CollectorFeed::finish() {
    return settle(0);
}

void CollectorFeed::hand_in(std::uint64_t number, Body body) {
    {
        const std::lock_guard lock(m_answers->mutex);
        ++m_answers->waiting;
    }
    http::Request request;
    request.method = "POST";
    request.path = "/events";
    request.body = *body;
    request.remote = "127.0.0.1";
    request.received = Micros::now();
    m_collector.handle(std::move(request),
                       http::Responder([answers = m_answers, number,
                                        body = std::move(body)](http::Response&& response) {
                           answers->take(response.status, number, body);
                       }));
}

/// Those that were refused for now, until one is refused again: none overtakes another.
void CollectorFeed::hand_in_again() {
    for (;;) {
        std::map<std::uint64_t, Body>::node_type next;
        {
            const std::lock_guard lock(m_answers->mutex);
            if (m_answers->again.empty())
                return;
            next = m_answers->again.extract(m_answers->again.begin());
        }
        hand_in(next.key(), next.mapped());
        const std::lock_guard lock(m_answers->mutex);
        if (m_answers->again.count(next.key()) > 0)
            return;
    }
}

/// Waits until no more than `most` are open, and hands in again what was refused for now.
Result<void> CollectorFeed::settle(std::size_t most) {
    auto deadline = Clock::now() + m_options.silence_max;
    std::uint64_t before = 0;
    for (;;) {
        bool refused = false;
        {
            std::unique_lock lock(m_answers->mutex);
            if (m_answers->unheard_of != 0)
                return not_taken("the collector answered " + std::to_string(m_answers->unheard_of));
            if (m_answers->again.empty() && m_answers->waiting <= most)
                return {};
            m_answers->changed.wait_for(lock, answer_wait);
            if (std::exchange(before, m_answers->settled) != m_answers->settled)
                deadline = Clock::now() + m_options.silence_max;
            refused = !m_answers->again.empty();
        }
        if (Clock::now() >= deadline || (m_options.gone() && most > 0 && refused))
            return not_taken(std::to_string(open()) + " events were not acknowledged");
        hand_in_again();
    }
}

std::size_t CollectorFeed::open() const {
    const std::lock_guard lock(m_answers->mutex);
    return m_answers->waiting + m_answers->again.size();
}

} // namespace weir::sandbox

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/collector_output.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include "app/cli/interrupt.h"
#include "app/cli/target.h"
#include "models/sandbox/collector.h"
#include "models/sandbox/contract_judge.h"

namespace weir::cli {

namespace {

using Body = std::shared_ptr<const std::string>;
using Clock = std::chrono::steady_clock;

constexpr std::size_t waiting_max = 20'000;
constexpr std::chrono::milliseconds answer_wait{100};
constexpr std::chrono::seconds silence_max{60};
constexpr std::chrono::seconds answer_max{25}; // the outlet gives a batch up before that

/// What the collector's answers tell, from whichever thread they come.
struct Answers {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t waiting = 0;   // not answered yet
    std::uint64_t settled = 0; // taken, or refused for good
    std::deque<Body> again;    // refused for now
    int unheard_of = 0;        // a status that a sound collector does not answer

    void take(int status, Body body) {
        const std::lock_guard lock(mutex);
        --waiting;
        if (status == 202 || status == 400)
            ++settled;
        else if (status == 429 || status == 503)
            again.push_back(std::move(body));
        else
            unheard_of = status;
        changed.notify_all();
    }
};

class ToCollector final : public EventOutput {
  public:
    explicit ToCollector(std::unique_ptr<sandbox::Outlet> outlet)
        : m_outlet(std::move(outlet))
        , m_collector({}, *m_outlet,
                      [shelf = std::make_shared<sandbox::ContractShelf>(ContractSet::built_in())] {
                          return std::make_unique<sandbox::ContractJudge>(
                              shelf, sandbox::WithoutContract::Refuse);
                      }) {}
    ~ToCollector() override {
        m_outlet->flush(answer_max); // answers lead to the collector, which goes first
    }

    Result<void> write(const OutEvent& event) override {
        hand_in(std::make_shared<const std::string>(event.value));
        return settle(waiting_max);
    }
    Result<void> finish() override { return settle(0); }

  private:
    void hand_in(Body body) {
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
                           http::Responder([answers = m_answers,
                                            body = std::move(body)](http::Response&& response) {
                               answers->take(response.status, body);
                           }));
    }

    /// Waits until no more than `most` are open, and hands in again what was refused for now.
    Result<void> settle(std::size_t most) {
        auto deadline = Clock::now() + silence_max;
        std::uint64_t before = 0;
        for (;;) {
            std::deque<Body> again;
            {
                std::unique_lock lock(m_answers->mutex);
                if (m_answers->unheard_of != 0)
                    return failed("the collector answered " +
                                  std::to_string(m_answers->unheard_of));
                if (m_answers->again.empty() && m_answers->waiting <= most)
                    return {};
                m_answers->changed.wait_for(lock, answer_wait);
                if (std::exchange(before, m_answers->settled) != m_answers->settled)
                    deadline = Clock::now() + silence_max;
                again.swap(m_answers->again);
            }
            if (Clock::now() >= deadline || (interrupted() && most > 0 && !again.empty()))
                return failed(grouped(open()) + " events were not acknowledged");
            for (Body& body : again)
                hand_in(std::move(body));
        }
    }

    std::size_t open() const {
        const std::lock_guard lock(m_answers->mutex);
        return m_answers->waiting + m_answers->again.size();
    }

    static Error failed(std::string what) {
        return {ErrorCode::Connection, std::move(what), "raw_events", "collecting events",
                "They may have been written all the same."};
    }

    const std::shared_ptr<Answers> m_answers = std::make_shared<Answers>();
    const std::unique_ptr<sandbox::Outlet> m_outlet;
    sandbox::Collector m_collector;
};

} // namespace

Result<std::unique_ptr<EventOutput>> open_collector_output(const kafka::SandboxTicket& ticket,
                                                           int partitions,
                                                           std::chrono::milliseconds timeout) {
    sandbox::OutletOptions options;
    options.partitions = partitions;
    auto outlet = sandbox::Outlet::open(ticket, options, timeout);
    if (!outlet)
        return outlet.error();
    return std::unique_ptr<EventOutput>(std::make_unique<ToCollector>(std::move(*outlet)));
}

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/client_end.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "connectors/kafka/client/client_hooks.h"
#include "connectors/kafka/client/handles.h"

namespace weir::kafka {

namespace {

/// An end takes some 10 ms, and up to a second while a fetch is under way.
constexpr std::chrono::seconds end_patience(5);

struct End {
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false; // guarded by mutex
};

} // namespace

bool end_within(std::chrono::milliseconds patience, std::function<void()> end) {
    const auto state = std::make_shared<End>();
    std::thread runs([state, end = std::move(end)]() mutable {
        end();
        end = nullptr;
        const std::lock_guard lock(state->mutex);
        state->done = true;
        state->changed.notify_all();
    });
    std::unique_lock lock(state->mutex);
    const bool done = state->changed.wait_for(lock, patience, [&] { return state->done; });
    lock.unlock();
    if (done)
        runs.join();
    else
        runs.detach();
    return done;
}

void EndClient::operator()(rd_kafka_t* client) const {
    if (!may_stay)
        return destroy_client(client);
    end_within(end_patience, [client, kept = hooks]() mutable {
        destroy_client(client);
        kept.reset();
    });
}

} // namespace weir::kafka

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/wait_note.h"

#include <condition_variable>
#include <mutex>
#include <signal.h>

namespace weir::cli {

namespace {

using namespace std::chrono_literals;

constexpr auto look_step = 100ms;
constexpr auto trouble_after = 500ms; // a name has several addresses, and the first may refuse
constexpr auto silence_after = 2000ms;

void watch(const std::stop_token& stop, const std::shared_ptr<kafka::Cluster>& cluster,
           Console& console, std::chrono::milliseconds limit) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr); // signals are the main thread's
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    for (std::chrono::milliseconds waited{0}; waited <= silence_after; waited += look_step) {
        const kafka::Health health = cluster->health();
        if (health.last_contact.value() >= 0)
            return;
        if (!health.trouble.empty() && waited >= trouble_after)
            return console.note("weir: " + health.trouble);
        if (wake.wait_for(lock, stop, look_step, [] { return false; }) || stop.stop_requested())
            return;
    }
    console.note("weir: " + cluster->options().bootstrap + " does not answer yet; waiting for " +
                 duration_text(limit.count() * 1000) + " at most");
}

} // namespace

WaitNote::WaitNote(std::shared_ptr<kafka::Cluster> cluster, Console& console,
                   std::chrono::milliseconds limit)
    : m_thread([cluster = std::move(cluster), &console, limit](const std::stop_token& stop) {
        watch(stop, cluster, console, limit);
    }) {}

} // namespace weir::cli

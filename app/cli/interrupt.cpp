// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/interrupt.h"

#include <atomic>
#include <csignal>
#include <ctime>
#include <unistd.h>

namespace weir::cli {

namespace {

constexpr long ns_per_ms = 1'000'000;
constexpr std::chrono::milliseconds leave_limit{100};

// What a signal handler touches: flags that are free of locks, and a timer made beforehand.
volatile std::sig_atomic_t interrupt_flag = 0; // the signal
volatile std::sig_atomic_t end_code = 0;
volatile std::sig_atomic_t ends = 0;
timer_t end_timer;
static_assert(std::atomic<int>::is_always_lock_free);

void set_timer(std::chrono::milliseconds wait) {
    const itimerspec when{{0, 0}, {0, static_cast<long>(wait.count()) * ns_per_ms}};
    timer_settime(end_timer, 0, &when, nullptr);
}

void on_interrupt(int signal_number) {
    interrupt_flag = signal_number;
    std::signal(signal_number, SIG_DFL); // a second one ends the process, whatever it is at
    if (ends == 0)
        return;
    end_code = interrupt_code();
    set_timer(interrupt_limit);
}

void on_time(int /*signal_number*/) {
    ::_exit(end_code);
}

} // namespace

void catch_interrupts() {
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
    std::signal(SIGPIPE, SIG_IGN);
}

void catch_interrupts_and_end() {
    if (ends == 0) {
        std::signal(SIGALRM, on_time);
        sigevent event{};
        event.sigev_notify = SIGEV_SIGNAL;
        event.sigev_signo = SIGALRM;
        ends = timer_create(CLOCK_MONOTONIC, &event, &end_timer) == 0 ? 1 : 0;
    }
    catch_interrupts();
}

bool interrupted() {
    return interrupt_flag != 0;
}

int interrupt_code() {
    return interrupt_flag == 0 ? 0 : 128 + interrupt_flag;
}

void set_interrupted(bool value) {
    interrupt_flag = value ? SIGINT : 0;
}

void answering() {
    if (ends != 0)
        set_timer(std::chrono::milliseconds(0));
}

int answered(int code) {
    // Without a signal a host may still be slow to let go, but nobody is in a hurry then.
    if (ends != 0 && end_code != 0) {
        end_code = code;
        set_timer(leave_limit);
    }
    return code;
}

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long a wait may take, and a way to end it from another thread.
// Thread contract: raise() and raised() from any thread. Bound: one file descriptor.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>

namespace weir::warehouse {

class Interrupt {
  public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    void raise();
    bool raised() const { return m_raised; }
    /// Readable once it was raised; -1 if the system had none left.
    int fd() const { return m_fd; }

  private:
    std::atomic<bool> m_raised{false};
    int m_fd;
};

struct Patience {
    using Clock = std::chrono::steady_clock;
    Clock::time_point deadline;
    std::shared_ptr<Interrupt> interrupt; // never null

    static Patience of(std::chrono::milliseconds timeout) {
        return {Clock::now() + timeout, std::make_shared<Interrupt>()};
    }
    bool late() const { return Clock::now() >= deadline; }
    /// At least 1 ms.
    std::chrono::milliseconds left() const;
    /// Sleeps, but no longer than it may.
    void sleep(std::chrono::milliseconds time) const;
};

} // namespace weir::warehouse

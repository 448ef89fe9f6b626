// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/serial_worker.h"

#include <utility>

namespace weir {

void SerialWorker::start(std::function<void()> task) {
    const std::lock_guard lock(m_mutex);
    m_tasks.push_back(std::move(task));
    if (!m_thread.joinable())
        m_thread = std::thread([this] { run(); });
    m_changed.notify_all();
}

void SerialWorker::finish() {
    std::thread ending;
    {
        const std::lock_guard lock(m_mutex);
        m_ends = true;
        ending.swap(m_thread);
        m_changed.notify_all();
    }
    if (ending.joinable())
        ending.join();
    const std::lock_guard lock(m_mutex);
    m_ends = false;
}

void SerialWorker::run() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_ends || !m_tasks.empty(); });
        if (m_tasks.empty())
            return;
        std::function<void()> task = std::move(m_tasks.front());
        m_tasks.pop_front();
        lock.unlock();
        task();
        task = nullptr; // what it used goes with it
        lock.lock();
    }
}

} // namespace weir

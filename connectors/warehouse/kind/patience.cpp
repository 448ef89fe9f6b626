// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/kind/patience.h"

#include <algorithm>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace weir::warehouse {

Interrupt::Interrupt()
    : m_fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Interrupt::~Interrupt() {
    if (m_fd >= 0)
        close(m_fd);
}

void Interrupt::raise() {
    m_raised = true;
    const std::uint64_t one = 1;
    if (m_fd >= 0 && write(m_fd, &one, sizeof one) < 0)
        return; // it is readable already
}

std::chrono::milliseconds Patience::left() const {
    const auto rest =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    return std::max(std::chrono::milliseconds(1), rest);
}

void Patience::sleep(std::chrono::milliseconds time) const {
    pollfd wake{interrupt->fd(), POLLIN, 0};
    poll(&wake, 1, static_cast<int>(std::min(time, left()).count()));
}

} // namespace weir::warehouse

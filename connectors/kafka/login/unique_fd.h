// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file descriptor that is closed with its owner. Thread contract: one thread at a time.
#pragma once

#include <unistd.h>

#include <utility>

namespace weir::kafka {

class UniqueFd {
  public:
    explicit UniqueFd(int fd = -1)
        : m_fd(fd) {}
    UniqueFd(UniqueFd&& other) noexcept
        : m_fd(std::exchange(other.m_fd, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~UniqueFd() {
        if (m_fd >= 0)
            close(m_fd);
    }
    int get() const { return m_fd; }

  private:
    int m_fd;
};

} // namespace weir::kafka

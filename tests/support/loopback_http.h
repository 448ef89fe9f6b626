// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An HTTP server on the loopback that gives one prepared answer to whatever it is asked, and
// remembers what that was. Thread contract: everything from the test's thread; it serves on one of
// its own, one request a connection. Bound: a request of 64 KiB.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace weir::test {

class LoopbackHttp {
  public:
    LoopbackHttp();
    ~LoopbackHttp();
    LoopbackHttp(const LoopbackHttp&) = delete;
    LoopbackHttp& operator=(const LoopbackHttp&) = delete;

    /// "http://127.0.0.1:PORT/path"
    std::string url(const std::string& path) const;
    void answer(int status, const std::string& body, const std::string& more_headers = {});
    /// Head and body of each request so far.
    std::vector<std::string> requests() const;

  private:
    void serve();

    int m_socket = -1;
    int m_port = 0;
    mutable std::mutex m_mutex;
    std::string m_answer;
    std::vector<std::string> m_requests;
    std::thread m_thread;
};

} // namespace weir::test

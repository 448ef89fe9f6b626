// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/stranger.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace weir::test {

Stranger::Stranger(std::string words, After after)
    : m_words(std::move(words))
    , m_after(after)
    , m_listener(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (bind(m_listener, any, size) != 0 || listen(m_listener, 8) != 0 ||
        getsockname(m_listener, any, &size) != 0 || pipe(m_end) != 0)
        std::abort();
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { serve(); });
}

Stranger::~Stranger() {
    close(m_end[1]);
    m_thread.join();
    close(m_end[0]);
    close(m_listener);
}

void Stranger::serve() {
    std::vector<pollfd> waits{{m_end[0], POLLIN, 0}, {m_listener, POLLIN, 0}};
    while (poll(waits.data(), waits.size(), -1) > 0 && waits[0].revents == 0) {
        for (std::size_t i = 2; i < waits.size(); ++i) {
            if (waits[i].revents == 0)
                continue;
            char heard[4096];
            bool over = recv(waits[i].fd, heard, sizeof heard, 0) <= 0;
            m_calls += over ? 0 : 1;
            if (!over && !m_words.empty()) {
                over = send(waits[i].fd, m_words.data(), m_words.size(), MSG_NOSIGNAL) < 0 ||
                       m_after == After::HangsUp;
            }
            if (over) {
                close(waits[i].fd);
                waits[i].fd = -1; // poll() leaves it out
            }
        }
        waits.erase(std::remove_if(waits.begin(), waits.end(),
                                   [](const pollfd& one) { return one.fd < 0; }),
                    waits.end());
        if (waits[1].revents != 0)
            if (const int accepted = accept(m_listener, nullptr, nullptr); accepted >= 0)
                waits.push_back({accepted, POLLIN, 0});
    }
    for (std::size_t i = 2; i < waits.size(); ++i)
        close(waits[i].fd);
}

} // namespace weir::test

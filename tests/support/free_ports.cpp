// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/free_ports.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>
#include <random>
#include <string>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::test {
namespace {

// Below the ports that Linux gives to outgoing connections.
constexpr int first_port = 10'000;
constexpr int past_ports = 32'000;

/// Locks the port's file until this process ends; false where another process holds it.
bool reserve(int port) {
    const auto folder = std::filesystem::temp_directory_path() / "weir-test-ports";
    std::error_code none;
    std::filesystem::create_directories(folder, none);
    const std::string path = (folder / std::to_string(port)).string();
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return false;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true; // kept open on purpose: the lock goes with the process
    close(fd);
    return false;
}

bool is_free(int port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    return bound;
}

} // namespace

std::vector<int> free_ports(int count) {
    std::random_device seed;
    std::uniform_int_distribution<int> any(first_port, past_ports - 1);
    std::vector<int> ports;
    while (ports.size() < static_cast<std::size_t>(count)) {
        const int port = any(seed);
        if (reserve(port) && is_free(port))
            ports.push_back(port);
    }
    return ports;
}

} // namespace weir::test

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/address.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace weir::kafka {
namespace {

constexpr std::string_view blanks = " \t";
constexpr int port_max = 65'535;

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

bool is_port(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port >= 1 &&
           port <= port_max;
}

bool is_host(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_';
    });
}

bool is_host_in_brackets(std::string_view text) {
    return text.size() > 2 && text.front() == '[' && text.back() == ']' &&
           text.find_first_not_of("0123456789abcdefABCDEF:.", 1) == text.size() - 1;
}

/// What is off with one broker's address; none: nothing.
std::optional<std::string> mistake_in(std::string_view part) {
    if (part.empty())
        return "a broker's address is empty";
    if (part.find('@') != std::string_view::npos) // not repeated: it may be a password
        return "an address holds no user and no password";
    const std::string named = "\"" + std::string(part) + "\": ";
    if (part.find("://") != std::string_view::npos)
        return named + "an address has no protocol in front (the connection's security says it)";
    const bool bracketed = part.front() == '[';
    const std::size_t colon = part.find(':', bracketed ? std::min(part.find(']'), part.size()) : 0);
    const std::string_view host = part.substr(0, colon);
    if (host.empty())
        return named + "there is no host before the port";
    if (!bracketed && colon != std::string_view::npos &&
        part.find(':', colon + 1) != std::string_view::npos)
        return named + "an IPv6 address stands in brackets, [::1]:9092";
    if (bracketed ? !is_host_in_brackets(host) : !is_host(host))
        return named + "that is no name of a host";
    if (colon != std::string_view::npos && !is_port(part.substr(colon + 1)))
        return named + "the port is no number from 1 to 65535";
    return std::nullopt;
}

} // namespace

Result<void> check_address(const std::string& address) {
    std::optional<std::string> mistake;
    if (trimmed(address).empty())
        mistake = "there is no address to connect to";
    for (std::size_t begin = 0; !mistake && begin <= address.size();) {
        const std::size_t comma = std::min(address.find(',', begin), address.size());
        mistake = mistake_in(trimmed(std::string_view(address).substr(begin, comma - begin)));
        begin = comma + 1;
    }
    if (!mistake)
        return {};
    return Error{.code = ErrorCode::Usage,
                 .what = *mistake,
                 .advice = "Write HOST:PORT, or several with commas between them."};
}

} // namespace weir::kafka

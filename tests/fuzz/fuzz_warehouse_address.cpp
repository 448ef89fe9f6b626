// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any text as a warehouse's address: parsing ends, what was understood is written and understood
// the same again, and no error repeats a password. Any text as a time, too: what was read is
// written and read the same.
#include <cstdlib>

#include "connectors/warehouse/connection.h"
#include "connectors/warehouse/kind/time_text.h"
#include "connectors/warehouse/kind/url.h"

using namespace weir::warehouse;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

bool same(const Url& a, const Url& b) {
    if (a.hosts.size() != b.hosts.size())
        return false;
    for (std::size_t i = 0; i < a.hosts.size(); ++i)
        if (a.hosts[i].name != b.hosts[i].name || a.hosts[i].port != b.hosts[i].port)
            return false;
    return a.scheme == b.scheme && a.user == b.user && a.database == b.database &&
           a.parameters == b.parameters;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    (void)check_address(text);
    const auto password = check_address("postgresql://u:" + text + "hunter2@h/d");
    require(password.ok() || password.error().text().find("hunter2") == std::string::npos);
    if (const auto url = parse_url(text)) {
        const auto again = parse_url(to_text(*url));
        require(again.ok() && same(*url, *again));
    }
    if (const auto time = read_time(text)) {
        const auto again = read_time(time_text(time->micros, time->has_zone));
        require(again && again->micros == time->micros && again->has_zone == time->has_zone);
    }
    return 0;
}

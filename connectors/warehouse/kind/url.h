// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts of an address that is a URL, SCHEME://[USER@]HOST[:PORT][,…]/DATABASE[?NAME=VALUE&…],
// before anything connects. A workspace may come from anybody: what is not understood is an error.
// Thread contract: pure functions. Bound: an address of 4 KiB.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"

namespace weir::warehouse {

struct Url {
    struct Host {
        std::string name; // without brackets; one with a slash in front is a socket's folder
        int port = 0;     // 0: not said
    };
    std::string scheme;
    std::string user;
    std::vector<Host> hosts;
    std::string database;
    std::map<std::string, std::string> parameters;
};

/// Errors: Usage, with what is off; a password is not allowed and not repeated.
Result<Url> parse_url(std::string_view text);

/// parse_url() of it gives the same parts.
std::string to_text(const Url& url);

} // namespace weir::warehouse

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An HTTP request and its answer, as plain values: the server knows no event, and its users know no
// socket. Thread contract: plain values. Bound: the server's Limits.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/types.h"

namespace weir::http {

struct Header {
    std::string name; // of a request: in lower case
    std::string value;
};

struct Request {
    std::string method; // "GET"
    std::string path;   // as it was sent, without the query
    std::string query;  // behind the '?'
    std::vector<Header> headers;
    std::string body;   // already inflated
    std::string remote; // "127.0.0.1"
    bool secure = false;
    Micros received; // when its header had been read

    /// The first header of that name (in lower case); empty if there is none.
    std::string_view header(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string content_type; // empty: none
    std::string body;
    std::vector<Header> headers; // besides Content-Type, Content-Length, Date, Connection
};

/// "%41+b" → "A b"; what is no escape stays as it is.
std::string percent_decoded(std::string_view text);
/// The first value of `name` in a query (or a form); nothing if it is not there.
std::optional<std::string> query_value(std::string_view query, std::string_view name);
/// All pairs, decoded, in their order.
std::vector<Header> query_pairs(std::string_view query);

} // namespace weir::http

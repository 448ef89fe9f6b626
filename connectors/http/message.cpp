// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/http/message.h"

#include <algorithm>
#include <cstdint>

#include "connectors/base/characters.h"

namespace weir::http {

std::string_view Request::header(std::string_view name) const {
    for (const Header& h : headers)
        if (h.name == name)
            return h.value;
    return {};
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
            hex_value(text[i + 2]) >= 0) {
            out.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
            i += 2;
        } else {
            out.push_back(text[i] == '+' ? ' ' : text[i]);
        }
    }
    return out;
}

std::vector<Header> query_pairs(std::string_view query) {
    std::vector<Header> pairs;
    std::size_t begin = 0;
    std::size_t equals = std::string_view::npos;
    for (std::size_t at = 0; at <= query.size(); ++at) {
        if (at < query.size() && query[at] != '&') {
            if (query[at] == '=' && equals == std::string_view::npos)
                equals = at;
            continue;
        }
        const std::size_t name_end = std::min(equals, at);
        if (at > begin)
            pairs.push_back({percent_decoded(query.substr(begin, name_end - begin)),
                             name_end < at
                                 ? percent_decoded(query.substr(name_end + 1, at - name_end - 1))
                                 : std::string()});
        begin = at + 1;
        equals = std::string_view::npos;
    }
    return pairs;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    for (Header& pair : query_pairs(query))
        if (pair.name == name)
            return std::move(pair.value);
    return std::nullopt;
}

} // namespace weir::http

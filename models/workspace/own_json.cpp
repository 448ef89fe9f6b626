// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/workspace/own_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

/// Line and column, counted from 1, of byte `at`.
std::string position(const std::string& text, std::size_t at) {
    at = std::min(at, text.size());
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(at);
    const auto lines = std::count(text.begin(), end, '\n');
    const std::size_t begin = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    const std::size_t column = begin == std::string::npos ? at + 1 : at - begin;
    return "line " + std::to_string(lines + 1) + ", column " + std::to_string(column);
}

} // namespace

Result<Json> parse_own_json(const std::string& text, const std::string& file, const char* tried) {
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        const std::size_t byte = error.byte > 0 ? error.byte - 1 : 0;
        return Error{ErrorCode::Config, "the file is not valid JSON at " + position(text, byte),
                     file, tried,
                     "Mend it there: a comma, quote or bracket is missing or too many. Comments go "
                     "into a member \"comment\"."};
    } catch (const Json::exception&) {
        return Error{ErrorCode::Config, "the file holds a number that no program can read", file,
                     tried, ""};
    }
}

} // namespace weir

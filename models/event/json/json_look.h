// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a payload looks like from its ends, before anybody has parsed it.
// Thread contract: pure functions. Bound: the white space around the payload.
#pragma once

#include <string_view>

namespace weir {

inline constexpr std::string_view json_white_space = " \t\r\n";

/// Whether the value begins and ends as a JSON object or array does: then its raw bytes may be
/// searched in the place of what is in them.
inline bool looks_like_json(std::string_view value) {
    const std::size_t begin = value.find_first_not_of(json_white_space);
    if (begin == std::string_view::npos)
        return false;
    const std::size_t last = value.find_last_not_of(json_white_space);
    return last > begin && ((value[begin] == '{' && value[last] == '}') ||
                            (value[begin] == '[' && value[last] == ']'));
}

/// Whether the value begins as a JSON object does, or as an array of objects, arrays or texts:
/// what begins so and is no JSON is broken. "[INFO] started" is text, and claims nothing.
inline bool claims_to_be_json(std::string_view value) {
    const std::size_t begin = value.find_first_not_of(json_white_space);
    if (begin == std::string_view::npos || (value[begin] != '{' && value[begin] != '['))
        return false;
    if (value[begin] == '{')
        return true;
    const std::size_t first = value.find_first_not_of(json_white_space, begin + 1);
    return first != std::string_view::npos &&
           std::string_view("{[\"").find(value[first]) != std::string_view::npos;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/field_paths.h"

#include <algorithm>

namespace weir {

namespace {

/// Splits at `separator`; false: a part is empty.
bool split(std::string_view text, char separator, std::vector<std::string>& parts) {
    for (;;) {
        const std::size_t end = std::min(text.find(separator), text.size());
        if (end == 0)
            return false;
        parts.emplace_back(text.substr(0, end));
        if (end == text.size())
            return true;
        text.remove_prefix(end + 1);
    }
}

void resolve_tildes(std::string& key) {
    for (std::size_t i = 0; (i = key.find('~', i)) != std::string::npos; ++i) {
        if (i + 1 < key.size() && (key[i + 1] == '0' || key[i + 1] == '1'))
            key.replace(i, 2, key[i + 1] == '0' ? "~" : "/");
    }
}

} // namespace

std::optional<FieldPath> FieldPath::parse(std::string_view text) {
    FieldPath path;
    constexpr std::string_view prefix = "header:";
    constexpr std::string_view bracket = "header[\"";
    if (text.substr(0, prefix.size()) == prefix) {
        path.header = true;
        path.keys.emplace_back(text.substr(prefix.size()));
    } else if (text.substr(0, bracket.size()) == bracket && text.size() > bracket.size() + 2 &&
               text.substr(text.size() - 2) == "\"]") {
        path.header = true;
        path.keys.emplace_back(text.substr(bracket.size(), text.size() - bracket.size() - 2));
    } else if (!text.empty() && text.front() == '/') {
        if (!split(text.substr(1), '/', path.keys))
            return std::nullopt;
        std::for_each(path.keys.begin(), path.keys.end(), resolve_tildes);
    } else if (!split(text, '.', path.keys)) {
        return std::nullopt;
    }
    if (path.keys.front().empty())
        return std::nullopt;
    return path;
}

} // namespace weir

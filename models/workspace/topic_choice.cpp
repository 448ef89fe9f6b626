// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/workspace/topic_choice.h"

#include <algorithm>

namespace weir {

namespace {

bool could_be_a_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    });
}

} // namespace

void TopicChoice::add(std::string_view text) {
    if (text.empty())
        return;
    if (text.size() > 1 && text.front() == '^')
        patterns.emplace_back(text.substr(1));
    else
        (could_be_a_name(text) ? topics : patterns).emplace_back(text);
}

std::string typed_topic_pattern(const std::string& pattern) {
    return could_be_a_name(pattern) ? "^" + pattern : pattern;
}

} // namespace weir

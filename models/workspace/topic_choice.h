// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a person names topics, on the command line as in the window: a text that begins with ^, or
// that holds a character which no topic's name may hold, is a regular expression for the whole
// name; any other is a topic's name. Thread contract: pure functions and plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct TopicChoice {
    std::vector<std::string> topics;
    std::vector<std::string> patterns; // RE2's syntax, without the ^

    /// `text` as it was typed; an empty one is no choice.
    void add(std::string_view text);
    bool empty() const { return topics.empty() && patterns.empty(); }
};

/// The pattern as it is typed to be taken for one again.
std::string typed_topic_pattern(const std::string& pattern);

} // namespace weir

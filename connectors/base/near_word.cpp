// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/base/near_word.h"

#include <algorithm>
#include <cctype>

namespace weir {

namespace {

std::string folded(std::string_view word) {
    std::string out;
    for (const char ch : word)
        if (ch != '_' && ch != '-' && ch != ' ')
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(ch)));
    return out;
}

} // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above + 1, row[j - 1] + 1, change});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates) {
    const std::string sought = folded(word.substr(0, 64));
    std::string best;
    std::size_t best_distance = 1 + std::max<std::size_t>(1, sought.size() / 3);
    for (const std::string& candidate : candidates) {
        const std::string other = folded(candidate);
        std::size_t distance = edit_distance(sought, other);
        const bool starts = sought.size() >= 3 && other.compare(0, sought.size(), sought) == 0;
        if (starts)
            distance = std::min<std::size_t>(distance, 1);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/base/names_text.h"

#include <algorithm>

namespace weir {

constexpr std::size_t names_told_max = 10;

std::string names_text(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), names_told_max); ++i)
        text += (i ? ", " : "") + names[i];
    if (names.size() > names_told_max)
        text += " and " + std::to_string(names.size() - names_told_max) + " more";
    return text;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whole numbers for people: "5,000,000", "-12,345".
// Thread contract: pure functions.
#pragma once

#include <concepts>
#include <string>

namespace weir {

/// `digits` (a sign may stand in front) with a comma at every thousand.
std::string group_digits(std::string digits);

template <std::integral Number>
std::string grouped(Number number) {
    return group_digits(std::to_string(number));
}

/// 0.256 → "26 %"
std::string percent_text(double share);

} // namespace weir

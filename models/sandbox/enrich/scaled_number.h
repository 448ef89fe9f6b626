// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A JSON number times a fixed factor, in decimal and without a double: what is written is exact, or
// rounded in one defined way.
// Thread contract: pure functions. Bound: digits_max digits a number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::sandbox {

/// factor × 10^exponent
struct Factor {
    std::int64_t number = 1;
    int exponent = 0;
};

/// The exact product, without an exponent and without needless zeros: "1500", "0.25".
/// Nothing: `number` is no number, or has more than 18 digits, or is off by more than 10^18.
std::optional<std::string> scaled(std::string_view number, Factor by);

/// The product with so many decimals, half rounded to even: "12.30". Nothing: as scaled().
std::optional<std::string> scaled_to(std::string_view number, Factor by, int decimals);

} // namespace weir::sandbox

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where an axis has its marks: round numbers, round times in the user's zone, powers of ten.
// Thread contract: pure functions. Bound: `most` marks each.
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

#include "widgets/common/zone_clock.h"

namespace weir {

/// Round numbers (1, 2 or 5 times a power of ten apart) within [least, most_value], `most` of them
/// at most. REQUIRES: least <= most_value, most >= 2.
std::vector<double> number_ticks(double least, double most_value, int most);

/// Powers of ten within [least, most_value]; every second, third … of them where there are more
/// than `most`. REQUIRES: 0 < least <= most_value, most >= 1.
std::vector<double> decade_ticks(double least, double most_value, int most);

/// Durations that people count in, within [least_us, most_us]: powers of ten up to 10 s, then 1
/// min, 10 min, 1 h, 10 h, 1 d, 10 d; every second, third … of them where there are more than
/// `most`.
std::vector<double> duration_ticks(double least_us, double most_us, int most);

struct TimeTick {
    std::int64_t time_us = 0;
    QString text; // "14:07", "14:07:30", "21 Nov"
};

/// Round times within [from, to): from 100 ms to weeks apart, in the clock's zone.
std::vector<TimeTick> time_ticks(std::int64_t from_us, std::int64_t to_us, int most,
                                 const ZoneClock& clock);

} // namespace weir

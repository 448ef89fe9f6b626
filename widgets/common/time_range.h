// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The time range that all views share: everything in memory, the last N minutes, or from … to ….
// Thread contract: plain value.
#pragma once

#include <QString>

#include <cstdint>
#include <limits>
#include <vector>

#include "widgets/common/zone_clock.h"

namespace weir {

struct TimeRange {
    enum class Kind { Everything, Last, Absolute };
    Kind kind = Kind::Everything;
    std::int64_t last_us = 0; // Last
    std::int64_t from_us = 0; // Absolute: [from, to)
    std::int64_t to_us = 0;

    static TimeRange everything() { return {}; }
    static TimeRange last(std::int64_t us) { return {Kind::Last, us, 0, 0}; }
    static TimeRange absolute(std::int64_t from_us, std::int64_t to_us) {
        return {Kind::Absolute, 0, from_us, to_us};
    }
    /// What the menu offers.
    static std::vector<TimeRange> presets();

    /// The range as it is at `now_us`; a range that follows has no end.
    std::int64_t begin_us(std::int64_t now_us) const;
    std::int64_t end_us() const;
    bool contains(std::int64_t us, std::int64_t now_us) const {
        return us >= begin_us(now_us) && us < end_us();
    }

    /// "Last 15 min", "All in memory", "21 Nov 14:00 to 14:30".
    QString label(const ZoneClock& clock) const;
    /// A stable form for settings, history and links: "all", "last:900000000", "abs:FROM:TO".
    QString id() const;
    static TimeRange from_id(const QString& id);

    bool operator==(const TimeRange&) const = default;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times as databases write them, "2026-05-01 12:00:00.123456+05:30", to microseconds
// and back. Thread contract: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::warehouse {

struct TimeText {
    std::int64_t micros = 0; // UTC if it has a zone, else of its own clock
    bool has_zone = false;
};

/// nullopt: no time, one finer than microseconds, or outside of the years 1 to 32767.
std::optional<TimeText> read_time(std::string_view text);

/// "2026-05-01T12:00:00.123456Z", without "Z" for a clock without a zone; fraction only as far as
/// it is not zero. Any 64-bit count has a text; read_time() understands those it can hold.
std::string time_text(std::int64_t micros, bool has_zone);

} // namespace weir::warehouse

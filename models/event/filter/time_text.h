// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times, durations and sizes as people write them in a filter.
//   2026-05-01T12:00:00.25Z  2026-05-01T14:00+02:00  2026-05-01   (no zone means UTC)
//   now  now-15m  now+1h30m      250ms  5s  1h30m  2d      512B  1.5kB  2MiB
//
// Thread contract: free functions. Bound: years 0001 to 9999.
#pragma once

#include <optional>
#include <string_view>

#include "connectors/base/types.h"

namespace weir {

/// RFC 3339, also without seconds, without zone, or a date alone (midnight). Digits beyond
/// microseconds are cut.
std::optional<Micros> parse_instant(std::string_view text);

/// `now`, or `now` with a duration added or taken away.
std::optional<Micros> parse_relative(std::string_view text, Micros now);

/// A sum of parts in us, ms, s, m, h, d, w, optionally negative: "1h30m", "0.5s".
std::optional<Micros> parse_duration(std::string_view text);

/// Bytes: a number and B, kB, MB, GB (powers of 1000), KiB, MiB, GiB (of 1024), or nothing.
std::optional<std::int64_t> parse_size(std::string_view text);

/// The unit of parse_size() that is meant by "kb", "KB" or "k"; "": none.
std::string_view size_unit(std::string_view text);

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers, durations, sizes and shares as the window writes them: thousands separated by a comma,
// "48,210 ev/s", "37 ms", "4.2 s", "12 min", "1.21 M". The write_ form fills a buffer of the
// caller's for cells that are painted thousands of times a second.
// Thread contract: pure functions.
#pragma once

#include <QString>

#include <cstdint>

namespace weir {

inline constexpr std::size_t count_text_max = 32;

/// "83,120,442" into `out` (count_text_max bytes); returns the length. No terminating zero.
std::size_t write_count(char* out, std::int64_t number);

QString count_text(std::int64_t number);
QString count_text(std::uint64_t number);
/// Three digits at most and a unit: "950", "12.4 k", "1.21 M", "2 M".
QString compact_text(double number);
/// "48,210 ev/s"; below ten a second with a decimal: "1.4 ev/s".
QString rate_text(double events_per_s);
/// "850 µs", "37 ms", "4.2 s", "4 min 58 s", "12 min", "3 h 20 min", "9 d 4 h"; negative: "−1.2 s".
QString duration_text(std::int64_t us);
/// Powers of ten: "535 B", "12.4 kB", "1.21 MB".
QString bytes_text(double bytes);
/// As a heading begins: the first letter is a capital, unless the first word is a name that another
/// one would be ("raw_events", "kafka-1:9092").
QString heading_text(const QString& text);
/// 0.314 → "31.4 %"; what is not 0 or 1 never reads as 0 % or 100 %.
QString share_text(double share);

} // namespace weir

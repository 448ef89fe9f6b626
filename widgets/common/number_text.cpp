// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/number_text.h"

#include <QLatin1Char>
#include <QLatin1String>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

namespace weir {
namespace {

std::size_t write_grouped(char* out, std::uint64_t number, bool negative) {
    std::array<char, count_text_max> reversed{};
    std::size_t n = 0;
    int digits = 0;
    do {
        if (digits != 0 && digits % 3 == 0)
            reversed[n++] = ',';
        reversed[n++] = static_cast<char>('0' + number % 10);
        number /= 10;
        ++digits;
    } while (number != 0);
    if (negative)
        reversed[n++] = '-';
    std::reverse_copy(reversed.begin(), reversed.begin() + static_cast<std::ptrdiff_t>(n), out);
    return n;
}

/// At most `digits` significant digits, without trailing zeros.
QString significant(double number, int digits) {
    const double magnitude = std::abs(number);
    const int before = magnitude < 1 ? 1 : static_cast<int>(std::floor(std::log10(magnitude))) + 1;
    QString text = QString::number(number, 'f', std::max(0, digits - before));
    if (text.contains(QLatin1Char('.'))) {
        while (text.endsWith(QLatin1Char('0')))
            text.chop(1);
        if (text.endsWith(QLatin1Char('.')))
            text.chop(1);
    }
    return text;
}

struct Unit {
    double size;
    const char* name;
};

QString scaled(double number, std::span<const Unit> units) {
    for (const Unit& unit : units) {
        // 999.6 k reads as 1 M, not as 1000 k.
        if (std::abs(number) >= unit.size * 0.9995)
            return significant(number / unit.size, 3) % QLatin1Char(' ') %
                   QString::fromUtf8(unit.name);
    }
    return {};
}

QString two_units(std::int64_t whole, const char* big, std::int64_t rest, const char* small) {
    QString text = QString::number(whole) % QLatin1Char(' ') % QLatin1String(big);
    if (rest != 0)
        text += QLatin1Char(' ') % QString::number(rest) % QLatin1Char(' ') % QLatin1String(small);
    return text;
}

QString positive_duration(std::uint64_t us) {
    const double ms = static_cast<double>(us) / 1e3;
    const double s = static_cast<double>(us) / 1e6;
    if (us == 0)
        return QStringLiteral("0 ms");
    if (us < 1000)
        return QString::number(us) % QStringLiteral(" µs");
    if (ms < 9.95)
        return significant(ms, 2) % QStringLiteral(" ms");
    if (ms < 999.5)
        return QString::number(std::llround(ms)) % QStringLiteral(" ms");
    if (s < 9.95)
        return significant(s, 2) % QStringLiteral(" s");
    if (s < 59.5)
        return QString::number(std::llround(s)) % QStringLiteral(" s");
    const std::int64_t seconds = std::llround(s);
    const std::int64_t minutes = seconds / 60;
    if (minutes < 10)
        return two_units(minutes, "min", seconds % 60, "s");
    if (minutes < 60)
        return QString::number(minutes) % QStringLiteral(" min");
    const std::int64_t hours = minutes / 60;
    if (hours < 48)
        return two_units(hours, "h", minutes % 60, "min");
    return two_units(hours / 24, "d", hours % 24, "h");
}

} // namespace

std::size_t write_count(char* out, std::int64_t number) {
    const bool negative = number < 0;
    const auto bits = static_cast<std::uint64_t>(number);
    return write_grouped(out, negative ? 0 - bits : bits, negative);
}

QString count_text(std::int64_t number) {
    std::array<char, count_text_max> buffer;
    const std::size_t n = write_count(buffer.data(), number);
    return QString::fromLatin1(buffer.data(), static_cast<qsizetype>(n));
}

QString count_text(std::uint64_t number) {
    std::array<char, count_text_max> buffer;
    const std::size_t n = write_grouped(buffer.data(), number, false);
    return QString::fromLatin1(buffer.data(), static_cast<qsizetype>(n));
}

QString compact_text(double number) {
    static constexpr std::array<Unit, 4> units{{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
    const QString text = scaled(number, units);
    return text.isEmpty() ? significant(number, 3) : text;
}

QString rate_text(double events_per_s) {
    const QString number = events_per_s > 0 && events_per_s < 9.95
                               ? QString::number(events_per_s, 'f', 1)
                               : count_text(static_cast<std::int64_t>(std::llround(events_per_s)));
    return number % QStringLiteral(" ev/s");
}

QString duration_text(std::int64_t us) {
    const auto bits = static_cast<std::uint64_t>(us);
    if (us < 0)
        return QChar(0x2212) % positive_duration(0 - bits);
    return positive_duration(bits);
}

QString bytes_text(double bytes) {
    static constexpr std::array<Unit, 4> units{
        {{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}}};
    const QString text = scaled(bytes, units);
    return text.isEmpty() ? QString::number(std::llround(bytes)) % QStringLiteral(" B") : text;
}

QString heading_text(const QString& text) {
    const QString word = text.section(u' ', 0, 0);
    if (word.isEmpty() ||
        !std::all_of(word.begin(), word.end(), [](QChar c) { return c.isLetter(); }))
        return text;
    return text.at(0).toUpper() % text.mid(1);
}

QString share_text(double share) {
    const double percent = share * 100;
    if (percent > 0 && percent < 0.1)
        return QStringLiteral("< 0.1 %");
    if (percent < 100 && percent > 99.9)
        return QStringLiteral("> 99.9 %");
    return significant(percent, percent < 10 ? 2 : 3) % QStringLiteral(" %");
}

} // namespace weir

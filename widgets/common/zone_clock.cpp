// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/zone_clock.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>

#include <array>
#include <limits>

#include "connectors/base/time_units.h"
#include "widgets/common/number_text.h"

namespace weir {
namespace {

constexpr std::int64_t min_us = -377'705'116'800'000'000; // year -9999
constexpr std::int64_t max_us = 253'402'300'799'999'999;  // year 9999

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

char* put2(char* out, std::int64_t n) {
    *out++ = static_cast<char>('0' + n / 10);
    *out++ = static_cast<char>('0' + n % 10);
    return out;
}

char* put_time(char* out, std::int64_t us_of_day, Precision precision) {
    const std::int64_t s = us_of_day / 1'000'000;
    out = put2(out, s / 3600);
    *out++ = ':';
    out = put2(out, s / 60 % 60);
    if (precision == Precision::Minutes)
        return out;
    *out++ = ':';
    out = put2(out, s % 60);
    if (precision == Precision::Seconds)
        return out;
    *out++ = '.';
    std::int64_t fraction = us_of_day % 1'000'000;
    int digits = 6;
    if (precision == Precision::Millis) {
        fraction /= 1000;
        digits = 3;
    }
    for (int i = digits; i-- > 0; fraction /= 10)
        out[i] = static_cast<char>('0' + fraction % 10);
    return out + digits;
}

/// The proleptic Gregorian date of a day counted from 1970-01-01: shift the year to begin in March,
/// so that the leap day is its last, and count in eras of 400 years.
char* put_date(char* out, std::int64_t days) {
    days += 719'468;
    const std::int64_t era = floor_div(days, 146'097);
    const std::int64_t day_of_era = days - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
    std::int64_t year = year_of_era + era * 400 + (month >= 10 ? 1 : 0);
    if (year < 0) {
        *out++ = '-';
        year = -year;
    }
    out = put2(out, year / 100);
    out = put2(out, year % 100);
    *out++ = '-';
    out = put2(out, month < 10 ? month + 3 : month - 9);
    *out++ = '-';
    return put2(out, day);
}

std::size_t put_out_of_range(char* out) {
    static constexpr std::string_view text = "out of range";
    text.copy(out, text.size());
    return text.size();
}

bool parse_relative(const QString& text, std::int64_t now_us, std::int64_t& us) {
    static const QRegularExpression shape(QStringLiteral("^now(?:\\s*-\\s*(\\d{1,7})(s|m|h|d))?$"));
    const QRegularExpressionMatch match = shape.match(text);
    if (!match.hasMatch())
        return false;
    us = now_us;
    if (!match.captured(1).isEmpty()) {
        const QChar unit = match.captured(2).at(0);
        const std::int64_t unit_us = unit == QLatin1Char('s')   ? 1'000'000
                                     : unit == QLatin1Char('m') ? 60'000'000
                                     : unit == QLatin1Char('h') ? 3'600'000'000
                                                                : day_us;
        us -= match.captured(1).toLongLong() * unit_us;
    }
    return true;
}

} // namespace

ZoneClock::ZoneClock()
    : m_zone(QTimeZone::utc())
    , m_id(QStringLiteral("utc")) {}

ZoneClock::ZoneClock(QTimeZone zone)
    : m_zone(zone.isValid() ? zone : QTimeZone::utc())
    , m_id(QString::fromLatin1(m_zone.id()))
    , m_is_utc(m_zone == QTimeZone::utc()) {
    if (m_is_utc)
        m_id = QStringLiteral("utc");
}

ZoneClock ZoneClock::from_id(const QString& id) {
    if (id == QLatin1String("local")) {
        ZoneClock clock(QTimeZone::systemTimeZone());
        clock.m_id = id;
        return clock;
    }
    return ZoneClock(QTimeZone(id.toLatin1()));
}

QString ZoneClock::label() const {
    if (m_id == QLatin1String("utc"))
        return QStringLiteral("UTC");
    if (m_id == QLatin1String("local"))
        return QCoreApplication::translate("ZoneClock", "Local (%1)")
            .arg(abbreviation(QDateTime::currentMSecsSinceEpoch() * 1000));
    return m_id;
}

QString ZoneClock::abbreviation(std::int64_t us) const {
    if (m_is_utc)
        return QStringLiteral("UTC");
    return m_zone.abbreviation(QDateTime::fromMSecsSinceEpoch(floor_div(us, 1000), Qt::UTC));
}

std::int64_t ZoneClock::offset_us(std::int64_t us) const {
    if (m_is_utc)
        return 0;
    if (us >= m_from_us && us < m_to_us)
        return m_offset_us;
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(floor_div(us, 1000), Qt::UTC);
    m_offset_us = std::int64_t{m_zone.offsetFromUtc(at)} * 1'000'000;
    m_from_us = std::numeric_limits<std::int64_t>::min();
    m_to_us = std::numeric_limits<std::int64_t>::max();
    if (m_zone.hasTransitions()) {
        const QDateTime before = m_zone.previousTransition(at.addMSecs(1)).atUtc;
        const QDateTime after = m_zone.nextTransition(at).atUtc;
        if (before.isValid())
            m_from_us = before.toMSecsSinceEpoch() * 1000;
        if (after.isValid())
            m_to_us = after.toMSecsSinceEpoch() * 1000;
    }
    return m_offset_us;
}

std::size_t ZoneClock::write_time(char* out, std::int64_t us, Precision precision) const {
    if (us < min_us || us > max_us)
        return put_out_of_range(out);
    const std::int64_t local = us + offset_us(us);
    const std::int64_t days = floor_div(local, day_us);
    return static_cast<std::size_t>(put_time(out, local - days * day_us, precision) - out);
}

std::size_t ZoneClock::write_date_time(char* out, std::int64_t us, Precision precision) const {
    if (us < min_us || us > max_us)
        return put_out_of_range(out);
    const std::int64_t local = us + offset_us(us);
    const std::int64_t days = floor_div(local, day_us);
    char* end = put_date(out, days);
    *end++ = ' ';
    end = put_time(end, local - days * day_us, precision);
    return static_cast<std::size_t>(end - out);
}

QString ZoneClock::time(std::int64_t us, Precision precision) const {
    std::array<char, text_max> buffer;
    const std::size_t n = write_time(buffer.data(), us, precision);
    return QString::fromLatin1(buffer.data(), static_cast<qsizetype>(n));
}

QString ZoneClock::date_time(std::int64_t us, Precision precision) const {
    std::array<char, text_max> buffer;
    const std::size_t n = write_date_time(buffer.data(), us, precision);
    return QString::fromLatin1(buffer.data(), static_cast<qsizetype>(n));
}

QString ZoneClock::absolute_and_relative(std::int64_t us, std::int64_t now_us) const {
    const QString absolute = date_time(us) % QLatin1Char(' ') % abbreviation(us);
    const QString relative = us <= now_us
                                 ? QCoreApplication::translate("ZoneClock", "%1 ago")
                                 : QCoreApplication::translate("ZoneClock", "%1 in the future");
    return absolute % QStringLiteral(" · ") % relative.arg(duration_text(std::abs(now_us - us)));
}

bool ZoneClock::parse(const QString& text, std::int64_t now_us, std::int64_t& us) const {
    QString trimmed = text.trimmed();
    if (parse_relative(trimmed.toLower(), now_us, us))
        return true;
    static const QRegularExpression clock_only(
        QStringLiteral("^\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?$"));
    if (clock_only.match(trimmed).hasMatch()) {
        if (trimmed.indexOf(QLatin1Char(':')) == 1)
            trimmed.prepend(QLatin1Char('0'));
        trimmed.prepend(date_time(now_us, Precision::Minutes).left(11));
    }
    static const QRegularExpression shape(
        QStringLiteral("^(\\d{4}-\\d{2}-\\d{2})[ T](\\d{2}:\\d{2})(:\\d{2})?(\\.\\d{1,6})?"
                       "\\s*(Z|UTC|[+-]\\d{2}:?\\d{2})?$"));
    const QRegularExpressionMatch match = shape.match(trimmed);
    if (!match.hasMatch())
        return false;
    const QDate date = QDate::fromString(match.captured(1), QStringLiteral("yyyy-MM-dd"));
    const QString seconds = match.captured(3).isEmpty() ? QStringLiteral(":00") : match.captured(3);
    const QTime time = QTime::fromString(match.captured(2) % seconds, QStringLiteral("HH:mm:ss"));
    if (!date.isValid() || !time.isValid())
        return false;
    const QString zone = match.captured(5);
    QDateTime at(date, time, zone.isEmpty() ? m_zone : QTimeZone::utc());
    std::int64_t shift_s = 0;
    if (zone.size() >= 5) {
        shift_s = zone.mid(1, 2).toLongLong() * 3600 + zone.right(2).toLongLong() * 60;
        if (zone.startsWith(QLatin1Char('-')))
            shift_s = -shift_s;
    }
    const QString fraction = match.captured(4).mid(1).leftJustified(6, QLatin1Char('0'));
    us = at.toMSecsSinceEpoch() * 1000 + fraction.toLongLong() - shift_s * 1'000'000;
    return true;
}

} // namespace weir

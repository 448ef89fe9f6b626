// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times in a zone, written into a buffer of the caller's: what QDateTime and QLocale need 3 µs for
// costs some ten nanoseconds here, because the zone's offset is kept until its next transition.
// Thread contract: one thread each (the kept offset changes on const calls). Years -9999 to 9999;
// what lies outside is written as "out of range".
#pragma once

#include <QString>
#include <QTimeZone>

#include <cstdint>

namespace weir {

enum class Precision { Minutes, Seconds, Millis, Micros };

class ZoneClock {
  public:
    static constexpr std::size_t text_max = 40;

    ZoneClock();                        // UTC
    explicit ZoneClock(QTimeZone zone); // an invalid zone is UTC
    /// "utc", "local" or an IANA name, as stored in settings and links.
    static ZoneClock from_id(const QString& id);

    QString id() const { return m_id; }
    /// What stands on a button: "UTC", "Local (CET)", "Europe/Berlin".
    QString label() const;
    /// What follows a time: "UTC", "CET", "+05:30".
    QString abbreviation(std::int64_t us) const;
    QTimeZone zone() const { return m_zone; }

    /// "14:07:31.449" into `out` (text_max bytes); returns the length. No terminating zero.
    std::size_t write_time(char* out, std::int64_t us, Precision precision) const;
    /// "2026-11-21 14:07:31.449"
    std::size_t write_date_time(char* out, std::int64_t us, Precision precision) const;

    QString time(std::int64_t us, Precision precision = Precision::Millis) const;
    QString date_time(std::int64_t us, Precision precision = Precision::Millis) const;
    /// For a tooltip: "2026-11-21 14:07:31.449 UTC · 4.2 s ago".
    QString absolute_and_relative(std::int64_t us, std::int64_t now_us) const;

    /// A time typed by the user, read in this zone: "2026-11-21 14:07[:31[.449]]" (or with a T),
    /// with "Z" or an offset if another zone is meant, "14:07[:31]" of today, "now", "now-15m".
    /// False: it is none of these.
    bool parse(const QString& text, std::int64_t now_us, std::int64_t& us) const;

  private:
    std::int64_t offset_us(std::int64_t us) const;

    QTimeZone m_zone;
    QString m_id;
    bool m_is_utc = true;
    mutable std::int64_t m_from_us = 0; // the kept offset holds for [from, to)
    mutable std::int64_t m_to_us = 0;
    mutable std::int64_t m_offset_us = 0;
};

} // namespace weir

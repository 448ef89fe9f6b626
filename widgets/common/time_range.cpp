// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/time_range.h"

#include <QCoreApplication>
#include <QStringList>

#include "widgets/common/number_text.h"

namespace weir {

std::vector<TimeRange> TimeRange::presets() {
    constexpr std::int64_t minute = 60'000'000;
    return {everything(),
            last(minute),
            last(5 * minute),
            last(15 * minute),
            last(60 * minute),
            last(180 * minute),
            last(720 * minute),
            last(1440 * minute),
            last(7 * 1440 * minute),
            last(30 * 1440 * minute)};
}

std::int64_t TimeRange::begin_us(std::int64_t now_us) const {
    switch (kind) {
    case Kind::Everything:
        break;
    case Kind::Last:
        return now_us - last_us;
    case Kind::Absolute:
        return from_us;
    }
    return std::numeric_limits<std::int64_t>::min();
}

std::int64_t TimeRange::end_us() const {
    return kind == Kind::Absolute ? to_us : std::numeric_limits<std::int64_t>::max();
}

QString TimeRange::label(const ZoneClock& clock) const {
    switch (kind) {
    case Kind::Everything:
        break;
    case Kind::Last:
        return QCoreApplication::translate("TimeRange", "Last %1").arg(duration_text(last_us));
    case Kind::Absolute: {
        const QString from = clock.date_time(from_us, Precision::Minutes);
        QString to = clock.date_time(to_us, Precision::Minutes);
        if (from.left(10) == to.left(10))
            to = to.mid(11);
        return QCoreApplication::translate("TimeRange", "%1 to %2").arg(from, to);
    }
    }
    return QCoreApplication::translate("TimeRange", "All in memory");
}

QString TimeRange::id() const {
    switch (kind) {
    case Kind::Everything:
        break;
    case Kind::Last:
        return QStringLiteral("last:") % QString::number(last_us);
    case Kind::Absolute:
        return QStringLiteral("abs:") % QString::number(from_us) % QLatin1Char(':') %
               QString::number(to_us);
    }
    return QStringLiteral("all");
}

TimeRange TimeRange::from_id(const QString& id) {
    const QStringList parts = id.split(QLatin1Char(':'));
    bool ok = false;
    if (parts.size() == 2 && parts[0] == QLatin1String("last")) {
        const std::int64_t us = parts[1].toLongLong(&ok);
        if (ok && us > 0)
            return last(us);
    }
    if (parts.size() == 3 && parts[0] == QLatin1String("abs")) {
        bool ok_to = false;
        const std::int64_t from = parts[1].toLongLong(&ok);
        const std::int64_t to = parts[2].toLongLong(&ok_to);
        if (ok && ok_to && from < to)
            return absolute(from, to);
    }
    return everything();
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/gaps_text.h"

#include <QStringList>

#include <algorithm>

#include "connectors/base/qt_text.h"
#include "connectors/base/time_units.h"
#include "connectors/base/types.h"

namespace weir {

QString gaps_text(std::vector<RecordRange> gaps, const ZoneClock& clock) {
    constexpr std::size_t named_max = 3;
    const auto length = [](const RecordRange& gap) { return gap.to_us - gap.from_us; };
    const std::size_t all = gaps.size();
    std::stable_sort(gaps.begin(), gaps.end(), [&](const RecordRange& a, const RecordRange& b) {
        return length(a) > length(b);
    });
    gaps.resize(std::min(gaps.size(), named_max));
    std::sort(gaps.begin(), gaps.end(),
              [](const RecordRange& a, const RecordRange& b) { return a.from_us < b.from_us; });
    constexpr std::int64_t same_day_us = 20 * hour_us; // a time alone says which
    const bool dated = !gaps.empty() && Micros::now().value() - gaps.front().from_us > same_day_us;
    const auto when = [&](std::int64_t us) {
        return dated ? clock.date_time(us, Precision::Seconds) : clock.time(us, Precision::Seconds);
    };
    QStringList texts;
    for (const RecordRange& gap : gaps)
        texts.append(tr("%1 to %2").arg(when(gap.from_us), when(gap.to_us)));
    if (all > named_max)
        texts.append(tr("and %1 more").arg(all - named_max));
    return texts.join(QStringLiteral(", "));
}

} // namespace weir

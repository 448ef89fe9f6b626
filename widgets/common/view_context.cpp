// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/view_context.h"

namespace weir {

void ViewContext::setTimeRange(const TimeRange& range) {
    if (range == m_range)
        return;
    m_range = range;
    Q_EMIT timeRangeChanged();
}

void ViewContext::setClock(const ZoneClock& clock) {
    if (clock.id() == m_clock.id())
        return;
    m_clock = clock;
    Q_EMIT clockChanged();
}

void ViewContext::setFilter(const QString& filter) {
    if (filter == m_filter)
        return;
    m_filter = filter;
    Q_EMIT filterChanged();
}

} // namespace weir

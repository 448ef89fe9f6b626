// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What follows the user from view to view: the time range, the zone and the filter. The frame owns
// one; views read it and may set it. A setter that changes nothing signals nothing.
// Thread contract: GUI thread only.
#pragma once

#include <QObject>
#include <QString>

#include "widgets/common/time_range.h"
#include "widgets/common/zone_clock.h"

namespace weir {

class ViewContext : public QObject {
    Q_OBJECT
  public:
    using QObject::QObject;

    const TimeRange& timeRange() const { return m_range; }
    const ZoneClock& clock() const { return m_clock; }
    const QString& filter() const { return m_filter; }

  public Q_SLOTS:
    void setTimeRange(const weir::TimeRange& range);
    void setClock(const weir::ZoneClock& clock);
    void setFilter(const QString& filter);

  Q_SIGNALS:
    void timeRangeChanged();
    void clockChanged();
    void filterChanged();

  private:
    TimeRange m_range;
    ZoneClock m_clock;
    QString m_filter;
};

} // namespace weir

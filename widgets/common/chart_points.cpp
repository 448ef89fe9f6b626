// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which points of a line are drawn: enough that nobody sees the difference.
#include <algorithm>
#include <cmath>

#include "widgets/common/chart.h"

namespace weir {
namespace {

/// The least and the greatest of one column, and whether something is unknown in it.
class Column {
  public:
    void add(const ChartPoint& point) {
        if (std::isnan(point.value)) {
            m_broken_us = point.time_us;
            m_broken = true;
            return;
        }
        if (!m_any || point.value < m_least.value)
            m_least = point;
        if (!m_any || point.value > m_most.value)
            m_most = point;
        m_any = true;
    }
    void flush(std::vector<ChartPoint>& out) {
        if (m_any) {
            const bool least_first = m_least.time_us <= m_most.time_us;
            out.push_back(least_first ? m_least : m_most);
            if (m_least.time_us != m_most.time_us)
                out.push_back(least_first ? m_most : m_least);
        }
        if (m_broken && (out.empty() || !std::isnan(out.back().value)))
            out.push_back({m_broken_us, std::nan("")});
        m_any = false;
        m_broken = false;
    }

  private:
    ChartPoint m_least, m_most;
    std::int64_t m_broken_us = 0;
    bool m_any = false;
    bool m_broken = false;
};

} // namespace

std::vector<ChartPoint> thinned(const std::vector<ChartPoint>& points, std::int64_t from_us,
                                std::int64_t to_us, int columns) {
    const auto before = [](const ChartPoint& a, std::int64_t time_us) {
        return a.time_us < time_us;
    };
    auto begin = std::lower_bound(points.begin(), points.end(), from_us, before);
    auto end = std::lower_bound(begin, points.end(), to_us, before);
    if (begin != points.begin())
        --begin;
    if (end != points.end())
        ++end;
    if (end - begin <= 2 * std::ptrdiff_t{columns} || to_us <= from_us || columns < 1)
        return {begin, end};
    std::vector<ChartPoint> kept;
    Column column;
    const double width = static_cast<double>(to_us - from_us) / columns;
    int at = -1;
    for (auto point = begin; point != end; ++point) {
        const double place = static_cast<double>(point->time_us - from_us) / width;
        const int here = std::clamp(static_cast<int>(std::floor(place)), -1, columns);
        if (here != at)
            column.flush(kept);
        at = here;
        column.add(*point);
    }
    column.flush(kept);
    return kept;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/history.h"

#include <utility>

namespace weir {

void History::arrive(Spot spot) {
    if (!m_spots.empty() && m_spots[m_at] == spot)
        return;
    if (!m_spots.empty())
        m_spots.resize(m_at + 1);
    m_spots.push_back(std::move(spot));
    if (m_spots.size() > spots_max)
        m_spots.erase(m_spots.begin());
    m_at = m_spots.size() - 1;
}

void History::refresh(Spot spot) {
    if (!m_spots.empty() && m_spots[m_at].view == spot.view)
        m_spots[m_at] = std::move(spot);
}

} // namespace weir

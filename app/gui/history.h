// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the user was: Back and Forward go through it, as in a browser.
// Thread contract: GUI thread only. Bound: the last 100 spots.
#pragma once

#include <QJsonObject>
#include <QString>

#include <cstddef>
#include <vector>

namespace weir {

struct Spot {
    QString view;
    QJsonObject place;
    QString range;
    QString filter;
    bool operator==(const Spot&) const = default;
};

class History {
  public:
    static constexpr std::size_t spots_max = 100;

    /// The user arrived at `spot`: what lay ahead is forgotten. The same spot again is no step.
    void arrive(Spot spot);
    /// What has changed about the current spot without being a step: a scroll position.
    void refresh(Spot spot);

    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_spots.size(); }
    /// REQUIRES: canGoBack() or canGoForward(). Returns where to go.
    const Spot& back() { return m_spots[--m_at]; }
    const Spot& forward() { return m_spots[++m_at]; }
    const Spot* current() const { return m_spots.empty() ? nullptr : &m_spots[m_at]; }

  private:
    std::vector<Spot> m_spots;
    std::size_t m_at = 0;
};

} // namespace weir

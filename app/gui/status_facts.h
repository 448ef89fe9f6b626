// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the status bar says, as words: made from the session's snapshots, shown by StatusBar.
// Thread contract: GUI thread only.
#pragma once

#include <QString>

#include <vector>

#include "widgets/common/theme.h"

namespace weir {

class SessionHost;
class ZoneClock;

struct StatusFact {
    QString text;
    QString tooltip;
    Token tone = Token::Muted;
    bool strong = false;
    bool operator==(const StatusFact&) const = default;
};

/// In the order shown; what comes later gives way first where there is no room.
std::vector<StatusFact> status_facts(const SessionHost& host, std::int64_t now_us,
                                     const ZoneClock& clock);

} // namespace weir

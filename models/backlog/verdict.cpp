// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/verdict.h"

namespace weir {

const char* to_word(Verdict verdict) {
    switch (verdict) {
    case Verdict::Ok:
        return "OK";
    case Verdict::Unknown:
        return "UNKNOWN";
    case Verdict::Warn:
        return "WARN";
    case Verdict::Rebalancing:
        return "REBALANCING";
    case Verdict::Blocked:
        return "BLOCKED";
    case Verdict::Rewound:
        return "REWOUND";
    case Verdict::Stopped:
        return "STOPPED";
    case Verdict::Stalled:
        return "STALLED";
    case Verdict::Lost:
        return "LOST";
    }
    return "";
}

bool is_bad(Verdict verdict) {
    return verdict > Verdict::Unknown;
}

} // namespace weir

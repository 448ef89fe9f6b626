// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What has changed from one list of findings to the next: which began, which ended, which became
// another, so that a log tells events and not the same again and again. A finding is the same as
// before if its code, connection, stage, place and group are. It has changed if its fate, how sure
// it is, what it follows from or which events it is about have, or if they have doubled or halved
// since that was last told.
// Thread contract: one owner. Bound: the findings of the newest list.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "models/finding/finding.h"

namespace weir {

/// A finding without what follows from it, which stand for themselves.
struct FlatFinding {
    Finding finding;
    std::string cause_code; // of the finding that it follows from; empty: of none
    FindingScope cause;
};
/// Each finding and each consequence of it, in their order.
std::vector<FlatFinding> flattened(const std::vector<Finding>& findings);

struct FindingChange {
    enum class State : std::uint8_t { Began, Changed, Ended };
    State state = State::Began;
    FlatFinding what; // as it is now; Ended: as it was last
};
const char* to_word(FindingChange::State state); // "began", "changed", "ended"

class FindingChanges {
  public:
    /// The findings of now; what ended comes first.
    std::vector<FindingChange> next(const std::vector<Finding>& findings);

  private:
    /// The last one counts those that have all else in common.
    using Key = std::tuple<std::string, std::string, std::string, std::string, std::string, int>;
    struct Known {
        FlatFinding now;
        FlatFinding told;
    };
    std::map<Key, Known> m_known;
};

} // namespace weir

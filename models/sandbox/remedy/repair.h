// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One dead letter's event under the rules: each that fits changes the one value it is about, in
// the rules' order; every other byte stays as the client wrote it.
//
// Thread contract: one owner (scratch memory). Bound: the rules; each that fits passes the event
// once.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/json/json_tape.h"
#include "models/sandbox/remedy/remedies.h"

namespace weir::sandbox {

/// Why an event was refused, as its dead letter says it.
struct Complaint {
    std::string reason;
    std::string pointer; // into the event; "": of the whole
};

class Repair {
  public:
    /// Whether any rule changed `event`, an object. `type`: the event's.
    bool apply(const Remedies& remedies, std::span<const Complaint> complaints,
               std::string_view type, std::string_view event);

    /// The event as it is then.
    const std::string& text() const { return m_text; }
    /// The names of the rules that changed it, with commas between.
    const std::string& applied() const { return m_applied; }

  private:
    /// The event under one rule, in m_next; false: it does not change it.
    bool change(const RemedyRule& rule);

    JsonTape m_tape;
    std::string m_text, m_next, m_applied;
};

} // namespace weir::sandbox

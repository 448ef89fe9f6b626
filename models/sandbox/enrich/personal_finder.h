// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which values of an event are somebody's personal data: those that its contract says are, and
// where it says nothing, those whose names tell (`email`, `context.ip`, `traits.name`). Ids of
// users, devices and sessions are left: events are joined by them, and they name nobody outside.
//
// Thread contract: one owner (a cache of names). Bound: one entry a personal value of the event;
// what lies more than depth_max deep is not looked at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/contract/contract.h"
#include "models/event/disclosure/json_masker.h"
#include "models/event/json/json_tape.h"

namespace weir::sandbox {

class PersonalFinder {
  public:
    static constexpr std::uint32_t depth_max = 64;

    struct Value {
        std::uint32_t node; // a text or a number
        std::string_view reason;
    };
    /// In the order in which they stand. `contract`: the event's, or null; `left_out`: a member of
    /// the root that is not looked into. Valid until the next call.
    const std::vector<Value>& find(const JsonTape& tape, const Contract* contract,
                                   std::string_view left_out);

  private:
    void take(const JsonTape& tape, std::uint32_t node, std::string_view reason);
    void walk(const JsonTape& tape, std::uint32_t node, std::string_view parent,
              FieldClasses::Place around);

    JsonMasker m_names;
    std::uint32_t m_left_out = 0;
    std::string m_scratch;
    std::vector<Value> m_found;
};

} // namespace weir::sandbox

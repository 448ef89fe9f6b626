// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a compiled schema demands of one place of an event, allOf unfolded, for those who compare
// schemas: its rules, its types, what it demands of the members and elements below.
//
// Thread contract: plain values; the programs outlive them.
#pragma once

#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "models/contract/schema/program.h"

namespace weir::schema {

/// What is demanded of one place: all of these schemas of one program.
struct Demand {
    const Program* program = nullptr;
    std::vector<SchemaId> ids;   // with allOf unfolded
    std::vector<SchemaId> taken; // whose alternatives have been gone through, one by one
    bool undeclared = false;     // nobody names the place: what stands there was never agreed on
    bool operator<(const Demand& other) const {
        return std::tie(program, ids, taken) < std::tie(other.program, other.ids, other.taken);
    }
};

Demand demand_of(const Program& program, std::vector<SchemaId> roots);

std::vector<const ObjectRules*> objects(const Demand& demand);
std::vector<const ArrayRules*> arrays(const Demand& demand);
std::vector<const StringRules*> strings(const Demand& demand);
std::vector<const NumberRules*> numbers(const Demand& demand);
std::vector<const AnyRules*> anys(const Demand& demand);

/// The types of all that it takes, and perhaps more: `levels` of alternatives within alternatives
/// are looked into.
std::uint8_t types_of(const Demand& demand, int levels = 3);
/// Of the member of that name.
Demand member_demand(const Demand& demand, const std::string& name);
/// Of a member that nothing declares and that these patterns fit, and no others.
Demand further_demand(const Demand& demand, const std::vector<std::string>& patterns);
Demand element_demand(const Demand& demand, std::size_t index);
/// Whether one of the values of an enum or const passes the test, each as a tape of its own.
bool any_value(const EnumRules& values, const std::function<bool(const JsonTape&)>& test);
/// Nothing is taken.
bool never(const Demand& demand);
/// No value meets both, for certain. False: perhaps one does.
bool are_disjoint(const Demand& a, const Demand& b, int levels = 3);

} // namespace weir::schema

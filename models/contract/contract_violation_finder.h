// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Contracts in the filter language: `violation == "missing_required"`. An event is judged when a
// filter asks, by the contracts of that moment; a dead letter says itself what was wrong. Reasons
// are Weir's own words: they hold nothing of the event.
//
// Thread contract: one owner. Bound: EventChecker's.
#pragma once

#include "models/contract/event_checker.h"
#include "models/event/filter/filter.h"
#include "models/event/filter/violation_finder.h"

namespace weir {

/// Null: there is no checker.
std::unique_ptr<ViolationFinder> contract_violation_finder(std::unique_ptr<EventChecker> checker);

/// `checkers` is asked once for each finder.
ViolationFinders contract_violation_finders(EventCheckers checkers);

/// Of reasons that the filter names and that Weir does not know, what was probably meant. Others
/// are let pass: a dead letter may have words of its own.
std::vector<FilterHint> violation_hints(const Filter& filter);

} // namespace weir

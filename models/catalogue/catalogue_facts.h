// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables that the catalogue shows of a contract, of two of its versions, and of what was seen;
// and the words that lead from a version to its events.
// Thread contract: pure functions.
#pragma once

#include <functional>

#include "models/catalogue/catalogue.h"
#include "models/catalogue/facts_model.h"
#include "models/contract/compatibility.h"
#include "models/live/copied_command.h"

namespace weir {

FactsTable rules_table(const Contract& contract);
/// Every reason there is for a violation, and what is done about it.
FactsTable effects_table(const Contract& contract);
FactsTable changes_table(const Contract& contract);
FactsTable differences_table(const Compatibility& found);
/// `time` writes a point in time; the column of connections only where there are several.
FactsTable seen_table(const CatalogueVersion& version, const std::function<QString(Micros)>& time);

/// The filter that finds the events of a type, and of one version where one is given.
std::string events_filter(const std::string& type, const std::optional<std::string>& version);
/// The command line that drafts a contract from what was seen at a place.
std::string draft_command(const CommandTarget& target, const std::string& topic,
                          const std::string& filter);
/// The command line that counts the versions of a type at a place.
std::string count_command(const CommandTarget& target, const std::string& topic,
                          const std::string& type);

} // namespace weir

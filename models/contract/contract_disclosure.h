// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Masking by contracts. What goes before what, the nearest statement to a field first:
// 1. The contract of the event's type and version gives the field, or what is around it, a class of
//    personal data: it is masked. It says "none": the field is shown, whatever it looks like.
// 2. Where the contract says nothing: the built-in detectors, if they are asked for (production and
//    staging); else it is shown.
// Of a version that is not known the strictest of all versions holds, of a type that no contract
// knows the strictest of all contracts: "none" then counts only if all say so, and for unknown
// types not at all. A contract of native events (it describes /event_type) is asked about native
// events only; any other about the events of its type in whatever dialect, whose versions are not
// asked about, being the vendor's own; of what describes itself within a Snowplow tracker's
// parameters the strictest of these holds. What is encoded (base64) in a dead letter is masked
// whole, and so is what cannot be parsed.
//
// Thread contract: immutable, shared. Bound: a tree of names a contract and one a type.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/contract/contract_set.h"
#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosure.h"

namespace weir {

struct ContractDisclosureOptions {
    bool detects = true; // the detectors judge where contracts say nothing
    /// What stands outside of payloads (dimensions): its name, and the paths it may come from.
    std::vector<std::pair<std::string, std::vector<std::string>>> names;
};

std::shared_ptr<const DisclosurePolicy>
contract_disclosure(std::shared_ptr<const ContractSet> contracts,
                    std::shared_ptr<const DialectSet> dialects, ContractDisclosureOptions options);

} // namespace weir

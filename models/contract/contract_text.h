// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A contract written out, for people (Markdown) and for programs (JSON): what the catalogue shows,
// exports and copies, and what `weir contract list --json` prints.
// Thread contract: pure functions.
#pragma once

#include <cstddef>
#include <string>

#include "models/contract/compatibility.h"
#include "models/contract/contract.h"

namespace weir {

/// The version before, and what it and this one make of each other.
struct ComparedVersion {
    std::int64_t version = 0;
    Compatibility compatibility;
};

/// Fields that hold personal data.
std::size_t personal_fields(const Contract& contract);

/// {"type","version","owner","description","approved_uses","unique_by","deprecated_since",
/// "removed_on","file","personal","fields":[…],"rules":[…],"effects":{…},"changelog":[…]} without
/// line breaks; "pii" where the event as a whole has a class, and "compared":{"version","backward",
/// …} where `before` is given.
std::string contract_json(const Contract& contract, const ComparedVersion* before = nullptr);
/// With headings and tables; what looks like markup in a contract is escaped.
std::string contract_markdown(const Contract& contract, const ComparedVersion* before = nullptr);

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stages there are, in the order in which events flow. A new one is one file and one line here.
// Thread contract: constant data.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/warehouse/sandbox/sandbox.h"
#include "models/event/disclosure/tokeniser.h"
#include "models/sandbox/contract_judge.h"
#include "models/sandbox/remedy/remedies.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

/// What stages share.
struct StageServices {
    std::shared_ptr<const ContractShelf> contracts{};     // null: there are none
    std::shared_ptr<const Tokeniser> tokeniser{};         // null: its key is no secret
    std::optional<warehouse::DatabaseTicket> warehouse{}; // none: nothing is loaded
    std::shared_ptr<const Remedies> remedies{};           // null: nothing is repaired
};

struct StageEntry {
    std::string name;
    std::function<std::unique_ptr<Stage>(const StageServices&)> make;
    bool needs_warehouse = false;
    bool needs_remedies = false;
};

const std::vector<StageEntry>& stage_entries();
/// Null: there is no such stage.
const StageEntry* find_stage(std::string_view name);

} // namespace weir::sandbox

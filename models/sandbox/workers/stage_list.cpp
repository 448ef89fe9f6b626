// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/stage_list.h"

#include <algorithm>

#include "models/sandbox/workers/attribute.h"
#include "models/sandbox/workers/deduplicate.h"
#include "models/sandbox/workers/enrich.h"
#include "models/sandbox/workers/load.h"
#include "models/sandbox/workers/remediate.h"
#include "models/sandbox/workers/stitch_identities.h"
#include "models/sandbox/workers/stitch_sessions.h"

namespace weir::sandbox {

const std::vector<StageEntry>& stage_entries() {
    static const std::vector<StageEntry> entries = {
        {"deduplicate",
         [](const StageServices& with) { return std::make_unique<Deduplicate>(with.contracts); }},
        {"enrich",
         [](const StageServices& with) {
             return std::make_unique<Enrich>(with.contracts, with.tokeniser);
         }},
        {"load", [](const StageServices& with) { return std::make_unique<Load>(with.warehouse); },
         true},
        {"attribute",
         [](const StageServices& with) { return std::make_unique<Attribute>(with.warehouse); },
         true},
        {"stitch_sessions",
         [](const StageServices& with) { return std::make_unique<StitchSessions>(with.warehouse); },
         true},
        {"stitch_identities",
         [](const StageServices& with) {
             return std::make_unique<StitchIdentities>(with.warehouse);
         },
         true},
        {"remediate",
         [](const StageServices& with) {
             return std::make_unique<Remediate>(with.remedies, with.contracts);
         },
         false, true},
    };
    return entries;
}

const StageEntry* find_stage(std::string_view name) {
    const auto& entries = stage_entries();
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const StageEntry& entry) { return entry.name == name; });
    return found == entries.end() ? nullptr : &*found;
}

} // namespace weir::sandbox

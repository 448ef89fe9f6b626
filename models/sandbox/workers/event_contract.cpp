// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/event_contract.h"

#include "models/event/disclosure/field_finder.h"

namespace weir::sandbox {

const Contract* contract_of(const StageInput& input, const ContractSet& contracts) {
    std::string scratch;
    const std::string type(input.fields.text(input.tape, EventField::Type, scratch));
    const auto version =
        version_of(input.fields.text(input.tape, EventField::SchemaVersion, scratch));
    return version ? contracts.find(type, *version) : contracts.latest(type);
}

} // namespace weir::sandbox

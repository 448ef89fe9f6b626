// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/defaults.h"

namespace weir::sandbox {

namespace {

void fill(const ContractDefault& missing, std::size_t step, const JsonTape& tape,
          std::uint32_t node, Splice& splice) {
    const auto& nodes = tape.nodes();
    if (step < missing.parents.size() && nodes[node].kind == JsonKind::Array) {
        if (missing.parents[step] == "*")
            for (std::uint32_t each = node + 1; each < nodes[node].next; each = nodes[each].next)
                fill(missing, step + 1, tape, each, splice);
        return;
    }
    if (nodes[node].kind != JsonKind::Object)
        return;
    const bool here = step == missing.parents.size();
    const auto member = tape.member(node, here ? missing.name : missing.parents[step]);
    if (here && !member)
        splice.add_member(tape, node, missing.name, missing.json);
    else if (!here && member)
        fill(missing, step + 1, tape, *member, splice);
}

} // namespace

void fill_defaults(const Contract& contract, const JsonTape& tape, Splice& splice) {
    for (const ContractDefault& missing : contract.defaults)
        fill(missing, 0, tape, 0, splice);
}

} // namespace weir::sandbox

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/defaults.h"

namespace weir::sandbox {

namespace {

/// What is filled in, and how much that may be.
struct Filling {
    const JsonTape& tape;
    std::size_t bytes_max;
    Splice& splice;
    bool full() const { return splice.added_bytes() > bytes_max; }
};

void fill(const ContractDefault& missing, std::size_t step, std::uint32_t node, Filling& filling) {
    const JsonTape& tape = filling.tape;
    const auto& nodes = tape.nodes();
    if (step < missing.parents.size() && nodes[node].kind == JsonKind::Array) {
        if (missing.parents[step] == "*")
            for (std::uint32_t each = node + 1; each < nodes[node].next && !filling.full();
                 each = nodes[each].next)
                fill(missing, step + 1, each, filling);
        return;
    }
    if (nodes[node].kind != JsonKind::Object)
        return;
    const bool here = step == missing.parents.size();
    const auto member = tape.member(node, here ? missing.name : missing.parents[step]);
    if (here && !member)
        filling.splice.add_member(tape, node, missing.name, missing.json);
    else if (!here && member)
        fill(missing, step + 1, *member, filling);
}

} // namespace

bool fill_defaults(const Contract& contract, const JsonTape& tape, std::size_t bytes_max,
                   Splice& splice) {
    Filling filling{tape, bytes_max, splice};
    for (const ContractDefault& missing : contract.defaults)
        if (!filling.full())
            fill(missing, 0, 0, filling);
    return !filling.full();
}

} // namespace weir::sandbox

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/path_names.h"

#include "models/event/filter/json_path.h"

namespace weir {

namespace {

void collect(const JsonTape& tape, std::uint32_t node, const JsonPath& above,
             std::set<std::string>& found) {
    const auto& nodes = tape.nodes();
    if (nodes[node].kind != JsonKind::Object || above.steps.size() >= path_depth_max)
        return;
    for (std::uint32_t key = node + 1; key < nodes[node].next && found.size() < path_names_max;
         key = nodes[key + 1].next) {
        const std::uint32_t value = key + 1;
        JsonPath path = above;
        path.steps.push_back({JsonPathStep::Kind::Member, 0, tape.unescaped(key)});
        if (nodes[value].kind == JsonKind::Object) {
            collect(tape, value, path, found);
            continue;
        }
        found.insert(path.text());
        if (nodes[value].kind != JsonKind::Array || nodes[value].next == value + 1)
            continue;
        path.steps.push_back({JsonPathStep::Kind::AnyElement, 0, {}});
        collect(tape, value + 1, path, found);
    }
}

} // namespace

void collect_path_names(const JsonTape& tape, std::set<std::string>& found) {
    collect(tape, 0, {}, found);
}

} // namespace weir

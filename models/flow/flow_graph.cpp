// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/flow/flow_graph.h"

#include <algorithm>

#include "models/flow/flow_cell.h"

namespace weir {

FlowGraph::FlowGraph(std::vector<StageSpec> of, PlaceTable& places, const std::string& connection)
    : stages(std::move(of)) {
    const auto id = [&](const std::string& name) {
        return name.empty() ? no_place : places.id(connection, name);
    };
    for (std::size_t i = 0; i < stages.size(); ++i) {
        const StageSpec& stage = stages[i];
        std::vector<PlaceId> outputs;
        for (const std::string& name : stage.outputs)
            outputs.push_back(id(name));
        for (const std::string& name : stage.inputs)
            add_reader(static_cast<std::uint16_t>(i), id(name), outputs, id(stage.dead_letter));
    }
    add_rejecters(places, connection);
    set_awaited();
}

FlowGraph::Node& FlowGraph::at(PlaceId place) {
    if (place.value() >= nodes.size())
        nodes.resize(place.value() + 1U);
    return nodes[place.value()];
}

const FlowGraph::Node* FlowGraph::node(PlaceId place) const {
    if (place.value() >= nodes.size() || nodes[place.value()].empty())
        return nullptr;
    return &nodes[place.value()];
}

void FlowGraph::add_reader(std::uint16_t stage, PlaceId input, const std::vector<PlaceId>& outputs,
                           PlaceId dead_letter) {
    if (at(input).readers.size() >= readers_max)
        return;
    Reader reader{stage, 0, stages[stage].output_rule == "all", dead_letter};
    for (std::size_t i = 0; i < std::min(outputs.size(), flow_outputs_max); ++i) {
        if (outputs[i] == input || at(input).out.size() >= ways_max ||
            at(outputs[i]).in.size() >= ways_max)
            continue; // at() may move the nodes: none is held
        const auto way = static_cast<std::uint16_t>(ways.size());
        ways.push_back({stage, static_cast<std::uint16_t>(i), input, outputs[i],
                        static_cast<std::uint8_t>(1U << at(input).out.size()),
                        static_cast<std::uint8_t>(1U << at(outputs[i]).in.size())});
        reader.ways |= ways.back().from_bit;
        at(input).out.push_back(way);
        at(outputs[i]).in.push_back(way);
    }
    at(input).readers.push_back(reader);
}

/// The last stage first: of those at which an event stands, the furthest is the one that rejected.
void FlowGraph::add_rejecters(PlaceTable& places, const std::string& connection) {
    for (std::size_t i = stages.size(); i-- > 0;) {
        if (stages[i].dead_letter.empty())
            continue;
        const PlaceId dead = places.id(connection, stages[i].dead_letter);
        at(dead); // which may move the nodes
        for (const std::string& name : stages[i].inputs) {
            const PlaceId input = places.id(connection, name);
            const auto& readers = at(input).readers;
            for (std::size_t r = 0; r < readers.size(); ++r)
                if (readers[r].stage == i && readers[r].judged() && input != dead)
                    at(dead).rejecters.push_back({input, static_cast<std::uint8_t>(r)});
        }
    }
}

void FlowGraph::set_awaited() {
    for (Node& node : nodes)
        for (const std::uint16_t way : node.in)
            if (nodes[ways[way].from.value()].rejecters.empty())
                node.awaited |= ways[way].to_bit;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stages as a graph of places: who reads a place, where from there an event may go, and who
// rejects to it.
// Thread contract: immutable. Bound: 8 ways into and out of a place, 7 stages that read it; what is
// drawn beyond is left out.
#pragma once

#include <string>
#include <vector>

#include "models/event/place.h"
#include "models/workspace/workspace.h"

namespace weir {

struct FlowGraph {
    static constexpr std::size_t ways_max = 8;
    static constexpr std::size_t readers_max = 7;

    /// Out of `from`, through a stage, into `to`.
    struct Way {
        std::uint16_t stage = 0;
        std::uint16_t output = 0; // of the stage
        PlaceId from = no_place;
        PlaceId to = no_place;
        std::uint8_t from_bit = 0; // among the ways out of `from`
        std::uint8_t to_bit = 0;   // among those into `to`
    };
    /// A stage, at a place that it reads.
    struct Reader {
        std::uint16_t stage = 0;
        std::uint8_t ways = 0; // out of the place: bits. 0: none is observed, nothing is awaited
        bool all = true;       // an event goes all of them; else any
        PlaceId dead_letter = no_place;

        bool judged() const { return ways != 0; }
        bool passed(std::uint8_t out_done) const {
            const int done = out_done & ways;
            return judged() && (all ? done == ways : done != 0);
        }
    };
    /// A stage that rejects to this place, at one of its inputs.
    struct Rejecter {
        PlaceId input = no_place;
        std::uint8_t reader = 0; // of the input
    };
    struct Node {
        std::vector<std::uint16_t> in, out; // ways
        std::uint8_t awaited = 0; // of `in`, of which one is to be seen: bits. Not those from a
                                  // dead-letter place: most events come another way
        std::vector<Reader> readers;
        std::vector<Rejecter> rejecters; // the last stage first
        bool empty() const { return in.empty() && readers.empty() && rejecters.empty(); }
    };

    std::vector<StageSpec> stages;
    std::vector<Way> ways;
    std::vector<Node> nodes; // by place number

    FlowGraph(std::vector<StageSpec> of, PlaceTable& places, const std::string& connection);
    /// Null: no stage has to do with the place.
    const Node* node(PlaceId place) const;

  private:
    Node& at(PlaceId place);
    void add_reader(std::uint16_t stage, PlaceId input, const std::vector<PlaceId>& outputs,
                    PlaceId dead_letter);
    void add_rejecters(PlaceTable& places, const std::string& connection);
    void set_awaited();
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/embedded_rest.h"

#include <thread>

#include "connectors/kafka/sandbox/embedded_room.h"
#include "models/event/grouped.h"

namespace weir::cli {

namespace {

constexpr std::chrono::milliseconds rest_look_pause{20};

} // namespace

std::uint64_t rest_of_embedded(const std::string& bootstrap, std::chrono::milliseconds wait,
                               Console& console) {
    const auto room = kafka::EmbeddedRoom::of(bootstrap);
    if (!room)
        return 0;
    const auto until = std::chrono::steady_clock::now() + wait;
    std::uint64_t rest = 0;
    while ((rest = room->unread()) > 0 && std::chrono::steady_clock::now() < until) {
        console.progress("waiting for the stages: " + grouped(rest) + " records to read");
        std::this_thread::sleep_for(rest_look_pause);
    }
    console.progress({});
    return rest;
}

} // namespace weir::cli

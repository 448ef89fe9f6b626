// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A truth read back from its file (truth.h wrote it), in the shape in which a warehouse is held
// against it.
//
// Thread contract: plain values. Bound: events_max lines of events, some 32 bytes each;
// line_bytes_max a line.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "connectors/base/result.h"
#include "models/synth/truth.h"

namespace weir::synth {

using Uuid = std::array<std::uint8_t, 16>;
/// "0b1f…-…": 36 characters, lower case.
std::string to_text(const Uuid& id);

struct Truth {
    static constexpr std::size_t events_max = 50'000'000;
    static constexpr std::size_t line_bytes_max = 64u << 10;

    /// One for each id. An id that was sent several times has the fate of the one that counts:
    /// Warehouse, if any of them is to be there.
    struct Event {
        Uuid id{};
        std::uint16_t type = 0; // index into `types`
        Fate fate = Fate::Warehouse;
        ViolationReason reason = ViolationReason::NotJson; // Invalid only
    };
    struct Order {
        std::string user, total, currency;
    };

    struct Attribution {
        std::string event;                                            // the touch
        std::string source, medium, campaign, referrer, landing_page; // "" is unknown
    };

    std::string scenario;
    std::uint64_t seed = 0;
    bool whole = true;              // false: the run was interrupted; what it did is all there
    std::uint64_t incidents = 0;    // that somebody else has to bring about
    std::vector<std::string> types; // of events
    std::vector<Event> events;      // by id
    std::map<std::string, Order> orders;
    std::map<std::string, std::string> users;        // when they signed up, RFC 3339
    std::map<std::string, Attribution> attributions; // by user
    bool tells_attribution = false;                  // older ones do not

    /// Errors: NotFound, NotPermitted, Io; Corrupt (no truth, or one that breaks off; with the
    /// line); Unsupported (a newer Weir's); TooLarge.
    static Result<Truth> load(const std::string& file);
};

} // namespace weir::synth

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The demo: a session on the cluster inside Weir, into which a synthetic shop's events stream as
// long as the session lives. Sound events go to raw_events, malformed ones, as a collector would
// refuse them, to invalid_events with their reason; the stages of the sandbox pipeline take it from
// there. A scenario's events go through a collector, and its incidents befall the stages.
//
// Thread contract: as Session; the stream runs on a thread of its own. Bound: `events_per_s`.
#pragma once

#include <optional>
#include <string>

#include "app/session/session.h"
#include "models/synth/player.h"

namespace weir {

struct DemoOptions {
    double events_per_s = 250;
    double malformed_share = 0.02;
    std::uint64_t seed = 1;
    std::optional<synth::Play> play{}; // instead of all these; REQUIRES: it has incidents
    std::string truth_file{};          // of the play; "" is none
};

/// Starts the embedded cluster and the stream. Blocks for some hundred milliseconds. Errors: those
/// of starting, and Config (an incident of the play that cannot be carried out).
Result<std::unique_ptr<Session>> open_demo_session(DemoOptions options = {});

} // namespace weir

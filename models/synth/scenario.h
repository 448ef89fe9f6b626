// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A scenario: who visits the shop, how busily, and what goes wrong at which rate and when. A JSON
// file (resources/scenarios/README.md), checked against resources/scenario.schema.json; a mistake
// is named with its file, pointer and mend.
//
// Thread contract: plain values. Bound: file_bytes_max a file, what the schema allows.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"
#include "connectors/base/types.h"
#include "models/synth/mix.h"

namespace weir::synth {

/// What goes wrong, in the order of the schema's words.
enum class Trouble : std::uint8_t {
    AdBlocker,    // a client whose events never leave it
    SilentClient, // a client that sends nothing for a while
    NewAppVersion,
    SkewedClock,
    LateBatch,   // a client holds back what it did, and sends it all at once
    RetrySameId, // sent again as it was
    RetryNewId,  // sent again under another id
    // What is wrong within an event, as Fault has it from MissingField on.
    MissingField,
    WrongType,
    OutOfRange,
    UnknownType,
    UnknownVersion,
    BadTime,
    BrokenJson,
    BadEncoding,
    NotJson,
    Oversize,
    Burst,
    // What happens to the pipeline: whoever runs it has to bring it about.
    StalledWorker,
    SlowWorker,
    SilentDrop,
    BrokerOutage,
};
inline constexpr int trouble_count = 22;

/// "ad_blocker", as it stands in files.
std::string_view to_word(Trouble trouble);
/// Several of them, a bit each.
using TroubleSet = std::uint32_t;
constexpr TroubleSet bit_of(Trouble trouble) {
    return TroubleSet{1} << static_cast<unsigned>(trouble);
}

/// Whether it befalls the pipeline, and not what is sent.
constexpr bool is_incident(Trouble trouble) {
    return trouble >= Trouble::StalledWorker;
}

/// All that does.
TroubleSet all_incidents();

/// Which events; an empty list is all of them.
struct Selector {
    std::vector<std::string> types;
    std::vector<std::string> platforms;
    std::vector<std::string> app_versions;
};

struct PlannedTrouble {
    Trouble trouble{};
    std::uint32_t per_million = 1'000'000;
    Micros from{0}; // after the beginning
    Micros until{std::numeric_limits<std::int64_t>::max()};
    Selector where;
    std::string app_version; // NewAppVersion
    Micros skew{0};          // SkewedClock: how far ahead
    Micros after{1'000'000}; // retries: how long after the first one
    std::size_t bytes = 0;   // Oversize
    double factor = 1;       // Burst
    double events_per_s = 0; // SlowWorker: the most that it takes in
    std::string stage;       // incidents but for BrokerOutage
};

/// Percent of the mean, per hour of the day (UTC) and per day of the week (from Monday).
struct Rhythm {
    std::array<std::uint16_t, 24> hours{};
    std::array<std::uint16_t, 7> weekdays{};
    static Rhythm flat();
};

struct Scenario {
    static constexpr std::size_t file_bytes_max = 1u << 20;

    std::string name;
    double events_per_s = 1000;
    Micros start{1'767'225'600'000'000LL}; // 2026-01-01T00:00:00Z
    Micros duration{0};
    std::uint32_t users = 200'000;
    std::uint32_t sessions = 2'000;
    Rhythm rhythm = Rhythm::flat();
    Mix mix;
    std::vector<PlannedTrouble> troubles;

    /// A file, or the name of one of resources/scenarios. Errors: NotFound, NotPermitted, Io,
    /// TooLarge; Config, with file and pointer.
    static Result<Scenario> load(const std::string& file_or_name);
    /// Errors: Config.
    static Result<Scenario> parse(const std::string& text, const std::string& file);
    /// Those that are part of the program.
    static std::vector<std::string> built_in();
};

} // namespace weir::synth

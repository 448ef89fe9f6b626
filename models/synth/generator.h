// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Synthetic events that look like production and hold no real person's data: a shop's users with
// devices and sessions, who look, search, sign up, fill carts and buy, on web, iOS, Android and on
// the server side, some of the events malformed. Mail addresses end in example.com/.org/.net
// (RFC 2606), IP addresses are of the documentation ranges (RFC 5737).
//
// From a seed, the same bytes: what next() gives depends on the seed, the options and the times
// handed in, on nothing else. How fast events come is the caller's business (pacer.h).
//
// What was planted is told with each event (`fault`, `pointer`): the truth against which later
// views are checked is made from it.
//
// Thread contract: one owner. Bound: `sessions` open sessions of about 200 bytes, one bit a user,
// one event.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "connectors/base/record.h"
#include "connectors/base/types.h"

namespace weir::synth {

/// What is wrong with a malformed event.
enum class Fault : std::uint8_t {
    None,
    MissingField,   // a required member is not there
    WrongType,      // a number as text, a text as number
    OutOfRange,     // a negative price or quantity
    UnknownType,    // an event type that no contract knows
    UnknownVersion, // a schema version that no contract knows
    BadTime,        // an event time that is no time
    BrokenJson,     // the text ends in the middle
    BadEncoding,    // a byte that is not UTF-8
    NotJson,        // something else altogether
};
inline constexpr int fault_count = 10;

/// The fault's word, e.g. "missing_field"; "" for None.
std::string_view to_word(Fault fault);

struct Options {
    double malformed_share = 0.01;         // of all events, 0 to 1
    double events_per_s = 1000;            // how far next() moves its own clock
    Micros start{1'767'225'600'000'000LL}; // 2026-01-01T00:00:00Z
    std::uint32_t sessions = 2000;         // open at a time
    std::uint32_t users = 200'000;
};

/// One event; views are valid until the next call.
struct Event {
    std::string_view key;                     // the session id
    std::string_view value;                   // JSON, unless the fault says otherwise
    const std::vector<HeaderView>* headers{}; // content-type, producer
    std::string_view type;                    // as it was meant, also where the fault hides it
    Micros event_time;                        // the client's clock (as written)
    Micros received_time;                     // the collector's clock
    std::uint64_t sequence = 0;               // counted from 0
    Fault fault = Fault::None;
    std::string_view pointer; // RFC 6901, of the member that is wrong; "" for the whole
};

class Generator {
  public:
    explicit Generator(std::uint64_t seed, Options options = {});
    ~Generator();
    Generator(Generator&&) noexcept;
    Generator& operator=(Generator&&) noexcept;

    /// The next event, received at the generator's own clock, which starts at Options::start and
    /// moves on by 1 / events_per_s.
    void next(Event& out);
    /// The next event, received at `received`.
    void next(Event& out, Micros received);

  private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace weir::synth

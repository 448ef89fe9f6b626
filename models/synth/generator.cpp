// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/generator.h"

#include <algorithm>

#include "models/synth/crowd.h"
#include "models/synth/event_writer.h"

namespace weir::synth {
namespace {

constexpr double million = 1e6;

} // namespace

std::string_view to_word(Fault fault) {
    constexpr std::string_view words[fault_count] = {"",
                                                     "missing_field",
                                                     "wrong_type",
                                                     "out_of_range",
                                                     "unknown_type",
                                                     "unknown_version",
                                                     "bad_time",
                                                     "broken_json",
                                                     "bad_encoding",
                                                     "not_json"};
    return words[static_cast<std::size_t>(fault)];
}

struct Generator::Private {
    Private(std::uint64_t seed, Options o)
        : options(o)
        , crowd(seed, o.users, o.sessions)
        , malformed_per_million(
              static_cast<std::uint32_t>(std::clamp(o.malformed_share, 0.0, 1.0) * million)) {}

    Micros clock() const { // from the count: no error adds up
        const double passed_s =
            static_cast<double>(sequence) / std::max(1e-3, options.events_per_s);
        return options.start + Micros(static_cast<std::int64_t>(passed_s * million));
    }

    Options options;
    Crowd crowd;
    std::uint32_t malformed_per_million;
    EventWriter writer;
    JsonBuffer key;
    std::uint64_t sequence = 0;
};

Generator::Generator(std::uint64_t seed, Options options)
    : d(std::make_unique<Private>(seed, options)) {}
Generator::~Generator() = default;
Generator::Generator(Generator&&) noexcept = default;
Generator& Generator::operator=(Generator&&) noexcept = default;

void Generator::next(Event& out) {
    next(out, d->clock());
}

void Generator::next(Event& out, Micros received) {
    Random& random = d->crowd.random();
    Session& session = d->crowd.pick();
    const EventTimes times = d->crowd.times_of(session, received);
    const bool malformed = random.chance(d->malformed_per_million);
    out.fault = malformed ? static_cast<Fault>(1 + random.below(fault_count - 1)) : Fault::None;
    out.value = d->writer.write(session, times, out.fault, random);
    out.pointer = d->writer.pointer();
    d->key.clear();
    d->key.hex(session.id);
    out.key = d->key.view();
    out.headers = &headers_of(sender_of(session));
    out.type = info_of(session.step).type;
    out.event_time = times.event;
    out.received_time = received;
    out.sequence = d->sequence++;
    d->crowd.step_on(session);
}

} // namespace weir::synth

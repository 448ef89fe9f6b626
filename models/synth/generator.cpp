// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/generator.h"

#include <algorithm>

#include "models/synth/event_writer.h"
#include "models/synth/random.h"
#include "models/synth/session.h"

namespace weir::synth {
namespace {

constexpr double million = 1e6;
constexpr int warm_up_steps_max = 12;

/// What a record is sent along with.
const std::vector<HeaderView>& headers_of(Platform platform) {
    static const std::vector<HeaderView> all[] = {
        {{"content-type", "application/json"}, {"producer", "web-shop"}},
        {{"content-type", "application/json"}, {"producer", "app-ios"}},
        {{"content-type", "application/json"}, {"producer", "app-android"}},
        {{"content-type", "application/json"}, {"producer", "srv-orders"}}};
    return all[static_cast<std::size_t>(platform)];
}

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
        , random(seed)
        , visitors(mix(seed), std::max<std::uint32_t>(1, o.users))
        , sessions(std::max<std::uint32_t>(1, o.sessions))
        , malformed_per_million(
              static_cast<std::uint32_t>(std::clamp(o.malformed_share, 0.0, 1.0) * million)) {
        for (Session& session : sessions) { // as a stream looks that has been running for long
            visitors.begin(session, random);
            const std::uint32_t ahead = random.below(warm_up_steps_max);
            for (std::uint32_t i = 0; i < ahead; ++i)
                step_on(session);
        }
    }

    void step_on(Session& session) {
        visitors.advance(session, random);
        if (session.step == Step::End)
            visitors.begin(session, random);
    }

    EventTimes times_of(const Session& session, Micros received) {
        if (session.step == Step::OrderCompleted) {
            const Micros sent = received - Micros(1'500 + random.below(3'000));
            return {sent - Micros(random.below(20'000)), sent, received};
        }
        // Constant within a session: its events stay in their order.
        const Micros sent = received - Micros(session.network_us) + Micros(session.skew_us);
        return {sent - Micros(session.batch_us), sent, received};
    }

    Micros clock() const { // from the count: no error adds up
        const double passed_s =
            static_cast<double>(sequence) / std::max(1e-3, options.events_per_s);
        return options.start + Micros(static_cast<std::int64_t>(passed_s * million));
    }

    Options options;
    Random random;
    Visitors visitors;
    std::vector<Session> sessions;
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
    Random& random = d->random;
    Session& session = d->sessions[random.below(static_cast<std::uint32_t>(d->sessions.size()))];
    const EventTimes times = d->times_of(session, received);
    const bool malformed = random.chance(d->malformed_per_million);
    out.fault = malformed ? static_cast<Fault>(1 + random.below(fault_count - 1)) : Fault::None;
    out.value = d->writer.write(session, times, out.fault, random);
    out.pointer = d->writer.pointer();
    d->key.clear();
    d->key.hex(session.id);
    out.key = d->key.view();
    out.headers =
        &headers_of(session.step == Step::OrderCompleted ? Platform::Server : session.platform);
    out.type = info_of(session.step).type;
    out.event_time = times.event;
    out.received_time = received;
    out.sequence = d->sequence++;
    d->step_on(session);
}

} // namespace weir::synth

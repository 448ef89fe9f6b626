// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many synthetic events a second one thread makes, and how large they are: alone, and as a
// scenario with every fault has them, with the truth about each.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "models/synth/generator.h"
#include "models/synth/scenario_stream.h"

using namespace weir;
using namespace weir::synth;

namespace {

class Clock {
  public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count();
    }

  private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

void print(const char* what, long count, double took, std::size_t bytes, std::size_t malformed) {
    std::printf("%s: %ld events in %.3f s: %.0f events a second, %.1f bytes mean, %zu malformed\n",
                what, count, took, static_cast<double>(count) / took,
                static_cast<double>(bytes) / static_cast<double>(count), malformed);
}

void generate(long count) {
    Generator generator(1);
    Event event;
    std::size_t bytes = 0;
    std::size_t faults = 0;
    const Clock clock;
    for (long i = 0; i < count; ++i) {
        generator.next(event);
        bytes += event.value.size();
        faults += event.fault != Fault::None;
    }
    print("generated", count, clock.seconds(), bytes, faults);
}

int play(long count) {
    auto scenario = Scenario::load("bad-day");
    if (!scenario) {
        std::printf("%s\n", scenario.error().text().c_str());
        return 1;
    }
    const double rate = static_cast<double>(count) / 600; // of its ten minutes
    ScenarioStream stream(std::make_shared<const Scenario>(std::move(*scenario)), 1, rate,
                          Scenario().start);
    TruthWriter writer;
    Happening now;
    std::size_t bytes = 0;
    const Clock clock;
    while (stream.next(now)) {
        bytes += now.value.size();
        if (now.event != nullptr)
            bytes += writer.line(*now.event).size();
    }
    const TruthTotals& totals = writer.totals();
    print("bad-day, with its truth", static_cast<long>(totals.events), clock.seconds(), bytes,
          totals.fates[static_cast<int>(Fate::Invalid)]);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const long count = argc > 1 ? std::atol(argv[1]) : 2'000'000;
    generate(count);
    return play(count);
}

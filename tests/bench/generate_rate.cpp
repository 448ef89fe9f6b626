// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many synthetic events a second one thread makes, and how large they are.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "models/synth/generator.h"

int main(int argc, char** argv) {
    const long count = argc > 1 ? std::atol(argv[1]) : 2'000'000;
    weir::synth::Generator generator(1);
    weir::synth::Event event;
    std::size_t bytes = 0;
    std::size_t faults = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (long i = 0; i < count; ++i) {
        generator.next(event);
        bytes += event.value.size();
        faults += event.fault != weir::synth::Fault::None;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("generated %ld events in %.3f s: %.0f events a second, %.1f bytes mean, "
                "%zu malformed\n",
                count, took.count(), static_cast<double>(count) / took.count(),
                static_cast<double>(bytes) / static_cast<double>(count), faults);
    return 0;
}

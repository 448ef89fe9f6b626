// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the event store takes of memory while its whole capacity goes through it again and again,
// beside the bound: payload bytes, 96 bytes a row, 150 MB. ring_memory [MEBIBYTES] [TURNOVERS].
// Prints figures; decides nothing.
#include <cstdio>
#include <cstdlib>

#include "models/event/store/event_store.h"
#include "tests/support/resident_memory.h"
#include "tests/support/sightings.h"

using namespace weir;

namespace {

constexpr std::uint64_t payload_bytes = 535;
constexpr std::uint64_t row_bytes = 96;
constexpr std::uint64_t spare_bytes = 150'000'000;

double mb(std::uint64_t bytes) {
    return static_cast<double>(bytes) / 1e6;
}

} // namespace

int main(int argc, char** argv) {
    const std::uint64_t capacity = (argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1024) << 20;
    const int turnovers = argc > 2 ? std::atoi(argv[2]) : 20;
    const auto words = Vocabulary::create({"type"});
    std::vector<test::EventText> events;
    for (int i = 0; i < 1000; ++i)
        events.push_back(
            {.id = std::to_string(i), .value = std::string(payload_bytes, 'x'), .offset = i});
    const SightingBatch batch = test::sightings(*words, events);
    const std::uint64_t before = test::resident_bytes();
    EventStore store(0, 1, {.rows = 100'000'000, .bytes = capacity});
    for (int turn = 1; turn <= turnovers; ++turn) {
        for (std::uint64_t taken = 0; taken < capacity;
             taken += events.size() * (payload_bytes + row_bytes)) {
            store.absorb(batch);
            store.publish();
        }
        const auto snapshot = store.snapshot();
        const std::uint64_t rows = snapshot->rows_absorbed - snapshot->rows_released;
        const std::uint64_t bound = rows * (payload_bytes + row_bytes) + spare_bytes;
        std::printf("turnover %2d: %9llu rows held, %7.1f MB taken, bound %7.1f MB\n", turn,
                    static_cast<unsigned long long>(rows), mb(test::resident_bytes() - before),
                    mb(bound));
        std::fflush(stdout);
    }
    return 0;
}

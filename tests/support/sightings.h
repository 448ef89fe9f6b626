// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Batches of sightings from readable text, for the tests of folds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/event/sighting.h"

namespace weir::test {

/// One event as a test writes it; all else is filled in plausibly.
struct EventText {
    std::string id;
    std::string value = "{}";
    std::string place = "raw_events";
    std::int64_t offset = 0;
    std::int64_t time_s = 1'700'000'000;
    std::int32_t partition = 0;
    Outcome outcome = Outcome::Seen;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers = {};
    std::string type = "page_view";
    bool tombstone = false;
};

SightingBatch sightings(Vocabulary& vocabulary, const std::vector<EventText>& events,
                        Micros observed = Micros::from_ms(1'700'000'000'000));

} // namespace weir::test

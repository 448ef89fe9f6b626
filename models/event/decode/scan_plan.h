// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ScanPlan: one dialect as one place reads it, compiled. Every path has a slot; a field is a list
// of slots tried in order. Thread contract: immutable once made.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/event/decode/dialect.h"
#include "models/event/decode/field_scan.h"
#include "models/event/decode/path_trie.h"

namespace weir {

struct PlannedField {
    std::vector<std::uint16_t> slots; // in the order in which they are tried
    FieldForm form = FieldForm::Text;
    const std::vector<std::pair<std::string, std::string>>* words = nullptr;
    bool inherited = false; // a batch may hold it for all its events

    /// The first value there is: of the event, else (if inherited) of the batch around it.
    const Capture* find(const std::vector<Capture>& event,
                        const std::vector<Capture>* batch) const {
        for (const std::uint16_t slot : slots) {
            if (event[slot].present())
                return &event[slot];
        }
        if (inherited && batch != nullptr) {
            for (const std::uint16_t slot : slots) {
                if ((*batch)[slot].present())
                    return &(*batch)[slot];
            }
        }
        return nullptr;
    }
};

struct PlannedShape {
    std::vector<std::uint16_t> of;
    std::uint32_t at_least = 0;
    std::vector<std::pair<std::uint16_t, std::string>> with;

    std::uint32_t count(const std::vector<Capture>& captures) const;
    bool matches(const std::vector<Capture>& captures) const;
};

struct ScanPlan {
    const Dialect* dialect = nullptr;
    PathTrie trie;
    std::uint16_t slot_count = 0;
    std::uint16_t batch_slot = PathTrie::no_slot;
    std::vector<std::pair<std::string, std::uint16_t>> headers; // name → slot
    std::vector<std::uint16_t> slot_of_column;                  // of Tsv; no_slot: not wanted

    PlannedField id, reason, event_time, sent_time, received_time;
    PlannedField origin_topic, origin_partition, origin_offset;
    std::vector<PlannedField> dimensions;
    std::vector<std::pair<std::uint16_t, bool>> original; // slot, and whether it is base64
    PlannedShape record_shape, event_shape;
};

/// `dimension_names` and the paths of `options` are those of the workspace; `place` may be null.
ScanPlan make_plan(const Dialect& dialect, const std::vector<std::string>& dimension_names,
                   const DecodeOptions& options, const PlaceDecoding* place);

} // namespace weir

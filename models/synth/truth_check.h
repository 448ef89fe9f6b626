// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A warehouse held against the truth: each event that should be there is, once, and nothing else;
// the systems of record hold the orders and users that the truth tells, and users are said to come
// from where they came. Every difference is counted, and the first of each kind are named.
//
// Thread contract: check_truth() blocks; `cancelled` is asked between pages. Bound: the truth's, 4
// bytes an event, and `named_max` differences of each kind.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "connectors/warehouse/warehouse.h"
#include "models/synth/truth_file.h"

namespace weir::synth {

enum class Difference : std::uint8_t {
    Missing,      // should be there, and is not
    Doubled,      // is there more than once
    Unexpected,   // is there, and should not be: refused, never sent, lost, or a duplicate
    Different,    // is there under another type
    Unknown,      // is there, and the truth knows nothing of it
    OrderMissing, // of the system of record, as all below
    OrderUnexpected,
    OrderDifferent, // another user, total or currency
    UserMissing,
    UserUnexpected,
    AttributionMissing,
    AttributionUnexpected,
    AttributionDifferent, // by another event, or from elsewhere
};
inline constexpr int difference_count = 13;
/// "missing", "order_missing"
std::string_view to_word(Difference difference);

struct NamedDifference {
    Difference difference{};
    std::string id; // of the event, order or user; "" a row has none
    std::string expected;
    std::string found;
};

struct TruthCheckOptions {
    bool events = true, orders = true, users = true, attribution = true; // what is compared
    std::size_t named_max = 20;                 // of each kind of difference
    std::chrono::milliseconds timeout{600'000}; // of each query
    std::function<bool()> cancelled = [] { return false; };
};

struct TruthVerdict {
    std::uint64_t events_expected = 0; // in the warehouse
    std::uint64_t rows = 0;            // of events there are
    std::uint64_t orders_expected = 0, orders = 0;
    std::uint64_t users_expected = 0, users = 0;
    std::uint64_t attributions_expected = 0, attributions = 0;
    std::uint64_t counts[difference_count] = {};
    std::vector<NamedDifference> named; // by kind, then by id
    std::vector<std::string> absent;    // tables that are not there: their rows count as missing

    std::uint64_t differences() const;
};

/// Errors: Cancelled, and those of Rows::next().
Result<TruthVerdict> check_truth(const Truth& truth, warehouse::Warehouse& warehouse,
                                 const TruthCheckOptions& options);

} // namespace weir::synth

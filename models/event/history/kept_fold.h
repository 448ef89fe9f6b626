// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What of a fold is kept beyond its process: how its deltas add up, how long they are kept in
// which widths, and what is made of those of before.
//
// Thread contract: add() from any thread; the rest from one, the keeper's. What was published is
// read from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/store/history_store.h"
#include "models/event/history/history_policy.h"

namespace weir {

/// How wide cells are at which age; each is a multiple of the one before, or the same.
struct KeptWidths {
    std::int64_t hot_us = 0, warm_us = 0, cold_us = 0;
};

class KeptFold {
  public:
    virtual ~KeptFold() = default;
    /// By which its deltas are emitted: of as wide a bucket as widths().hot_us.
    virtual std::string_view name() const = 0;
    virtual KeptWidths widths() const = 0;
    /// Up to which ages, where the policy says so much of what is told as a whole.
    virtual HistoryPolicy ages(const HistoryPolicy& policy) const { return policy; }
    /// Fold::add() of its deltas. Bytes that are none are left out.
    virtual void add(std::string& into, std::string_view delta) const = 0;

    /// A watch ended as it is told here. True: the cell says something else from then on.
    virtual bool end_watch(store::HistoryCell& /*cell*/,
                           const std::vector<store::HistoryWatch>& /*ended*/) const {
        return false;
    }
    /// From which time on end_watch() has something to say; INT64_MAX: never.
    virtual std::int64_t ends_from_us(const std::vector<store::HistoryWatch>& /*ended*/) const {
        return INT64_MAX;
    }

    /// A cell of the past, the widest first, then by time. What cannot be read is left out.
    virtual void take(const store::HistoryCell& cell) = 0;
    /// That was all of them.
    virtual void publish() = 0;
};

/// Of cells by the values of dimensions, which are many: by minute for some hours, by hour as long
/// as the whole is kept by minute, by day as long as that is by hour.
HistoryPolicy ages_by_value(const HistoryPolicy& policy);

} // namespace weir

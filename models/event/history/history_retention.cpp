// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/history/history_retention.h"

#include <algorithm>

#include "connectors/base/time_units.h"

namespace weir {

namespace {

/// Cells of a width that begin before are too old for it; they become, or end with, the next.
Result<bool> age(store::HistoryStore& store, const KeptFold& fold, std::int64_t width_us,
                 std::int64_t next_us, std::int64_t before_us) {
    if (width_us == next_us)
        return false;
    if (next_us == 0)
        return store.forget(fold.name(), width_us, before_us);
    const std::int64_t whole_us = before_us - before_us % next_us; // no cell in two widths
    return store.roll_up(fold.name(), width_us, whole_us, next_us,
                         [&fold](std::string_view, std::string& into, std::string_view delta) {
                             fold.add(into, delta);
                         });
}

} // namespace

HistoryPolicy ages_by_value(const HistoryPolicy& policy) {
    constexpr std::int64_t minutes_us = 3 * hour_us;
    HistoryPolicy ages = policy;
    ages.hot_us = std::min(policy.hot_us, minutes_us);
    ages.warm_us = policy.hot_us;
    ages.cold_us = policy.warm_us;
    return ages;
}

HistoryPolicy shortened(HistoryPolicy policy, int halvings) {
    for (std::int64_t* kept : {&policy.hot_us, &policy.warm_us, &policy.cold_us})
        *kept = std::max(std::min(*kept, hour_us), *kept >> halvings);
    return policy;
}

Result<bool> retain_step(store::HistoryStore& store,
                         const std::vector<std::shared_ptr<KeptFold>>& folds,
                         const HistoryPolicy& policy, Micros now) {
    for (const auto& fold : folds) {
        const KeptWidths widths = fold->widths();
        const HistoryPolicy ages = fold->ages(policy);
        Result<bool> any =
            age(store, *fold, widths.hot_us, widths.warm_us, now.value() - ages.hot_us);
        if (any && !*any)
            any = age(store, *fold, widths.warm_us, widths.cold_us, now.value() - ages.warm_us);
        if (any && !*any)
            any = age(store, *fold, widths.cold_us, 0, now.value() - ages.cold_us);
        if (!any || *any)
            return any;
    }
    return false;
}

} // namespace weir

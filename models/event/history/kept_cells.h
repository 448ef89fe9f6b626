// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A CellTrail's way into a history and out of it again.
// Cell, beside what CellTrail asks for: since(const Cell* before), empty(), encode(), decode().
// Thread contract: pure functions, and the trail's owner. Bound: the trail's.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "models/event/fold/cell_trail.h"
#include "models/event/fold/fold.h"
#include "models/event/history/kept_fold.h"

namespace weir {

/// Emits what changed in the trail since the last call, in buckets of `width_us` at least.
/// `key_of(scope, table, value)`: a cell's key.
template <class Cell, class Scope, class KeyOf>
void drain_trail(CellTrail<Cell, Scope>& trail, std::string_view fold, std::int64_t width_us,
                 const KeyOf& key_of, DeltaSink& sink) {
    trail.drain([&](std::int64_t begin_us, std::int64_t bucket_us, const Scope& scope,
                    std::size_t table, ValueId value, const Cell& cell, const Cell* drained) {
        const Cell more = cell.since(drained);
        if (more.empty())
            return;
        const std::int64_t wide_us = std::max(width_us, bucket_us);
        const std::int64_t rest_us = begin_us % wide_us;
        sink.emit(fold, {Micros(begin_us - (rest_us < 0 ? rest_us + wide_us : rest_us)),
                         key_of(scope, table, value), more.encode(), wide_us});
    });
}

/// Fold::add() of such deltas: what is no cell is left out.
template <class Cell>
void add_kept_cells(std::string& into, std::string_view delta) {
    const auto more = Cell::decode(delta);
    if (!more)
        return;
    auto sum = Cell::decode(into);
    if (!sum) {
        into = delta;
        return;
    }
    sum->merge(*more);
    into = sum->encode();
}

/// Adds a cell of the past to the trail, where `value` stands in `table`.
template <class Cell, class Scope>
void take_kept_cell(CellTrail<Cell, Scope>& trail, const store::HistoryCell& kept,
                    const Scope& scope, std::size_t table, ValueId value) {
    const auto cell = Cell::decode(kept.value);
    if (!cell)
        return;
    if (auto* const tables = trail.tables(kept.begin_us, scope, cell->events, kept.width_us))
        (*tables)[table].cell(value, trail).merge(*cell);
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger's past: its cells as a history keeps them, by names instead of numbers, and made one
// more lane of what the ledger has seen. By minute, hour and day; by the values of
// dimensions no longer than ages_by_value() says.
//
// What a watch left open was under way when it ended, or is lost: an event for which its stage had
// time left is booked as unwatched, as nobody can tell, and so is what came in within the minute
// in which the places behind it were first read; the others stay open, and are unaccounted.
//
// Thread contract: FlowKeys: immutable, any thread; the folds as KeptFold says; snapshot() from any
// thread. Bound: FlowTrail's, with cells_max cells each way.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/history/kept_fold.h"
#include "models/flow/flow_ledger.h"

namespace weir {

/// Keys of cells, and what they are about.
class FlowKeys {
  public:
    static constexpr std::string_view whole = "flow";
    static constexpr std::string_view by_value = "flow by value";

    FlowKeys(const Vocabulary& vocabulary, std::shared_ptr<const FlowOptions> options);

    std::string key(const FlowScope& scope) const;
    std::string key(const FlowScope& scope, std::size_t table, ValueId value) const;
    struct Cell {
        FlowScope scope;
        std::size_t table = 0;
        ValueId value = no_value;
    };
    /// Nothing: it is about a stage or dimension that there is no more.
    std::optional<Cell> of(std::string_view key, bool with_value) const;

    const FlowOptions& options() const { return *m_options; }
    PlaceId place(std::string_view name) const;
    std::size_t dimensions() const { return m_words.dimension_names.size(); }

  private:
    bool read_table(std::string_view& in, Cell& cell) const;

    const Vocabulary m_words;
    const std::shared_ptr<const FlowOptions> m_options;
};

class FlowHistory {
  public:
    FlowHistory(const Vocabulary& vocabulary, std::shared_ptr<const FlowOptions> options);

    /// They share what they make; hand all of them to one keeper.
    const std::vector<std::shared_ptr<KeptFold>>& folds() const { return m_folds; }
    /// Null: nothing has been read yet.
    std::shared_ptr<const FlowSnapshot> snapshot() const;

  private:
    struct Past;
    class Fold;
    const std::shared_ptr<Past> m_past;
    std::vector<std::shared_ptr<KeptFold>> m_folds;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The latency book's past: its cells as a history keeps them, by names instead of numbers, and made
// one more lane of what the book has seen. By minute, hour and day; by the values of dimensions
// no longer than ages_by_value() says; places by day.
//
// Thread contract: LatencyKeys: immutable, any thread; the folds as KeptFold says; snapshot() from
// any thread. Bound: LatencyTrail's, with cells_max cells each way.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/history/kept_fold.h"
#include "models/latency/latency_book.h"

namespace weir {

/// Keys of cells, and what they are about.
class LatencyKeys {
  public:
    static constexpr std::string_view whole = "latency";
    static constexpr std::string_view by_value = "latency by value";
    static constexpr std::string_view places = "latency places";

    LatencyKeys(const Vocabulary& vocabulary, std::shared_ptr<const LatencyOptions> options);

    std::string key(const LatencyScope& scope) const;
    std::string key(const LatencyScope& scope, std::size_t table, ValueId value) const;
    struct Cell {
        LatencyScope scope;
        std::size_t table = 0;
        ValueId value = no_value;
    };
    /// Nothing: it is about a stage or dimension that there is no more.
    std::optional<Cell> of(std::string_view key, bool with_value) const;

    std::string key(PlaceId place) const { return m_words.places->name(place); }
    PlaceId place(std::string_view key) const;
    std::size_t dimensions() const { return m_words.dimension_names.size(); }

  private:
    bool read_scope(std::string_view& in, LatencyScope& scope) const;

    const Vocabulary m_words;
    const std::shared_ptr<const LatencyOptions> m_options;
};

/// What was noted of a place since it was like `before`, as a delta, and its return; a delta that
/// cannot be read is nothing.
std::string encode_place(const LatencyPlace& place, const LatencyPlace& before);
std::optional<LatencyPlace> decode_place(std::string_view bytes);
void merge_place(LatencyPlace& into, const LatencyPlace& other);

class LatencyHistory {
  public:
    LatencyHistory(const Vocabulary& vocabulary, std::shared_ptr<const LatencyOptions> options);

    /// They share what they make; hand all of them to one keeper.
    const std::vector<std::shared_ptr<KeptFold>>& folds() const { return m_folds; }
    /// Null: nothing has been read yet.
    std::shared_ptr<const LatencySnapshot> snapshot() const;

  private:
    struct Past;
    class Fold;
    const std::shared_ptr<Past> m_past;
    std::vector<std::shared_ptr<KeptFold>> m_folds;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values of two tapes compared as JSON Schema compares them: numbers by value (1.0 is 1), strings
// by their code points, objects whatever the order of their members; of members of one name the
// last counts. And the members that a later one of the same name overrides.
//
// Thread contract: pure functions; OverriddenKeys has one owner. Bound: n log n of the members.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/event/json/json_tape.h"

namespace weir::schema {

bool json_equal(const JsonTape& a, std::uint32_t node_a, const JsonTape& b, std::uint32_t node_b);
/// Equal values have equal hashes.
std::uint64_t json_hash(const JsonTape& tape, std::uint32_t node);
std::uint64_t text_hash(std::string_view text);

/// Code points of a string or key.
std::size_t code_points(const JsonTape& tape, std::uint32_t node);

/// The keys of a tape that a later key of the same object repeats.
class OverriddenKeys {
  public:
    /// Finds them; empty() is what nearly all events give, at one pass over the keys.
    void find(const JsonTape& tape);
    bool empty() const { return m_keys.empty(); }
    bool contains(std::uint32_t key) const;
    const std::vector<std::uint32_t>& keys() const { return m_keys; } // ascending
    /// `keys`, and those that one of them overrides; ascending.
    std::vector<std::uint32_t> with_overridden(std::vector<std::uint32_t> keys) const;

  private:
    void find_in(const JsonTape& tape, std::uint32_t object);
    bool may_repeat(const JsonTape& tape, std::uint32_t object);

    struct HashedKey {
        std::uint64_t hash;
        std::uint32_t node;
    };
    std::vector<std::uint32_t> m_keys;
    std::vector<std::uint32_t> m_by; // of each of these the next key of its name
    std::vector<HashedKey> m_hashed; // of one object
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_pairs; // key and what overrides it
    std::string m_scratch, m_other_scratch;
};

} // namespace weir::schema

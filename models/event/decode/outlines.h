// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Outlines: what events have in common byte for byte, that is all that stands between their values.
//
//   {"event_id":"…","event_type":"…","schema_version":…,"user_id":…,"properties":{"price":…}}
//
// Events of one producer have the same keys in the same order, so a few dozen outlines are all that
// a stream has. They are kept as a tree of steps, each a fixed text and the kind of value behind
// it. An event of a known outline is read by comparing the fixed texts, 32 bytes at once, and
// reading the values strictly: keys, punctuation and nesting are then those of a text that was read
// strictly before, so nothing is accepted that JsonScanner would refuse, and where the values are
// comes out the same. tests/models/event/decode/tst_outlines.cpp compares the two.
//
// Thread contract: one owner. Bound: 1,024 steps of 48 bytes, and 32 that may follow one; when they
// are used up, all are forgotten and what comes is learned anew. Where few events have an outline
// that is known, it is mostly not looked for.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/event/decode/path_trie.h"
#include "models/event/json/json_tape.h"

namespace weir {

/// Where a wanted value is: the content of a string, the whole text of all else.
struct Capture {
    const char* data = nullptr; // null: there is no such value
    std::uint32_t size = 0;
    JsonKind kind = JsonKind::Null;
    bool escaped = false;

    bool present() const { return data != nullptr && kind != JsonKind::Null; }
    bool container() const { return kind == JsonKind::Object || kind == JsonKind::Array; }
    std::string_view raw() const { return {data, size}; }
};

class Outlines {
  public:
    /// The byte behind the object that `text` begins with, or null: it has no outline that is
    /// known, or is no JSON. `captures`: a place for each slot of the trie; those of values that
    /// are there are filled, even if null is returned.
    const char* read(std::string_view text, Capture* captures);

    /// Takes in the outline of an object that was not read(). REQUIRES: it is JSON, and `trie` is
    /// the same as ever. What an outline cannot tell (wanted objects and arrays) is not learned.
    void learn(const PathTrie& trie, std::string_view object);

  private:
    enum class Then : std::uint8_t { String, Scalar, Text, End }; // what follows the fixed text
    using StepId = std::uint16_t;
    static constexpr StepId no_step = 0xFFFF;
    static constexpr std::size_t steps_max = 1024;
    static constexpr std::size_t text_max = 32;

    struct Step {
        alignas(16) std::array<char, text_max> text{};
        std::uint32_t counted = 0; // a bit for each byte of `text` that counts
        std::uint8_t size = 0;     // of it
        Then then = Then::End;
        std::uint16_t slot = PathTrie::no_slot; // of the value
        StepId next = no_step;                  // the first of those that may follow
        StepId other = no_step;                 // what may stand here instead
    };

    class Learner;
    template <class Masks>
    static bool stands_at(const Step& step, const char* p, const char* end);
    template <class Masks>
    const char* read_with(std::string_view text, Capture* captures) const;
    const char* read_avx2(std::string_view text, Capture* captures) const;
    StepId add(StepId before, std::string_view text, Then then, std::uint16_t slot);
    bool worth_trying();

    std::vector<Step> m_steps; // [0] stands before all first ones, and has no text
    // What learning costs is earned, mostly by hits: a stream without outlines is not read twice.
    std::uint32_t m_credit = 512;
    std::uint32_t m_misses = 0; // in a row
    std::uint32_t m_passed_over = 0;
    JsonTape m_tape;
};

} // namespace weir

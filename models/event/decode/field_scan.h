// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// FieldScan: one strict pass over one JSON value that notes where the wanted values are, and where
// the elements of a batch begin and end. It copies and allocates nothing per event.
//
// Most events have an outline that is known (outlines.h) and are read by that; whatever has none is
// read by JsonScanner.
//
// Thread contract: one owner. Bound: JsonLimits' depth; `spans_max` elements (more are counted);
// Outlines' for each trie it was used with.
// REQUIRES: every trie it was used with outlives it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/event/decode/outlines.h"
#include "models/event/decode/path_trie.h"
#include "models/event/json/json_tape.h"

namespace weir {

class FieldScan {
  public:
    struct Outcome {
        const char* end = nullptr; // behind the value; null: `error` says why it is not JSON
        JsonKind root = JsonKind::Null;
        JsonError error; // its offset counts from the text's beginning
    };

    /// `captures` has a place for each slot of `trie` and is cleared. Elements of an array at the
    /// root, or at `batch_slot` (PathTrie::no_slot: none), become spans().
    Outcome scan(const PathTrie& trie, std::string_view text, std::uint16_t batch_slot,
                 std::uint32_t spans_max, std::vector<Capture>& captures);

    const std::vector<std::string_view>& spans() const { return m_spans; }
    bool batch_found() const { return m_batch_found; }
    std::uint64_t spans_left_out() const { return m_left_out; }

  private:
    template <class>
    friend class JsonScanner;
    struct Level {
        PathTrie::Members members; // wanted ones
        bool object;
        bool batch;         // its elements are spans
        std::uint16_t slot; // of the container itself
        const char* begin;
    };

    const char* open(JsonKind kind, const char* at);
    void close(const char* end);
    bool inside() const { return m_depth != 0; }
    bool in_object() const { return m_levels[m_depth].object; }
    const char* text(JsonKind kind, const char* from, const char* to, bool escaped);
    PathTrie::Node member(const char* from, const char* to, bool escaped);
    Outlines& outlines_of(const PathTrie& trie);
    void add_span(const char* from, const char* to);

    const PathTrie* m_trie = nullptr;
    Capture* m_captures = nullptr;
    const char* m_end = nullptr;            // of the text
    PathTrie::Node m_next = PathTrie::none; // for the value to come
    std::uint32_t m_depth = 0;
    std::uint32_t m_spans_max = 0;
    std::uint16_t m_batch_slot = PathTrie::no_slot;
    bool m_batch_found = false;
    std::uint64_t m_left_out = 0;
    std::array<Level, json_depth_max + 1> m_levels; // [0] is unused
    std::vector<std::string_view> m_spans;
    std::string m_key; // an unescaped one
    std::unordered_map<const PathTrie*, Outlines> m_outlines;
    const PathTrie* m_outlines_for = nullptr; // the last one
    Outlines* m_last_outlines = nullptr;
};

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/decode/field_scan.h"

#include <algorithm>

#include "models/event/json/json_scanner.h"

namespace weir {

inline const char* FieldScan::open(JsonKind kind, const char* at) {
    if (m_depth >= json_depth_max)
        return json_too_deep;
    const PathTrie::Node node = m_next;
    m_next = PathTrie::none;
    Level& level = m_levels[m_depth + 1];
    level = {{}, kind == JsonKind::Object, false, PathTrie::no_slot, at};
    if (node != PathTrie::none) {
        level.slot = m_trie->slot(node);
        if (level.slot != PathTrie::no_slot)
            m_captures[level.slot] = {at, 0, kind, false};
        if (level.object) {
            level.members = m_trie->members(node);
        } else if (m_depth == 0 ||
                   (level.slot != PathTrie::no_slot && level.slot == m_batch_slot)) {
            level.batch = true;
            m_batch_found = true;
            m_spans.clear();
        }
    }
    ++m_depth;
    return nullptr;
}

inline void FieldScan::close(const char* end) {
    const Level& level = m_levels[m_depth];
    if (level.slot != PathTrie::no_slot)
        m_captures[level.slot].size = static_cast<std::uint32_t>(end - level.begin);
    --m_depth;
    if (m_depth != 0 && m_levels[m_depth].batch)
        add_span(level.begin, end);
}

inline PathTrie::Node FieldScan::member(const char* from, const char* to, bool escaped) {
    const PathTrie::Members parent = m_levels[m_depth].members;
    if (parent.mask == 0)
        return PathTrie::none;
    const std::string_view key(from, static_cast<std::size_t>(to - from));
    if (!escaped)
        return m_trie->child(parent, key, m_end);
    m_key.clear();
    append_unescaped(key, m_key);
    return m_trie->child(parent, m_key, m_key.data() + m_key.size());
}

inline const char* FieldScan::text(JsonKind kind, const char* from, const char* to, bool escaped) {
    if (kind == JsonKind::Key) {
        m_next = member(from, to, escaped);
        return nullptr;
    }
    if (m_next != PathTrie::none) {
        const std::uint16_t slot = m_trie->slot(m_next);
        if (slot != PathTrie::no_slot)
            m_captures[slot] = {from, static_cast<std::uint32_t>(to - from), kind, escaped};
        m_next = PathTrie::none;
    } else if (m_depth != 0 && m_levels[m_depth].batch) {
        const int quote = kind == JsonKind::String ? 1 : 0;
        add_span(from - quote, to + quote);
    }
    return nullptr;
}

void FieldScan::add_span(const char* from, const char* to) {
    if (m_spans.size() < m_spans_max)
        m_spans.emplace_back(from, static_cast<std::size_t>(to - from));
    else
        ++m_left_out;
}

FieldScan::Outcome FieldScan::scan(const PathTrie& trie, std::string_view text,
                                   std::uint16_t batch_slot, std::uint32_t spans_max,
                                   std::vector<Capture>& captures) {
    std::fill(captures.begin(), captures.end(), Capture());
    m_trie = &trie;
    m_end = text.data() + text.size();
    m_captures = captures.data();
    m_next = PathTrie::root;
    m_depth = 0;
    m_spans_max = spans_max;
    m_batch_slot = batch_slot;
    m_batch_found = false;
    m_left_out = 0;
    m_spans.clear();
    Outcome outcome;
    JsonScanner scanner(*this, text);
    if (text.size() >= 0xFFFFFFFF) {
        scanner.fail(text.data(), "longer than 4 GiB");
        outcome.error = scanner.error();
        return outcome;
    }
    Outlines& outlines = outlines_of(trie);
    outcome.root = JsonKind::Object;
    outcome.end = outlines.read(text, m_captures);
    if (outcome.end != nullptr)
        return outcome;
    std::fill(captures.begin(), captures.end(), Capture());
    const char* const first = scanner.space(text.data());
    const char c = first < text.data() + text.size() ? *first : '\0';
    outcome.root = c == '{'   ? JsonKind::Object
                   : c == '[' ? JsonKind::Array
                   : c == '"' ? JsonKind::String
                              : JsonKind::Number; // or a literal: not an event either way
    outcome.end = scanner.run(first);
    outcome.error = scanner.error();
    if (outcome.end != nullptr && outcome.root == JsonKind::Object && !m_batch_found)
        outlines.learn(trie, text.substr(0, static_cast<std::size_t>(outcome.end - text.data())));
    return outcome;
}

Outlines& FieldScan::outlines_of(const PathTrie& trie) {
    if (m_outlines_for != &trie) {
        m_last_outlines = &m_outlines[&trie];
        m_outlines_for = &trie;
    }
    return *m_last_outlines;
}

} // namespace weir

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PathTrie: which keys of a JSON object lead to a value that is wanted. Built once from paths; a
// step down is one look-up in a small hash table, by the key's first eight bytes and its length. A
// value may be wanted and have wanted ones below.
// Thread contract: immutable once sealed. Bound: 65,534 nodes.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

class PathTrie {
  public:
    using Node = std::uint16_t;
    static constexpr Node none = 0xFFFF;
    static constexpr Node root = 0;
    static constexpr std::uint16_t no_slot = 0xFFFF;

    PathTrie() { m_nodes.emplace_back(); }

    /// Wants the value at `keys`; a path that is wanted already keeps its slot.
    void add(const std::vector<std::string>& keys, std::uint16_t slot);
    std::uint16_t slot_at(const std::vector<std::string>& keys) const; // no_slot: not wanted
    /// Builds the tables. REQUIRES: no add() afterwards.
    void seal();

    struct Entry {
        std::uint64_t first_bytes = 0; // up to eight, the others 0
        std::uint32_t key_begin = 0;
        std::uint16_t key_size = 0;
        Node node = none;
    };
    /// The members that lead on from an object.
    struct Members {
        const Entry* entries = nullptr;
        std::size_t mask = 0; // 0: there are none
    };
    /// REQUIRES: seal() was called. Valid as long as the trie stays where it is.
    Members members(Node node) const {
        return {m_entries.data() + m_tables[node].begin, m_tables[node].mask};
    }

    /// The node for a member of an object, or none. `end`: how far bytes behind the key may be
    /// read.
    Node child(Members members, std::string_view key, const char* end) const {
        if (members.mask == 0)
            return none;
        const std::uint64_t begin = first_bytes(key, end);
        for (std::size_t i = hash(begin, key.size());; ++i) {
            const Entry& entry = members.entries[i & members.mask];
            if (entry.node == none)
                return none;
            if (entry.first_bytes == begin && entry.key_size == key.size() &&
                same_rest(key.data(), m_keys.data() + entry.key_begin, key.size()))
                return entry.node;
        }
    }
    std::uint16_t slot(Node node) const { return m_nodes[node].slot; }

  private:
    struct Build {
        std::uint16_t slot = no_slot;
        std::vector<std::pair<std::string, Node>> children;
    };
    struct Table {
        std::uint32_t begin = 0;
        std::uint32_t mask = 0; // 0: no children
    };
    static std::uint64_t first_bytes(std::string_view key, const char* end) {
        std::uint64_t bytes = 0;
        if (end - key.data() < 8) {
            std::memcpy(&bytes, key.data(), key.size() < 8 ? key.size() : 8);
            return bytes;
        }
        std::memcpy(&bytes, key.data(), sizeof bytes);
        if (key.size() >= 8)
            return bytes;
        const auto bits = static_cast<unsigned>(key.size()) * 8;
        return bytes & ((std::uint64_t{1} << bits) - 1); // little-endian: checked in path_trie.cpp
    }
    /// Whether two keys with the same first eight bytes are the same.
    static bool same_rest(const char* a, const char* b, std::size_t size) {
        if (size <= 8)
            return true;
        std::uint64_t end_of_a = 0;
        std::uint64_t end_of_b = 0;
        std::memcpy(&end_of_a, a + size - 8, 8);
        std::memcpy(&end_of_b, b + size - 8, 8);
        return end_of_a == end_of_b && (size <= 16 || std::memcmp(a + 8, b + 8, size - 16) == 0);
    }
    static std::size_t hash(std::uint64_t first_bytes, std::size_t size) {
        return static_cast<std::size_t>(((first_bytes + size) * 0x9E3779B97F4A7C15ULL) >> 40);
    }
    Node find(Node node, std::string_view key) const;

    std::vector<Build> m_nodes;
    std::vector<Table> m_tables;
    std::vector<Entry> m_entries;
    std::string m_keys;
};

} // namespace weir

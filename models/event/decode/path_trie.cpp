// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/decode/path_trie.h"

#include <bit>

namespace weir {

static_assert(std::endian::native == std::endian::little);

PathTrie::Node PathTrie::find(Node node, std::string_view key) const {
    for (const auto& [name, child] : m_nodes[node].children) {
        if (name == key)
            return child;
    }
    return none;
}

void PathTrie::add(const std::vector<std::string>& keys, std::uint16_t slot) {
    Node node = root;
    for (const std::string& key : keys) {
        Node next = find(node, key);
        if (next == none) {
            if (m_nodes.size() >= none || key.size() > 0xFFFF)
                return;
            next = static_cast<Node>(m_nodes.size());
            m_nodes.emplace_back();
            m_nodes[node].children.emplace_back(key, next);
        }
        node = next;
    }
    if (m_nodes[node].slot == no_slot)
        m_nodes[node].slot = slot;
}

std::uint16_t PathTrie::slot_at(const std::vector<std::string>& keys) const {
    Node node = root;
    for (const std::string& key : keys) {
        node = find(node, key);
        if (node == none)
            return no_slot;
    }
    return m_nodes[node].slot;
}

void PathTrie::seal() {
    m_tables.assign(m_nodes.size(), {});
    for (std::size_t n = 0; n < m_nodes.size(); ++n) {
        const auto& children = m_nodes[n].children;
        if (children.empty())
            continue;
        const auto size = static_cast<std::uint32_t>(std::bit_ceil(children.size() * 4));
        m_tables[n] = {static_cast<std::uint32_t>(m_entries.size()), size - 1};
        m_entries.resize(m_entries.size() + size);
        Entry* const entries = m_entries.data() + m_tables[n].begin;
        for (const auto& [key, node] : children) {
            const std::uint64_t begin = first_bytes(key, key.data() + key.size());
            std::size_t i = hash(begin, key.size());
            while (entries[i & (size - 1)].node != none)
                ++i;
            entries[i & (size - 1)] = {begin, static_cast<std::uint32_t>(m_keys.size()),
                                       static_cast<std::uint16_t>(key.size()), node};
            m_keys += key;
        }
    }
}

} // namespace weir

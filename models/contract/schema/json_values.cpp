// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/json_values.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>
#include <xxhash.h>

#include "models/contract/schema/exact_number.h"

namespace weir::schema {

namespace {

using Members = std::vector<std::pair<std::string, std::uint32_t>>;

/// Name and value node of each member that counts, by name.
Members members_of(const JsonTape& tape, std::uint32_t object) {
    Members all;
    const auto& nodes = tape.nodes();
    for (std::uint32_t key = object + 1; key < nodes[object].next; key = nodes[key + 1].next)
        all.emplace_back(tape.unescaped(key), key + 1);
    // Of equal names the later value comes first and stays.
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : a.second > b.second;
    });
    all.erase(std::unique(all.begin(), all.end(),
                          [](const auto& a, const auto& b) { return a.first == b.first; }),
              all.end());
    return all;
}

bool strings_equal(const JsonTape& a, std::uint32_t node_a, const JsonTape& b,
                   std::uint32_t node_b) {
    if (!a.nodes()[node_a].escaped && !b.nodes()[node_b].escaped)
        return a.raw(node_a) == b.raw(node_b);
    return a.unescaped(node_a) == b.unescaped(node_b);
}

bool arrays_equal(const JsonTape& a, std::uint32_t node_a, const JsonTape& b,
                  std::uint32_t node_b) {
    std::uint32_t left = node_a + 1;
    std::uint32_t right = node_b + 1;
    while (left < a.nodes()[node_a].next && right < b.nodes()[node_b].next) {
        if (!json_equal(a, left, b, right))
            return false;
        left = a.nodes()[left].next;
        right = b.nodes()[right].next;
    }
    return left == a.nodes()[node_a].next && right == b.nodes()[node_b].next;
}

bool objects_equal(const JsonTape& a, std::uint32_t node_a, const JsonTape& b,
                   std::uint32_t node_b) {
    const Members left = members_of(a, node_a);
    const Members right = members_of(b, node_b);
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(), [&](const auto& l, const auto& r) {
               return l.first == r.first && json_equal(a, l.second, b, r.second);
           });
}

JsonKind value_kind(JsonKind kind) {
    return kind == JsonKind::Key ? JsonKind::String : kind;
}

/// A cheap mark of a key: its length and its outermost bytes.
std::uint32_t key_mark(std::string_view key) {
    std::uint64_t word = 0;
    const std::size_t n = std::min<std::size_t>(key.size(), 8);
    std::memcpy(&word, key.data() + (key.size() - n), n);
    word ^= (n == 0 ? 0 : std::uint64_t{static_cast<unsigned char>(key[0])} << 32) ^ key.size();
    return static_cast<std::uint32_t>((word * 0x9E3779B97F4A7C15ULL) >> 54); // 10 bits
}

} // namespace

std::uint64_t text_hash(std::string_view text) {
    return XXH3_64bits(text.data(), text.size());
}

bool json_equal(const JsonTape& a, std::uint32_t node_a, const JsonTape& b, std::uint32_t node_b) {
    const JsonKind kind = value_kind(a.nodes()[node_a].kind);
    if (kind != value_kind(b.nodes()[node_b].kind))
        return false;
    switch (kind) {
    case JsonKind::Number:
        return a.raw(node_a) == b.raw(node_b) || Decimal(a.raw(node_a)).compare(b.raw(node_b)) == 0;
    case JsonKind::String:
        return strings_equal(a, node_a, b, node_b);
    case JsonKind::Array:
        return arrays_equal(a, node_a, b, node_b);
    case JsonKind::Object:
        return objects_equal(a, node_a, b, node_b);
    default:
        return true;
    }
}

std::uint64_t json_hash(const JsonTape& tape, std::uint32_t node) {
    const auto& nodes = tape.nodes();
    const JsonKind kind = value_kind(nodes[node].kind);
    std::uint64_t hash = (static_cast<std::uint64_t>(kind) + 1) * 0x9E3779B97F4A7C15ULL;
    const auto mix = [&hash](std::uint64_t value) {
        hash = (hash ^ value) * 0x9FB21C651E98DF25ULL;
    };
    switch (kind) {
    case JsonKind::Number:
        mix(number_hash(tape.raw(node)));
        break;
    case JsonKind::String:
        mix(nodes[node].escaped ? text_hash(tape.unescaped(node)) : text_hash(tape.raw(node)));
        break;
    case JsonKind::Array:
        for (std::uint32_t i = node + 1; i < nodes[node].next; i = nodes[i].next)
            mix(json_hash(tape, i) + 1);
        break;
    case JsonKind::Object:
        for (const auto& [name, value] : members_of(tape, node)) {
            mix(text_hash(name));
            mix(json_hash(tape, value));
        }
        break;
    default:
        break;
    }
    return hash ^ (hash >> 29);
}

std::size_t code_points(const JsonTape& tape, std::uint32_t node) {
    const auto count = [](std::string_view text) {
        std::size_t points = 0;
        for (const char c : text)
            points += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
        return points;
    };
    return tape.nodes()[node].escaped ? count(tape.unescaped(node)) : count(tape.raw(node));
}

bool OverriddenKeys::contains(std::uint32_t key) const {
    return std::binary_search(m_keys.begin(), m_keys.end(), key);
}

/// Whether two keys of the object could be the same; never wrong with "no".
bool OverriddenKeys::may_repeat(const JsonTape& tape, std::uint32_t object) {
    const auto& nodes = tape.nodes();
    std::uint64_t marks[16] = {};
    for (std::uint32_t key = object + 1; key < nodes[object].next; key = nodes[key + 1].next) {
        const std::uint32_t mark = key_mark(tape.text_of(key, m_scratch));
        const std::uint64_t bit = std::uint64_t{1} << (mark & 63U);
        if ((marks[mark >> 6] & bit) != 0)
            return true;
        marks[mark >> 6] |= bit;
    }
    return false;
}

void OverriddenKeys::find_in(const JsonTape& tape, std::uint32_t object) {
    const auto& nodes = tape.nodes();
    m_hashed.clear();
    for (std::uint32_t key = object + 1; key < nodes[object].next; key = nodes[key + 1].next)
        m_hashed.push_back({text_hash(tape.text_of(key, m_scratch)), key});
    std::sort(m_hashed.begin(), m_hashed.end(), [](const HashedKey& a, const HashedKey& b) {
        return a.hash != b.hash ? a.hash < b.hash : a.node < b.node;
    });
    for (std::size_t i = 1; i < m_hashed.size(); ++i) {
        const HashedKey& before = m_hashed[i - 1];
        if (before.hash == m_hashed[i].hash &&
            tape.text_of(before.node, m_scratch) == tape.text_of(m_hashed[i].node, m_other_scratch))
            m_pairs.emplace_back(before.node, m_hashed[i].node);
    }
}

void OverriddenKeys::find(const JsonTape& tape) {
    m_keys.clear();
    m_by.clear();
    m_pairs.clear();
    const auto& nodes = tape.nodes();
    for (std::uint32_t node = 0; node < nodes.size(); ++node) {
        if (nodes[node].kind == JsonKind::Object && nodes[node].next > node + 3 &&
            may_repeat(tape, node))
            find_in(tape, node);
    }
    std::sort(m_pairs.begin(), m_pairs.end());
    for (const auto& [key, by] : m_pairs) {
        m_keys.push_back(key);
        m_by.push_back(by);
    }
}

std::vector<std::uint32_t> OverriddenKeys::with_overridden(std::vector<std::uint32_t> keys) const {
    std::set<std::uint32_t> all(keys.begin(), keys.end());
    for (std::size_t i = m_keys.size(); i > 0; --i) // what overrides a key stands behind it
        if (all.count(m_by[i - 1]) != 0)
            all.insert(m_keys[i - 1]);
    return {all.begin(), all.end()};
}

} // namespace weir::schema

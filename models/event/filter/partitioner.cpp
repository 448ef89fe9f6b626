// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/partitioner.h"

#include <cassert>

namespace weir {

namespace {

constexpr std::array<Partitioner, 3> all{Partitioner::Murmur2, Partitioner::Crc32,
                                         Partitioner::Fnv1a};
constexpr double chance_max = 1e-6;

constexpr std::array<std::uint32_t, 256> make_crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320U : value >> 1;
        table[i] = value;
    }
    return table;
}

} // namespace

const char* to_word(Partitioner partitioner) {
    switch (partitioner) {
    case Partitioner::Murmur2:
        return "murmur2";
    case Partitioner::Crc32:
        return "crc32";
    default:
        return "fnv1a";
    }
}

std::uint32_t murmur2(std::string_view bytes) {
    constexpr std::uint32_t m = 0x5BD1E995;
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
    };
    std::uint32_t h = 0x9747B28CU ^ static_cast<std::uint32_t>(bytes.size());
    std::size_t i = 0;
    for (; i + 4 <= bytes.size(); i += 4) {
        std::uint32_t k = byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24;
        k *= m;
        k ^= k >> 24;
        k *= m;
        h = (h * m) ^ k;
    }
    const std::size_t left = bytes.size() - i;
    for (std::size_t b = left; b-- > 0;)
        h ^= byte(i + b) << (8 * b);
    if (left > 0)
        h *= m;
    h ^= h >> 13;
    h *= m;
    h ^= h >> 15;
    return h;
}

std::uint32_t crc32(std::string_view bytes) {
    static constexpr std::array<std::uint32_t, 256> table = make_crc_table();
    std::uint32_t value = 0xFFFFFFFFU;
    for (const char c : bytes)
        value = table[(value ^ static_cast<unsigned char>(c)) & 0xFF] ^ (value >> 8);
    return ~value;
}

std::uint32_t fnv1a(std::string_view bytes) {
    std::uint32_t h = 0x811C9DC5U;
    for (const char c : bytes)
        h = (h ^ static_cast<unsigned char>(c)) * 0x01000193U;
    return h;
}

std::optional<PartitionId> partition_for(Partitioner partitioner, std::string_view key,
                                         std::int32_t partition_count) {
    assert(partition_count > 0);
    if (key.empty())
        return std::nullopt;
    const auto count = static_cast<std::uint32_t>(partition_count);
    std::uint32_t hash = 0;
    switch (partitioner) {
    case Partitioner::Murmur2:
        hash = murmur2(key) & 0x7FFFFFFFU;
        break;
    case Partitioner::Crc32:
        hash = crc32(key);
        break;
    case Partitioner::Fnv1a: // the size of the hash taken as a signed number
        hash = fnv1a(key);
        hash = (hash & 0x80000000U) != 0 ? 0U - hash : hash;
        break;
    }
    return PartitionId(static_cast<std::int32_t>(hash % count));
}

void PartitionerDetector::add(std::string_view key, PartitionId partition,
                              std::int32_t partition_count) {
    if (key.empty() || partition_count <= 0)
        return;
    for (const Partitioner candidate : all) {
        if (partition_for(candidate, key, partition_count) != partition)
            m_disproved[static_cast<std::size_t>(candidate)] = true;
    }
    if (m_keys.size() < keys_max && m_keys.insert(std::hash<std::string_view>()(key)).second)
        m_chance /= partition_count;
}

std::vector<Partitioner> PartitionerDetector::agreeing() const {
    std::vector<Partitioner> out;
    for (const Partitioner candidate : all) {
        if (!m_disproved[static_cast<std::size_t>(candidate)])
            out.push_back(candidate);
    }
    return out;
}

std::optional<Partitioner> PartitionerDetector::detected() const {
    const std::vector<Partitioner> left = agreeing();
    if (left.size() != 1 || m_chance > chance_max)
        return std::nullopt;
    return left.front();
}

} // namespace weir

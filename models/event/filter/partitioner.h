// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which partition a producer puts a key into. Records say where their keys went; if one of the
// known partitioners explains all that was sampled, a search for a key can leave the other
// partitions out, and says what it assumed.
//
//   Murmur2  Java clients; librdkafka's murmur2 and murmur2_random
//   Crc32    librdkafka's consistent and consistent_random (its default)
//   Fnv1a    Sarama (Go); librdkafka's fnv1a and fnv1a_random
//
// Thread contract: free functions; a PartitionerDetector has one owner.
// Bound: the detector remembers at most 4,096 keys' hashes; more samples still disprove.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "connectors/base/types.h"

namespace weir {

enum class Partitioner { Murmur2, Crc32, Fnv1a };
/// "murmur2", "crc32", "fnv1a": as `assumed` has it in --json output.
const char* to_word(Partitioner partitioner);

/// Nullopt: an empty key, which producers spread at random. REQUIRES: partition_count > 0.
std::optional<PartitionId> partition_for(Partitioner partitioner, std::string_view key,
                                         std::int32_t partition_count);

class PartitionerDetector {
  public:
    /// One record with a key. `partition_count` is that of its topic now; if partitions were added
    /// since, old records contradict every partitioner, and rightly so. Empty keys say nothing.
    void add(std::string_view key, PartitionId partition, std::int32_t partition_count);

    /// The partitioner that explains all samples, if it is the only one and chance would not:
    /// fewer than one in a million wrong ones would have agreed as well.
    std::optional<Partitioner> detected() const;
    /// All that nothing speaks against.
    std::vector<Partitioner> agreeing() const;
    /// Different keys seen.
    std::size_t samples() const { return m_keys.size(); }

  private:
    static constexpr std::size_t keys_max = 4096;
    std::unordered_set<std::size_t> m_keys;
    std::array<bool, 3> m_disproved{};
    double m_chance = 1; // that a wrong partitioner agrees with all keys
};

/// The hashes themselves, as the producers compute them.
std::uint32_t murmur2(std::string_view bytes);
std::uint32_t crc32(std::string_view bytes);
std::uint32_t fnv1a(std::string_view bytes);

} // namespace weir
